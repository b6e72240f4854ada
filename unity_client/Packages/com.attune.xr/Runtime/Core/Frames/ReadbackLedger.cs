#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// Counts the readbacks that the graphics card still works on. What they read from is let go of only when the
    /// last one is done. One thread.
    /// </summary>
    public sealed class ReadbackLedger
    {
        private readonly int _most;
        private Action? _whenIdle;

        /// <param name="most">How many may be under way.</param>
        public ReadbackLedger(int most) => _most = most;

        public int Outstanding { get; private set; }

        public bool IsClosed { get; private set; }

        /// <summary>False: it must not be requested.</summary>
        public bool TryBegin()
        {
            if (IsClosed || Outstanding >= _most)
            {
                return false;
            }

            Outstanding++;
            return true;
        }

        /// <summary>One is done, or failed. False: nobody wants its pixels any more.</summary>
        public bool End()
        {
            if (Outstanding == 0)
            {
                throw new InvalidOperationException("more readbacks ended than began");
            }

            Outstanding--;
            RunIfIdle();
            return !IsClosed;
        }

        /// <summary>No further one begins. <paramref name="whenIdle"/> runs once, after the last one.</summary>
        public void Close(Action whenIdle)
        {
            if (!IsClosed)
            {
                IsClosed = true;
                _whenIdle = whenIdle;
                RunIfIdle();
            }
        }

        /// <summary>What would be let go of after the last readback is wanted again.</summary>
        public void Reopen()
        {
            IsClosed = false;
            _whenIdle = null;
        }

        private void RunIfIdle()
        {
            if (IsClosed && Outstanding == 0)
            {
                Action? idle = _whenIdle;
                _whenIdle = null;
                idle?.Invoke();
            }
        }
    }
}
