#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// Makes pixels of a camera small and puts them into the contract's layouts. Every target pixel is the mean of
    /// the source pixels that it covers. Keeps its buffers, so that frames of one size allocate nothing. One thread.
    /// </summary>
    public sealed class PixelScaler
    {
        private const int Channels = 3;

        private int[] _sums = Array.Empty<int>();
        private int[] _edges = Array.Empty<int>();
        private int[] _chroma = Array.Empty<int>();

        /// <summary>One byte a pixel: luma of BT.601, full range, rows top-down.</summary>
        public void ToGray8(in PixelView source, FrameSize size, Span<byte> target)
        {
            Begin(source, size, target.Length, size.WidthPx * size.HeightPx);
            for (int row = 0; row < size.HeightPx; row++)
            {
                int count = Sum(source, size, row, topDown: true);
                Span<byte> line = target.Slice(row * size.WidthPx, size.WidthPx);
                for (int x = 0, at = 0; x < line.Length; x++, at += Channels)
                {
                    int pixels = count * (_edges[x + 1] - _edges[x]);
                    int luma = (77 * _sums[at]) + (150 * _sums[at + 1]) + (29 * _sums[at + 2]);
                    line[x] = (byte)((luma + (pixels << 7)) / (pixels << 8));
                }
            }
        }

        /// <summary>
        /// Luma, then interleaved Cb and Cr of 2 × 2 pixels: BT.601, video range (luma 16 … 235), rows top-down.
        /// </summary>
        /// <exception cref="ArgumentException">A side is odd.</exception>
        public void ToNv12(in PixelView source, FrameSize size, Span<byte> target)
        {
            if ((size.WidthPx | size.HeightPx) % 2 != 0)
            {
                throw new ArgumentException($"expected even sides for NV12, got {size}", nameof(size));
            }

            int luma = size.WidthPx * size.HeightPx;
            Begin(source, size, target.Length, luma * 3 / 2);
            if (_chroma.Length < size.WidthPx / 2 * Channels)
            {
                _chroma = new int[size.WidthPx / 2 * Channels];
            }

            for (int row = 0; row < size.HeightPx; row++)
            {
                int count = Sum(source, size, row, topDown: true);
                if (row % 2 == 0)
                {
                    Array.Clear(_chroma, 0, _chroma.Length);
                }

                Luma(count, target.Slice(row * size.WidthPx, size.WidthPx));
                if (row % 2 == 1)
                {
                    Chroma(target.Slice(luma + (row / 2 * size.WidthPx), size.WidthPx));
                }
            }
        }

        /// <summary>Four bytes a pixel, red first; rows top-down, or bottom-up as Unity's encoders want them.</summary>
        public void ToRgba(in PixelView source, FrameSize size, bool topDown, Span<byte> target)
        {
            Begin(source, size, target.Length, 4 * size.WidthPx * size.HeightPx);
            for (int row = 0; row < size.HeightPx; row++)
            {
                int count = Sum(source, size, row, topDown);
                Span<byte> line = target.Slice(row * size.WidthPx * 4, size.WidthPx * 4);
                for (int x = 0, at = 0; x < size.WidthPx; x++, at += Channels)
                {
                    int pixels = count * (_edges[x + 1] - _edges[x]);
                    line[4 * x] = Mean(_sums[at], pixels);
                    line[(4 * x) + 1] = Mean(_sums[at + 1], pixels);
                    line[(4 * x) + 2] = Mean(_sums[at + 2], pixels);
                    line[(4 * x) + 3] = 255;
                }
            }
        }

        private static byte Mean(int sum, int pixels) => (byte)((sum + (pixels >> 1)) / pixels);

        private void Begin(in PixelView source, FrameSize size, int got, int expected)
        {
            if (size.WidthPx > source.Size.WidthPx || size.HeightPx > source.Size.HeightPx)
            {
                throw new ArgumentException($"expected a size within {source.Size}, got {size}", nameof(size));
            }

            if (got < expected)
            {
                throw new ArgumentException($"expected room for {expected} bytes, got {got}");
            }

            if (_sums.Length < size.WidthPx * Channels)
            {
                _sums = new int[size.WidthPx * Channels];
                _edges = new int[size.WidthPx + 1];
            }

            for (int x = 0; x <= size.WidthPx; x++)
            {
                _edges[x] = (int)((long)x * source.Size.WidthPx / size.WidthPx);
            }
        }

        /// <summary>Adds up the source rows that a target row covers; how many they are.</summary>
        private int Sum(in PixelView source, FrameSize size, int row, bool topDown)
        {
            int height = source.Size.HeightPx;
            int first = (int)((long)row * height / size.HeightPx);
            int last = (int)((long)(row + 1) * height / size.HeightPx);
            Array.Clear(_sums, 0, size.WidthPx * Channels);
            bool upsideDown = source.BottomUp == topDown;
            for (int line = first; line < last; line++)
            {
                AddRow(source.Row(upsideDown ? height - 1 - line : line), size.WidthPx);
            }

            return last - first;
        }

        private void AddRow(ReadOnlySpan<byte> line, int width)
        {
            int[] sums = _sums;
            int[] edges = _edges;
            int from = 0;
            for (int x = 0, at = 0; x < width; x++, at += Channels)
            {
                int red = 0;
                int green = 0;
                int blue = 0;
                int until = edges[x + 1] * 4;
                for (; from < until; from += 4)
                {
                    red += line[from];
                    green += line[from + 1];
                    blue += line[from + 2];
                }

                sums[at] += red;
                sums[at + 1] += green;
                sums[at + 2] += blue;
            }
        }

        private void Luma(int count, Span<byte> line)
        {
            for (int x = 0, at = 0; x < line.Length; x++, at += Channels)
            {
                int pixels = count * (_edges[x + 1] - _edges[x]);
                int red = Mean(_sums[at], pixels);
                int green = Mean(_sums[at + 1], pixels);
                int blue = Mean(_sums[at + 2], pixels);
                line[x] = (byte)(16 + (((66 * red) + (129 * green) + (25 * blue) + 128) >> 8));
                int pair = x / 2 * Channels;
                _chroma[pair] += red;
                _chroma[pair + 1] += green;
                _chroma[pair + 2] += blue;
            }
        }

        private void Chroma(Span<byte> line)
        {
            for (int x = 0; x < line.Length; x += 2)
            {
                int pair = x / 2 * Channels;
                int red = _chroma[pair];
                int green = _chroma[pair + 1];
                int blue = _chroma[pair + 2];
                line[x] = (byte)(128 + (((-38 * red) - (74 * green) + (112 * blue) + 512) >> 10));
                line[x + 1] = (byte)(128 + (((112 * red) - (94 * green) - (18 * blue) + 512) >> 10));
            }
        }
    }
}
