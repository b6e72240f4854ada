#nullable enable

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
    /// system's settings. One thread.
    /// </summary>
    public sealed class PermissionGate
    {
        public PermissionState State { get; private set; } = PermissionState.Unasked;

        /// <summary>True: ask the system now. It is said once.</summary>
        public bool ShouldAsk(bool holds)
        {
            if (holds)
            {
                State = PermissionState.Granted;
                return false;
            }

            if (State != PermissionState.Unasked)
            {
                return false;
            }

            State = PermissionState.Asking;
            return true;
        }

        /// <summary>The answer to the question.</summary>
        public void Answer(bool granted)
        {
            if (State == PermissionState.Asking)
            {
                State = granted ? PermissionState.Granted : PermissionState.Denied;
            }
        }

        /// <summary>What the system says now, for example when the application comes back from its settings.</summary>
        public void Notice(bool holds)
        {
            if (holds)
            {
                State = PermissionState.Granted;
            }
            else if (State == PermissionState.Granted)
            {
                State = PermissionState.Denied;
            }
        }
    }
}
