#nullable enable
using System;

namespace Attune.Tests
{
    /// <summary>What a call allocates on its own thread.</summary>
    internal static class Allocation
    {
        private const int Calls = 10;

        /// <summary>
        /// The least of several calls: what a call allocates it allocates every time, and the runtime now and then books
        /// something of its own, for example when a collection falls into a call.
        /// </summary>
        /// <param name="call">Has been warm for a while.</param>
        /// <param name="between">Run after every call and not measured.</param>
        public static long Least(Action call, Action? between = null)
        {
            long least = long.MaxValue;
            for (int i = 0; i < Calls; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                call();
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
                between?.Invoke();
            }

            return least;
        }
    }
}
