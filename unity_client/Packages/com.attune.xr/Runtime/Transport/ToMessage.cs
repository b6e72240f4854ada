#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf;

namespace Attune.Transport
{
    /// <summary>Core's words into the contract's; the only place of this direction.</summary>
    internal static class ToMessage
    {
        public static V1.ClientMessage Of(Control control)
        {
            switch (control)
            {
                case Start start:
                    return new V1.ClientMessage { SessionStart = Of(start) };
                case ConsentChange change:
                    return new V1.ClientMessage { ConsentChange = Consent(change.Revision, change.Scopes) };
                case SessionPause pause:
                    return new V1.ClientMessage
                    {
                        SessionPause = new V1.SessionPause { Reason = (V1.PauseReason)pause.Reason },
                    };
                case SessionResume _:
                    return new V1.ClientMessage { SessionResume = new V1.SessionResume() };
                case SessionEnd end:
                    return new V1.ClientMessage { SessionEnd = new V1.SessionEnd { Reason = (V1.EndReason)end.Reason } };
                case Calibration calibration:
                    return new V1.ClientMessage
                    {
                        CalibrationCommand = new V1.CalibrationCommand { Action = (V1.CalibrationAction)calibration.Action },
                    };
                case OperatorChoice order:
                    return new V1.ClientMessage
                    {
                        OperatorChoice = new V1.OperatorChoice
                        {
                            ChoiceId = order.ChoiceId,
                            Occurrence = order.Occurrence,
                            BranchId = order.BranchId,
                        },
                    };
                case Ping ping:
                    return new V1.ClientMessage { Ping = new V1.Ping { Id = ping.Id, ClientSendNs = ping.ClientSendNs } };
                case ClockEstimate estimate:
                    return new V1.ClientMessage
                    {
                        ClockEstimate = new V1.ClockEstimate
                        {
                            ClockEpochId = estimate.Epoch,
                            OffsetNs = estimate.OffsetNs,
                            UncertaintyNs = estimate.UncertaintyNs,
                        },
                    };
                case CameraModel camera:
                    return new V1.ClientMessage { CameraModel = Of(camera) };
                case SceneEvent happened:
                    return new V1.ClientMessage { ScenarioEvent = Of(happened) };
                default:
                    throw new ArgumentException($"the contract has no message for {control.GetType().Name}");
            }
        }

        /// <summary>The message borrows the buffer's bytes: write it before the buffer is used again.</summary>
        public static V1.ClientMessage Of(FrameBuffer frame)
        {
            FrameInfo info = frame.Info;
            return new V1.ClientMessage
            {
                VideoFrame = new V1.VideoFrame
                {
                    Sequence = frame.Sequence,
                    CaptureTimeNs = info.CaptureTimeNs,
                    CaptureTimeSource = (V1.CaptureTimeSource)info.CaptureTimeSource,
                    Encoding = (V1.FrameEncoding)info.Encoding,
                    WidthPx = (uint)info.WidthPx,
                    HeightPx = (uint)info.HeightPx,
                    RotationDeg = (uint)info.RotationDeg,
                    Mirrored = info.Mirrored,
                    CameraPose = info.CameraPose.HasValue ? Of(info.CameraPose.Value) : null,
                    ConsentRevision = frame.ConsentRevision,
                    Role = (V1.FrameRole)info.Role,
                    Data = UnsafeByteOperations.UnsafeWrap(frame.Bytes.AsMemory(0, frame.Length)),
                },
            };
        }

        public static V1.ClientMessage Of(in HeadsetPose pose) => new V1.ClientMessage
        {
            HeadsetPose = new V1.HeadsetPose
            {
                TimeNs = pose.TimeNs,
                Pose = Of(pose.Pose),
                TrackingEpoch = pose.TrackingEpoch,
                FocusPositionM = pose.Focus.HasValue ? Of(pose.Focus.Value) : null,
            },
        };

        public static V1.ClientMessage Of(FaceWeights weights) => new V1.ClientMessage
        {
            FaceWeights = new V1.FaceWeights
            {
                TimeNs = weights.TimeNs,
                Schema = (V1.FaceWeightsSchema)weights.Schema,
                Weights = { weights.Values },
                Valid = weights.IsValid,
                Source = (V1.FaceWeightsSource)weights.Source,
                Confidence = weights.Confidence,
            },
        };

