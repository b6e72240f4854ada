#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace Attune.Interop
{
    /// <summary>
    /// An HTTP/2 server of a few frames, for what no well-behaved server does: it answers the first request
    /// with the given frames and keeps the connection open until it is disposed.
    /// </summary>
    internal sealed class RawPeer : IDisposable
    {
        private readonly TcpListener _listener = new TcpListener(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _clients = new List<TcpClient>();

        public RawPeer(params Func<int, byte[]>[] answer)
        {
            _listener.Start();
            _ = Task.Run(() => Serve(answer));
        }

        public Uri Address => new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        public static Func<int, byte[]> Headers(params (string Name, string Value)[] headers) =>
            stream => Frame(1, 4, stream, HeaderBlock(headers));

        public static Func<int, byte[]> Trailers(params (string Name, string Value)[] headers) =>
            stream => Frame(1, 5, stream, HeaderBlock(headers));

        public static Func<int, byte[]> Data(params byte[] bytes) => stream => Frame(0, 0, stream, bytes);

        public static Func<int, byte[]> EndOfData() => stream => Frame(0, 1, stream, Array.Empty<byte>());

        public static Func<int, byte[]> Reset(byte code) => stream => Frame(3, 0, stream, new byte[] { 0, 0, 0, code });

        /// <summary>The server takes no stream after <paramref name="last"/>.</summary>
        public static Func<int, byte[]> GoAway(byte last, byte code) =>
            stream => Frame(7, 0, 0, new byte[] { 0, 0, 0, last, 0, 0, 0, code });

        public void Dispose()
        {
            _listener.Stop();
            foreach (TcpClient client in _clients)
            {
                client.Dispose();
            }
        }

        private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
        {
            byte[] frame = new byte[9 + payload.Length];
            frame[1] = (byte)(payload.Length >> 8);
            frame[2] = (byte)payload.Length;
            frame[3] = type;
            frame[4] = flags;
            frame[8] = (byte)stream;
            payload.CopyTo(frame, 9);
            return frame;
        }

        /// <summary>HPACK: status 200 from the static table, the rest as literals without indexing.</summary>
        private static byte[] HeaderBlock((string Name, string Value)[] headers)
        {
            MemoryStream block = new MemoryStream();
            foreach ((string name, string value) in headers)
            {
                if (name == ":status" && value == "200")
                {
                    block.WriteByte(0x88);
                    continue;
                }

                block.WriteByte(0);
                block.WriteByte((byte)name.Length);
                block.Write(Encoding.ASCII.GetBytes(name));
                block.WriteByte((byte)value.Length);
                block.Write(Encoding.ASCII.GetBytes(value));
            }

            return block.ToArray();
        }

        private async Task Serve(Func<int, byte[]>[] answer)
        {
            TcpClient client = await _listener.AcceptTcpClientAsync();
            _clients.Add(client);
            NetworkStream stream = client.GetStream();
            byte[] preface = new byte[24];
            await stream.ReadExactlyAsync(preface);
            await stream.WriteAsync(Frame(4, 0, 0, Array.Empty<byte>()));
            byte[] head = new byte[9];
            while (true)
            {
                await stream.ReadExactlyAsync(head);
                byte[] payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
                await stream.ReadExactlyAsync(payload);
                bool settings = head[3] == 4 && (head[4] & 1) == 0;
                if (settings)
                {
                    await stream.WriteAsync(Frame(4, 1, 0, Array.Empty<byte>()));
                }

                if (head[3] == 1)
                {
                    foreach (Func<int, byte[]> frame in answer)
                    {
                        await stream.WriteAsync(frame(head[8]));
                    }
                }
            }
        }
    }
}
