#nullable enable

namespace Attune
{
    /// <summary>
    /// When a camera is asked for its next frame: at a rate on average, although it is asked only once a rendered
    /// frame. A pause owes nothing afterwards.
    /// </summary>
    public sealed class CaptureSchedule
    {
        private readonly long _intervalNs;
        private long _dueNs = long.MinValue;

        /// <exception cref="System.ArgumentOutOfRangeException">The rate is not positive.</exception>
        public CaptureSchedule(double framesPerSecond)
        {
            if (!(framesPerSecond > 0))
            {
                throw new System.ArgumentOutOfRangeException(
                    nameof(framesPerSecond), framesPerSecond, "expected a positive rate");
            }

            _intervalNs = (long)(1e9 / framesPerSecond);
        }

        public bool IsDue(long nowNs) => nowNs >= _dueNs;

        /// <summary>A frame was taken.</summary>
        public void Take(long nowNs)
        {
            bool late = _dueNs == long.MinValue || nowNs - _dueNs >= _intervalNs;
            _dueNs = (late ? nowNs : _dueNs) + _intervalNs;
        }
    }
}
