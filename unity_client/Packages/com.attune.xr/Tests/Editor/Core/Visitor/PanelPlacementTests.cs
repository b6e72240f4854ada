#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>Where a panel stands in front of a visitor.</summary>
    public sealed class PanelPlacementTests
    {
        private static Vector Towards(double yawDeg, double pitchDeg = 0)
        {
            double yaw = yawDeg * Math.PI / 180;
            double pitch = pitchDeg * Math.PI / 180;
            return new Vector(Math.Sin(yaw) * Math.Cos(pitch), Math.Sin(pitch), Math.Cos(yaw) * Math.Cos(pitch));
        }

        [TestCase(1.15)]
        [TestCase(1.75)]
        public void SeatedOrStandingTheEyesAreAboveTheAnswers(double height)
        {
            PanelPlacement placement = new PanelPlacement(1.3);
            placement.Observe(new Vector(0.2, height, 0.1), Towards(0));
            Assert.That(placement.Position.Y, Is.EqualTo(height - 0.15).Within(1e-9));
            Assert.That(placement.Position.Z, Is.EqualTo(1.4).Within(1e-9));
            Assert.That(placement.Position.X, Is.EqualTo(0.2).Within(1e-9));
        }

        [Test]
        public void LookingAtAnAnswerDoesNotMoveIt()
        {
            PanelPlacement placement = new PanelPlacement(1.3);
            placement.Observe(default, Towards(0));
            Vector before = placement.Position;
            placement.Observe(default, Towards(20, -15));
            Assert.That(placement.Position, Is.EqualTo(before));
        }

        [Test]
        public void ItComesAlongWhenTheVisitorTurnsAway()
        {
            PanelPlacement placement = new PanelPlacement(1.3);
            placement.Observe(default, Towards(170));
            placement.Observe(default, Towards(-170));
            Assert.That(placement.Direction.X, Is.EqualTo(Math.Sin(170 * Math.PI / 180)).Within(1e-9), "20° apart across the back");
            placement.Observe(default, Towards(90));
            Assert.That(placement.Direction.X, Is.EqualTo(1).Within(1e-9));
        }

        [Test]
        public void LookingStraightDownTellsNoDirection()
        {
            PanelPlacement placement = new PanelPlacement(1.3);
            placement.Observe(default, Towards(90));
            placement.Observe(default, new Vector(0, -1, 0));
            Assert.That(placement.Direction.X, Is.EqualTo(1).Within(1e-9));
        }
    }
}
