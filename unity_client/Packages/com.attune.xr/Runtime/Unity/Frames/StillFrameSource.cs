#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>One picture again and again, to try the way to a server without a camera.</summary>
    [AddComponentMenu("Attune/Still Frames")]
    [DisallowMultipleComponent]
    public sealed class StillFrameSource : FrameSource
    {
        [SerializeField]
        private Texture? picture = null;

        protected override bool IsFresh => true;

        protected override FrameSourceState Prepare() =>
            picture == null ? FrameSourceState.NothingToShow : FrameSourceState.Running;

        protected override Texture? Picture() => picture;
    }
}
