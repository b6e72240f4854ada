#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>The story enters a beat of the scenario when this component is enabled, or when told to.</summary>
    [AddComponentMenu("Attune/Beat Marker")]
    public sealed class BeatMarker : SceneMarker
    {
        [SerializeField]
        [Tooltip("Identifier in the scenario.")]
        private string beatId = "";

        /// <summary>For signals of a timeline and other events.</summary>
        public void Enter()
        {
            if (Client is AttuneClient client)
            {
                client.Report(new BeatEntered(beatId, client.NowNs));
            }
        }

        private void OnEnable() => Enter();
    }
}
