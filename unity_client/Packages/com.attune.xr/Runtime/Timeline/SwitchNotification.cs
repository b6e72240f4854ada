#nullable enable
using System.ComponentModel;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>Here, and only here, the scene may change to the branch of a choice.</summary>
    [DisplayName("Attune/Switch")]
    public sealed class SwitchNotification : AttuneMarker
    {
        [SerializeField]
        [Tooltip("Identifier of the choice in the scenario.")]
        private string choiceId = "";

        public string ChoiceId => choiceId;
    }
}
