#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>What is sent in order and never dropped; it overtakes frames.</summary>
    public abstract class Control
    {
        private protected Control()
        {
        }
    }

    /// <summary>First message of a stream: a new session, or going on with a broken one.</summary>
    public sealed class Start : Control
    {
        internal Start(SessionRequest request, uint consentRevision, IReadOnlyList<ConsentScope> scopes, uint clockEpoch)
        {
            Request = request;
            ConsentRevision = consentRevision;
            Scopes = scopes;
            ClockEpoch = clockEpoch;
        }

        internal Start(SessionRequest request, uint clockEpoch, string resumeToken, string lastDecisionId)
            : this(request, 0, Array.Empty<ConsentScope>(), clockEpoch)
        {
            ResumeToken = resumeToken;
            LastDecisionId = lastDecisionId;
        }

        public SessionRequest Request { get; }

        public uint ConsentRevision { get; }

        public IReadOnlyList<ConsentScope> Scopes { get; }

        public uint ClockEpoch { get; }

        /// <summary>Null: a new session.</summary>
        public string? ResumeToken { get; }

        public string LastDecisionId { get; } = "";
    }

    /// <summary>Consent from now on; replaces the previous one entirely.</summary>
    public sealed class ConsentChange : Control
    {
        internal ConsentChange(uint revision, IReadOnlyList<ConsentScope> scopes)
        {
            Revision = revision;
            Scopes = scopes;
        }

        public uint Revision { get; }

        public IReadOnlyList<ConsentScope> Scopes { get; }
    }

    public sealed class SessionPause : Control
    {
        internal SessionPause(PauseReason reason) => Reason = reason;

        public PauseReason Reason { get; }
    }

    public sealed class SessionResume : Control
    {
    }

    public sealed class SessionEnd : Control
    {
        internal SessionEnd(EndReason reason) => Reason = reason;

        public EndReason Reason { get; }
    }

    /// <summary>An operator wants a branch, now or when the choice is reached.</summary>
    public sealed class OperatorChoice : Control
    {
        internal OperatorChoice(string choiceId, uint occurrence, string branchId)
        {
            ChoiceId = choiceId;
            Occurrence = occurrence;
            BranchId = branchId;
        }

        public string ChoiceId { get; }

        /// <summary>As in <see cref="ChoiceDue"/>.</summary>
        public uint Occurrence { get; }

        public string BranchId { get; }
    }

    public sealed class Calibration : Control
    {
        internal Calibration(CalibrationAction action) => Action = action;

        public CalibrationAction Action { get; }
    }

    public sealed class Ping : Control
    {
        internal Ping(uint id, long clientSendNs)
        {
            Id = id;
            ClientSendNs = clientSendNs;
        }

        public uint Id { get; }

        public long ClientSendNs { get; }
    }

    public sealed class ClockEstimate : Control
    {
        internal ClockEstimate(uint epoch, long offsetNs, long uncertaintyNs)
        {
            Epoch = epoch;
            OffsetNs = offsetNs;
            UncertaintyNs = uncertaintyNs;
        }

        public uint Epoch { get; }

        /// <summary>Server clock minus client clock.</summary>
        public long OffsetNs { get; }

        public long UncertaintyNs { get; }
    }

    /// <summary>Pinhole camera with OpenCV's distortion, for frames of the stated size, before rotation.</summary>
    public sealed class CameraModel : Control
    {
        public CameraModel(
            double fxPx, double fyPx, double cxPx, double cyPx, int widthPx, int heightPx, params double[] distortion)
        {
            if (distortion.Length != 0 && distortion.Length != 5)
            {
                throw new ArgumentException(
                    $"expected no distortion or k1, k2, p1, p2, k3, got {distortion.Length} values", nameof(distortion));
            }

            FxPx = fxPx;
            FyPx = fyPx;
            CxPx = cxPx;
            CyPx = cyPx;
            WidthPx = widthPx;
            HeightPx = heightPx;
            Distortion = distortion;
        }

        public double FxPx { get; }

        public double FyPx { get; }

        public double CxPx { get; }

        public double CyPx { get; }

        public int WidthPx { get; }

        public int HeightPx { get; }

        public IReadOnlyList<double> Distortion { get; }
    }

    /// <summary>Something happened in the scene, at a time on the client's clock.</summary>
    public abstract class SceneEvent : Control
    {
        private protected SceneEvent(long timeNs) => TimeNs = timeNs;

        public long TimeNs { get; }

        /// <summary>The same at another time; what it says of other times stays.</summary>
        internal abstract SceneEvent At(long timeNs);
    }

    public sealed class StimulusOnset : SceneEvent
    {
        public StimulusOnset(string stimulusId, long timeNs)
            : base(timeNs) => StimulusId = stimulusId;

        public string StimulusId { get; }

        internal override SceneEvent At(long timeNs) => new StimulusOnset(StimulusId, timeNs);
    }

    public sealed class StimulusOffset : SceneEvent
    {
        public StimulusOffset(string stimulusId, long timeNs)
            : base(timeNs) => StimulusId = stimulusId;

        public string StimulusId { get; }

        internal override SceneEvent At(long timeNs) => new StimulusOffset(StimulusId, timeNs);
    }

    public sealed class BeatEntered : SceneEvent
    {
        public BeatEntered(string beatId, long timeNs)
            : base(timeNs) => BeatId = beatId;

        public string BeatId { get; }

        internal override SceneEvent At(long timeNs) => new BeatEntered(BeatId, timeNs);
    }

    public sealed class ChoiceDue : SceneEvent
    {
        internal ChoiceDue(string choiceId, uint occurrence, long deadlineNs, long timeNs)
            : base(timeNs)
        {
            ChoiceId = choiceId;
            Occurrence = occurrence;
            DeadlineNs = deadlineNs;
        }

        public string ChoiceId { get; }

        /// <summary>Counts how often this choice was reached in this session, from 1.</summary>
        public uint Occurrence { get; }

        public long DeadlineNs { get; }

        internal override SceneEvent At(long timeNs) => new ChoiceDue(ChoiceId, Occurrence, DeadlineNs, timeNs);
    }

    public sealed class ChoiceResolved : SceneEvent
    {
        internal ChoiceResolved(
            string choiceId, uint occurrence, string branchId, ResolvedBy by, string decisionId, long timeNs)
            : base(timeNs)
        {
            ChoiceId = choiceId;
            Occurrence = occurrence;
            BranchId = branchId;
            By = by;
            DecisionId = decisionId;
        }

        public string ChoiceId { get; }

        public uint Occurrence { get; }

        public string BranchId { get; }

        public ResolvedBy By { get; }

        /// <summary>The decision that was followed; empty: none.</summary>
        public string DecisionId { get; }

        internal override SceneEvent At(long timeNs) =>
            new ChoiceResolved(ChoiceId, Occurrence, BranchId, By, DecisionId, timeNs);
    }
}
