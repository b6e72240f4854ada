#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>What a scene intends with a stimulus.</summary>
    public readonly struct Intention
    {
        public Intention(double valence, double arousal, double durationS = Presentation.MomentS)
        {
            Valence = valence;
            Arousal = arousal;
            DurationS = durationS;
        }

        public double Valence { get; }

        public double Arousal { get; }

        /// <summary>Until a StimulusOffset says otherwise.</summary>
        public double DurationS { get; }
    }

    /// <summary>
    /// A visitor and a server in one, without camera and network, so that a scene can be tried. The behaviour is
    /// <see cref="VisitorModel"/>'s. The index is a simplification of the server's: the share of the intended affect
    /// that is shown while the visitor attends, shrunk to 50 where little was seen. Its figures are simulated and mean
    /// nothing about anybody. Time is an input: one call of <see cref="Advance"/> is 100 ms.
    /// </summary>
    public sealed class SimulatedVisitor : ILocalVisitor
    {
        public const double SlotS = 0.1;

        private const double ShownFromS = 0.3;
        private const double ShownUntilS = 1;
        private const double AttendingDeg = 30;
        private const double Prior = 1;
        private const double ConfidentS = 4;
        private const double Abstain = 0.25;

        private static readonly FaceRegion[] BelowTheHeadset =
        {
            FaceRegion.Nose, FaceRegion.Mouth, FaceRegion.Chin, FaceRegion.LeftCheek, FaceRegion.RightCheek,
        };

        private readonly VisitorModel _model;
        private readonly IReadOnlyDictionary<string, Intention> _stimuli;
        private readonly Func<ChoiceDue, EmpathyState, string?> _decide;
        private readonly Dictionary<string, Presentation> _open = new Dictionary<string, Presentation>();
        private readonly List<Presentation> _shown = new List<Presentation>();
        private readonly LocalOrders _orders = new LocalOrders();
        private readonly Proposals? _proposals;
        private bool _analysed;
        private bool _paused;
        private string _beat = "";
        private ulong _sequence;
        private uint _decisions;
        private double _resonance;
        private double _evidenceS;

        /// <param name="decide">The branch for a choice; null: none, so that the default is played.</param>
        public SimulatedVisitor(
            VisitorTraits traits, IChance chance, IReadOnlyDictionary<string, Intention> stimuli,
            Func<ChoiceDue, EmpathyState, string?> decide)
        {
            _model = new VisitorModel(traits, chance);
            _stimuli = stimuli;
            _decide = decide;
        }

        /// <param name="proposals">What is proposed for a choice, and told with every state.</param>
        public SimulatedVisitor(
            VisitorTraits traits, IChance chance, IReadOnlyDictionary<string, Intention> stimuli, Proposals proposals)
            : this(traits, chance, stimuli, proposals.Decide) => _proposals = proposals;

        private double NowS => _model.TimeS;

        /// <summary>Something was sent to the server; its answer, null: none.</summary>
        public ServerMessage? Hear(Control message, long nowNs)
        {
            switch (message)
            {
                case Start start:
                    _analysed = start.ResumeToken == null ? Allows(start.Scopes) : _analysed;
                    return LocalAnswers.Ready(start, "simulated");
                case ConsentChange change:
                    _analysed = Allows(change.Scopes);
                    return LocalAnswers.Applied(change);
                case Ping ping:
                    return LocalAnswers.Pong(ping, nowNs);
                case StimulusOnset onset when _stimuli.TryGetValue(onset.StimulusId, out Intention intention):
                    Begin(onset.StimulusId, intention);
                    return null;
                case StimulusOffset offset when _open.TryGetValue(offset.StimulusId, out Presentation? presentation):
                    presentation.EndS = Math.Min(presentation.EndS, NowS);
                    return null;
                case BeatEntered beat:
                    _beat = beat.BeatId;
                    return null;
                case OperatorChoice order:
                    return Counted(_orders.Hear(order));
                case ChoiceDue due:
                    return Counted(_orders.Hear(due) ?? Decide(due));
                case SessionPause _:
                    _paused = true;
                    return null;
                case SessionResume _:
                    _paused = false;
                    return null;
                case SessionEnd end:
                    return new SessionSummary { Reason = end.Reason, Decisions = _decisions, Empathy = Empathy() };
                default:
                    return null;
            }
        }

        /// <summary>100 ms go by; the state that a server would tell then.</summary>
        public StateUpdate Advance()
        {
            VisitorMoment first = _model.Step();
            VisitorMoment second = _model.Step();
            StateUpdate update = new StateUpdate
            {
                Sequence = ++_sequence,
                SessionTimeNs = (long)(NowS * 1e9),
                BeatId = _beat,
            };
            if (_analysed && !_paused)
            {
                Weigh(first);
                Weigh(second);
                update.Face = Face(second);
                update.Expression = new ExpressionState
                {
                    Valence = (float)second.Valence,
                    Arousal = (float)second.Arousal,
                    Reliability = 1,
                    Intensity = (float)Math.Min(1, Math.Sqrt((second.Valence * second.Valence) + (second.Arousal * second.Arousal))),
                };
            }

            update.Empathy = Empathy();
            update.Empathy.Attention = update.Face != null && second.OffFocusDeg < AttendingDeg ? 1 : 0;
            update.Empathy.Valence = update.Expression?.Valence ?? 0;
            update.Empathy.Arousal = update.Expression?.Arousal ?? 0;
            if (_proposals != null)
            {
                update.Outlook = _proposals.Outlook(update.Empathy, _orders);
            }

            return update;
        }

        private static bool Allows(IReadOnlyList<ConsentScope> scopes)
        {
            foreach (ConsentScope scope in scopes)
            {
                if (scope == ConsentScope.Analyse)
                {
                    return true;
                }
            }

            return false;
        }

        private static FaceState Face(in VisitorMoment moment)
        {
            FaceState face = new FaceState
            {
                Found = true,
                Band = VisibilityBand.LowerFace,
                HeadsetProbability = 1,
                Quality = 1,
                Pose = new HeadAngles((float)moment.HeadYawDeg, (float)moment.HeadPitchDeg, 0, PoseSource.Headset),
            };
            foreach (FaceRegion region in BelowTheHeadset)
            {
                face.SetVisible(region, 1);
            }

            return face;
        }

        private void Begin(string stimulusId, Intention intention)
        {
            Presentation presentation = new Presentation(
                NowS, NowS + intention.DurationS, intention.Valence, intention.Arousal);
            _open[stimulusId] = presentation;
            _shown.Add(presentation);
            _model.Present(presentation);
        }

        private BranchDecision? Counted(BranchDecision? decision)
        {
            _decisions += decision == null ? 0u : 1u;
            return decision;
        }

        private BranchDecision? Decide(ChoiceDue due)
        {
            string? branch = _analysed ? _decide(due, Empathy()) : null;
            return branch == null ? null : new BranchDecision
            {
                DecisionId = $"simulated-{_decisions + 1}",
                ChoiceId = due.ChoiceId,
                Occurrence = due.Occurrence,
                BranchId = branch,
                Reason = DecisionReason.Evidence,
            };
        }

        private void Weigh(in VisitorMoment moment)
        {
            foreach (Presentation one in _shown)
            {
                bool shows = moment.TimeS >= one.OnsetS + ShownFromS && moment.TimeS < one.EndS + ShownUntilS;
                double size = (one.Valence * one.Valence) + (one.Arousal * one.Arousal);
                if (shows && size > 0 && moment.OffFocusDeg < AttendingDeg)
                {
                    double share = ((moment.Valence * one.Valence) + (moment.Arousal * one.Arousal)) / size;
                    _resonance += Math.Max(-1, Math.Min(1, share)) * VisitorModel.StepS;
                    _evidenceS += VisitorModel.StepS;
                }
            }
        }

        private EmpathyState Empathy()
        {
            double confidence = _analysed ? _evidenceS / (_evidenceS + ConfidentS) : 0;
            double eri = _analysed ? 50 + (50 * _resonance / (_evidenceS + Prior)) : 50;
            double half = 50 * (1 - confidence);
            return new EmpathyState
            {
                Eri = (float)eri,
                Confidence = (float)confidence,
                Status = _paused ? EmpathyStatus.Paused : confidence >= Abstain ? EmpathyStatus.Ok : EmpathyStatus.Abstain,
                IntervalLow = (float)Math.Max(0, eri - half),
                IntervalHigh = (float)Math.Min(100, eri + half),
                Affective = new EmpathyComponent(_evidenceS > 0, (float)((eri - 50) / 50), (float)confidence),
            };
        }
    }
}
