#nullable enable
using System;
using System.Threading;
using NUnit.Framework;

namespace Attune.Tests
{
    [Timeout(120000)]
    public sealed class ReplayTests
    {
        private const string Header =
            "time_s,kind,beat,status,eri,confidence,low,high,valence,arousal,found,band,yaw,emotion_happy,visible_left_eye,"
            + "choice,occurrence,branch,reason\n";

        private const string Hall =
            "0.100,state,hall,abstain,50,0.1,0,100,0,0,no,,,,,,,,\n"
            + "0.300,state,hall,ok,70.5,0.6,60,80,0.25,-0.5,yes,lower_face,-12.5,0.75,0.125,,,,\n"
            + "0.350,state,hall,ok,72,0.6,60,80,0.25,-0.5,yes,full,,,,,,,\n"
            + "0.350,decision,,,,,,,,,,,,,,door,2,left,evidence\n";

        [Test]
        public void AStateIsReadInEveryPart()
        {
            ReplayScript script = ReplayScript.Parse(Header + Hall);
            Assert.That(script.States.Count, Is.EqualTo(3));
            StateUpdate state = script.States[1];
            Assert.That(state.SessionTimeNs, Is.EqualTo(300_000_000));
            Assert.That(state.BeatId, Is.EqualTo("hall"));
            Assert.That(state.Empathy.Status, Is.EqualTo(EmpathyStatus.Ok));
            Assert.That(state.Empathy.Eri, Is.EqualTo(70.5f));
            Assert.That(state.Empathy.IntervalHigh, Is.EqualTo(80));
            Assert.That(state.Empathy.Arousal, Is.EqualTo(-0.5f));
            Assert.That(state.Face!.Band, Is.EqualTo(VisibilityBand.LowerFace));
            Assert.That(state.Face.Pose!.Value.YawDeg, Is.EqualTo(-12.5f));
            Assert.That(state.Face.Visible(FaceRegion.LeftEye), Is.EqualTo(0.125f));
            Assert.That(state.Expression!.Probability(Emotion.Happy), Is.EqualTo(0.75f));
            Assert.That(script.Length, Is.EqualTo(TimeSpan.FromMilliseconds(350)));
        }

        [Test]
        public void WhatIsNotKnownStaysUnknown()
        {
            ReplayScript script = ReplayScript.Parse(Header + Hall);
            Assert.That(script.States[0].Face, Is.Null);
            Assert.That(script.States[0].Expression, Is.Null);
            Assert.That(script.States[2].Face!.Pose, Is.Null);
        }

        [Test]
        public void ADecisionBelongsToItsChoiceAndOccurrence()
        {
            ReplayScript script = ReplayScript.Parse(Header + Hall);
            Assert.That(script.Decision("door", 2)!.BranchId, Is.EqualTo("left"));
            Assert.That(script.Decision("door", 2)!.Reason, Is.EqualTo(DecisionReason.Evidence));
            Assert.That(script.Decision("door", 1), Is.Null);
            Assert.That(script.Decision("window", 2), Is.Null);
        }

        [TestCase("", "time_s")]
        [TestCase("time_s,kind\n", "status")]
        [TestCase(Header + "0.1,state,hall\n", "line 2")]
        [TestCase(Header + "x,state,hall,ok,50,0,0,100,0,0,no,,,,,,,,\n", "number")]
        [TestCase(Header + "0.1,song,hall,ok,50,0,0,100,0,0,no,,,,,,,,\n", "'state' or 'decision'")]
        [TestCase(Header + "0.1,state,hall,fine,50,0,0,100,0,0,no,,,,,,,,\n", "abstain")]
        [TestCase(Header + "0.1,state,hall,2,50,0,0,100,0,0,no,,,,,,,,\n", "abstain")]
        [TestCase(Header + "0.2,state,,ok,50,0,0,100,0,0,no,,,,,,,,\n0.1,state,,ok,50,0,0,100,0,0,no,,,,,,,,\n", "line 3")]
        public void AnotherTextIsRefusedWithItsLineAndReason(string text, string says)
        {
            FormatException error = Assert.Throws<FormatException>(() => ReplayScript.Parse(text))!;
            Assert.That(error.Message, Does.Contain(says));
        }

        [Test]
        public void StatesComeAtTheirTimesAndTheNewestWins()
        {
            ReplayVisitor visitor = new ReplayVisitor(ReplayScript.Parse(Header + Hall));
            Assert.That(visitor.Advance()!.Empathy.Confidence, Is.EqualTo(0.1f));
            Assert.That(visitor.Advance(), Is.Null);
            Assert.That(visitor.Advance()!.Empathy.Eri, Is.EqualTo(70.5f));
            Assert.That(visitor.IsOver, Is.False);
            Assert.That(visitor.Advance()!.Empathy.Eri, Is.EqualTo(72));
            Assert.That(visitor.IsOver, Is.True);
            Assert.That(visitor.Advance(), Is.Null);
        }

        [Test]
        public void APauseStopsTheRecording()
        {
            ReplayVisitor visitor = new ReplayVisitor(ReplayScript.Parse(Header + Hall));
            visitor.Hear(new SessionPause(PauseReason.Doffed), 0);
            Assert.That(visitor.Advance(), Is.Null);
            visitor.Hear(new SessionResume(), 0);
            Assert.That(visitor.Advance()!.SessionTimeNs, Is.EqualTo(100_000_000));
        }

        [Test]
        public void AClientPlaysARecordedSession()
        {
            ReplayVisitor visitor = new ReplayVisitor(ReplayScript.Parse(Header + Hall));
            using AttuneClient client = new AttuneClient(
                new SimulatedLinks(visitor), new SessionRequest { StationId = "test" }, Array.Empty<ConsentScope>());
            ChoiceSettled? settled = null;
            StateUpdate? last = null;
            client.Settled += how => settled = how;
            client.Updated += update => last = update;
            client.Start();
            client.ReachChoice("door", "right", TimeSpan.FromSeconds(5));
            client.ReachChoice("door", "right", TimeSpan.FromSeconds(5));
            Assert.That(SpinWait.SpinUntil(() => settled?.Occurrence == 2 && last?.Empathy.Eri == 72, 5000), Is.True);
            Assert.That(settled!.BranchId, Is.EqualTo("left"));
        }
    }
}
