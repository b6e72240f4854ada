#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;

namespace Attune.Transport
{
    /// <summary>The contract's words into Core's; the only place of this direction.</summary>
    internal static class FromMessage
    {
        /// <summary>Null: a newer server's message that this client does not know.</summary>
        public static ServerMessage? Of(V1.ServerMessage message)
        {
            switch (message.MessageCase)
            {
                case V1.ServerMessage.MessageOneofCase.SessionReady:
                    return Of(message.SessionReady);
                case V1.ServerMessage.MessageOneofCase.FrameAck:
                    return new FrameAck
                    {
                        ThroughSequence = message.FrameAck.ThroughSequence,
                        Disposition = (FrameDisposition)message.FrameAck.Disposition,
                    };
                case V1.ServerMessage.MessageOneofCase.Update:
                    return Of(message.Update);
                case V1.ServerMessage.MessageOneofCase.BranchDecision:
                    return Of(message.BranchDecision);
                case V1.ServerMessage.MessageOneofCase.ConsentApplied:
                    return new ConsentApplied
                    {
                        Revision = message.ConsentApplied.Revision,
                        LastAnalysedFrameSequence = message.ConsentApplied.LastAnalysedFrameSequence,
                        Scopes = message.ConsentApplied.Scopes.Select(scope => (ConsentScope)scope).ToArray(),
                    };
                case V1.ServerMessage.MessageOneofCase.CalibrationProgress:
                    return new CalibrationProgress
                    {
                        Action = (CalibrationAction)message.CalibrationProgress.Action,
                        Fraction = message.CalibrationProgress.Fraction,
                        InForce = message.CalibrationProgress.InForce,
                    };
                case V1.ServerMessage.MessageOneofCase.Notice:
                    return new Notice
                    {
                        Code = (NoticeCode)message.Notice.Code,
                        Parameters = new Dictionary<string, string>(message.Notice.Parameters),
                    };
                case V1.ServerMessage.MessageOneofCase.Pong:
                    return new Pong
                    {
                        Id = message.Pong.Id,
                        ClientSendNs = message.Pong.ClientSendNs,
                        ServerReceiveNs = message.Pong.ServerReceiveNs,
                        ServerSendNs = message.Pong.ServerSendNs,
                    };
                case V1.ServerMessage.MessageOneofCase.SessionSummary:
                    return Of(message.SessionSummary);
                default:
                    return null;
            }
        }

        private static SessionReady Of(V1.SessionReady ready) => new SessionReady
        {
            SessionId = ready.SessionId,
            ResumeToken = ready.ResumeToken,
            ResumeWindow = TimeSpan.FromMilliseconds(ready.ResumeWindowMs),
            MaxFramesInFlight = (int)Math.Min(ready.MaxFramesInFlight, int.MaxValue),
            MaxFrameBytes = (int)Math.Min(ready.MaxFrameBytes, int.MaxValue),
            MaxFrameRateHz = ready.MaxFrameRateHz,
            UpdateRateHz = ready.UpdateRateHz,
            Models = ready.Models.Select(model => $"{model.Name} {model.Version} {model.Sha256}").ToArray(),
            CalibrationProfiles = ready.CalibrationProfiles.ToArray(),
            ScenarioSha256 = ready.ScenarioSha256,
            Resumed = ready.Resumed,
            SessionTimeNs = ready.SessionTimeNs,
            ServerVersion = ready.ServerVersion,
            AnalysisLocked = ready.AnalysisLocked,
        };

        private static BranchDecision Of(V1.BranchDecision decision) => new BranchDecision
        {
            DecisionId = decision.DecisionId,
            ChoiceId = decision.ChoiceId,
            Occurrence = decision.Occurrence,
            BranchId = decision.BranchId,
            Reason = (DecisionReason)decision.Reason,
            Evidence = new Dictionary<string, double>(decision.Evidence),
            WhyNot = decision.Alternatives
                .Select(other => new KeyValuePair<string, string>(other.BranchId, other.WhyNot)).ToArray(),
        };

