#nullable enable
using System;
using System.Collections.Generic;
using System.Net;
using System.Text;

namespace Attune
{
    /// <summary>
    /// DNS messages (RFC 1035) as multicast DNS and DNS-SD use them (RFC 6762, RFC 6763). What is read comes from
    /// anybody on the network: every length is checked, and nothing is followed forwards.
    /// </summary>
    internal static class DnsMessage
    {
        private const int HeaderBytes = 12;
        private const int LongestName = 255;
        private const int MostRecords = 256;
        private const int Internet = 1;
        private const int TopBit = 0x8000;

        private static readonly Encoding Strict = new UTF8Encoding(false, throwOnInvalidBytes: true);

        /// <summary>A question for each name and kind; answers are wanted at the address that asks.</summary>
        public static byte[] Query(ushort id, IReadOnlyList<(string Name, DnsType Type)> questions)
        {
            List<byte> bytes = new List<byte>();
            foreach (int field in new[] { id, 0, questions.Count, 0, 0, 0 })
            {
                Append(bytes, field);
            }

            foreach ((string name, DnsType type) in questions)
            {
                AppendName(bytes, name);
                Append(bytes, (int)type);
                Append(bytes, Internet | TopBit);
            }

            return bytes.ToArray();
        }

        /// <summary>The answers of a response, of the kinds that are known here.</summary>
        /// <exception cref="FormatException">It is no response, or it is damaged.</exception>
        public static IReadOnlyList<DnsRecord> Answers(ReadOnlySpan<byte> message)
        {
            if (message.Length < HeaderBytes)
            {
                throw new FormatException($"expected a header of {HeaderBytes} bytes, got {message.Length} bytes");
            }

            int flags = Number(message, 2);
            if ((flags & TopBit) == 0 || (flags & 0x780F) != 0)
            {
                throw new FormatException($"expected a response without error, got flags 0x{flags:x4}");
            }

            int at = HeaderBytes;
            for (int questions = Number(message, 4); questions > 0; questions--)
            {
                Name(message, ref at);
                at = Skip(message, at, 4);
            }

            int count = Number(message, 6) + Number(message, 8) + Number(message, 10);
            if (count > MostRecords)
            {
                throw new FormatException($"expected at most {MostRecords} records, got {count}");
            }

            List<DnsRecord> records = new List<DnsRecord>();
            for (; count > 0; count--)
            {
                if (Record(message, ref at) is DnsRecord record)
                {
                    records.Add(record);
                }
            }

            return records;
        }

        /// <summary>Whether two names are the same; letters of ASCII have no case.</summary>
        public static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

        private static DnsRecord? Record(ReadOnlySpan<byte> message, ref int at)
        {
            string name = Name(message, ref at);
            int fixedPart = at;
            at = Skip(message, at, 10);
            int type = Number(message, fixedPart);
            bool internet = (Number(message, fixedPart + 2) & ~TopBit) == Internet;
            uint lifetimeS = ((uint)Number(message, fixedPart + 4) << 16) | (uint)Number(message, fixedPart + 6);
            int begin = at;
            at = Skip(message, at, Number(message, fixedPart + 8));
            if (!internet || !Enum.IsDefined(typeof(DnsType), type))
            {
                return null;
            }

            DnsRecord record = new DnsRecord(name, (DnsType)type, lifetimeS);
            Fill(record, message, begin, at);
            return record;
        }

        private static void Fill(DnsRecord record, ReadOnlySpan<byte> message, int begin, int end)
        {
            switch (record.Type)
            {
                case DnsType.Pointer:
                    record.Target = NameUpTo(message, begin, end);
                    break;
                case DnsType.Service:
                    Skip(message.Slice(0, end), begin, 6);
                    record.Port = Number(message, begin + 4);
                    record.Target = NameUpTo(message, begin + 6, end);
                    break;
                case DnsType.Text:
                    record.Texts = Texts(message.Slice(begin, end - begin));
                    break;
                default:
                    int expected = record.Type == DnsType.Address ? 4 : 16;
                    if (end - begin != expected)
                    {
                        throw new FormatException($"expected an address of {expected} bytes, got {end - begin}");
                    }

                    record.Address = new IPAddress(message.Slice(begin, expected).ToArray());
                    break;
            }
        }

