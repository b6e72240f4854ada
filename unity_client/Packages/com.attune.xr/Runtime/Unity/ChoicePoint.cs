#nullable enable
using System;
using UnityEngine;
using UnityEngine.Events;

namespace Attune.Components
{
    /// <summary>
    /// A choice of the scenario. After <see cref="Reach"/> exactly one branch is played: the server's decision,
    /// an operator's, or at the deadline the default. Without a visitor the default is played at once.
    /// </summary>
    [AddComponentMenu("Attune/Choice Point")]
    public sealed class ChoicePoint : SceneMarker
    {
        [SerializeField]
        [Tooltip("Identifier in the scenario.")]
        private string choiceId = "";

        [SerializeField]
        [Tooltip("Played when no decision comes in time.")]
        private string defaultBranch = "";

        [SerializeField]
        [Min(0)]
        [Tooltip("How long the scene waits for a decision, seconds.")]
        private float patience = 2;

        [SerializeField]
        private Branch[] branches = Array.Empty<Branch>();

        private AttuneSession? _joined;
        private AttuneClient? _asked;
        private uint _occurrence;

        /// <summary>It was reached, and its branch is not played yet.</summary>
        public bool IsWaiting => _asked != null && isActiveAndEnabled;

        /// <summary>What there is to choose, for whoever operates the scene.</summary>
        public SceneChoice Authored => new SceneChoice(choiceId, defaultBranch, Array.ConvertAll(branches, branch => branch.Id));

        /// <summary>For signals of a timeline and other events.</summary>
        public void Reach()
        {
            AttuneClient? client = Client;
            if (client == null)
            {
                Play(defaultBranch);
                return;
            }

            Join();
            _occurrence = client.ReachChoice(choiceId, defaultBranch, TimeSpan.FromSeconds(patience));
            _asked = client;
        }

        /// <summary>A session that is over settles nothing any more, and the story goes on.</summary>
        private void Update()
        {
            if (_asked != null && !ReferenceEquals(Client, _asked))
            {
                Play(defaultBranch);
            }
        }

        private void OnEnable()
        {
            AttuneSession.Open.Changed += Join;
            Join();
        }

        private void OnDisable()
        {
            AttuneSession.Open.Changed -= Join;
            _asked = null;
            Part();
        }

        private protected override void Join()
        {
            AttuneSession? session = Session;
            if (!ReferenceEquals(_joined, session))
            {
                Part();
                if (session != null)
                {
                    _joined = session;
                    _joined.Include(this);
                    _joined.Settled += OnSettled;
                }
            }
        }

        private void Part()
        {
            if (!ReferenceEquals(_joined, null))
            {
                _joined.Exclude(this);
                _joined.Settled -= OnSettled;
                _joined = null;
            }
        }

        private void OnSettled(ChoiceSettled settled)
        {
            bool mine = _asked != null && settled.ChoiceId == choiceId && settled.Occurrence == _occurrence;
            if (mine)
            {
                Play(settled.BranchId);
            }
        }

        private void Play(string branchId)
        {
            _asked = null;
            int index = Array.FindIndex(branches, branch => branch.Id == branchId);
            if (index < 0)
            {
                Debug.LogError($"Attune: choice '{choiceId}' has no branch '{branchId}' in this scene", this);
                index = Array.FindIndex(branches, branch => branch.Id == defaultBranch);
            }

            if (index >= 0)
            {
                branches[index].Played.Invoke();
            }
        }

        /// <summary>A branch and what plays it.</summary>
        [Serializable]
        private sealed class Branch
        {
            [SerializeField]
            [Tooltip("Identifier in the scenario.")]
            private string id = "";

            [SerializeField]
            private UnityEvent played = new UnityEvent();

            public string Id => id;

            public UnityEvent Played => played;
        }
    }
}
