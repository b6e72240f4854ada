#nullable enable
using System;
using UnityEngine;
using UnityEngine.Playables;

namespace Attune.Components
{
    /// <summary>
    /// Beside a director: tells the session what happens on its timeline, and changes to another timeline at switch
    /// markers only.
    /// </summary>
    [AddComponentMenu("Attune/Timeline Story")]
    [DisallowMultipleComponent]
    public sealed class TimelineStory : StoryListener, INotificationReceiver
    {
        [SerializeField]
        [Tooltip("None: the one beside this component.")]
        private PlayableDirector? director = null;

        [SerializeField]
        private Branch[] branches = Array.Empty<Branch>();

        private readonly PendingSwitch _pending = new PendingSwitch();
        private AttuneClient? _asked;
        private ChoiceNotification? _reached;

        public void OnNotify(Playable origin, INotification notification, object context)
        {
            switch (notification)
            {
                case BeatNotification beat:
                    EnterBeat(beat.BeatId);
                    break;
                case StimulusNotification stimulus:
                    Report(stimulus);
                    break;
                case ChoiceNotification choice:
                    Reach(choice);
                    break;
                case SwitchNotification change:
                    SettleWithoutSession();
                    Change(_pending.Take(change.ChoiceId));
                    break;
            }
        }

        protected override void OnSettled(ChoiceSettled settled)
        {
            base.OnSettled(settled);
            _pending.Observe(settled);
        }

        private void Report(StimulusNotification stimulus)
        {
            AttuneClient? client = Client;
            if (client != null)
            {
                client.Report(stimulus.Ends
                    ? (SceneEvent)new StimulusOffset(stimulus.StimulusId, client.NowNs)
                    : new StimulusOnset(stimulus.StimulusId, client.NowNs));
            }
        }

        /// <summary>The session that would settle the choice is over: nobody settles it any more, and the story goes on.</summary>
        private void SettleWithoutSession()
        {
            if (_pending.IsOpen && _reached != null && !ReferenceEquals(Client, _asked))
            {
                _pending.Settle(_reached.ChoiceId, _reached.DefaultBranch);
            }
        }

        private void Reach(ChoiceNotification choice)
        {
            AttuneClient? client = Client;
            _asked = client;
            _reached = choice;
            if (client == null)
            {
                _pending.Reach(choice.ChoiceId, 0);
                _pending.Settle(choice.ChoiceId, choice.DefaultBranch);
                return;
            }

            uint occurrence = client.ReachChoice(choice.ChoiceId, choice.DefaultBranch, TimeSpan.FromSeconds(choice.Patience));
            _pending.Reach(choice.ChoiceId, occurrence);
        }

        private void Change(string? branchId)
        {
            if (branchId == null)
            {
                return;
            }

            int index = Array.FindIndex(branches, branch => branch.Id == branchId);
            if (index < 0)
            {
                Debug.LogError($"Attune: this timeline has no branch '{branchId}'", this);
                return;
            }

            if (director == null)
            {
                director = GetComponent<PlayableDirector>();
            }

            if (director != null && branches[index].Timeline is PlayableAsset timeline)
            {
                director.Play(timeline);
            }
        }

        [Serializable]
        private sealed class Branch
        {
            [SerializeField]
            [Tooltip("Identifier in the scenario.")]
            private string id = "";

            [SerializeField]
            [Tooltip("None: the timeline goes on.")]
            private PlayableAsset? timeline = null;

            public string Id => id;

            public PlayableAsset? Timeline => timeline;
        }
    }
}
