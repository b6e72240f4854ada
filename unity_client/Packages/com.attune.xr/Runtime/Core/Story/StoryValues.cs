#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>
    /// What a written story may ask about the visitor, frozen for one beat: a story engine that looks ahead, or asks
    /// twice, gets the same answer. One thread.
    /// </summary>
    public sealed class StoryValues
    {
        private readonly Dictionary<string, string> _branches = new Dictionary<string, string>(StringComparer.Ordinal);
        private EmpathyState _latest = new EmpathyState();
        private EmpathyState _frozen = new EmpathyState();

        /// <summary>Numbers by name. Without enough evidence they are those of nobody: neutral, with confidence 0.</summary>
        public static IReadOnlyList<string> Names { get; } = new[]
        {
            "eri", "confidence", "valence", "arousal", "intensity", "attention", "distress", "known",
        };

        /// <summary>The beat for which the values are frozen; empty: none yet.</summary>
        public string BeatId { get; private set; } = "";

        /// <summary>A new state; it is heard of in the next beat.</summary>
        public void Observe(StateUpdate update) => _latest = update.Empathy;

        /// <summary>A choice was settled. It counts at once: it does not change any more.</summary>
        public void Observe(ChoiceSettled settled) => _branches[settled.ChoiceId] = settled.BranchId;

        /// <summary>A beat begins: from now on the values are those of this moment.</summary>
        public void Freeze(string beatId)
        {
            BeatId = beatId;
            _frozen = _latest;
        }

        /// <summary>The next visitor: nothing of the last one is left.</summary>
        public void Forget()
        {
            _branches.Clear();
            _latest = new EmpathyState();
            Freeze("");
        }

        /// <summary>The branch that a choice took; empty: it was not reached.</summary>
        public string Branch(string choiceId) => _branches.TryGetValue(choiceId, out string? branch) ? branch : "";

        /// <exception cref="ArgumentException">There is no such value; the message lists those that there are.</exception>
        public float Number(string name)
        {
            bool known = _frozen.Status == EmpathyStatus.Ok;
            switch (name)
            {
                case "eri":
                    return known ? _frozen.Eri : 50;
                case "confidence":
                    return known ? _frozen.Confidence : 0;
                case "valence":
                    return known ? _frozen.Valence : 0;
                case "arousal":
                    return known ? _frozen.Arousal : 0;
                case "intensity":
                    return known ? _frozen.Intensity : 0;
                case "attention":
                    return known ? _frozen.Attention : 0;
                case "distress":
                    return _frozen.Distress ? 1 : 0;
                case "known":
                    return known ? 1 : 0;
                default:
                    throw new ArgumentException($"there is no value '{name}'; known are {string.Join(", ", Names)}");
            }
        }
    }
}
