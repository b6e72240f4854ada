#nullable enable
using System.Collections.Generic;
using System.Net;
using System.Text;

namespace Attune.Tests
{
    /// <summary>Writes the answers of a responder, with compressed names as responders write them.</summary>
    internal sealed class MdnsAnswer
    {
        public const string Service = "_attune._tcp.local";

        private readonly List<byte> _records = new List<byte>();
        private int _count;

        /// <summary>Everything about one server in one message.</summary>
        public static byte[] Complete(string name, string host, int port, string address, params string[] texts) =>
            new MdnsAnswer().Pointer(name).Server(name, host, port).Texts(name, texts).Address(host, address).ToArray();

        public MdnsAnswer Pointer(string name, uint lifetimeS = 120) =>
            Record(Name(Service), 12, lifetimeS, Join(Label(name), new byte[] { 0xC0, 12 }));

        public MdnsAnswer Server(string name, string host, int port) =>
            Record(Instance(name), 33, 120, Join(new byte[] { 0, 0, 0, 0, (byte)(port >> 8), (byte)port }, Name(host)));

        public MdnsAnswer Texts(string name, params string[] texts)
        {
            List<byte> data = new List<byte>();
            foreach (string text in texts)
            {
                data.AddRange(Label(text));
            }

            return Record(Instance(name), 16, 120, data.ToArray());
        }

        public MdnsAnswer Address(string host, string address) =>
            Record(Name(host), address.Contains(":") ? 28 : 1, 120, IPAddress.Parse(address).GetAddressBytes());

        public MdnsAnswer Record(byte[] name, int type, uint lifetimeS, byte[] data, int kind = 0x8001)
        {
            _records.AddRange(name);
            _records.AddRange(new[] { (byte)(type >> 8), (byte)type, (byte)(kind >> 8), (byte)kind });
            _records.AddRange(new[] { (byte)(lifetimeS >> 24), (byte)(lifetimeS >> 16), (byte)(lifetimeS >> 8), (byte)lifetimeS });
            _records.AddRange(new[] { (byte)(data.Length >> 8), (byte)data.Length });
            _records.AddRange(data);
            _count++;
            return this;
        }

        /// <summary>With one question, so that the service's name stands at byte 12.</summary>
        public byte[] ToArray() => Join(
            new byte[] { 0, 0, 0x84, 0, 0, 1, 0, (byte)_count, 0, 0, 0, 0 }, Name(Service), new byte[] { 0, 12, 0, 1 }, _records.ToArray());

        public static byte[] Name(string name)
        {
            List<byte> bytes = new List<byte>();
            foreach (string label in name.Split('.'))
            {
                bytes.AddRange(Label(label));
            }

            bytes.Add(0);
            return bytes.ToArray();
        }

        private static byte[] Instance(string name) => Join(Label(name), new byte[] { 0xC0, 12 });

        private static byte[] Label(string text)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            return Join(new[] { (byte)bytes.Length }, bytes);
        }

        private static byte[] Join(params byte[][] parts)
        {
            List<byte> all = new List<byte>();
            foreach (byte[] part in parts)
            {
                all.AddRange(part);
            }

            return all.ToArray();
        }
    }
}
