#nullable enable
using System.ComponentModel;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>A beat of the scenario begins.</summary>
    [DisplayName("Attune/Beat")]
    public sealed class BeatNotification : AttuneMarker
    {
        [SerializeField]
        [Tooltip("Identifier in the scenario.")]
        private string beatId = "";

        public string BeatId => beatId;
    }
}