        private static V1.SessionStart Of(Start start)
        {
            SessionRequest request = start.Request;
            V1.SessionStart message = new V1.SessionStart
            {
                ProtocolVersion = SessionRequest.ProtocolVersion,
                ClockEpochId = start.ClockEpoch,
            };
            if (start.ResumeToken != null)
            {
                message.Resumption = new V1.Resumption
                {
                    ResumeToken = start.ResumeToken,
                    LastDecisionId = start.LastDecisionId,
                };
                return message;
            }

            message.StationId = request.StationId;
            message.ParticipantId = request.ParticipantId;
            message.Consent = Consent(start.ConsentRevision, start.Scopes);
            message.Locale = request.Locale;
            message.VideoSource = (V1.VideoSource)request.VideoSource;
            message.CameraId = request.CameraId;
            message.CameraKind = (V1.CameraKind)request.CameraKind;
            message.HeadsetModel = request.HeadsetModel;
            message.UpdateRateHz = request.UpdateRateHz;
            message.Audience = (V1.Audience)request.Audience;
            if (request.InlineScenario.Length > 0)
            {
                message.InlineScenario = request.InlineScenario;
            }
            else if (request.ScenarioId.Length > 0)
            {
                message.ScenarioReference = new V1.ScenarioReference
                {
                    Id = request.ScenarioId,
                    Sha256 = request.ScenarioSha256,
                };
            }

            return message;
        }

        private static V1.ConsentChange Consent(uint revision, IReadOnlyList<ConsentScope> scopes) => new V1.ConsentChange
        {
            Revision = revision,
            Scopes = { scopes.Select(scope => (V1.ConsentScope)scope) },
        };

        private static V1.ScenarioEvent Of(SceneEvent happened)
        {
            V1.ScenarioEvent message = new V1.ScenarioEvent { TimeNs = happened.TimeNs };
            switch (happened)
            {
                case StimulusOnset onset:
                    message.StimulusOnset = new V1.StimulusOnset { StimulusId = onset.StimulusId };
                    break;
                case StimulusOffset offset:
                    message.StimulusOffset = new V1.StimulusOffset { StimulusId = offset.StimulusId };
                    break;
                case BeatEntered beat:
                    message.BeatEntered = new V1.BeatEntered { BeatId = beat.BeatId };
                    break;
                case ChoiceDue due:
                    message.ChoiceDue = new V1.ChoiceDue
                    {
                        ChoiceId = due.ChoiceId,
                        Occurrence = due.Occurrence,
                        DeadlineNs = due.DeadlineNs,
                    };
                    break;
                case ChoiceResolved resolved:
                    message.ChoiceResolved = new V1.ChoiceResolved
                    {
                        ChoiceId = resolved.ChoiceId,
                        Occurrence = resolved.Occurrence,
                        DecisionId = resolved.DecisionId,
                        BranchId = resolved.BranchId,
                        By = (V1.ResolvedBy)resolved.By,
                    };
                    break;
                default:
                    throw new ArgumentException($"the contract has no event for {happened.GetType().Name}");
            }

            return message;
        }

        private static V1.CameraModel Of(CameraModel camera) => new V1.CameraModel
        {
            FxPx = camera.FxPx,
            FyPx = camera.FyPx,
            CxPx = camera.CxPx,
            CyPx = camera.CyPx,
            WidthPx = (uint)camera.WidthPx,
            HeightPx = (uint)camera.HeightPx,
            Distortion = { camera.Distortion },
        };

        private static V1.Pose Of(in Pose pose) => new V1.Pose
        {
            PositionM = Of(pose.Position),
            Orientation = new V1.Quaternion { X = pose.Qx, Y = pose.Qy, Z = pose.Qz, W = pose.Qw },
        };

        private static V1.Vector3 Of(in Vector vector) => new V1.Vector3 { X = vector.X, Y = vector.Y, Z = vector.Z };
    }
}
