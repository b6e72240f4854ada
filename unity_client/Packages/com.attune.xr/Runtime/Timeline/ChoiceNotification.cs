#nullable enable
using System.ComponentModel;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>A choice is reached: from here on a decision is waited for.</summary>
    [DisplayName("Attune/Choice")]
    public sealed class ChoiceNotification : AttuneMarker
    {
        [SerializeField]
        [Tooltip("Identifier in the scenario.")]
        private string choiceId = "";

        [SerializeField]
        [Tooltip("Played when no decision comes in time.")]
        private string defaultBranch = "";

        [SerializeField]
        [Min(0)]
        [Tooltip("Seconds until the default is taken; put the switch later than that.")]
        private float patience = 2;

        public string ChoiceId => choiceId;

        public string DefaultBranch => defaultBranch;

        public float Patience => patience;
    }
}
