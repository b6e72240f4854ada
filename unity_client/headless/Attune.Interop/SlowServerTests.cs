#nullable enable
using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>
    /// A server that is there and does not keep up: its process is stopped and continued by the system. Needs POSIX
    /// signals.
    /// </summary>
    [Timeout(600000)]
    [Platform(Exclude = "Win")]
    public sealed class SlowServerTests
    {
        [Test]
        public void AServerThatHesitatesHoldsTheStoryUpNoLongerThanTheAuthorAllows()
        {
            using PythonProcess server = PythonProcess.StartAttune();
            using Witness visitor = new Witness(server.PlainAddress, null);
            visitor.AwaitStreaming();
            visitor.Client.Report(new BeatEntered("street", visitor.Client.NowNs));
            visitor.Await<StateUpdate>(update => update.BeatId == "street");

            server.Freeze();
            visitor.Client.ReachChoice("after-the-street", "pass-by", TimeSpan.FromSeconds(0.5));
            long reachedNs = visitor.Client.NowNs;
            ChoiceSettled settled = visitor.Await<ChoiceSettled>();
            double waitedS = (visitor.ArrivedNs[typeof(ChoiceSettled)] - reachedNs) / 1e9;
            server.Thaw();

            TestContext.Progress.WriteLine($"a server that stands still: the default after {waitedS:0.00} s, allowed 0.50 s");
            Assert.That(settled.By, Is.EqualTo(ResolvedBy.LocalDefault));
            ulong heard = visitor.All<StateUpdate>().Last().Sequence;
            visitor.Await<StateUpdate>(update => update.Sequence > heard + 5);
            Assert.That(visitor.All<ChoiceSettled>().Length, Is.EqualTo(1), "a late decision is discarded");
            Assert.That(visitor.All<SessionReady>().Length, Is.EqualTo(1), "the same stream goes on");
        }

        [Test]
        public void AServerThatAcceptsAndSaysNothingDoesNotKeepTheDefaultBack()
        {
            TcpListener silent = new TcpListener(IPAddress.Loopback, 0);
            silent.Start();
            try
            {
                Uri address = new Uri($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
                using Witness visitor = new Witness(address);
                visitor.Client.ReachChoice("after-the-street", "pass-by", TimeSpan.FromSeconds(0.5));
                ChoiceSettled settled = visitor.Await<ChoiceSettled>();
                Assert.That(settled.By, Is.EqualTo(ResolvedBy.LocalDefault));
                Assert.That(visitor.Client.Figures.LastFault, Is.Empty, "the connection is still being waited for");
            }
            finally
            {
                silent.Stop();
            }
        }

        [Test]
        public void AServerThatHesitatesIsSentNoBacklogOfFrames()
        {
            using PythonProcess server = PythonProcess.StartAttune();
            using Witness visitor = new Witness(server.PlainAddress, Clip.Frames(), "", null, ConsentScope.Analyse);
            visitor.AwaitStreaming();
            visitor.FilmUntilFresh(freshMs: 5000, framesPerSecond: 5);
            server.Freeze();
            int offered = visitor.Offered;
            ulong heard = visitor.All<StateUpdate>().Last().Sequence;
            long before = visitor.Client.Figures.FramesSent;
            visitor.Film(seconds: 2, framesPerSecond: 15);
            long sent = visitor.Client.Figures.FramesSent - before;
            server.Thaw();

            TestContext.Progress.WriteLine($"a server that stands still for 2 s: {visitor.Offered - offered} frames offered, {sent} sent");
            Assert.That(visitor.Offered - offered, Is.EqualTo(30));
            Assert.That(sent, Is.LessThanOrEqualTo(8), "two at once, and two more for every second without an answer");
            Assert.That(visitor.FilmUntilFresh(freshMs: 5000, framesPerSecond: 5), Is.GreaterThan(heard));
        }

        [Test]
        public void AServerThatStaysSilentIsLeftAndTheSessionIsResumedWhenItWakes()
        {
            // Its own standstill, and that of a busy machine, must not count as the client's.
            using PythonProcess server = PythonProcess.StartAttune(
                "--set", "limits.write_timeout_s=120", "--set", "limits.resume_window_s=80");
            using Witness visitor = new Witness(server.PlainAddress, null);
            visitor.AwaitStreaming();
            visitor.Client.Report(new BeatEntered("street", visitor.Client.NowNs));
            visitor.Await<StateUpdate>(update => update.BeatId == "street");

            server.Freeze();
            visitor.AwaitThat(() => visitor.Client.Figures.State != ConnectionState.Streaming, "the silence to be noticed");
            Thread.Sleep(500);
            server.Thaw();
            visitor.AwaitThat(() => visitor.All<SessionReady>().Length == 2, "the session to be taken up again", seconds: 240);
            Assert.That(visitor.All<SessionReady>()[1].Resumed, Is.True);
            Assert.That(visitor.End().Reason, Is.EqualTo(EndReason.Finished));
        }
    }
}
