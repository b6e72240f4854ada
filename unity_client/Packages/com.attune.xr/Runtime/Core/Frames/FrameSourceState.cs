#nullable enable

namespace Attune
{
    /// <summary>What a frame source is doing, for people to see.</summary>
    public enum FrameSourceState
    {
        /// <summary>It is switched off, or there is no visitor.</summary>
        Off,

        /// <summary>The consent in force allows no frame of this camera.</summary>
        NoConsent,

        /// <summary>The system asks whether the camera may be used.</summary>
        AskingForPermission,

        /// <summary>The camera may not be used; the story goes on without.</summary>
        PermissionDenied,

        /// <summary>There is no such camera, video or picture.</summary>
        NothingToShow,

        /// <summary>This device cannot read textures back in the background.</summary>
        Unsupported,

        /// <summary>It waits for its first picture.</summary>
        Starting,

        /// <summary>Frames are made whenever the server has room.</summary>
        Running,
    }
}
