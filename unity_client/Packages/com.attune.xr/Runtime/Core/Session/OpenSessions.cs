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

        public void Add(T session)
        {
            if (!_open.Contains(session))
            {
                _open.Add(session);
                Changed?.Invoke();
            }
        }

        public void Remove(T session)
        {
            if (_open.Remove(session))
            {
                Changed?.Invoke();
            }
        }

        /// <summary>None is open, and nobody listens.</summary>
        public void Forget()
        {
            _open.Clear();
            Changed = null;
        }
    }
}
