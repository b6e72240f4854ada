#nullable enable
using System;
using UnityEngine;
using UnityEngine.Events;

namespace Attune.Components
{
    /// <summary>
    /// Plays one beat of a story by the clock: its stimuli at their times, its choice when it is due, and then the beat that
    /// follows. For stories without a timeline or a script; a beat's object is active while it is played.
    /// </summary>
    [AddComponentMenu("Attune/Story Beat")]
    public sealed class StoryBeat : MonoBehaviour
    {
        [SerializeField]
        [Min(0)]
        [Tooltip("Seconds.")]
        private float duration = 5;

        [SerializeField]
        private Cue[] cues = new Cue[0];

        [SerializeField]
        [Tooltip("None: this beat has no choice.")]
        private ChoicePoint? choice = null;

        [SerializeField]
        [Min(0)]
        [Tooltip("Seconds after the beginning of the beat.")]
        private float choiceAt = 0;

        [SerializeField]
        [Tooltip("What follows when no choice says otherwise. None: the story is over.")]
        private StoryBeat? next = null;

        [SerializeField]
        [Tooltip("This beat was the last one: the story is over.")]
        private UnityEvent over = new UnityEvent();

        private float _time;
        private bool _reached;
        private StoryBeat? _following;

        /// <summary>What the chosen branch leads to. For the events of a choice point.</summary>
        public void Follow(StoryBeat beat) => _following = beat;

        private void OnEnable()
        {
            _time = 0;
            _reached = false;
            _following = next;
            foreach (Cue cue in cues)
            {
                cue.Play(-1);
            }
        }

        private void Update()
        {
            _time += Time.deltaTime;
            foreach (Cue cue in cues)
            {
                cue.Play(_time);
            }

            if (choice != null && !_reached && _time >= choiceAt)
            {
                _reached = true;
                choice.Reach();
            }

            // A frame that took long must not end the story before its choice.
            bool isDecided = choice == null || !_reached || !choice.IsWaiting;
            if (_time >= duration && isDecided)
            {
                StoryBeat? following = _following;
                gameObject.SetActive(false);
                if (following != null)
                {
                    following.gameObject.SetActive(true);
                }
                else
                {
                    over.Invoke();
                }
            }
        }

        /// <summary>A stimulus and when it is shown.</summary>
        [Serializable]
        private sealed class Cue
        {
            [SerializeField]
            [Tooltip("Active while the stimulus lasts; for example an object with a Stimulus Marker.")]
            private GameObject? shown = null;

            [SerializeField]
            [Min(0)]
            [Tooltip("Seconds after the beginning of the beat.")]
            private float at = 0;

            [SerializeField]
            [Min(0)]
            [Tooltip("Seconds.")]
            private float lasts = 2;

            public void Play(float time)
            {
                bool active = time >= at && time < at + lasts;
                if (shown != null && shown.activeSelf != active)
                {
                    shown.SetActive(active);
                }
            }
        }
    }
}
