#nullable enable
using UnityEngine;
using UnityEngine.Video;

namespace Attune.Components
{
    /// <summary>A video instead of a camera, for example a recorded visitor in a demonstration.</summary>
    [AddComponentMenu("Attune/Video Frames")]
    [DisallowMultipleComponent]
    public sealed class VideoFrameSource : FrameSource
    {
        [SerializeField]
        [Tooltip("None: the one beside this component.")]
        private VideoPlayer? player = null;

        private long _read = -1;

        protected override bool IsFresh => player != null && player.frame != _read;

        protected override FrameSourceState Prepare()
        {
            if (player == null)
            {
                player = GetComponent<VideoPlayer>();
            }

            if (player == null)
            {
                return FrameSourceState.NothingToShow;
            }

            return player.isPlaying ? FrameSourceState.Running : FrameSourceState.Starting;
        }

        protected override Texture? Picture()
        {
            _read = player!.frame;
            return player.texture;
        }
    }
}
