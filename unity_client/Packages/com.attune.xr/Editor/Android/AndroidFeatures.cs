#nullable enable
using System;

namespace Attune.Editing
{
    /// <summary>What an application uses of a headset beyond the network.</summary>
    [Flags]
    public enum AndroidFeatures
    {
        None = 0,

        /// <summary>A camera that the system offers as an ordinary one.</summary>
        Camera = 1,

        /// <summary>The pass-through cameras of a headset.</summary>
        PassThrough = 2,

        /// <summary>The headset's own tracking of the face.</summary>
        FaceTracking = 4,

        /// <summary>A server in the local network, which Android 17 and later guard.</summary>
        LocalNetwork = 8,
    }
}
