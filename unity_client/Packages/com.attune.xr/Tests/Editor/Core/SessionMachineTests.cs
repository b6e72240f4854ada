#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>How a session begins, is kept alive and ends.</summary>
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
            bench.AnswerPings();
            bench.Run();
            Assert.That(bench.Messages[1], Is.InstanceOf<ClockEstimate>());
            Assert.That(bench.Messages[2], Is.InstanceOf<BeatEntered>());
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
        public void AnswersToPingsFromBeforeAPauseSayNothingOfTheNewClockEpoch()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse);
            bench.Run();
            bench.Welcome();
            bench.Run();
            bench.Machine.Pause(PauseReason.Application, bench.NowNs, bench.Utc);
            bench.Machine.Resume(bench.NowNs, bench.Utc);
            bench.AnswerPings(offsetNs: 77 * MachineBench.Second);
            bench.Run();
            Assert.That(bench.Machine.State, Is.EqualTo(ConnectionState.Synchronising));

            // The clock stood still while the device slept.
            bench.AnswerPings(offsetNs: 97 * MachineBench.Second);
            bench.Run();
            ClockEstimate estimate = bench.MessagesOf<ClockEstimate>().Single();
            Assert.That(estimate.Epoch, Is.EqualTo(2));
            Assert.That(estimate.OffsetNs, Is.EqualTo(97 * MachineBench.Second));
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
        public void NothingIsSentAfterTheGoodbye()
        {
            MachineBench bench = new MachineBench();
            bench.Run();
            bench.Welcome();
            bench.Run();
            bench.Machine.RequestEnd(EndReason.Finished);
            bench.Run();

            // The answers make an estimate due, and the choice an announcement and a resolution.
            bench.AnswerPings();
            bench.Machine.ReachChoice("door", "left", bench.NowNs + MachineBench.Second, bench.NowNs);
            Assert.That(bench.RunAfter(MachineBench.Second).Kind, Is.EqualTo(StepKind.Wait));
            Assert.That(bench.Messages.Last(), Is.InstanceOf<SessionEnd>());
            Assert.That(bench.EventsOf<ChoiceSettled>().Single().BranchId, Is.EqualTo("left"));
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
