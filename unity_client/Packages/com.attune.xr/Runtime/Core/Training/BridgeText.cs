#nullable enable
using System;
using System.IO;
using System.Text;

namespace Attune
{
    /// <summary>Writes values as ML-Agents' side channels do: little-endian; a text as its length and ASCII.</summary>
    internal sealed class BridgeWriter
    {
        private readonly MemoryStream _bytes = new MemoryStream();

        public byte[] ToArray() => _bytes.ToArray();

        public BridgeWriter Int32(int value)
        {
            for (int shift = 0; shift < 32; shift += 8)
            {
                _bytes.WriteByte((byte)(value >> shift));
            }

            return this;
        }

        public BridgeWriter Float32(float value) => Int32(BitConverter.SingleToInt32Bits(value));

        /// <summary>A character beyond ASCII becomes '?', because ML-Agents reads no other.</summary>
        public BridgeWriter Text(string text)
        {
            byte[] ascii = Encoding.ASCII.GetBytes(text);
            Int32(ascii.Length);
            _bytes.Write(ascii, 0, ascii.Length);
            return this;
        }
    }

    /// <summary>Reads what <see cref="BridgeWriter"/>, or ML-Agents' own encoder in Python, has written.</summary>
    internal sealed class BridgeReader
    {
        private readonly byte[] _bytes;
        private int _at;

        public BridgeReader(byte[] bytes) => _bytes = bytes;

        /// <exception cref="FormatException">The message is shorter than what is read from it.</exception>
        public int Int32()
        {
            Take(4);
            return _bytes[_at - 4] | (_bytes[_at - 3] << 8) | (_bytes[_at - 2] << 16) | (_bytes[_at - 1] << 24);
        }

        public float Float32() => BitConverter.Int32BitsToSingle(Int32());

        /// <exception cref="FormatException">The message holds more than was expected.</exception>
        public void End()
        {
            if (_at != _bytes.Length)
            {
                throw new FormatException($"expected {_at} bytes, got {_bytes.Length}");
            }
        }

        private void Take(int count)
        {
            _at += count;
            if (_at > _bytes.Length)
            {
                throw new FormatException($"expected at least {_at} bytes, got {_bytes.Length}");
            }
        }
    }
}
