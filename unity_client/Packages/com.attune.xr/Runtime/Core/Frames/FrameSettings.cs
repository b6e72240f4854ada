#nullable enable
using System;

namespace Attune
{
    /// <summary>How pictures are made into frames. Read once.</summary>
    public sealed class FrameSettings
    {
        /// <summary>Raw encodings are meant for pictures up to this size; a JPEG of it is smaller by far.</summary>
        public static readonly FrameSize LargestRaw = new FrameSize(320, 240);

        public FrameEncoding Encoding { get; set; } = FrameEncoding.Jpeg;

        /// <summary>Larger pictures are made smaller, in their own shape.</summary>
        public FrameSize Box { get; set; } = new FrameSize(640, 480);

        /// <summary>Of JPEG, 20 … 100.</summary>
        public int Quality { get; set; } = 80;

        internal FrameSettings Checked()
        {
            if (Encoding != FrameEncoding.Jpeg && Encoding != FrameEncoding.Gray8 && Encoding != FrameEncoding.Nv12)
            {
                throw new ArgumentException($"expected JPEG, GRAY8 or NV12, got {Encoding}");
            }

            bool raw = Encoding != FrameEncoding.Jpeg;
            if (raw && (Box.WidthPx > LargestRaw.WidthPx || Box.HeightPx > LargestRaw.HeightPx))
            {
                throw new ArgumentException($"expected {Encoding} within {LargestRaw}, got {Box}: use JPEG for larger pictures");
            }

            return (FrameSettings)MemberwiseClone();
        }
    }
}
