#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class PixelScalerTests
    {
        private static readonly FrameSize Four = new FrameSize(4, 4);
        private static readonly FrameSize Two = new FrameSize(2, 2);

        [TestCase(0, 0, 0, 0)]
        [TestCase(255, 255, 255, 255)]
        [TestCase(255, 0, 0, 77)]
        [TestCase(0, 255, 0, 149)]
        [TestCase(0, 0, 255, 29)]
        public void GrayIsTheLumaOfTheColour(byte red, byte green, byte blue, int luma)
        {
            byte[] gray = new byte[16];
            new PixelScaler().ToGray8(Even(Four, red, green, blue), Four, gray);
            Assert.That(gray, Is.EqualTo(Repeat((byte)luma, 16)));
        }

        // BT.601, video range, as OpenCV reads NV12.
        [TestCase(0, 0, 0, 16, 128, 128)]
        [TestCase(255, 255, 255, 235, 128, 128)]
        [TestCase(255, 0, 0, 82, 90, 240)]
        [TestCase(0, 255, 0, 144, 54, 34)]
        [TestCase(0, 0, 255, 41, 240, 110)]
        public void Nv12IsLumaAndThenChroma(byte red, byte green, byte blue, int luma, int cb, int cr)
        {
            byte[] nv12 = new byte[24];
            new PixelScaler().ToNv12(Even(Four, red, green, blue), Four, nv12);
            for (int i = 0; i < 24; i++)
            {
                int expected = i < 16 ? luma : i % 2 == 0 ? cb : cr;
                Assert.That((int)nv12[i], Is.InRange(expected - 1, expected + 1), $"byte {i}");
            }
        }

        [Test]
        public void TheLowestRowOfATextureComesLast()
        {
            byte[] pixels = Pixels(Four, (x, y) => (byte)(10 * y));
            byte[] gray = new byte[16];
            new PixelScaler().ToGray8(new PixelView(pixels, Four, bottomUp: true), Four, gray);
            Assert.That(gray[0], Is.EqualTo(30));
            Assert.That(gray[15], Is.EqualTo(0));

            new PixelScaler().ToGray8(new PixelView(pixels, Four, bottomUp: false), Four, gray);
            Assert.That(gray[0], Is.EqualTo(0));
        }

        [TestCase(true)]
        [TestCase(false)]
        public void RowsAreGivenInTheOrderThatTheEncoderWants(bool topDown)
        {
            byte[] pixels = Pixels(Four, (x, y) => (byte)(10 * y));
            byte[] rgba = new byte[64];
            new PixelScaler().ToRgba(new PixelView(pixels, Four, bottomUp: true), Four, topDown, rgba);
            Assert.That(rgba[0], Is.EqualTo(topDown ? 30 : 0));
            Assert.That(rgba[3], Is.EqualTo(255));
        }

        [Test]
        public void ASmallerPixelIsTheMeanOfThoseItCovers()
        {
            byte[] pixels = Pixels(Four, (x, y) => (byte)((x * 40) + (y * 4)));
            byte[] rgba = new byte[16];
            new PixelScaler().ToRgba(new PixelView(pixels, Four, bottomUp: false), Two, topDown: true, rgba);
            Assert.That(rgba[0], Is.EqualTo(22));
            Assert.That(rgba[4], Is.EqualTo(102));
            Assert.That(rgba[8], Is.EqualTo(30));
        }

        [Test]
        public void NoPixelIsLeftOutByAnUnevenRatio([Range(2, 7)] int side)
        {
            FrameSize source = new FrameSize(7, 7);
            FrameSize target = new FrameSize(side, side);
            byte[] pixels = Pixels(source, (x, y) => 200);
            byte[] gray = new byte[side * side];
            new PixelScaler().ToGray8(new PixelView(pixels, source, bottomUp: true), target, gray);
            Assert.That(gray, Is.EqualTo(Repeat(200, side * side)));
        }

        [Test]
        public void AScalerServesSizesOneAfterTheOther()
        {
            PixelScaler scaler = new PixelScaler();
            FrameSize large = new FrameSize(16, 12);
            byte[] gray = new byte[192];
            scaler.ToGray8(Even(large, 9, 9, 9), large, gray);
            scaler.ToNv12(Even(Four, 255, 0, 0), Two, gray);
            Assert.That((int)gray[5], Is.InRange(239, 241));
        }

        [Test]
        public void AnImageIsNeverEnlarged()
        {
            Assert.Throws<ArgumentException>(() => new PixelScaler().ToGray8(Even(Two, 0, 0, 0), Four, new byte[16]));
        }

        [Test]
        public void OddSidesAreNotForNv12()
        {
            FrameSize odd = new FrameSize(3, 2);
            Assert.Throws<ArgumentException>(() => new PixelScaler().ToNv12(Even(Four, 0, 0, 0), odd, new byte[64]));
        }

        [Test]
        public void TooFewBytesAreRefused()
        {
            Assert.Throws<ArgumentException>(() => new PixelView(new byte[15], Two, bottomUp: true));
            Assert.Throws<ArgumentException>(() => new PixelScaler().ToGray8(Even(Four, 0, 0, 0), Four, new byte[15]));
        }

        [TestCase(FrameEncoding.Gray8)]
        [TestCase(FrameEncoding.Nv12)]
        public void AFrameAfterTheFirstAllocatesNothing(FrameEncoding encoding)
        {
            FrameSize source = new FrameSize(640, 480);
            byte[] pixels = new byte[640 * 480 * 4];
            byte[] target = new byte[320 * 240 * 3 / 2];
            PixelScaler scaler = new PixelScaler();
            Convert(scaler, encoding, pixels, source, target);
            Assert.That(Allocation.Least(() => Convert(scaler, encoding, pixels, source, target)), Is.Zero);
        }

        private static void Convert(PixelScaler scaler, FrameEncoding encoding, byte[] pixels, FrameSize source, byte[] target)
        {
            PixelView view = new PixelView(pixels, source, bottomUp: true);
            if (encoding == FrameEncoding.Gray8)
            {
                scaler.ToGray8(view, FrameSettings.LargestRaw, target);
            }
            else
            {
                scaler.ToNv12(view, FrameSettings.LargestRaw, target);
            }
        }

        private static PixelView Even(FrameSize size, byte red, byte green, byte blue)
        {
            byte[] pixels = new byte[4 * size.WidthPx * size.HeightPx];
            for (int i = 0; i < pixels.Length; i += 4)
            {
                pixels[i] = red;
                pixels[i + 1] = green;
                pixels[i + 2] = blue;
            }

            return new PixelView(pixels, size, bottomUp: true);
        }

        private static byte[] Pixels(FrameSize size, Func<int, int, byte> gray)
        {
            byte[] pixels = new byte[4 * size.WidthPx * size.HeightPx];
            for (int y = 0; y < size.HeightPx; y++)
            {
                for (int x = 0; x < size.WidthPx; x++)
                {
                    int at = 4 * ((y * size.WidthPx) + x);
                    pixels[at] = pixels[at + 1] = pixels[at + 2] = gray(x, y);
                }
            }

            return pixels;
        }

        private static byte[] Repeat(byte value, int count)
        {
            byte[] all = new byte[count];
            Array.Fill(all, value);
            return all;
        }
    }
}
