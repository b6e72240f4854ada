#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// Makes one picture after the other into the bytes of a frame. GRAY8 and NV12 allocate nothing; JPEG one array,
    /// the encoder's own. One thread.
    /// </summary>
    internal sealed class FrameMaker
    {
        private readonly FrameSettings _settings;
        private readonly JpegEncoder? _encode;
        private readonly PixelScaler _scaler = new PixelScaler();
        private readonly JpegQuality _quality;
        private byte[] _scaled = Array.Empty<byte>();
        private byte[] _jpeg = Array.Empty<byte>();

        public FrameMaker(FrameSettings settings, JpegEncoder? encode)
        {
            _settings = settings.Checked();
            if (_settings.Encoding == FrameEncoding.Jpeg && encode == null)
            {
                throw new ArgumentNullException(nameof(encode), "JPEG needs an encoder");
            }

            _encode = encode;
            _quality = new JpegQuality(_settings.Quality);
        }

        /// <summary>Size of the frame that is being made.</summary>
        public FrameSize Size { get; private set; }

        /// <summary>Takes a picture; how many bytes its frame has.</summary>
        /// <param name="mostBytes">What the server takes; later JPEGs keep to it.</param>
        public int Begin(PixelBuffer picture, int mostBytes)
        {
            Size = FrameSize.Within(picture.Size, _settings.Box, _settings.Encoding);
            int pixels = Size.WidthPx * Size.HeightPx;
            switch (_settings.Encoding)
            {
                case FrameEncoding.Gray8:
                    return pixels;
                case FrameEncoding.Nv12:
                    return pixels * 3 / 2;
                default:
                    Encode(picture, 4 * pixels);
                    _quality.Observe(_jpeg.Length, mostBytes);
                    return _jpeg.Length;
            }
        }

        /// <summary>Writes the frame of the picture that was begun with.</summary>
        public void Finish(PixelBuffer picture, FrameBuffer frame)
        {
            PixelView view = View(picture);
            switch (_settings.Encoding)
            {
                case FrameEncoding.Gray8:
                    _scaler.ToGray8(view, Size, frame.Bytes);
                    frame.Length = Size.WidthPx * Size.HeightPx;
                    break;
                case FrameEncoding.Nv12:
                    _scaler.ToNv12(view, Size, frame.Bytes);
                    frame.Length = Size.WidthPx * Size.HeightPx * 3 / 2;
                    break;
                default:
                    _jpeg.CopyTo(frame.Bytes, 0);
                    frame.Length = _jpeg.Length;
                    _jpeg = Array.Empty<byte>();
                    break;
            }

            FrameInfo info = picture.Info;
            info.Encoding = _settings.Encoding;
            info.WidthPx = Size.WidthPx;
            info.HeightPx = Size.HeightPx;
            frame.Info = info;
        }

        private static PixelView View(PixelBuffer picture) => new PixelView(picture.Bytes, picture.Size, picture.BottomUp);

        /// <summary>The encoder takes an array that is exactly as long as the picture.</summary>
        private void Encode(PixelBuffer picture, int length)
        {
            if (_scaled.Length != length)
            {
                _scaled = new byte[length];
            }

            _scaler.ToRgba(View(picture), Size, topDown: false, _scaled);
            _jpeg = _encode!(_scaled, Size, _quality.Current);
        }
    }
}
