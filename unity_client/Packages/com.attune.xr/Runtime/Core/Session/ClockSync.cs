#nullable enable
using System;

namespace Attune
{
    /// <summary>Relates the client's clock to the server's by pings, as NTP does: the fastest answer tells best.</summary>
    internal sealed class ClockSync
    {
        /// <summary>Pings that follow every new clock epoch, before events and frames.</summary>
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

        /// <summary>Whether the answer and the estimate cannot both be right of one clock, by more than the slack.</summary>
        public bool Contradicts(Pong pong, long receivedNs, long slackNs)
        {
            long halfWidthNs = Math.Abs(RoundTrip(pong, receivedNs)) / 2;
            return Math.Abs(Offset(pong, receivedNs) - OffsetNs) > slackNs + halfWidthNs + UncertaintyNs;
        }

        public void Observe(Pong pong, long receivedNs)
        {
            RoundTripNs = RoundTrip(pong, receivedNs);
            int slot = _readings % Remembered;
            _roundTripsNs[slot] = RoundTripNs;
            _offsetsNs[slot] = Offset(pong, receivedNs);
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

        private static long RoundTrip(Pong pong, long receivedNs) =>
            receivedNs - pong.ClientSendNs - (pong.ServerSendNs - pong.ServerReceiveNs);

        private static long Offset(Pong pong, long receivedNs) =>
            ((pong.ServerReceiveNs - pong.ClientSendNs) + (pong.ServerSendNs - receivedNs)) / 2;
    }
}
