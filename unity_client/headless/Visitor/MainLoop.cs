#nullable enable
using System;
using System.Collections.Concurrent;
using System.Threading;

namespace Attune.Visitor
{
    /// <summary>Stands for Unity's main thread: runs what was posted to it.</summary>
    internal sealed class MainLoop : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted =
            new BlockingCollection<(SendOrPostCallback, object?)>();

        public override void Post(SendOrPostCallback callback, object? state) => _posted.Add((callback, state));

        /// <summary>Runs what comes for that long.</summary>
        public void RunFor(TimeSpan time)
        {
            long until = SystemClock.Instance.NowNs + (time.Ticks * 100);
            while (true)
            {
                long leftMs = (until - SystemClock.Instance.NowNs) / 1_000_000;
                if (!_posted.TryTake(out (SendOrPostCallback Callback, object? State) next, (int)Math.Max(0, leftMs)))
                {
                    return;
                }

                next.Callback(next.State);
            }
        }
    }
}
