#nullable enable
using System.ComponentModel;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>Something begins or ends that the scenario calls a stimulus.</summary>
    [DisplayName("Attune/Stimulus")]
    public sealed class StimulusNotification : AttuneMarker
    {
        [SerializeField]
        [Tooltip("Identifier in the scenario.")]
        private string stimulusId = "";

        [SerializeField]
        private bool ends = false;

        public string StimulusId => stimulusId;

        public bool Ends => ends;
    }
}
