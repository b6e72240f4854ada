#nullable enable
using System;
#if !UNITY_ANDROID || UNITY_EDITOR
using UnityEngine;
#endif

namespace Attune.Components
{
    /// <summary>Asks the system once whether a camera may be used.</summary>
    public sealed class CameraPermission
    {
        private readonly PermissionGate _gate = new PermissionGate();
        private readonly string _name;
        private readonly Func<bool> _holds;
        private readonly Action _ask;

        /// <param name="androidName">The permission on Android; the ordinary camera's by default.</param>
        public CameraPermission(string androidName = "android.permission.CAMERA")
        {
            _name = androidName;
            _holds = Holds;
            _ask = Ask;
        }

        public PermissionState State => _gate.State;

        /// <summary>Asks when nobody asked yet; what the source can do with the answer so far.</summary>
        public FrameSourceState Check()
        {
            switch (_gate.Check(_holds, _ask))
            {
                case PermissionState.Granted:
                    return FrameSourceState.Running;
                case PermissionState.Asking:
                    return FrameSourceState.AskingForPermission;
                default:
                    return FrameSourceState.PermissionDenied;
            }
        }

        /// <summary>The application came back: somebody may have changed the system's settings.</summary>
        public void Refresh() => _gate.Notice(Holds());

#if UNITY_ANDROID && !UNITY_EDITOR
        private bool Holds() => AndroidPermission.Holds(_name);

        private void Ask() => AndroidPermission.Ask(_name, _gate);
#else
        private bool Holds() => Application.HasUserAuthorization(UserAuthorization.WebCam);

        private void Ask()
        {
            AsyncOperation answer = Application.RequestUserAuthorization(UserAuthorization.WebCam);
            answer.completed += _ => _gate.Answer(Holds());
        }
#endif
    }
}
