#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// Pauses between attempts: each up to twice the last, none longer than ten seconds, each between half and
    /// all of its length by chance, so that a hall of headsets does not return in one beat.
    /// </summary>
    internal sealed class Backoff
    {
        private const long FirstNs = 200_000_000;
        private const long LongestNs = 10_000_000_000;

        private readonly Random _chance;
        private long _nextNs = FirstNs;

        public Backoff(int seed) => _chance = new Random(seed);

        public long NextNs()
        {
            long full = _nextNs;
            _nextNs = Math.Min(LongestNs, full * 2);
            return (long)(full * (0.5 + (0.5 * _chance.NextDouble())));
        }

        public void Reset() => _nextNs = FirstNs;
    }
}
