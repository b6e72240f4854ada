#nullable enable

namespace Attune
{
    /// <summary>How often something that is counted happens, over the last second or a little more.</summary>
    public sealed class Rate
    {
        private const long WindowNs = 1_000_000_000;

        private long _sinceNs = long.MinValue;
        private long _count;

        /// <summary>A second; 0 before the first second is over.</summary>
        public float Hz { get; private set; }

        public void Observe(long count, long nowNs)
        {
            if (_sinceNs == long.MinValue || count < _count)
            {
                _sinceNs = nowNs;
                _count = count;
                Hz = 0;
            }
            else if (nowNs - _sinceNs >= WindowNs)
            {
                Hz = (float)((count - _count) * 1e9 / (nowNs - _sinceNs));
                _sinceNs = nowNs;
                _count = count;
            }
        }
    }
}
