#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>
    /// The sessions that are open in a process, for whoever stands under none of them. One thread. A process that plays again
    /// without new code starts with <see cref="Forget"/>.
    /// </summary>
    public sealed class OpenSessions<T>
        where T : class
    {
        private readonly List<T> _open = new List<T>();

        /// <summary>One was opened or closed.</summary>
        public event Action? Changed;

        public IReadOnlyList<T> All => _open;

        /// <summary>Counts openings and closings: what was looked up holds while it stays the same.</summary>
        public int Changes { get; private set; }

        public void Add(T session)
        {
            if (!_open.Contains(session))
            {
                _open.Add(session);
                Changes++;
                Changed?.Invoke();
            }
        }

        public void Remove(T session)
        {
            if (_open.Remove(session))
            {
                Changes++;
                Changed?.Invoke();
            }
        }

        /// <summary>None is open, and nobody listens.</summary>
        public void Forget()
        {
            _open.Clear();
            Changes++;
            Changed = null;
        }
    }
}
