#nullable enable
using System;
using Meta.XR;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// The cameras of a Quest that look away from the wearer. Its faces are bystanders: they need a consent of their
    /// own and never feed the wearer's state. Off by default.
    /// </summary>
    [AddComponentMenu("Attune/Pass-through Frames (bystanders)")]
    [DisallowMultipleComponent]
    public sealed class PassthroughFrameSource : FrameSource
    {
        private const string HeadsetCamera = "horizonos.permission.HEADSET_CAMERA";
        private const float OpenAgainAfterS = 10;

        [SerializeField]
        [Tooltip("Sends what the headset's cameras see. People around the wearer must have agreed to it.")]
        private bool bystandersAgreed = false;

        [SerializeField]
        [Tooltip("One of its own: it is switched on and off with the consent.")]
        private PassthroughCameraAccess? access = null;

        [SerializeField]
        [Tooltip("Origin of the tracking space, as in the session. None: the world's.")]
        private Transform? trackingSpace = null;

        private readonly SensorClock _clock = new SensorClock();
        private CameraPermission? _permission;
        private float _openAgainS;
        private CameraModel? _model;
        private Vector2Int _modelFor;

        public override CameraKind CameraKind => CameraKind.PassThrough;

        public override FrameRole Role => FrameRole.Bystanders;

        protected override bool IsFresh => access != null && access.IsUpdatedThisFrame;

        protected override CameraModel? Camera
        {
            get
            {
                Vector2Int size = access!.CurrentResolution;
                if (_model == null || _modelFor != size)
                {
                    PassthroughCameraAccess.CameraIntrinsics lens = access.Intrinsics;
                    _modelFor = size;
                    _model = PinholeScaling.OfCentre(
                        lens.FocalLength.x, lens.FocalLength.y, lens.PrincipalPoint.x, lens.PrincipalPoint.y,
                        new FrameSize(lens.SensorResolution.x, lens.SensorResolution.y), new FrameSize(size.x, size.y));
                }

                return _model;
            }
        }

        protected override FrameSourceState Prepare()
        {
            if (!bystandersAgreed)
            {
                return FrameSourceState.Off;
            }

            if (access == null)
            {
                return FrameSourceState.NothingToShow;
            }

            _permission = _permission ?? new CameraPermission(HeadsetCamera);
            FrameSourceState state = _permission.Check();
            if (state != FrameSourceState.Running)
            {
                return state;
            }

            if (!access.enabled && !Open(access))
            {
                return FrameSourceState.NothingToShow;
            }

            return access.IsPlaying ? FrameSourceState.Running : FrameSourceState.Starting;
        }

        /// <summary>A headset without such cameras switches the component off again and says so in the console: not at every frame.</summary>
        private bool Open(PassthroughCameraAccess camera)
        {
            if (Time.realtimeSinceStartup < _openAgainS)
            {
                return false;
            }

            _openAgainS = Time.realtimeSinceStartup + OpenAgainAfterS;
            camera.enabled = true;
            return camera.enabled;
        }

        protected override Texture? Picture() => access!.GetTexture();

        protected override void Describe(AttuneClient client, ref FrameInfo info)
        {
            info.CaptureTimeNs = _clock.Convert(client.NowNs, DateTime.UtcNow, access!.Timestamp, out CaptureTimeSource source);
            info.CaptureTimeSource = source;
            UnityEngine.Pose pose = access.GetCameraPose();
            Vector3 position = trackingSpace == null
                ? pose.position : trackingSpace.InverseTransformPoint(pose.position);
            Quaternion turn = trackingSpace == null
                ? pose.rotation : Quaternion.Inverse(trackingSpace.rotation) * pose.rotation;
            info.CameraPose = new Pose(
                new Vector(position.x, position.y, position.z), turn.x, turn.y, turn.z, turn.w);
        }

        protected override void Release()
        {
            if (access != null)
            {
                access.enabled = false;
                _openAgainS = 0;
            }
        }

        private void OnApplicationFocus(bool hasFocus)
        {
            if (hasFocus)
            {
                _permission?.Refresh();
            }
        }
    }
}
