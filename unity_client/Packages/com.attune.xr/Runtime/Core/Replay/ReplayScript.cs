#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;

namespace Attune
{
    /// <summary>
    /// A recorded session, as <c>attune sessions table</c> writes it: its states in the order of their time, and the
    /// decision for every choice.
    /// </summary>
    public sealed class ReplayScript
    {
        private readonly List<StateUpdate> _states = new List<StateUpdate>();
        private readonly Dictionary<string, BranchDecision> _decisions = new Dictionary<string, BranchDecision>();

        private ReplayScript()
        {
        }

        /// <summary>With their session time.</summary>
        public IReadOnlyList<StateUpdate> States => _states;

        public int Decisions => _decisions.Count;

        /// <summary>Time of the last state.</summary>
        public TimeSpan Length => _states.Count == 0
            ? TimeSpan.Zero : TimeSpan.FromTicks(_states[_states.Count - 1].SessionTimeNs / 100);

        /// <exception cref="FormatException">The text is no such table; the message says in which line, and why.</exception>
        public static ReplayScript Parse(string text)
        {
            string[] lines = text.TrimStart('\uFEFF').Replace("\r", "").Split('\n');
            ReplayTable table = new ReplayTable(lines[0]);
            ReplayScript script = new ReplayScript();
            for (int i = 1; i < lines.Length; i++)
            {
                if (lines[i].Length > 0)
                {
                    script.Add(table.Row(lines[i], i + 1));
                }
            }

            return script;
        }

        /// <summary>What was decided when this choice was reached for that time; null: nothing was.</summary>
        public BranchDecision? Decision(string choiceId, uint occurrence) =>
            _decisions.TryGetValue(Key(choiceId, occurrence), out BranchDecision? decision) ? decision : null;

        private static string Key(string choiceId, uint occurrence) =>
            string.Format(CultureInfo.InvariantCulture, "{0}#{1}", choiceId, occurrence);

        private void Add(ReplayRow row)
        {
            switch (row.Text("kind"))
            {
                case "decision":
                    BranchDecision decision = Decided(row);
                    _decisions[Key(decision.ChoiceId, decision.Occurrence)] = decision;
                    break;
                case "state":
                    StateUpdate state = Seen(row, (ulong)_states.Count + 1);
                    if (_states.Count > 0 && state.SessionTimeNs < _states[_states.Count - 1].SessionTimeNs)
                    {
                        throw row.Wrong("time_s", "a time that is not before the last one");
                    }

                    _states.Add(state);
                    break;
                default:
                    throw row.Wrong("kind", "'state' or 'decision'");
            }
        }

        private static BranchDecision Decided(ReplayRow row) => new BranchDecision
        {
            DecisionId = $"replayed-{row.Line}",
            ChoiceId = row.Text("choice"),
            Occurrence = (uint)(row.Number("occurrence") ?? 1),
            BranchId = row.Text("branch"),
            Reason = row.Member<DecisionReason>("reason"),
        };

        private static StateUpdate Seen(ReplayRow row, ulong sequence)
        {
            StateUpdate update = new StateUpdate
            {
                Sequence = sequence,
                SessionTimeNs = (long)Math.Round((row.Number("time_s") ?? throw row.Wrong("time_s", "a time")) * 1e9),
                BeatId = row.Text("beat"),
                Empathy = new EmpathyState
                {
                    Status = row.Member<EmpathyStatus>("status"),
                    Eri = row.Figure("eri", 50),
                    Confidence = row.Figure("confidence", 0),
                    IntervalLow = row.Figure("low", 0),
                    IntervalHigh = row.Figure("high", 100),
                    Valence = row.Figure("valence", 0),
                    Arousal = row.Figure("arousal", 0),
                    Attention = row.Figure("attention", 0),
                    Distress = row.Text("distress") == "yes",
                },
            };
            if (row.Text("found") == "yes")
            {
                update.Face = Face(row);
                update.Expression = Expression(row, update.Empathy);
            }

            return update;
        }

        private static FaceState Face(ReplayRow row)
        {
            FaceState face = new FaceState
            {
                Found = true,
                Band = row.Member<VisibilityBand>("band"),
                HeadsetProbability = row.Figure("headset", 0),
                Quality = 1,
            };
            if (row.Number("yaw").HasValue)
            {
                face.Pose = new HeadAngles(
                    row.Figure("yaw", 0), row.Figure("pitch", 0), row.Figure("roll", 0), PoseSource.Landmarks);
            }

            foreach (FaceRegion region in (FaceRegion[])Enum.GetValues(typeof(FaceRegion)))
            {
                if (region != FaceRegion.Unspecified)
                {
                    face.SetVisible(region, row.Figure("visible_" + ReplayRow.Snake(region.ToString()), 0));
                }
            }

            return face;
        }

        private static ExpressionState Expression(ReplayRow row, EmpathyState empathy)
        {
            ExpressionState expression = new ExpressionState
            {
                Valence = empathy.Valence,
                Arousal = empathy.Arousal,
                Reliability = 1,
            };
            foreach (Emotion emotion in (Emotion[])Enum.GetValues(typeof(Emotion)))
            {
                if (emotion != Emotion.Unspecified)
                {
                    string column = "emotion_" + ReplayRow.Snake(emotion.ToString());
                    expression.SetProbability(emotion, row.Figure(column, 0));
                }
            }

            return expression;
        }
    }
}
