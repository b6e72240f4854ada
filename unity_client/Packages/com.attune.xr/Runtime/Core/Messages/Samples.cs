#nullable enable

namespace Attune
{
    /// <summary>Where the head is, from its own tracking. Only the newest is sent.</summary>
    public readonly struct HeadsetPose
    {
        public HeadsetPose(long timeNs, Pose pose, uint trackingEpoch, Vector? focus = null)
        {
            TimeNs = timeNs;
            Pose = pose;
            TrackingEpoch = trackingEpoch;
            Focus = focus;
        }

        public long TimeNs { get; }

        public Pose Pose { get; }

        /// <summary>Rises by one with every recentre.</summary>
        public uint TrackingEpoch { get; }

        /// <summary>Where the scene's focus is, in the same tracking space.</summary>
        public Vector? Focus { get; }
    }

    /// <summary>What one frame of video is, beside its pixels.</summary>
    public struct FrameInfo
    {
        /// <summary>On the client's clock; strictly rising.</summary>
        public long CaptureTimeNs { get; set; }

        public CaptureTimeSource CaptureTimeSource { get; set; }

        public FrameEncoding Encoding { get; set; }

        /// <summary>Before rotation.</summary>
        public int WidthPx { get; set; }

        /// <summary>Before rotation.</summary>
        public int HeightPx { get; set; }

        /// <summary>Clockwise turn that makes the image upright: 0, 90, 180 or 270. Applied first.</summary>
        public int RotationDeg { get; set; }

        /// <summary>Undone second.</summary>
        public bool Mirrored { get; set; }

        public Pose? CameraPose { get; set; }

        public FrameRole Role { get; set; }
    }
}
