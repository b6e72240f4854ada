#nullable enable
using System;
using System.IO;
using System.Linq;

namespace Attune.Visitor
{
    /// <summary>JPEG files of a folder as a camera that never ends.</summary>
    internal sealed class FrameFolder
    {
        private readonly byte[][] _frames;
        private int _next;

        public FrameFolder(string folder)
        {
            _frames = Directory.GetFiles(folder, "*.jpg").OrderBy(path => path, StringComparer.Ordinal)
                .Select(File.ReadAllBytes).ToArray();
            if (_frames.Length == 0)
            {
                throw new ArgumentException($"{folder} holds no .jpg file");
            }

            (Width, Height) = SizeOf(_frames[0]);
        }

        public int Width { get; }

        public int Height { get; }

        public FrameOutcome Offer(AttuneClient client)
        {
            byte[] jpeg = _frames[_next++ % _frames.Length];
            FrameBuffer frame = client.Rent(jpeg.Length);
            jpeg.CopyTo(frame.Bytes, 0);
            frame.Length = jpeg.Length;
            frame.Info = new FrameInfo
            {
                CaptureTimeNs = client.NowNs,
                CaptureTimeSource = CaptureTimeSource.FrameArrival,
                Encoding = FrameEncoding.Jpeg,
                WidthPx = Width,
                HeightPx = Height,
                Role = FrameRole.Wearer,
            };
            return client.Offer(frame);
        }

        /// <summary>From the start-of-frame segment.</summary>
        private static (int Width, int Height) SizeOf(byte[] jpeg)
        {
            int at = 2;
            while (at + 9 < jpeg.Length && jpeg[at] == 0xff)
            {
                byte marker = jpeg[at + 1];
                bool startOfFrame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
                if (startOfFrame)
                {
                    return ((jpeg[at + 7] << 8) | jpeg[at + 8], (jpeg[at + 5] << 8) | jpeg[at + 6]);
                }

                at += 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]);
            }

            throw new ArgumentException("a frame is no JPEG: it has no start-of-frame segment");
        }
    }
}
