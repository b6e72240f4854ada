#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;

namespace Attune.Transport
{
    /// <summary>One element of DER (X.690), as far as reading a certificate's signature and names needs it.</summary>
    internal readonly struct Der
    {
        private Der(byte tag, ReadOnlyMemory<byte> whole, ReadOnlyMemory<byte> content)
        {
            Tag = tag;
            Whole = whole;
            Content = content;
        }

        public byte Tag { get; }

        /// <summary>With tag and length.</summary>
        public ReadOnlyMemory<byte> Whole { get; }

        public ReadOnlyMemory<byte> Content { get; }

        /// <summary>The element at the beginning.</summary>
        /// <exception cref="FormatException">The bytes are cut off, or no DER.</exception>
        public static Der Read(ReadOnlyMemory<byte> bytes)
        {
            ReadOnlySpan<byte> span = bytes.Span;
            if (span.Length < 2)
            {
                throw new FormatException("DER is cut off");
            }

            int length = span[1];
            int header = 2;
            if (length > 0x80)
            {
                int count = length & 0x7F;
                if (count > 3 || span.Length < 2 + count)
                {
                    throw new FormatException("a DER length is too long");
                }

                length = 0;
                for (int i = 0; i < count; i++)
                {
                    length = (length << 8) | span[header++];
                }
            }

            if (span[1] == 0x80 || length > span.Length - header)
            {
                throw new FormatException("DER is cut off");
            }

            return new Der(span[0], bytes.Slice(0, header + length), bytes.Slice(header, length));
        }

        public IEnumerable<Der> Children()
        {
            ReadOnlyMemory<byte> rest = Content;
            while (rest.Length > 0)
            {
                Der child = Read(rest);
                yield return child;
                rest = rest.Slice(child.Whole.Length);
            }
        }

        /// <summary>The bytes of a bit string without unused bits.</summary>
        public ReadOnlyMemory<byte> BitString() => Tag == 0x03 && Content.Length > 0 && Content.Span[0] == 0
            ? Content.Slice(1) : throw new FormatException("expected a bit string of whole bytes");

        /// <summary>In dotted form.</summary>
        public string ObjectIdentifier()
        {
            if (Tag != 0x06 || Content.Length == 0)
            {
                throw new FormatException("expected an object identifier");
            }

            List<long> numbers = new List<long>();
            long number = 0;
            foreach (byte part in Content.ToArray())
            {
                number = (number << 7) | (uint)(part & 0x7F);
                if ((part & 0x80) == 0)
                {
                    numbers.Add(number);
                    number = 0;
                }
            }

            long first = Math.Min(numbers[0] / 40, 2);
            return string.Join(".", new[] { first, numbers[0] - (40 * first) }.Concat(numbers.Skip(1)));
        }
    }
}
