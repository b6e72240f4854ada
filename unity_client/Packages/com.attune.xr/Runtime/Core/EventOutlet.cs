#nullable enable
using System;
using System.Collections.Generic;
using System.Threading;

namespace Attune
{
    /// <summary>
    /// Delivers events one after the other on a SynchronizationContext. Of state updates only the newest waits;
    /// everything else keeps its order and goes before it. One post is under way at a time.
    /// </summary>
    internal sealed class EventOutlet
    {
        private readonly object _gate = new object();
        private readonly Queue<object> _events = new Queue<object>();
        private readonly SynchronizationContext _context;
        private readonly Action<object> _deliver;
        private readonly SendOrPostCallback _drain;
        private StateUpdate? _newest;
        private bool _posted;
        private bool _closed;

        public EventOutlet(SynchronizationContext context, Action<object> deliver)
        {
            _context = context;
            _deliver = deliver;
            _drain = _ => Drain();
        }

        public void Publish(object happened)
        {
            lock (_gate)
            {
                if (_closed)
                {
                    return;
                }

                if (happened is StateUpdate update)
                {
                    _newest = update;
                }
                else
                {
                    _events.Enqueue(happened);
                }

                if (_posted)
                {
                    return;
                }

                _posted = true;
            }

            _context.Post(_drain, null);
        }

        /// <summary>Nothing is delivered from here on.</summary>
        public void Close()
        {
            lock (_gate)
            {
                _closed = true;
                _events.Clear();
                _newest = null;
            }
        }

        private void Drain()
        {
            bool finished = false;
            try
            {
                for (object? next = Take(); next != null; next = Take())
                {
                    _deliver(next);
                }

                finished = true;
            }
            finally
            {
                // A subscriber's exception belongs to the context; the events behind it are still due.
                if (!finished)
                {
                    _context.Post(_drain, null);
                }
            }
        }

        private object? Take()
        {
            lock (_gate)
            {
                if (_events.Count > 0)
                {
                    return _events.Dequeue();
                }

                StateUpdate? newest = _newest;
                _newest = null;
                _posted = newest != null;
                return newest;
            }
        }
    }
}
