#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What a session does when its stream breaks.</summary>
    public sealed class SessionMachineRecoveryTests
    {
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
            bench.AnswerPings();
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
        public void AServerThatShutsDownIsSoughtAgain()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Machine.Received(new SessionSummary { Reason = EndReason.ServerShutdown }, bench.NowNs);
            bench.Machine.Broken(null, bench.NowNs);
            bench.Messages.Clear();
            bench.RunAfter(MachineBench.Second);
            Assert.That(bench.MessagesOf<Start>()[0].ResumeToken, Is.Null);
        }
    }
}
