#nullable enable
using System;
using System.IO;

namespace Attune.Visitor
{
    /// <summary>What one picture costs the thread that makes frames, without encoding it as JPEG.</summary>
    internal static class FrameBench
    {
        private const int Rounds = 200;

        private static readonly FrameSize[] Pictures = { new FrameSize(1280, 960), new FrameSize(640, 480) };

        public static void Run(TextWriter output)
        {
            output.WriteLine($"processor time and allocation a picture, {Rounds} pictures each, one thread");
            foreach (FrameSize picture in Pictures)
            {
                byte[] pixels = new byte[4 * picture.WidthPx * picture.HeightPx];
                new Random(1).NextBytes(pixels);
                Measure(output, picture, pixels, FrameEncoding.Gray8, FrameSettings.LargestRaw);
                Measure(output, picture, pixels, FrameEncoding.Nv12, FrameSettings.LargestRaw);
                Measure(output, picture, pixels, FrameEncoding.Jpeg, new FrameSize(640, 480));
            }
        }

        private static void Measure(TextWriter output, FrameSize picture, byte[] pixels, FrameEncoding encoding, FrameSize size)
        {
            PixelScaler scaler = new PixelScaler();
            byte[] target = new byte[4 * size.WidthPx * size.HeightPx];
            for (int i = 0; i < 20; i++)
            {
                Convert(scaler, picture, pixels, encoding, size, target);
            }

            long bytes = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            for (int i = 0; i < Rounds; i++)
            {
                Convert(scaler, picture, pixels, encoding, size, target);
            }

            cpu = Environment.CpuUsage.TotalTime - cpu;
            bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
            string what = encoding == FrameEncoding.Jpeg ? "RGBA for a JPEG" : encoding.ToString();
            output.WriteLine(
                $"{picture} to {what} {size}: {cpu.TotalMilliseconds / Rounds:0.00} ms, {bytes / (double)Rounds:0.#} B");
        }

        private static void Convert(
            PixelScaler scaler, FrameSize picture, byte[] pixels, FrameEncoding encoding, FrameSize size, byte[] target)
        {
            PixelView view = new PixelView(pixels, picture, bottomUp: true);
            switch (encoding)
            {
                case FrameEncoding.Gray8:
                    scaler.ToGray8(view, size, target);
                    break;
                case FrameEncoding.Nv12:
                    scaler.ToNv12(view, size, target);
                    break;
                default:
                    scaler.ToRgba(view, size, topDown: false, target);
                    break;
            }
        }
    }
}
