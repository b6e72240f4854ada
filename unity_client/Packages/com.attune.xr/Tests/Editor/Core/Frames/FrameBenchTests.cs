#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class FrameBenchTests
    {
        private static readonly FrameSize Picture = new FrameSize(320, 240);

        [Test]
        public void WithoutAnEncoderTheTableSaysThatJpegWasNotMeasured()
        {
            string[] rows = Rows(null);
            Assert.That(rows.Length, Is.EqualTo(6));
            Assert.That(rows[2], Does.Contain("GRAY8 320×240").And.Contain("| 76800 | 9.2 | 18.4 |"));
            Assert.That(rows[3], Does.Contain("NV12 320×240").And.Contain("| 115200 | 13.8 | 27.6 |"));
            Assert.That(rows[4], Does.Contain("JPEG").And.Contain("not measured"));
        }

        [Test]
        public void WithAnEncoderEveryRowHasItsFigures()
        {
            string[] rows = Rows((rgba, size, quality) => new byte[rgba.Length / 100]);
            Assert.That(rows.Skip(2).Select(row => row.Split('|').Length), Is.All.EqualTo(rows[0].Split('|').Length));
            Assert.That(rows[4], Does.Contain("| 3072 | 0.4 | 0.7 |"));
        }

        [Test]
        public void TheMadeUpPictureHasShadesAndIsOpaque()
        {
            byte[] rgba = FrameBench.MadeUp(Picture);
            Assert.That(rgba.Length, Is.EqualTo(4 * 320 * 240));
            Assert.That(rgba.Distinct().Count(), Is.GreaterThan(100));
            Assert.That(rgba.Where((value, at) => at % 4 == 3), Is.All.EqualTo(255));
        }

        private static string[] Rows(JpegEncoder? encode) =>
            FrameBench.Table(FrameBench.MadeUp(Picture), Picture, encode, () => GC.GetTotalMemory(false), null, 3)
                .Split(new[] { '\n' }, StringSplitOptions.RemoveEmptyEntries);
    }
}
