#nullable enable
using System;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// A webcam or the device's own camera. It is opened with the first consent, and closed when the consent ends.
    /// </summary>
    [AddComponentMenu("Attune/Webcam Frames")]
    [DisallowMultipleComponent]
    public sealed class WebCamFrameSource : FrameSource
    {
        [SerializeField]
        [Tooltip("Name of the camera, or a part of it; empty: the first one.")]
        private string cameraName = "";

        [SerializeField]
        [Min(2)]
        private int cameraWidth = 640;

        [SerializeField]
        [Min(2)]
        private int cameraHeight = 480;

        private CameraPermission? _permission;
        private WebCamTexture? _texture;
        private float _untilLookS;

        protected override bool IsFresh => _texture != null && _texture.didUpdateThisFrame;

        protected override int DeviceTurnDeg => _texture == null ? 0 : _texture.videoRotationAngle;

        protected override bool DeviceUpsideDown => _texture != null && _texture.videoVerticallyMirrored;

        protected override FrameSourceState Prepare()
        {
            _permission = _permission ?? new CameraPermission();
            FrameSourceState state = _permission.Check();
            if (state != FrameSourceState.Running)
            {
                return state;
            }

            if (_texture == null)
            {
                if (!IsTimeToLook())
                {
                    return FrameSourceState.NothingToShow;
                }

                // The list is made anew at every look.
                WebCamDevice[] devices = WebCamTexture.devices;
                int index = Array.FindIndex(devices, one => one.name.Contains(cameraName));
                if (index < 0)
                {
                    return FrameSourceState.NothingToShow;
                }

                _texture = new WebCamTexture(devices[index].name, cameraWidth, cameraHeight, 30);
                _texture.Play();
            }

            // A system may stop a camera while the application sleeps.
            if (!_texture.isPlaying && IsTimeToLook())
            {
                _texture.Play();
            }

            return _texture.isPlaying ? FrameSourceState.Running : FrameSourceState.Starting;
        }

        /// <summary>Once a second.</summary>
        private bool IsTimeToLook()
        {
            _untilLookS -= Time.unscaledDeltaTime;
            if (_untilLookS > 0)
            {
                return false;
            }

            _untilLookS = 1;
            return true;
        }

        protected override Texture? Picture() => _texture;

        protected override void Release()
        {
            if (_texture != null)
            {
                _texture.Stop();
                if (Application.isPlaying)
                {
                    Destroy(_texture);
                }
                else
                {
                    // The last readback of a scene that was stopped in the editor.
                    DestroyImmediate(_texture);
                }

                _texture = null;
                _untilLookS = 0;
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
