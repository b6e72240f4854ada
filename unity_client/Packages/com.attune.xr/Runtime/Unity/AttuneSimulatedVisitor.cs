#nullable enable
using System;
using System.Collections.Generic;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// A visitor that is played by this device, so that a scene can be tried with neither camera nor server. What
    /// it shows is simulated.
    /// </summary>
    [CreateAssetMenu(menuName = "Attune/Simulated Visitor", fileName = "Simulated Visitor")]
    public sealed class AttuneSimulatedVisitor : AttuneLocalVisitor
    {
        [SerializeField]
        [Tooltip("1: goes along with the scene. 0: is not moved. -1: shows the opposite.")]
        [Range(-1, 1)]
        private float empathy = 1;

        [SerializeField]
        [Tooltip("The same seed gives the same visitor.")]
        private int seed = 1;

        [SerializeField]
        [Tooltip("What the scene intends, as in the scenario.")]
        private Stimulus[] stimuli = Array.Empty<Stimulus>();

        [SerializeField]
        [Tooltip("Which branch the simulated server proposes. Without a rule that fits, the default is played.")]
        private Rule[] rules = Array.Empty<Rule>();

        private VisitorTraits? _traits;
        private int? _seed;

        /// <summary>The next visitors are this one, until <see cref="BeAsAuthored"/>.</summary>
        public void Become(VisitorTraits traits, int withSeed)
        {
            _traits = traits;
            _seed = withSeed;
        }

        /// <summary>As the inspector says again: an asset outlives the scene, and in an editor even play mode.</summary>
        public void BeAsAuthored()
        {
            _traits = null;
            _seed = null;
        }

        /// <summary>A fresh visitor.</summary>
        public SimulatedVisitor Create()
        {
            Dictionary<string, Intention> intentions = new Dictionary<string, Intention>();
            foreach (Stimulus stimulus in stimuli)
            {
                intentions[stimulus.Id] = stimulus.Intention;
            }

            return new SimulatedVisitor(
                _traits ?? new VisitorTraits { Empathy = empathy }, new SeededChance(_seed ?? seed), intentions,
                new Proposals(Array.ConvertAll(rules, rule => rule.Proposal)));
        }

        public override ILocalVisitor Begin() => Create();

        /// <summary>What the scene intends with one stimulus.</summary>
        [Serializable]
        private sealed class Stimulus
        {
            [SerializeField]
            [Tooltip("Identifier in the scenario.")]
            private string id = "";

            [SerializeField]
            [Range(-1, 1)]
            private float valence = 0;

            [SerializeField]
            [Range(-1, 1)]
            private float arousal = 0;

            [SerializeField]
            [Min(0)]
            [Tooltip("Seconds; 0: one moment.")]
            private float duration = 0;

            public string Id => id;

            public Intention Intention => duration > 0
                ? new Intention(valence, arousal, duration) : new Intention(valence, arousal);
        }

        /// <summary>A branch for a range of the index. Of several that fit the first counts.</summary>
        [Serializable]
        private sealed class Rule
        {
            [SerializeField]
            [Tooltip("Identifier in the scenario.")]
            private string choiceId = "";

            [SerializeField]
            [Range(0, 100)]
            private float from = 57;

            [SerializeField]
            [Range(0, 100)]
            private float to = 100;

            [SerializeField]
            [Tooltip("Identifier in the scenario.")]
            private string branchId = "";

            public Proposal Proposal => new Proposal(choiceId, branchId, from, to);
        }
    }
}
