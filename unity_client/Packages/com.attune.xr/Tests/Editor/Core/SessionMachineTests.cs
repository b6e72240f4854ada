#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class SessionMachineTests
    {
        [Test]
        public void TheFirstMessageIsTheStartAndNothingFollowsBeforeTheAnswer()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse);
            bench.Machine.Report(new BeatEntered("arrival", bench.NowNs));
            bench.Run();
            Assert.That(bench.Opened, Is.EqualTo(1));
            Assert.That(bench.Messages.Count, Is.EqualTo(1));
            Start start = bench.MessagesOf<Start>()[0];
            Assert.That(start.Scopes, Is.EqualTo(new[] { ConsentScope.Analyse }));
            Assert.That(start.ResumeToken, Is.Null);

            bench.Welcome();
            bench.Run();
            Assert.That(bench.Messages[1], Is.InstanceOf<BeatEntered>());
        }

        [Test]
        public void FivePingsAndAnEstimateComeBeforeTheFirstFrame()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse);
            bench.Run();
            bench.Welcome();
            bench.Run();
            Assert.That(bench.MessagesOf<Ping>().Length, Is.EqualTo(5));
            Assert.That(bench.Machine.WantsFrame(FrameRole.Wearer, bench.NowNs), Is.False);
            bench.AnswerPings(offsetNs: 77 * MachineBench.Second, roundTripNs: 4 * MachineBench.Ms);
            bench.Run();
            ClockEstimate estimate = bench.MessagesOf<ClockEstimate>()[0];
            Assert.That(estimate.OffsetNs, Is.EqualTo(77 * MachineBench.Second));
            Assert.That(estimate.UncertaintyNs, Is.EqualTo(2 * MachineBench.Ms));
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.Accepted));
        }

        [Test]
        public void WithoutConsentNoFrameIsTaken()
        {
            MachineBench bench = new MachineBench().Streaming();
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.NoConsent));
            Assert.That(bench.Machine.WantsFrame(FrameRole.Wearer, bench.NowNs), Is.False);
            bench.Run();
            Assert.That(bench.Frames, Is.Empty);
        }

        [Test]
        public void AWearersConsentIsNoneForBystanders()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            Assert.That(bench.Offer(role: FrameRole.Bystanders), Is.EqualTo(FrameOutcome.NoConsent));
        }

        [Test]
        public void WithdrawingConsentThrowsTheWaitingFrameAway()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Offer();
            bench.Machine.ChangeConsent(Array.Empty<ConsentScope>());
            bench.Run();
            Assert.That(bench.Frames, Is.Empty);
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.NoConsent));
            Assert.That(bench.MessagesOf<ConsentChange>()[0].Revision, Is.EqualTo(2));
        }

        [Test]
        public void ControlOvertakesFrames()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Offer();
            bench.Machine.Report(new StimulusOnset("photo", bench.NowNs));
            Assert.That(bench.Machine.Next(bench.NowNs).Message, Is.InstanceOf<StimulusOnset>());
        }

        [Test]
        public void WithoutCreditTheNewestFrameWaits()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            for (int i = 0; i < 6; i++)
            {
                bench.Offer();
                bench.Run();
            }

            Assert.That(bench.Frames, Is.EqualTo(new ulong[] { 1, 2 }));
            bench.Acknowledge(1);
            bench.Run();
            Assert.That(bench.Frames, Is.EqualTo(new ulong[] { 1, 2, 6 }));
            Assert.That(bench.Machine.Figures.FramesReplaced, Is.EqualTo(3));
        }

        [Test]
        public void OnASlowLinkOnlyOneFrameIsUnderWay()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming(credit: 2);
            bench.Offer();
            bench.Run();
            bench.NowNs += 120 * MachineBench.Ms;
            bench.Acknowledge(1);
            bench.Offer();
            bench.Run();
            bench.Offer();
            bench.Run();
            Assert.That(bench.Frames, Is.EqualTo(new ulong[] { 1, 2 }));

            bench.NowNs += 10 * MachineBench.Ms;
            bench.Acknowledge(2);
            bench.Run();
            bench.Offer();
            bench.Run();
            Assert.That(bench.Frames, Is.EqualTo(new ulong[] { 1, 2, 3, 4 }));
        }

        [Test]
        public void ALostAcknowledgementStallsForASecondOnly()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming(credit: 1);
            bench.Offer();
            bench.Run();
            bench.Offer();
            long due = bench.Run().UntilNs;
            Assert.That(bench.Frames.Count, Is.EqualTo(1));
            bench.NowNs = due;
            bench.Run();
            Assert.That(bench.Frames.Count, Is.EqualTo(2));
            Assert.That(bench.Machine.Figures.AcknowledgementsMissed, Is.EqualTo(1));
        }

        [Test]
        public void AFrameLargerThanTheServerTakesIsRefusedHere()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            Assert.That(bench.Offer(1000), Is.EqualTo(FrameOutcome.Accepted));
            Assert.That(bench.Offer(1001), Is.EqualTo(FrameOutcome.TooLarge));
        }

        [Test]
        public void ACaptureTimeThatDoesNotRiseIsRefused()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Offer();
            bench.NowNs -= 1;
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.OutOfOrder));
        }

        [Test]
        public void ABrokenStreamIsResumedWithTheTokenAndTheLastDecision()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Machine.ReachChoice("door", "left", bench.NowNs + MachineBench.Second, bench.NowNs);
            bench.Run();
            bench.Decide("door", 1, "right");
            bench.Run();
            bench.Break();
            Assert.That(bench.Machine.State, Is.EqualTo(ConnectionState.Waiting));
            bench.Messages.Clear();
            bench.RunAfter(MachineBench.Second);
            Start start = bench.MessagesOf<Start>()[0];
            Assert.That(start.ResumeToken, Is.EqualTo("token"));
            Assert.That(start.LastDecisionId, Is.EqualTo("door/1"));
        }

        [Test]
        public void AfterTheResumeWindowANewSessionIsToldWhereTheStoryStands()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Machine.Report(new BeatEntered("hall", bench.NowNs));
            bench.Machine.Report(new StimulusOnset("photo", bench.NowNs));
            bench.Run();
            bench.Break();
            bench.Machine.ReachChoice("door", "left", bench.NowNs + (60 * MachineBench.Second), bench.NowNs);
            bench.Messages.Clear();
            bench.RunAfter(31 * MachineBench.Second);
            Assert.That(bench.MessagesOf<Start>()[0].ResumeToken, Is.Null);
            bench.Welcome();
            bench.Run();
            Assert.That(bench.MessagesOf<BeatEntered>()[0].BeatId, Is.EqualTo("hall"));
            Assert.That(bench.MessagesOf<ChoiceDue>()[0].ChoiceId, Is.EqualTo("door"));
            Assert.That(bench.MessagesOf<StimulusOnset>(), Is.Empty);
        }

        [Test]
        public void ARefusedResumptionStartsAnewAtOnce()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Break();
            bench.RunAfter(MachineBench.Second);
            bench.Messages.Clear();
            bench.Break(LinkFault.Refused);
            bench.Run();
            Assert.That(bench.MessagesOf<Start>()[0].ResumeToken, Is.Null);
            Assert.That(bench.MessagesOf<Start>()[0].Scopes, Is.EqualTo(new[] { ConsentScope.Analyse }));
        }

        [TestCase(LinkFault.Refused)]
        [TestCase(LinkFault.NotAllowed)]
        public void ARefusedStartEndsTheSessionWithTheServersSentence(LinkFault fault)
        {
            MachineBench bench = new MachineBench();
            bench.Run();
            bench.Break(fault);
            bench.Run();
            Assert.That(bench.Machine.State, Is.EqualTo(ConnectionState.Ended));
            SessionOver over = bench.EventsOf<SessionOver>().Single();
            Assert.That(over.Fault, Is.EqualTo(fault));
            Assert.That(over.Detail, Is.EqualTo("broken on purpose"));
        }

        [Test]
        public void AfterARefusalChoicesStillTakeTheirDefaults()
        {
            MachineBench bench = new MachineBench();
            bench.Run();
            bench.Break(LinkFault.NotAllowed);
            bench.Run();
            bench.Machine.ReachChoice("door", "left", bench.NowNs + MachineBench.Second, bench.NowNs);
            bench.RunAfter(MachineBench.Second);
            Assert.That(bench.EventsOf<ChoiceSettled>().Single().BranchId, Is.EqualTo("left"));
            Assert.That(bench.Opened, Is.EqualTo(1));
        }

        [Test]
        public void AttemptsComeFurtherAndFurtherApart()
        {
            MachineBench bench = new MachineBench();
            long last = 0;
            for (int i = 0; i < 8; i++)
            {
                bench.Run();
                bench.Break();
                long pause = bench.Run().UntilNs - bench.NowNs;
                Assert.That(pause, Is.InRange(last / 2, 10 * MachineBench.Second));
                last = Math.Max(last, pause);
                bench.NowNs += pause;
            }

            Assert.That(bench.Opened, Is.EqualTo(8));
            Assert.That(last, Is.GreaterThan(5 * MachineBench.Second));
        }

        [Test]
        public void ASilentServerIsGivenUpAndSoughtAgain()
        {
            MachineBench bench = new MachineBench().Streaming();
            Assert.That(bench.RunAfter(7 * MachineBench.Second).Kind, Is.EqualTo(StepKind.Close));
            bench.Break();
            bench.Messages.Clear();
            bench.RunAfter(MachineBench.Second);
            Assert.That(bench.MessagesOf<Start>()[0].ResumeToken, Is.EqualTo("token"));
            Assert.That(bench.Machine.Figures.LastFault, Does.Contain("silent"));
        }

        [Test]
        public void PingsKeepAQuietStreamAlive()
        {
            MachineBench bench = new MachineBench().Streaming();
            for (int i = 0; i < 20; i++)
            {
                Assert.That(bench.RunAfter(2 * MachineBench.Second).Kind, Is.EqualTo(StepKind.Wait));
                bench.AnswerPings();
            }

            Assert.That(bench.Machine.State, Is.EqualTo(ConnectionState.Streaming));
        }

        [Test]
        public void AClockThatDriftsIsReportedAgain()
        {
            MachineBench bench = new MachineBench().Streaming();
            int before = bench.MessagesOf<ClockEstimate>().Length;
            for (int i = 0; i < 10; i++)
            {
                bench.RunAfter(2 * MachineBench.Second);
                bench.AnswerPings(offsetNs: 20 * MachineBench.Ms);
            }

            bench.Run();
            ClockEstimate[] estimates = bench.MessagesOf<ClockEstimate>();
            Assert.That(estimates.Length, Is.GreaterThan(before));
            Assert.That(estimates.Last().OffsetNs, Is.EqualTo(20 * MachineBench.Ms));
        }

        [Test]
        public void APauseStopsFramesAndItsEndBeginsANewClockEpoch()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Offer();
            bench.Machine.Pause(PauseReason.Application, bench.NowNs, bench.Utc);
            bench.Run();
            Assert.That(bench.Frames, Is.Empty);
            Assert.That(bench.MessagesOf<SessionPause>().Length, Is.EqualTo(1));
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.NotStreaming));

            bench.NowNs += MachineBench.Second;
            bench.Machine.Resume(bench.NowNs, bench.Utc);
            bench.Run();
            Assert.That(bench.Messages.Last(message => !(message is Ping)), Is.InstanceOf<SessionResume>());
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.NotStreaming));
            bench.AnswerPings();
            bench.Run();
            Assert.That(bench.MessagesOf<ClockEstimate>().Last().Epoch, Is.EqualTo(2));
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.Accepted));
        }

        [Test]
        public void APauseBeyondTheResumeWindowEndsTheSessionForGood()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Machine.Pause(PauseReason.Doffed, bench.NowNs, bench.Utc);
            bench.Run();

            // The monotonic clock may stand still while a device sleeps.
            bench.Machine.Resume(bench.NowNs + 1, bench.Utc.AddMinutes(5));
            bench.Run();
            Assert.That(bench.Machine.State, Is.EqualTo(ConnectionState.Ended));
            Assert.That(bench.EventsOf<SessionOver>().Single().Reason, Is.EqualTo(EndReason.Lost));
        }

        [Test]
        public void APausedClientDoesNotReconnect()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.Pause(PauseReason.Application, bench.NowNs, bench.Utc);
            bench.Run();
            bench.Break();
            bench.RunAfter(20 * MachineBench.Second);
            Assert.That(bench.Opened, Is.EqualTo(1));
            bench.Machine.Resume(bench.NowNs, bench.Utc);
            bench.Run();
            Assert.That(bench.Opened, Is.EqualTo(2));
        }

        [Test]
        public void TheEndIsSaidAfterEverythingElseAndWaitsForTheSummary()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.Report(new StimulusOffset("photo", bench.NowNs));
            bench.Machine.RequestEnd(EndReason.Finished);
            Assert.That(bench.Run().Kind, Is.EqualTo(StepKind.Wait));
            Assert.That(bench.Messages.Last(), Is.InstanceOf<SessionEnd>());
            bench.Machine.Received(new SessionSummary { Reason = EndReason.Finished }, bench.NowNs);
            bench.Run();
            Assert.That(bench.Machine.State, Is.EqualTo(ConnectionState.Ended));
            Assert.That(bench.EventsOf<SessionSummary>().Length, Is.EqualTo(1));
            Assert.That(bench.EventsOf<SessionOver>().Single().Fault, Is.Null);
        }

        [Test]
        public void AServerThatShutsDownIsSoughtAgain()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Machine.Received(new SessionSummary { Reason = EndReason.ServerShutdown }, bench.NowNs);
            bench.Machine.Broken(null, bench.NowNs);
            bench.Messages.Clear();
            bench.RunAfter(MachineBench.Second);
            Assert.That(bench.MessagesOf<Start>()[0].ResumeToken, Is.Null);
        }

        [Test]
        public void ConsentIsSentAgainUntilItIsApplied()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse, ConsentScope.StoreVideo).Streaming();
            bench.Machine.ChangeConsent(new[] { ConsentScope.Analyse });
            bench.Run();
            bench.Break();
            bench.Messages.Clear();
            bench.RunAfter(MachineBench.Second);
            bench.Welcome(resumed: true);
            bench.Run();
            Assert.That(bench.MessagesOf<ConsentChange>().Single().Revision, Is.EqualTo(2));
        }

        [Test]
        public void WithoutAServerTheAuthoredDefaultIsPlayedAtTheDeadline()
        {
            MachineBench bench = new MachineBench(true, Array.Empty<ConsentScope>());
            bench.Machine.ReachChoice("door", "left", bench.NowNs + MachineBench.Second, bench.NowNs);
            Assert.That(bench.Run().UntilNs, Is.EqualTo(bench.NowNs + MachineBench.Second));
            bench.RunAfter(MachineBench.Second);
            ChoiceSettled settled = bench.EventsOf<ChoiceSettled>().Single();
            Assert.That(settled.BranchId, Is.EqualTo("left"));
            Assert.That(settled.By, Is.EqualTo(ResolvedBy.LocalDefault));
            Assert.That(bench.Opened, Is.Zero);
        }

        [Test]
        public void ALateDecisionIsDiscarded()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.ReachChoice("door", "left", bench.NowNs + MachineBench.Second, bench.NowNs);
            bench.RunAfter(MachineBench.Second);
            bench.Decide("door", 1, "right");
            Assert.That(bench.EventsOf<ChoiceSettled>().Single().BranchId, Is.EqualTo("left"));
            Assert.That(bench.MessagesOf<ChoiceResolved>().Single().By, Is.EqualTo(ResolvedBy.LocalDefault));
            Assert.That(bench.Machine.Figures.LateDecisions, Is.EqualTo(1));
        }
    }
}
