#nullable enable
using System;
using System.Diagnostics;

namespace Attune
{
    /// <summary>The client's clock. Times in the contract are its monotonic nanoseconds.</summary>
    public interface IClock
    {
        long NowNs { get; }

        /// <summary>Goes on while the device sleeps, which the monotonic clock of some devices does not.</summary>
        DateTime UtcNow { get; }
    }

    /// <summary>The machine's own clock.</summary>
    public sealed class SystemClock : IClock
    {
        public static readonly SystemClock Instance = new SystemClock();

        private static readonly double NsPerTick = 1e9 / Stopwatch.Frequency;

        public long NowNs => (long)(Stopwatch.GetTimestamp() * NsPerTick);

        public DateTime UtcNow => DateTime.UtcNow;
    }
}
