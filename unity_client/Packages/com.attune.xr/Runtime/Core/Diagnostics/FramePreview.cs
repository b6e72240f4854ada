#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// The newest frame of the wearer that was handed over for sending, for the editor's window alone: no other code can
    /// attach one. It holds one frame in memory, only under consent to analyse, and forgets it with that consent, at a pause
    /// and at the end. Any thread.
    /// </summary>
    internal sealed class FramePreview
    {
        private readonly object _gate = new object();
        private byte[] _bytes = Array.Empty<byte>();
        private int _length;
        private FrameInfo _info;
        private int _number;

        /// <summary>Whether there is something to show.</summary>
        public bool HasFrame
        {
            get
            {
                lock (_gate)
                {
                    return _length > 0;
                }
            }
        }

        /// <summary>Takes a copy. Frames that show bystanders are passed over.</summary>
        public void Take(FrameBuffer frame)
        {
            if (frame.Info.Role != FrameRole.Wearer)
            {
                return;
            }

            lock (_gate)
            {
                if (_bytes.Length < frame.Length)
                {
                    _bytes = new byte[frame.Length];
                }

                Array.Copy(frame.Bytes, _bytes, frame.Length);
                _length = frame.Length;
                _info = frame.Info;
                _number++;
            }
        }

        public void Forget()
        {
            lock (_gate)
            {
                Array.Clear(_bytes, 0, _bytes.Length);
                _length = 0;
                _number++;
            }
        }

        /// <summary>The frame, if it is another one than that of this number; null: nothing new, or nothing at all.</summary>
        public PreviewPicture? Read(int seen)
        {
            lock (_gate)
            {
                if (_length == 0 || _number == seen)
                {
                    return null;
                }

                byte[] bytes = new byte[_length];
                Array.Copy(_bytes, bytes, _length);
                return new PreviewPicture(bytes, _info, _number);
            }
        }
    }

    /// <summary>One frame to show.</summary>
    internal sealed class PreviewPicture
    {
        private readonly byte[] _bytes;

        public PreviewPicture(byte[] bytes, FrameInfo info, int number)
        {
            _bytes = bytes;
            Info = info;
            Number = number;
        }

        public FrameInfo Info { get; }

        public int Number { get; }

        /// <summary>JPEG or PNG as it is; null: raw pixels.</summary>
        public byte[]? Encoded =>
            Info.Encoding == FrameEncoding.Jpeg || Info.Encoding == FrameEncoding.Png ? _bytes : null;

        /// <summary>What has to be done to it before it stands upright, as the server does it; empty: nothing.</summary>
        public string Orientation => (Info.RotationDeg == 0 ? "" : $"turned clockwise by {Info.RotationDeg}°")
            + (Info.RotationDeg != 0 && Info.Mirrored ? ", then " : "") + (Info.Mirrored ? "mirrored" : "");

        /// <summary>
        /// Raw pixels as RGBA, lowest row first, as textures have them; NV12 without its colours. Null: encoded, or too short.
        /// </summary>
        public byte[]? Rgba()
        {
            int pixel = Info.Encoding == FrameEncoding.Rgb24 ? 3 : 1;
            bool raw = Encoded == null && Info.Encoding != FrameEncoding.Unspecified;
            if (!raw || Info.WidthPx <= 0 || Info.HeightPx <= 0 || _bytes.Length < pixel * Info.WidthPx * Info.HeightPx)
            {
                return null;
            }

            byte[] rgba = new byte[4 * Info.WidthPx * Info.HeightPx];
            int target = 0;
            for (int y = Info.HeightPx - 1; y >= 0; y--)
            {
                for (int x = 0; x < Info.WidthPx; x++)
                {
                    int source = pixel * ((y * Info.WidthPx) + x);
                    rgba[target++] = _bytes[source];
                    rgba[target++] = _bytes[source + (pixel == 3 ? 1 : 0)];
                    rgba[target++] = _bytes[source + (pixel == 3 ? 2 : 0)];
                    rgba[target++] = 255;
                }
            }

            return rgba;
        }
    }
}
