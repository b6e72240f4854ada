#nullable enable
using System;

namespace Attune
{
    /// <summary>Pixels of one picture on their way to the encoder, with what was known when it was taken.</summary>
    public sealed class PixelBuffer
    {
        internal PixelBuffer()
        {
        }

        /// <summary>Four bytes a pixel; may be longer than the picture.</summary>
        public byte[] Bytes { get; private set; } = Array.Empty<byte>();

        public FrameSize Size { get; private set; }

        /// <summary>The first row is the lowest of the image.</summary>
        public bool BottomUp { get; set; } = true;

        /// <summary>Size and encoding are filled in by the encoder.</summary>
        public FrameInfo Info { get; set; }

        /// <summary>Of the consent that was in force when the picture was taken.</summary>
        public uint ConsentRevision { get; set; }

        /// <summary>The camera in pixels of this picture; null: unknown.</summary>
        public CameraModel? Camera { get; set; }

        internal void Fit(FrameSize size)
        {
            int needed = 4 * size.WidthPx * size.HeightPx;
            if (Bytes.Length < needed)
            {
                Bytes = new byte[needed];
            }

            Size = size;
            BottomUp = true;
            Camera = null;
        }
    }
}
