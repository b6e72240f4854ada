#nullable enable

namespace Attune
{
    /// <summary>
    /// Latest frame wins: holds the newest frame until the server's acknowledgements leave credit for it.
    /// An acknowledgement that does not come within <see cref="AckTimeoutNs"/> no longer counts, so that a
    /// lost one cannot stall the stream.
    /// </summary>
    internal sealed class FrameMailbox
    {
        public const long AckTimeoutNs = 1_000_000_000;

        private const int MostInFlight = 16;

        private readonly FramePool _pool;
        private readonly ulong[] _sequences = new ulong[MostInFlight];
        private readonly long[] _sentNs = new long[MostInFlight];
        private FrameBuffer? _waiting;
        private int _inFlight;
        private int _credit = 1;

        public FrameMailbox(FramePool pool) => _pool = pool;

        /// <summary>Frames that a newer one pushed out.</summary>
        public long Replaced { get; private set; }

        /// <summary>Frames whose acknowledgement never came.</summary>
        public long Expired { get; private set; }

        public bool IsEmpty => _waiting == null;

        public int Credit
        {
            set => _credit = value < 1 ? 1 : value > MostInFlight ? MostInFlight : value;
        }

        /// <summary>True: it took the place of a frame that was not sent yet.</summary>
        public bool Put(FrameBuffer frame)
        {
            bool replaced = _waiting != null;
            if (replaced)
            {
                Replaced++;
            }

            Empty();
            _waiting = frame;
            return replaced;
        }

        /// <summary>The frame to send now; null: none, or no credit.</summary>
        public FrameBuffer? Take(long nowNs)
        {
            Expire(nowNs);
            if (_waiting == null || _inFlight >= _credit)
            {
                return null;
            }

            FrameBuffer frame = _waiting;
            _waiting = null;
            _sequences[_inFlight] = frame.Sequence;
            _sentNs[_inFlight] = nowNs;
            _inFlight++;
            return frame;
        }

        /// <summary>Whether a frame that came now would be sent at once.</summary>
        public bool HasCredit(long nowNs)
        {
            Expire(nowNs);
            return _waiting == null && _inFlight < _credit;
        }

        /// <summary>How long the oldest frame that is settled by this was under way; null: none was.</summary>
        public long? Acknowledge(ulong throughSequence, long nowNs)
        {
            long? tookNs = null;
            while (_inFlight > 0 && _sequences[0] <= throughSequence)
            {
                tookNs = tookNs ?? (nowNs - _sentNs[0]);
                Shift();
            }

            return tookNs;
        }

        /// <summary>When a waiting frame may go even without an acknowledgement; null: no frame waits.</summary>
        public long? RetryNs => _waiting == null || _inFlight == 0 ? (long?)null : _sentNs[0] + AckTimeoutNs;

        /// <summary>The stream broke: nothing is under way any more.</summary>
        public void ForgetInFlight() => _inFlight = 0;

        /// <summary>Throws the waiting frame away, unseen.</summary>
        public void Empty()
        {
            if (_waiting != null)
            {
                _pool.Return(_waiting);
                _waiting = null;
            }
        }

        private void Expire(long nowNs)
        {
            while (_inFlight > 0 && nowNs - _sentNs[0] >= AckTimeoutNs)
            {
                Expired++;
                Shift();
            }
        }

        private void Shift()
        {
            _inFlight--;
            for (int i = 0; i < _inFlight; i++)
            {
                _sequences[i] = _sequences[i + 1];
                _sentNs[i] = _sentNs[i + 1];
            }
        }
    }
}
