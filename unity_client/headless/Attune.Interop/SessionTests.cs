#nullable enable
using System;
using System.Linq;
using System.Net.Http;
using Attune.DotNet;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>The real client against the real server over a real socket.</summary>
    [Timeout(600000)]
    public sealed class SessionTests
    {
        private PythonProcess _server = null!;

        [OneTimeSetUp]
        public void StartServer() => _server = PythonProcess.StartAttune();

        [OneTimeTearDown]
        public void StopServer() => _server?.Dispose();

        [TestCase("sockets")]
        [TestCase("faulty (simulated)")]
        public void BothSidesAgreeOnAWholeSession(string handler)
        {
            HttpMessageHandler own = SocketsHandler.Create();
            HttpMessageHandler used = handler == "sockets" ? own : new FaultyHandler(own);
            using Witness visitor = new Witness(_server.PlainAddress, Clip.Frames(), "", used, ConsentScope.Analyse);
            visitor.AwaitStreaming();
            visitor.Client.Report(new BeatEntered("street", visitor.Client.NowNs));
            visitor.Client.Report(new StimulusOnset("police-helicopter", visitor.Client.NowNs));
            visitor.FilmUntilFresh(freshMs: 500, framesPerSecond: 10);
            uint occurrence = visitor.Client.ReachChoice("after-the-street", "pass-by", TimeSpan.FromSeconds(4));
            visitor.Film(seconds: 4.5, framesPerSecond: 10);
            ChoiceSettled settled = visitor.Await<ChoiceSettled>();
            SessionSummary summary = visitor.End();
            visitor.Await<SessionOver>(over => over.Reason == EndReason.Finished && over.Fault == null);

            ClientFigures figures = visitor.Client.Figures;
            Assert.That(summary.FramesReceived, Is.EqualTo((ulong)figures.FramesSent));
            Assert.That(summary.FramesAnalysed + summary.FramesDropped, Is.EqualTo(summary.FramesReceived));
            Assert.That(summary.FramesWithFace, Is.GreaterThan(0));
            Assert.That(visitor.Offered - figures.FramesSent - figures.FramesReplaced, Is.InRange(0, 1), "one may wait at the end");

            Assert.That(settled.Occurrence, Is.EqualTo(occurrence));
            Assert.That(settled.By, Is.EqualTo(ResolvedBy.Server));
            Assert.That(summary.Decisions, Is.EqualTo(1));
            Assert.That(visitor.All<Notice>().Select(notice => notice.Code), Has.None.EqualTo(NoticeCode.ScenarioMismatch));

            StateUpdate[] updates = visitor.All<StateUpdate>();
            Assert.That(updates.Select(update => update.Sequence), Is.Ordered);
            StateUpdate[] seen = updates.Where(update => update.FrameSequence > 0).ToArray();
            Assert.That(seen.Select(update => update.FrameSequence), Is.Ordered);
            Assert.That(seen.Last().FrameSequence, Is.LessThanOrEqualTo((ulong)visitor.Offered));
            Assert.That(seen.All(update => update.AgeMs > 0), Is.True);
            Assert.That(updates.Last().BeatId, Is.EqualTo("street"));
            double[] ages = seen.Select(update => (double)update.AgeMs).OrderBy(age => age).ToArray();
            TestContext.Progress.WriteLine(
                $"{handler}: {figures.FramesSent} frames, age median {ages[ages.Length / 2]:0.0} ms, "
                + $"round trip {figures.RoundTrip.TotalMilliseconds:0.00} ms, clock ±{figures.ClockUncertainty.TotalMilliseconds:0.00} ms");
        }

        [Test]
        public void WithoutConsentNoFrameLeavesAndTheStoryIsTheSame()
        {
            using Witness visitor = new Witness(_server.PlainAddress, Clip.Frames());
            visitor.AwaitStreaming();
            visitor.Film(seconds: 1, framesPerSecond: 20);
            visitor.Client.ReachChoice("after-the-street", "pass-by", TimeSpan.FromSeconds(1.5));
            Assert.That(visitor.Await<ChoiceSettled>().BranchId, Is.EqualTo("pass-by"));
            Assert.That(visitor.Outcomes.Keys, Is.EqualTo(new[] { FrameOutcome.NoConsent }));
            Assert.That(visitor.End().FramesReceived, Is.Zero);
        }

        [Test]
        public void WithdrawnConsentHoldsFromTheNextFrameOn()
        {
            using Witness visitor = new Witness(_server.PlainAddress, Clip.Frames(), "", null, ConsentScope.Analyse);
            visitor.AwaitStreaming();
            visitor.Film(seconds: 1, framesPerSecond: 10);
            visitor.Client.ChangeConsent();
            ulong sent = (ulong)visitor.Client.Figures.FramesSent;
            visitor.Film(seconds: 1, framesPerSecond: 10);
            Assert.That(visitor.Await<ConsentApplied>().Revision, Is.EqualTo(2));
            Assert.That(visitor.Outcomes[FrameOutcome.NoConsent], Is.EqualTo(10));
            Assert.That(visitor.End().FramesReceived, Is.LessThanOrEqualTo(sent + 1));
        }

        [Test]
        public void APauseStopsFramesAndTheSessionGoesOnAfterwards()
        {
            using Witness visitor = new Witness(_server.PlainAddress, Clip.Frames(), "", null, ConsentScope.Analyse);
            visitor.AwaitStreaming();
            visitor.FilmUntilFresh(freshMs: 500, framesPerSecond: 10);
            visitor.Client.Pause(PauseReason.Application);
            visitor.Await<StateUpdate>(update => update.Empathy.Status == EmpathyStatus.Paused);
            long sent = visitor.Client.Figures.FramesSent;
            visitor.Film(seconds: 1, framesPerSecond: 10);
            Assert.That(visitor.Client.Figures.FramesSent, Is.EqualTo(sent));

            visitor.Client.Resume();
            visitor.AwaitStreaming();
            visitor.Film(seconds: 1, framesPerSecond: 10);
            visitor.AwaitThat(() => visitor.Client.Figures.FramesSent > sent, "a frame after the pause");
            Assert.That(visitor.All<Notice>().Select(notice => notice.Code), Has.None.EqualTo(NoticeCode.InputRefused));
            Assert.That(visitor.All<SessionReady>().Length, Is.EqualTo(1));
            Assert.That(visitor.End().Reason, Is.EqualTo(EndReason.Finished));
        }

        [Test]
        public void AFloodOfFramesMakesNoneOfThemOld()
        {
            using Witness visitor = new Witness(_server.PlainAddress, Clip.Frames(), "", null, ConsentScope.Analyse);
            visitor.AwaitStreaming();
            ulong before = visitor.FilmUntilFresh(freshMs: 500, framesPerSecond: 10);
            visitor.Film(seconds: 6, framesPerSecond: 200);
            SessionSummary summary = visitor.End();
            float oldest = visitor.All<StateUpdate>().Where(update => update.Sequence > before).Max(update => update.AgeMs);
            Assert.That(visitor.Client.Figures.FramesReplaced, Is.GreaterThan(100));
            Assert.That(summary.FramesReceived, Is.EqualTo((ulong)visitor.Client.Figures.FramesSent));
            Assert.That(oldest, Is.LessThan(2500), "an unbounded queue would have grown to seconds");
            TestContext.Progress.WriteLine($"flood: {summary.FramesReceived} of {visitor.Offered} sent, oldest answer {oldest:0} ms");
        }

        [Test]
        public void ABrokenConnectionIsResumedInTheSameSession()
        {
            using SlowLink link = new SlowLink(_server.Port, 1e9, TimeSpan.Zero);
            using Witness visitor = new Witness(link.Address, null);
            visitor.AwaitStreaming();
            link.Cut();
            SessionReady again = visitor.Await<SessionReady>(ready => ready.Resumed);
            Assert.That(again.SessionId, Is.EqualTo(visitor.All<SessionReady>()[0].SessionId));
            Assert.That(visitor.End().Reason, Is.EqualTo(EndReason.Finished));
        }

        [Test]
        public void OnASlowLinkFramesStayFreshAndEventsGetThrough()
        {
            const double bitsPerSecond = 2e6;
            using SlowLink link = new SlowLink(_server.Port, bitsPerSecond, TimeSpan.FromMilliseconds(100));
            byte[][] frames = Clip.Frames();
            using Witness visitor = new Witness(link.Address, frames, "", null, ConsentScope.Analyse);
            visitor.AwaitStreaming();
            visitor.FilmUntilFresh(freshMs: 600, framesPerSecond: 15);

            // The way there and back, one frame's transmission, and the server's own time. The best of several
            // attempts: a busy machine delays, and a backlog would be there in all of them.
            double frameMs = frames.Max(frame => frame.Length) * 8 / bitsPerSecond * 1000;
            double answerLimitMs = 200 + frameMs + 150;
            double ageLimitMs = 100 + frameMs + 600;
            double answeredMs = double.MaxValue;
            double oldestMs = double.MaxValue;
            for (uint revision = 2; revision < 22 && (answeredMs >= answerLimitMs || oldestMs >= ageLimitMs); revision++)
            {
                ulong heard = visitor.All<StateUpdate>().Last().Sequence;
                long changedNs = visitor.Client.NowNs;
                visitor.Client.ChangeConsent(ConsentScope.Analyse, revision % 2 == 0 ? ConsentScope.Research : ConsentScope.StoreFeatures);
                visitor.Film(seconds: 2, framesPerSecond: 15);
                visitor.Await<ConsentApplied>(applied => applied.Revision == revision);
                answeredMs = Math.Min(answeredMs, (visitor.ArrivedNs[typeof(ConsentApplied)] - changedNs) / 1e6);
                float[] ages = visitor.All<StateUpdate>().Where(update => update.Sequence > heard && update.FrameSequence > 0)
                    .Select(update => update.AgeMs).ToArray();
                oldestMs = ages.Length == 0 ? oldestMs : Math.Min(oldestMs, ages.Max());
            }

            TestContext.Progress.WriteLine(
                $"2 Mbit/s, 200 ms: event answered after {answeredMs:0} ms (one frame takes {frameMs:0} ms), oldest frame {oldestMs:0} ms, "
                + $"{visitor.Client.Figures.FramesSent} of {visitor.Offered} frames");
            Assert.That(answeredMs, Is.LessThan(answerLimitMs));
            Assert.That(oldestMs, Is.LessThan(ageLimitMs));
        }

        [Test]
        public void HalfOfFortyVisitorsLeaveInMidCallAndNothingStays()
        {
            byte[][] frames = Clip.Frames();
            for (int i = 0; i < 40; i++)
            {
                using Witness visitor = new Witness(_server.PlainAddress, frames, "", null, ConsentScope.Analyse);
                if (i % 2 == 0)
                {
                    visitor.AwaitStreaming();
                    visitor.Offer();
                }
            }

            Assert.That(AttuneClient.RunningThreads, Is.Zero);
        }
    }
}
