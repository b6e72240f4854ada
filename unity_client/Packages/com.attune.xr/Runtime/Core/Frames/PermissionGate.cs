#nullable enable
using System;

namespace Attune
{
    /// <summary>Where the question whether a device may be used stands.</summary>
    public enum PermissionState
    {
        /// <summary>Nobody has asked yet.</summary>
        Unasked,

        /// <summary>The system's dialogue is open.</summary>
        Asking,

        /// <summary>The device may be used.</summary>
        Granted,

        /// <summary>Refused. The story goes on without; settings can change it.</summary>
        Denied,
    }

    /// <summary>
    /// Asks for a permission once in the life of an application, and notices when it is given or taken away in the
    /// system's settings. The answer may come on any thread, the rest from one.
    /// </summary>
    public sealed class PermissionGate
    {
        private readonly object _gate = new object();
        private PermissionState _state = PermissionState.Unasked;

        public PermissionState State
        {
            get
            {
                lock (_gate)
                {
                    return _state;
                }
            }
        }

        /// <summary>Asks when nobody asked yet; how the question stands.</summary>
        /// <param name="holds">What the system says now. Looked up before the question only: it costs a call into the system.</param>
        /// <param name="ask">Puts the question to the system. Called once.</param>
        public PermissionState Check(Func<bool> holds, Action ask)
        {
            if (State == PermissionState.Unasked)
            {
                bool granted = holds();
                lock (_gate)
                {
                    _state = granted ? PermissionState.Granted : PermissionState.Asking;
                }

                if (!granted)
                {
                    ask();
                }
            }

            return State;
        }

        /// <summary>The answer to the question.</summary>
        public void Answer(bool granted)
        {
            lock (_gate)
            {
                if (_state == PermissionState.Asking)
                {
                    _state = granted ? PermissionState.Granted : PermissionState.Denied;
                }
            }
        }

        /// <summary>What the system says now, for example when the application comes back from its settings.</summary>
        public void Notice(bool holds)
        {
            lock (_gate)
            {
                if (holds)
                {
                    _state = PermissionState.Granted;
                }
                else if (_state == PermissionState.Granted)
                {
                    _state = PermissionState.Denied;
                }
            }
        }
    }
}