        private static string NameUpTo(ReadOnlySpan<byte> message, int begin, int end)
        {
            int at = begin;
            string name = Name(message, ref at);
            return at == end ? name : throw new FormatException($"expected a name up to byte {end}, got one up to {at}");
        }

        /// <summary>A name, and where it ends. A compressed one leads to earlier bytes only, so that it ends.</summary>
        private static string Name(ReadOnlySpan<byte> message, ref int at)
        {
            StringBuilder name = new StringBuilder();
            int position = at;
            int earliest = at;
            int end = -1;
            while (true)
            {
                int length = message[Skip(message, position, 1) - 1];
                if (length >= 0xC0)
                {
                    int target = Number(message, Skip(message, position, 2) - 2) & 0x3FFF;
                    if (target >= earliest)
                    {
                        throw new FormatException($"expected a name before byte {earliest}, got a pointer to {target}");
                    }

                    end = end < 0 ? position + 2 : end;
                    position = target;
                    earliest = target;
                    continue;
                }

                if (length > 63)
                {
                    throw new FormatException($"expected a label of at most 63 bytes, got {length}");
                }

                position++;
                if (length == 0)
                {
                    at = end < 0 ? position : end;
                    return name.ToString();
                }

                int next = Skip(message, position, length);
                AppendLabel(name, message.Slice(position, length));
                position = next;
            }
        }

        private static void AppendLabel(StringBuilder name, ReadOnlySpan<byte> label)
        {
            if (name.Length + label.Length > LongestName)
            {
                throw new FormatException($"expected a name of at most {LongestName} bytes");
            }

            string text;
            try
            {
                text = Strict.GetString(label);
            }
            catch (ArgumentException fault)
            {
                throw new FormatException("expected a label in UTF-8", fault);
            }

            name.Append(name.Length > 0 ? "." : "").Append(text.Replace("\\", "\\\\").Replace(".", "\\."));
        }

        /// <summary>name=value entries; of one name the first counts, and names without a value say nothing here.</summary>
        private static IReadOnlyList<KeyValuePair<string, string>> Texts(ReadOnlySpan<byte> data)
        {
            Dictionary<string, string> texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (int at = 0; at < data.Length;)
            {
                int length = data[at++];
                int end = Skip(data, at, length);
                string text = Encoding.UTF8.GetString(data.Slice(at, length));
                int equals = text.IndexOf('=');
                if (equals > 0)
                {
                    texts.TryAdd(text.Substring(0, equals).ToLowerInvariant(), text.Substring(equals + 1));
                }

                at = end;
            }

            return new List<KeyValuePair<string, string>>(texts);
        }

        private static int Number(ReadOnlySpan<byte> message, int at) => (message[at] << 8) | message[at + 1];

        private static int Skip(ReadOnlySpan<byte> message, int at, int length) => at + length <= message.Length
            ? at + length : throw new FormatException($"expected {length} bytes at {at}, got {message.Length - at}");

        private static void AppendName(List<byte> bytes, string name)
        {
            List<byte> label = new List<byte>();
            byte[] text = Encoding.UTF8.GetBytes(name + ".");
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] == '.')
                {
                    bytes.Add((byte)label.Count);
                    bytes.AddRange(label);
                    label.Clear();
                    continue;
                }

                i += text[i] == '\\' ? 1 : 0;
                label.Add(text[i]);
            }

            bytes.Add(0);
        }

        private static void Append(List<byte> bytes, int number)
        {
            bytes.Add((byte)(number >> 8));
            bytes.Add((byte)number);
        }
    }
}
