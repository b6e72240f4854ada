#nullable enable
using System;
using System.Linq;
using Attune.Transport;
using Google.Protobuf.Reflection;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class ConversionTests
    {
        [Test]
        public void EveryControlMessageHasItsPlaceInTheContract()
        {
            Type[] kinds = typeof(Control).Assembly.GetTypes()
                .Where(type => typeof(Control).IsAssignableFrom(type) && !type.IsAbstract).ToArray();
            Control[] samples = Samples();
            Assert.That(samples.Select(sample => sample.GetType()), Is.EquivalentTo(kinds));
            foreach (Control sample in samples)
            {
                V1.ClientMessage message = ToMessage.Of(sample);
                Assert.That(message.MessageCase, Is.Not.EqualTo(V1.ClientMessage.MessageOneofCase.None), sample.GetType().Name);
            }
        }

        [Test]
        public void EveryMessageOfTheServerIsUnderstood()
        {
            foreach (FieldDescriptor field in V1.ServerMessage.Descriptor.Fields.InDeclarationOrder())
            {
                V1.ServerMessage message = new V1.ServerMessage();
                field.Accessor.SetValue(message, Activator.CreateInstance(field.MessageType.ClrType));
                Assert.That(FromMessage.Of(message), Is.Not.Null, field.Name);
            }
        }

        [Test]
        public void AMessageOfANewerServerIsPassedOver()
        {
            Assert.That(FromMessage.Of(new V1.ServerMessage()), Is.Null);
        }

        [Test]
        public void AFrameKeepsEverythingThatItWasGiven()
        {
            FramePool pool = new FramePool();
            FrameBuffer frame = pool.Rent(8);
            frame.Bytes[0] = 7;
            frame.Length = 3;
            frame.Sequence = 5;
            frame.ConsentRevision = 2;
            frame.Info = new FrameInfo
            {
                CaptureTimeNs = 99,
                CaptureTimeSource = CaptureTimeSource.Sensor,
                Encoding = FrameEncoding.Nv12,
                WidthPx = 320,
                HeightPx = 240,
                RotationDeg = 90,
                Mirrored = true,
                CameraPose = new Pose(new Vector(1, 2, 3), 0, 0, 0, 1),
                Role = FrameRole.Bystanders,
            };
            V1.VideoFrame sent = ToMessage.Of(frame).VideoFrame;
            Assert.That(sent.Data.ToByteArray(), Is.EqualTo(new byte[] { 7, frame.Bytes[1], frame.Bytes[2] }));
            Assert.That(sent.Sequence, Is.EqualTo(5));
            Assert.That(sent.CaptureTimeNs, Is.EqualTo(99));
            Assert.That(sent.CaptureTimeSource, Is.EqualTo(V1.CaptureTimeSource.Sensor));
            Assert.That(sent.Encoding, Is.EqualTo(V1.FrameEncoding.Nv12));
            Assert.That(sent.WidthPx, Is.EqualTo(320));
            Assert.That(sent.HeightPx, Is.EqualTo(240));
            Assert.That(sent.RotationDeg, Is.EqualTo(90));
            Assert.That(sent.Mirrored, Is.True);
            Assert.That(sent.CameraPose.PositionM.Z, Is.EqualTo(3));
            Assert.That(sent.ConsentRevision, Is.EqualTo(2));
            Assert.That(sent.Role, Is.EqualTo(V1.FrameRole.Bystanders));
        }

        [Test]
        public void FaceWeightsKeepEverythingThatTheyWereGiven()
        {
            FaceWeights weights = new FaceWeights(FaceWeightsSchema.Htc)
            {
                TimeNs = 77,
                IsValid = true,
                Source = FaceWeightsSource.Audio,
                Confidence = 0.25f,
            };
            weights.Values[50] = 0.5f;
            V1.FaceWeights sent = ToMessage.Of(weights).FaceWeights;
            Assert.That(sent.TimeNs, Is.EqualTo(77));
            Assert.That(sent.Schema, Is.EqualTo(V1.FaceWeightsSchema.Htc));
            Assert.That(sent.Weights, Is.EqualTo(weights.Values));
            Assert.That(sent.Valid, Is.True);
            Assert.That(sent.Source, Is.EqualTo(V1.FaceWeightsSource.Audio));
            Assert.That(sent.Confidence, Is.EqualTo(0.25f));
        }

        [Test]
        public void ANewSessionSaysEverythingAndAResumptionOnlyItsToken()
        {
            SessionRequest request = new SessionRequest { StationId = "s", ScenarioId = "memorial", ScenarioSha256 = "ab", Audience = Audience.School };
            V1.SessionStart fresh = ToMessage.Of(new Start(request, 3, new[] { ConsentScope.Analyse }, 2)).SessionStart;
            Assert.That(fresh.StationId, Is.EqualTo("s"));
            Assert.That(fresh.ScenarioReference.Sha256, Is.EqualTo("ab"));
            Assert.That(fresh.Consent.Revision, Is.EqualTo(3));
            Assert.That(fresh.Consent.Scopes, Is.EqualTo(new[] { V1.ConsentScope.Analyse }));
            Assert.That(fresh.ClockEpochId, Is.EqualTo(2));
            Assert.That(fresh.Audience, Is.EqualTo(V1.Audience.School));

            V1.SessionStart again = ToMessage.Of(new Start(request, 2, "token", "d7")).SessionStart;
            Assert.That(again.Resumption.ResumeToken, Is.EqualTo("token"));
            Assert.That(again.Resumption.LastDecisionId, Is.EqualTo("d7"));
            Assert.That(again.Consent, Is.Null);
        }

        [Test]
        public void AnUpdateIsUnderstoodInEveryPart()
        {
            V1.Update update = new V1.Update
            {
                Sequence = 4,
                FrameSequence = 9,
                AgeMs = 12.5f,
                BeatId = "hall",
                Face = new V1.FaceState
                {
                    Found = true,
                    Band = V1.VisibilityBand.LowerFace,
                    Pose = new V1.HeadPose { YawDeg = -30, Source = V1.PoseSource.Fused },
                    Regions = { new V1.RegionVisibility { Region = V1.FaceRegion.Mouth, Visible = 0.75f } },
                },
                Expression = new V1.ExpressionState
                {
                    Valence = -0.5f,
                    Withheld = true,
                    Emotions = { new V1.EmotionProbability { Emotion = V1.Emotion.Sad, Probability = 0.625f } },
                },
                Empathy = new V1.EmpathyState
                {
                    Eri = 61,
                    Status = V1.EmpathyStatus.Ok,
                    Affective = new V1.EmpathyComponent { Measured = true, Value = 0.25f },
                },
            };
            StateUpdate read = (StateUpdate)FromMessage.Of(new V1.ServerMessage { Update = update })!;
            Assert.That(read.FrameSequence, Is.EqualTo(9));
            Assert.That(read.AgeMs, Is.EqualTo(12.5f));
            Assert.That(read.BeatId, Is.EqualTo("hall"));
            Assert.That(read.Face!.Visible(FaceRegion.Mouth), Is.EqualTo(0.75f));
            Assert.That(read.Face.Visible(FaceRegion.LeftEye), Is.Zero);
            Assert.That(read.Face.Pose!.Value.YawDeg, Is.EqualTo(-30));
            Assert.That(read.Face.Band, Is.EqualTo(VisibilityBand.LowerFace));
            Assert.That(read.Expression!.Probability(Emotion.Sad), Is.EqualTo(0.625f));
            Assert.That(read.Expression.Withheld, Is.True);
            Assert.That(read.Empathy.Eri, Is.EqualTo(61));
            Assert.That(read.Empathy.Affective.Value, Is.EqualTo(0.25f));
            Assert.That(read.Empathy.Cognitive.Measured, Is.False);
        }

        [Test]
        public void AnOperatorsChoiceKeepsEverythingThatItWasGiven()
        {
            V1.OperatorChoice sent = ToMessage.Of(new OperatorChoice("door", 3, "right")).OperatorChoice;
            Assert.That(sent.ChoiceId, Is.EqualTo("door"));
            Assert.That(sent.Occurrence, Is.EqualTo(3));
            Assert.That(sent.BranchId, Is.EqualTo("right"));
        }

        [Test]
        public void ALockedSessionSaysSo()
        {
            V1.ServerMessage message = new V1.ServerMessage { SessionReady = new V1.SessionReady { AnalysisLocked = true } };
            Assert.That(((SessionReady)FromMessage.Of(message)!).AnalysisLocked, Is.True);
        }

        [TestCase("met", BranchStanding.Met)]
        [TestCase("dwell_not_met", BranchStanding.DwellNotMet)]
        [TestCase("below_enter", BranchStanding.BelowEnter)]
        [TestCase("low_confidence", BranchStanding.LowConfidence)]
        [TestCase("is_default", BranchStanding.IsDefault)]
        [TestCase("only_operator", BranchStanding.OnlyOperator)]
        [TestCase("ordered", BranchStanding.Ordered)]
        [TestCase("", BranchStanding.Unknown)]
        [TestCase("a newer word", BranchStanding.Unknown)]
        public void TheOutlookIsUnderstoodWordByWord(string word, BranchStanding standing)
        {
            V1.Update update = new V1.Update
            {
                Outlook =
                {
                    new V1.ChoiceOutlook
                    {
                        ChoiceId = "door",
                        Occurrence = 2,
                        CoolDownS = 4.5f,
                        Branches = { new V1.BranchOutlook { BranchId = "right", Standing = word, DweltS = 0.5f, DwellS = 2 } },
                    },
                },
            };
            StateUpdate read = (StateUpdate)FromMessage.Of(new V1.ServerMessage { Update = update })!;
            ChoiceOutlook outlook = read.Outlook.Single();
            Assert.That(outlook.ChoiceId, Is.EqualTo("door"));
            Assert.That(outlook.Occurrence, Is.EqualTo(2));
            Assert.That(outlook.CoolDownS, Is.EqualTo(4.5f));
            BranchOutlook branch = outlook.Branches.Single();
            Assert.That(branch.BranchId, Is.EqualTo("right"));
            Assert.That(branch.Standing, Is.EqualTo(standing));
            Assert.That(branch.DweltS, Is.EqualTo(0.5f));
            Assert.That(branch.DwellS, Is.EqualTo(2));
        }

        [Test]
        public void ATokenIsNotSentReadablyBeyondLoopback()
        {
            Uri far = new Uri("http://museum.local:50051");
            Assert.Throws<ArgumentException>(() => new GrpcSessionLinks(far, new System.Net.Http.HttpClientHandler(), "secret"));
            new GrpcSessionLinks(far, new System.Net.Http.HttpClientHandler(), "secret", insecure: true).Dispose();
            new GrpcSessionLinks(new Uri("http://127.0.0.1:1"), new System.Net.Http.HttpClientHandler(), "secret").Dispose();
            new GrpcSessionLinks(new Uri("http://[::1]:1"), new System.Net.Http.HttpClientHandler(), "secret").Dispose();
        }

        private static Control[] Samples() => new Control[]
        {
            new Start(new SessionRequest { StationId = "s" }, 1, new[] { ConsentScope.Analyse }, 1),
            new ConsentChange(2, new[] { ConsentScope.Research }),
            new SessionPause(PauseReason.Doffed),
            new SessionResume(),
            new SessionEnd(EndReason.Visitor),
            new Calibration(CalibrationAction.StartBaseline),
            new OperatorChoice("c", 1, "left"),
            new Ping(1, 2),
            new ClockEstimate(1, 2, 3),
            new CameraModel(500, 500, 320, 240, 640, 480),
            new StimulusOnset("a", 1),
            new StimulusOffset("a", 2),
            new BeatEntered("b", 3),
            new ChoiceDue("c", 1, 5, 4),
            new ChoiceResolved("c", 1, "left", ResolvedBy.LocalDefault, "", 6),
        };
    }
}
