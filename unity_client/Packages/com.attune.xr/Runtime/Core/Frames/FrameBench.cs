#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Attune
{
    /// <summary>What one picture costs on its way from a graphics card's readback to the bytes of a frame.</summary>
    public static class FrameBench
    {
        private static readonly FrameSize Full = new FrameSize(640, 480);

        private const int WarmUp = 20;

        /// <summary>
        /// Makes frames of one picture in every encoding and size that is of use, on the calling thread, with the
        /// parts that streaming uses. Takes seconds; nothing is sent.
        /// </summary>
        /// <param name="rgba">Pixels of the picture, rows bottom-up.</param>
        /// <param name="encode">Null: JPEG is listed as not measured.</param>
        /// <param name="allocatedBytes">
        /// Reads how much was allocated so far. It may fall when the collector runs: the median of all frames is taken.
        /// </param>
        /// <param name="processorTime">Of this thread or process; null: unknown. Clock time is that of a busy machine too.</param>
        /// <returns>A table, one row a line.</returns>
        public static string Table(
            byte[] rgba, FrameSize picture, JpegEncoder? encode, Func<long> allocatedBytes,
            Func<TimeSpan>? processorTime = null, int rounds = 200)
        {
            StringBuilder table = new StringBuilder();
            table.Append("| picture | frame | ms median | ms p95 | processor ms | allocated a frame | bytes a frame | Mbit/s at 15 fps | at 30 fps |\n");
            table.Append("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
            foreach (FrameSettings settings in Choices())
            {
                FrameSize size = FrameSize.Within(picture, settings.Box, settings.Encoding);
                string name = settings.Encoding == FrameEncoding.Jpeg ? $"JPEG {settings.Quality}" : settings.Encoding.ToString().ToUpperInvariant();
                table.Append($"| {picture} | {name} {size} | ");
                if (settings.Encoding == FrameEncoding.Jpeg && encode == null)
                {
                    table.Append("not measured: no encoder here | | | | | | |\n");
                    continue;
                }

                Measure(table, rgba, picture, new FrameMaker(settings, encode), allocatedBytes, processorTime, rounds);
            }

            return table.ToString();
        }

        /// <summary>A picture for want of a better one: soft shades, edges and grain, so that JPEGs have a size to speak of.</summary>
        public static byte[] MadeUp(FrameSize size)
        {
            Random grain = new Random(1);
            byte[] rgba = new byte[4 * size.WidthPx * size.HeightPx];
            for (int y = 0, at = 0; y < size.HeightPx; y++)
            {
                for (int x = 0; x < size.WidthPx; x++, at += 4)
                {
                    double shade = 128 + (70 * Math.Sin(x * 0.013) * Math.Cos(y * 0.017)) + ((x / 80) + (y / 60)) % 2 * 40;
                    int noise = grain.Next(-3, 4);
                    rgba[at] = Byte(shade + 12 + noise);
                    rgba[at + 1] = Byte(shade + noise);
                    rgba[at + 2] = Byte(shade - 14 + noise);
                    rgba[at + 3] = 255;
                }
            }

            return rgba;
        }

        private static IEnumerable<FrameSettings> Choices()
        {
            yield return new FrameSettings { Encoding = FrameEncoding.Gray8, Box = FrameSettings.LargestRaw };
            yield return new FrameSettings { Encoding = FrameEncoding.Nv12, Box = FrameSettings.LargestRaw };
            yield return new FrameSettings { Encoding = FrameEncoding.Jpeg, Box = FrameSettings.LargestRaw };
            yield return new FrameSettings { Encoding = FrameEncoding.Jpeg, Box = Full };
        }

        private static void Measure(
            StringBuilder table, byte[] rgba, FrameSize picture, FrameMaker maker, Func<long> allocatedBytes,
            Func<TimeSpan>? processorTime, int rounds)
        {
            PixelBuffer pixels = new PixelBuffer();
            FramePool pool = new FramePool();
            double[] ms = new double[rounds];
            long[] allocated = new long[rounds];
            int bytes = 0;
            for (int i = 0; i < WarmUp; i++)
            {
                bytes = Make(rgba, picture, pixels, maker, pool);
            }

            TimeSpan worked = processorTime?.Invoke() ?? default;
            for (int i = 0; i < rounds; i++)
            {
                long before = allocatedBytes();
                long begin = Stopwatch.GetTimestamp();
                bytes = Make(rgba, picture, pixels, maker, pool);
                ms[i] = (Stopwatch.GetTimestamp() - begin) * 1000.0 / Stopwatch.Frequency;
                allocated[i] = allocatedBytes() - before;
            }

            string work = processorTime == null
                ? "unknown" : ((processorTime() - worked).TotalMilliseconds / rounds).ToString("0.00", CultureInfo.InvariantCulture);
            Array.Sort(ms);
            Array.Sort(allocated);
            CultureInfo plain = CultureInfo.InvariantCulture;
            table.Append(
                $"{ms[rounds / 2].ToString("0.00", plain)} | {ms[rounds * 95 / 100].ToString("0.00", plain)} | {work} | {allocated[rounds / 2]} B | {bytes} | "
                + $"{(bytes * 8 * 15 / 1e6).ToString("0.0", plain)} | {(bytes * 8 * 30 / 1e6).ToString("0.0", plain)} |\n");
        }

        /// <summary>As a readback does: copied to a buffer of the pool, scaled, encoded, copied to a buffer that is sent.</summary>
        private static int Make(byte[] rgba, FrameSize picture, PixelBuffer pixels, FrameMaker maker, FramePool pool)
        {
            pixels.Fit(picture);
            Buffer.BlockCopy(rgba, 0, pixels.Bytes, 0, 4 * picture.WidthPx * picture.HeightPx);
            FrameBuffer frame = pool.Rent(maker.Begin(pixels, int.MaxValue));
            maker.Finish(pixels, frame);
            pool.Return(frame);
            return frame.Length;
        }

        private static byte Byte(double shade) => (byte)Math.Max(0, Math.Min(255, shade));
    }
}
