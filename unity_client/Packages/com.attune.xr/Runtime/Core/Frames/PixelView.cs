#nullable enable
using System;

namespace Attune
{
    /// <summary>Pixels as a graphics card gives them back: four bytes each, red first, no padding.</summary>
    public readonly ref struct PixelView
    {
        private readonly ReadOnlySpan<byte> _bytes;

        /// <param name="bottomUp">The first row is the lowest of the image, as in Unity's textures.</param>
        /// <exception cref="ArgumentException">There are too few bytes.</exception>
        public PixelView(ReadOnlySpan<byte> bytes, FrameSize size, bool bottomUp)
        {
            int expected = 4 * size.WidthPx * size.HeightPx;
            if (bytes.Length < expected)
            {
                throw new ArgumentException($"expected {expected} bytes for {size}, got {bytes.Length}", nameof(bytes));
            }

            _bytes = bytes;
            Size = size;
            BottomUp = bottomUp;
        }

        public FrameSize Size { get; }

        public bool BottomUp { get; }

        public ReadOnlySpan<byte> Row(int row) => _bytes.Slice(row * Size.WidthPx * 4, Size.WidthPx * 4);
    }
}
