#nullable enable

namespace Attune
{
    /// <summary>Relates the client's clock to the server's by pings, as NTP does: the fastest answer tells best.</summary>
    internal sealed class ClockSync
    {
        /// <summary>Pings that follow every new clock epoch, before frames.</summary>
        public const int PingsPerEpoch = 5;

        private const int Remembered = 8;

        private readonly long[] _offsetsNs = new long[Remembered];
        private readonly long[] _roundTripsNs = new long[Remembered];
        private int _readings;

        /// <summary>Server clock minus client clock, by the fastest of the last eight answers.</summary>
        public long OffsetNs { get; private set; }

        /// <summary>Half width of the estimate.</summary>
        public long UncertaintyNs { get; private set; }

        /// <summary>Of the last answer, without the server's own time.</summary>
        public long RoundTripNs { get; private set; }

        public int Readings => _readings;

        public void Reset() => _readings = 0;

        public void Observe(Pong pong, long receivedNs)
        {
            RoundTripNs = receivedNs - pong.ClientSendNs - (pong.ServerSendNs - pong.ServerReceiveNs);
            int slot = _readings % Remembered;
            _roundTripsNs[slot] = RoundTripNs;
            _offsetsNs[slot] = ((pong.ServerReceiveNs - pong.ClientSendNs) + (pong.ServerSendNs - receivedNs)) / 2;
            _readings++;

            int best = 0;
            for (int i = 1; i < _readings && i < Remembered; i++)
            {
                if (_roundTripsNs[i] < _roundTripsNs[best])
                {
                    best = i;
                }
            }

            OffsetNs = _offsetsNs[best];
            UncertaintyNs = _roundTripsNs[best] > 0 ? (_roundTripsNs[best] + 1) / 2 : 0;
        }
    }
}
