#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// Capture times on the client's clock, from a camera that tells the time of day of each picture. A time that
    /// cannot be (in the future, or long ago) is replaced by the moment the picture arrived, and called so.
    /// </summary>
    public sealed class SensorClock
    {
        /// <summary>No camera takes longer to deliver a picture.</summary>
        public static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(500);

        private long _lastNs = long.MinValue;

        /// <param name="nowNs">The client's clock, now.</param>
        /// <param name="utcNow">The time of day, now.</param>
        /// <param name="takenUtc">The time of day of the picture; null: the camera does not tell.</param>
        public long Convert(long nowNs, DateTime utcNow, DateTime? takenUtc, out CaptureTimeSource source)
        {
            long time = nowNs;
            source = CaptureTimeSource.FrameArrival;
            if (takenUtc.HasValue)
            {
                TimeSpan age = utcNow - takenUtc.Value;
                if (age >= TimeSpan.Zero && age <= LongestDelay)
                {
                    time = nowNs - (age.Ticks * 100);
                    source = CaptureTimeSource.Sensor;
                }
            }

            // Two readings of the time of day differ by more than two pictures may.
            _lastNs = Math.Max(time, _lastNs + 1);
            return _lastNs;
        }
    }
}
