#nullable enable
using System;

namespace Attune
{
    /// <summary>Width and height of an image, pixels.</summary>
    public readonly struct FrameSize : IEquatable<FrameSize>
    {
        public FrameSize(int widthPx, int heightPx)
        {
            WidthPx = widthPx;
            HeightPx = heightPx;
        }

        public int WidthPx { get; }

        public int HeightPx { get; }

        /// <summary>
        /// The largest size of the same shape within a box, never enlarged and at least 2 × 2; with even sides
        /// where the encoding needs them.
        /// </summary>
        /// <exception cref="ArgumentException">A side is below 2.</exception>
        public static FrameSize Within(FrameSize source, FrameSize box, FrameEncoding encoding)
        {
            if (source.WidthPx < 2 || source.HeightPx < 2 || box.WidthPx < 2 || box.HeightPx < 2)
            {
                throw new ArgumentException($"expected sides of at least 2 pixels, got {source} within {box}");
            }

            double scale = Math.Min(
                1, Math.Min(box.WidthPx / (double)source.WidthPx, box.HeightPx / (double)source.HeightPx));
            int width = Side(source.WidthPx * scale, box.WidthPx, encoding);
            int height = Side(source.HeightPx * scale, box.HeightPx, encoding);
            return new FrameSize(width, height);
        }

        public bool Equals(FrameSize other) => WidthPx == other.WidthPx && HeightPx == other.HeightPx;

        public override bool Equals(object? other) => other is FrameSize size && Equals(size);

        public override int GetHashCode() => (WidthPx * 65599) ^ HeightPx;

        public override string ToString() => $"{WidthPx}×{HeightPx}";

        private static int Side(double ideal, int most, FrameEncoding encoding)
        {
            int side = Math.Max(2, Math.Min(most, (int)Math.Round(ideal)));
            return encoding == FrameEncoding.Nv12 ? side & ~1 : side;
        }
    }
}
