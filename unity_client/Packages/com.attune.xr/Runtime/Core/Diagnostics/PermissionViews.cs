#nullable enable
using System.Collections.Generic;

namespace Attune
{
    /// <summary>What the system lets this device do, as rows for window and panel.</summary>
    public static class PermissionViews
    {
        /// <param name="camera">Of the session's frame source; null: it has none.</param>
        /// <param name="localNetwork">Whether devices of the local network may be reached.</param>
        public static IReadOnlyList<Row> Of(FrameSourceState? camera, PermissionState localNetwork) =>
            new[] { Camera(camera), LocalNetwork(localNetwork) };

        private static Row Camera(FrameSourceState? camera)
        {
            const string label = "camera of this device";
            return camera switch
            {
                null => new Row(label, "none in this session"),
                FrameSourceState.AskingForPermission => new Row(label, "the system is asking for permission"),
                FrameSourceState.PermissionDenied => new Row(label, "permission denied; the story goes on without", true),
                FrameSourceState.NoConsent => new Row(label, "off: the visitor's consent allows no frame"),
                FrameSourceState.NothingToShow => new Row(label, "there is no such camera, video or picture", true),
                FrameSourceState.Unsupported => new Row(label, "this device cannot read textures back in the background", true),
                _ => new Row(label, camera.Value.ToString().ToLowerInvariant()),
            };
        }

        private static Row LocalNetwork(PermissionState state)
        {
            const string label = "local network";
            return state switch
            {
                PermissionState.Granted => new Row(label, "allowed, or not guarded by this system"),
                PermissionState.Asking => new Row(label, "the system is asking for permission"),
                PermissionState.Denied => new Row(label, "permission denied; only servers elsewhere are reached", true),
                _ => new Row(label, "not allowed, and nobody has asked: a Server Finder would", true),
            };
        }
    }
}