        private static SessionSummary Of(V1.SessionSummary summary) => new SessionSummary
        {
            Reason = (EndReason)summary.Reason,
            FramesReceived = summary.FramesReceived,
            FramesAnalysed = summary.FramesAnalysed,
            FramesDropped = summary.FramesDropped,
            FramesWithFace = summary.FramesWithFace,
            Decisions = summary.Decisions,
            DurationNs = summary.DurationNs,
            Empathy = summary.Empathy == null ? null : Of(summary.Empathy),
            Stored = summary.Stored,
        };

        private static StateUpdate Of(V1.Update update) => new StateUpdate
        {
            Sequence = update.Sequence,
            FrameSequence = update.FrameSequence,
            CaptureTimeNs = update.CaptureTimeNs,
            AgeMs = update.AgeMs,
            SessionTimeNs = update.SessionTimeNs,
            Face = update.Face == null ? null : Of(update.Face),
            Expression = update.Expression == null ? null : Of(update.Expression),
            Empathy = update.Empathy == null ? new EmpathyState() : Of(update.Empathy),
            BeatId = update.BeatId,
            Outlook = update.Outlook.Count == 0 ? Array.Empty<ChoiceOutlook>() : update.Outlook.Select(Of).ToArray(),
            Bystanders = update.Bystanders.Count == 0
                ? Array.Empty<FaceState>() : update.Bystanders.Select(Of).ToArray(),
        };

        private static ChoiceOutlook Of(V1.ChoiceOutlook outlook) => new ChoiceOutlook(
            outlook.ChoiceId, outlook.Occurrence, outlook.CoolDownS, outlook.Branches.Select(Of).ToArray());

        private static BranchOutlook Of(V1.BranchOutlook branch) => new BranchOutlook(
            branch.BranchId, BranchOutlook.StandingOf(branch.Standing), branch.DweltS, branch.DwellS);

        private static FaceState Of(V1.FaceState face)
        {
            FaceState state = new FaceState
            {
                Found = face.Found,
                BoxXPx = face.BoxXPx,
                BoxYPx = face.BoxYPx,
                BoxWidthPx = face.BoxWidthPx,
                BoxHeightPx = face.BoxHeightPx,
                Band = (VisibilityBand)face.Band,
                HeadsetProbability = face.HeadsetProbability,
                Quality = face.Quality,
            };
            if (face.Pose != null)
            {
                PoseSource source = (PoseSource)face.Pose.Source;
                state.Pose = new HeadAngles(face.Pose.YawDeg, face.Pose.PitchDeg, face.Pose.RollDeg, source);
            }

            for (int i = 0; i < face.Regions.Count; i++)
            {
                state.SetVisible((FaceRegion)face.Regions[i].Region, face.Regions[i].Visible);
            }

            return state;
        }

        private static ExpressionState Of(V1.ExpressionState expression)
        {
            ExpressionState state = new ExpressionState
            {
                Valence = expression.Valence,
                Arousal = expression.Arousal,
                Reliability = expression.Reliability,
                Intensity = expression.Intensity,
                Withheld = expression.Withheld,
            };
            for (int i = 0; i < expression.Emotions.Count; i++)
            {
                state.SetProbability((Emotion)expression.Emotions[i].Emotion, expression.Emotions[i].Probability);
            }

            return state;
        }

        private static EmpathyState Of(V1.EmpathyState empathy) => new EmpathyState
        {
            Eri = empathy.Eri,
            Confidence = empathy.Confidence,
            Status = (EmpathyStatus)empathy.Status,
            IntervalLow = empathy.IntervalLow,
            IntervalHigh = empathy.IntervalHigh,
            Affective = Of(empathy.Affective),
            Associative = Of(empathy.Associative),
            Cognitive = Of(empathy.Cognitive),
            Valence = empathy.Valence,
            Arousal = empathy.Arousal,
            Intensity = empathy.Intensity,
            Attention = empathy.Attention,
            BaselineReady = empathy.BaselineReady,
            Distress = empathy.Distress,
        };

        private static EmpathyComponent Of(V1.EmpathyComponent? component) => component == null
            ? default : new EmpathyComponent(component.Measured, component.Value, component.Confidence);
    }
}
