#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>
    /// Bytes of one encoded frame, rented from a pool. Whoever rented it fills it and offers it to the client,
    /// which owns it from then on; the bytes must not be touched afterwards.
    /// </summary>
    public sealed class FrameBuffer
    {
        internal FrameBuffer()
        {
        }

        public byte[] Bytes { get; private set; } = Array.Empty<byte>();

        /// <summary>How many of the bytes are the frame.</summary>
        public int Length { get; set; }

        public FrameInfo Info { get; set; }

        /// <summary>Set when it is offered.</summary>
        public ulong Sequence { get; internal set; }

        /// <summary>Of the consent under which it was offered.</summary>
        public uint ConsentRevision { get; internal set; }

        internal void Ensure(int capacity)
        {
            if (Bytes.Length < capacity)
            {
                // Doubling: frames of slightly different sizes must not make it grow again and again.
                int size = Math.Max(4096, Bytes.Length);
                while (size < capacity)
                {
                    size *= 2;
                }

                Bytes = new byte[size];
            }
        }
    }

    /// <summary>Keeps buffers for the next frame, so that steady streaming allocates none. Any thread.</summary>
    internal sealed class FramePool
    {
        private const int Kept = 4;

        private readonly Stack<FrameBuffer> _free = new Stack<FrameBuffer>(Kept);

        public FrameBuffer Rent(int capacity)
        {
            FrameBuffer? buffer = null;
            lock (_free)
            {
                if (_free.Count > 0)
                {
                    buffer = _free.Pop();
                }
            }

            buffer = buffer ?? new FrameBuffer();
            buffer.Ensure(capacity);
            buffer.Length = 0;
            return buffer;
        }

        public void Return(FrameBuffer buffer)
        {
            lock (_free)
            {
                if (_free.Count < Kept)
                {
                    _free.Push(buffer);
                }
            }
        }
    }
}
