#nullable enable

namespace Attune
{
    /// <summary>
    /// Whether faces are being read right now: a frame has left this device, or an answer speaks of one, during the last
    /// moments. It rests on what happens and not on what was configured.
    /// </summary>
    public sealed class ReadingWatch
    {
        public const long LingerNs = 2_000_000_000;

        private long _sent;
        private StateUpdate? _seen;
        private long? _lastNs;

        /// <param name="framesSent">Of this client, so far.</param>
        /// <param name="latest">The newest update; null: none yet.</param>
        public bool Observe(long framesSent, StateUpdate? latest, long nowNs)
        {
            bool looked = latest?.Face != null && !ReferenceEquals(latest, _seen);
            if (framesSent > _sent || looked)
            {
                _lastNs = nowNs;
            }

            _sent = framesSent;
            _seen = latest;
            return _lastNs.HasValue && nowNs - _lastNs.Value < LingerNs;
        }
    }
}
