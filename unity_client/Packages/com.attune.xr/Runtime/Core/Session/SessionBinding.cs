#nullable enable

namespace Attune
{
    /// <summary>
    /// The session that something in a scene belongs to: its own, else the only one that is open. It stays with the one it found
    /// for as long as that is open, whatever opens beside it.
    /// </summary>
    public sealed class SessionBinding<T>
        where T : class
    {
        private readonly OpenSessions<T> _sessions;
        private T? _found;
        private bool _told;

        public SessionBinding(OpenSessions<T> sessions) => _sessions = sessions;

        /// <param name="own">Assigned, or standing above; null: none.</param>
        /// <param name="isAmbiguous">Several are open and none is this one's; true once, until it is otherwise.</param>
        /// <returns>Null: there is none, or nobody can tell which.</returns>
        public T? Find(T? own, out bool isAmbiguous)
        {
            int open = _sessions.All.Count;
            bool stays = own == null && _found != null && IsOpen(_found);
            _found = own != null ? null : stays ? _found : open == 1 ? _sessions.All[0] : null;
            bool unclear = own == null && _found == null && open > 1;
            isAmbiguous = unclear && !_told;
            _told = unclear;
            return own ?? _found;
        }

        private bool IsOpen(T session)
        {
            for (int i = 0; i < _sessions.All.Count; i++)
            {
                if (ReferenceEquals(_sessions.All[i], session))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
