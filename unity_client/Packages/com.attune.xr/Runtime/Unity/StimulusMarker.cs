#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>A stimulus of the scenario lasts as long as this component is enabled.</summary>
    [AddComponentMenu("Attune/Stimulus Marker")]
    public sealed class StimulusMarker : SceneMarker
    {
        [SerializeField]
        [Tooltip("Identifier in the scenario.")]
        private string stimulusId = "";

        [SerializeField]
        [Tooltip("Where the visitor is meant to look; none: this object.")]
        private Transform? focus = null;

        private void OnEnable()
        {
            if (Client is AttuneClient client)
            {
                client.Report(new StimulusOnset(stimulusId, client.NowNs));
                Session!.Focus = focus == null ? transform : focus;
            }
        }

        private void OnDisable()
        {
            if (Client is AttuneClient client)
            {
                client.Report(new StimulusOffset(stimulusId, client.NowNs));
                Transform own = focus == null ? transform : focus;
                if (Session!.Focus == own)
                {
                    Session.Focus = null;
                }
            }
        }
    }
}
