#nullable enable
#if UNITY_ANDROID && !UNITY_EDITOR
using UnityEngine;
#endif

namespace Attune.Components
{
    /// <summary>
    /// Asks the system, once in the life of the application, whether other devices of the local network may be reached.
    /// Where nobody guards that (Android before 17, editors, other systems) it counts as granted.
    /// </summary>
    public static class LocalNetworkPermission
    {
        private static PermissionGate gate = new PermissionGate();

        /// <summary>As it was looked up last.</summary>
        public static PermissionState State => gate.State;

        /// <summary>Asks when nobody asked yet; how the question stands.</summary>
        internal static PermissionState Check() => gate.Check(Holds, Ask);

        /// <summary>Looks, without asking: somebody may have changed the system's settings.</summary>
        public static void Refresh() => gate.Notice(Holds());

        /// <summary>For a new run in the same process.</summary>
        internal static void Forget() => gate = new PermissionGate();

#if UNITY_ANDROID && !UNITY_EDITOR
        private const string Name = "android.permission.ACCESS_LOCAL_NETWORK";
        private const int FirstToGuard = 37;

        private static bool Holds() => !IsGuarded() || AndroidPermission.Holds(Name);

        private static void Ask() => AndroidPermission.Ask(Name, gate);

        /// <summary>An older system does not know the permission, and would say that it is denied.</summary>
        private static bool IsGuarded()
        {
            using AndroidJavaClass version = new AndroidJavaClass("android.os.Build$VERSION");
            return version.GetStatic<int>("SDK_INT") >= FirstToGuard;
        }
#else
        private static bool Holds() => true;

        private static void Ask()
        {
        }
#endif
    }
}
