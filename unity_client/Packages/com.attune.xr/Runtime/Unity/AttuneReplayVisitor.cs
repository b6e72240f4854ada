#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>A recorded session that a scene plays again, with neither camera nor server.</summary>
    [CreateAssetMenu(menuName = "Attune/Replay Visitor", fileName = "Replay Visitor")]
    public sealed class AttuneReplayVisitor : AttuneLocalVisitor
    {
        [SerializeField]
        [Tooltip("Written by `attune sessions table`.")]
        private TextAsset? table = null;

        public override ILocalVisitor Begin() =>
            new ReplayVisitor(ReplayScript.Parse(table == null ? "" : table.text));
    }
}
