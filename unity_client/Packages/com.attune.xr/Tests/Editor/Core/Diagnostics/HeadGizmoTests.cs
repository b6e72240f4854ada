#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>The drawn head turns as the real one does in the image.</summary>
    public sealed class HeadGizmoTests
    {
        private static HeadGizmo Head(float yaw, float pitch, float roll) =>
            HeadGizmo.Of(new HeadAngles(yaw, pitch, roll, PoseSource.Landmarks));

        [Test]
        public void AHeadAtRestLooksIntoTheCamera()
        {
            HeadGizmo head = Head(0, 0, 0);
            Assert.That((head.Nose.X, head.Nose.Y, head.Nose.TowardsCamera), Is.EqualTo((0f, 0f, 1f)));
            Assert.That((head.Left.X, head.Up.Y), Is.EqualTo((1f, 1f)), "the subject's left is to the right of the image");
        }

        [Test]
        public void PositiveYawTurnsTheNoseToTheRightOfTheImage() => Assert.That(Head(30, 0, 0).Nose.X, Is.EqualTo(0.5f).Within(1e-6));

        [Test]
        public void PositivePitchLooksUp() => Assert.That(Head(0, 30, 0).Nose.Y, Is.EqualTo(0.5f).Within(1e-6));

        [Test]
        public void PositiveRollTiltsTheTopToTheRightOfTheImage() => Assert.That(Head(0, 0, 30).Up.X, Is.EqualTo(0.5f).Within(1e-6));

        [TestCase(-70, -40, -20)]
        [TestCase(-70, 25, 60)]
        [TestCase(0, -40, 60)]
        [TestCase(35, 25, 0)]
        [TestCase(35, -40, -20)]
        public void TheAxesStayOrthonormal(int yaw, int pitch, int roll)
        {
            HeadGizmo head = Head(yaw, pitch, roll);
            Assert.That(Dot(head.Left, head.Up), Is.Zero.Within(1e-5));
            Assert.That(Dot(head.Up, head.Nose), Is.Zero.Within(1e-5));
            Assert.That(Dot(head.Nose, head.Left), Is.Zero.Within(1e-5));
            Assert.That(Dot(head.Left, head.Left), Is.EqualTo(1).Within(1e-5));
            Assert.That(Dot(head.Nose, head.Nose), Is.EqualTo(1).Within(1e-5));
        }

        [Test]
        public void EveryRegionHasItsPlaceAndSidesMirrorEachOther()
        {
            for (FaceRegion region = FaceRegion.LeftEye; region <= FaceRegion.RightCheek; region++)
            {
                Tile tile = FaceMap.Of(region);
                Assert.That(tile.Width * tile.Height, Is.GreaterThan(0), region.ToString());
                Assert.That(tile.Left >= 0 && tile.Bottom >= 0 && tile.Left + tile.Width <= 1 && tile.Bottom + tile.Height <= 1, Is.True);
                if (region.ToString().StartsWith("Left", StringComparison.Ordinal))
                {
                    Enum.TryParse(region.ToString().Replace("Left", "Right"), out FaceRegion other);
                    Assert.That(FaceMap.Of(other).Left, Is.EqualTo(1 - tile.Left - tile.Width).Within(1e-5), region.ToString());
                    Assert.That(tile.Left, Is.GreaterThan(0.5f), "the subject's left is to the right of the image");
                }
            }
        }

        private static double Dot(GizmoAxis a, GizmoAxis b) => (a.X * b.X) + (a.Y * b.Y) + (a.TowardsCamera * b.TowardsCamera);
    }
}
