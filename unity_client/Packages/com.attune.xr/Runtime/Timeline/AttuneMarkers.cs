#nullable enable
using System.ComponentModel;
using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;

namespace Attune.Components
{
    /// <summary>A moment on a timeline that tells the session something. A <see cref="TimelineStory"/> receives it.</summary>
    public abstract class AttuneMarker : Marker, INotification
    {
        public PropertyName id => default;
    }

    /// <summary>A beat of the scenario begins.</summary>
    [DisplayName("Attune/Beat")]
    public sealed class BeatNotification : AttuneMarker
    {
        [SerializeField]
        [Tooltip("Identifier in the scenario.")]
        private string beatId = "";

        public string BeatId => beatId;
    }

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
