#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// Keeps a panel in front of a visitor, seated or standing: at the height of the eyes and a little below, so that a head
    /// that looks straight ahead points above the answers. It follows height and place at once, nodding never, and turning
    /// only when the visitor has turned away from it: looking at an answer must not move the answer.
    /// </summary>
    public sealed class PanelPlacement
    {
        /// <summary>Metres below the eyes.</summary>
        public const double BelowEyes = 0.15;

        private const double TurnAwayDeg = 50;

        private readonly double _distance;
        private double? _yaw;

        /// <param name="distance">From the eyes, metres.</param>
        public PanelPlacement(double distance) => _distance = distance;

        /// <summary>Where the panel's middle is, in Unity's axes.</summary>
        public Vector Position { get; private set; }

        /// <summary>The horizontal direction from the eyes to the panel, a unit vector.</summary>
        public Vector Direction { get; private set; } = new Vector(0, 0, 1);

        /// <param name="eyes">Position of the head, in the space of the result.</param>
        /// <param name="forward">Where the head points.</param>
        public void Observe(in Vector eyes, in Vector forward)
        {
            bool level = Math.Abs(forward.X) + Math.Abs(forward.Z) > 1e-3;
            double yaw = level ? Math.Atan2(forward.X, forward.Z) : _yaw ?? 0;
            if (_yaw == null || Math.Abs(Math.IEEERemainder(yaw - _yaw.Value, 2 * Math.PI)) * 180 / Math.PI > TurnAwayDeg)
            {
                _yaw = yaw;
            }

            Direction = new Vector(Math.Sin(_yaw.Value), 0, Math.Cos(_yaw.Value));
            Position = new Vector(
                eyes.X + (_distance * Direction.X), eyes.Y - BelowEyes, eyes.Z + (_distance * Direction.Z));
        }
    }
}
