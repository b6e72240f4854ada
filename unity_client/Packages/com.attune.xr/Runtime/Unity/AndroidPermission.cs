#nullable enable
#if UNITY_ANDROID && !UNITY_EDITOR
using UnityEngine.Android;

namespace Attune.Components
{
    /// <summary>Android's own question whether something may be used.</summary>
    internal static class AndroidPermission
    {
        public static bool Holds(string name) => Permission.HasUserAuthorizedPermission(name);

        /// <param name="gate">
        /// Takes the answer. A question that is dismissed, or that the system does not put any more, is answered as denied.
        /// </param>
        public static void Ask(string name, PermissionGate gate)
        {
            PermissionCallbacks callbacks = new PermissionCallbacks();
            callbacks.PermissionGranted += _ => gate.Answer(true);
            callbacks.PermissionDenied += _ => gate.Answer(false);
            Permission.RequestUserPermission(name, callbacks);
        }
    }
}
#endif
