using System;
using UnityEngine;

namespace Meta.XR
{
    /// <summary>Reference stand-in for an API check: the members of version 81 of Meta's MR Utility Kit in use.</summary>
    public class PassthroughCameraAccess : MonoBehaviour
    {
        public bool IsPlaying => throw new NotSupportedException();

        public DateTime Timestamp => throw new NotSupportedException();

        public Vector2Int CurrentResolution => throw new NotSupportedException();

        public CameraIntrinsics Intrinsics => throw new NotSupportedException();

        public bool IsUpdatedThisFrame => throw new NotSupportedException();

        public Texture GetTexture() => throw new NotSupportedException();

        public Pose GetCameraPose() => throw new NotSupportedException();

        public struct CameraIntrinsics
        {
            public Vector2 FocalLength;
            public Vector2 PrincipalPoint;
            public Vector2Int SensorResolution;
            public Pose LensOffset;
        }
    }
}
