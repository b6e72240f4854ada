#nullable enable
using System.Threading;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>
    /// A server that is there and does not keep up: its process is stopped and continued by the system. Needs POSIX
    /// signals.
    /// </summary>
    [Timeout(120000)]
    [Platform(Exclude = "Win")]
    public sealed class SlowServerTests
    {
        [Test]
        public void AServerThatStaysSilentIsLeftAndTheSessionIsResumedWhenItWakes()
        {
            using PythonProcess server = PythonProcess.StartAttune();
            using Witness visitor = new Witness(server.PlainAddress, null);
            visitor.AwaitStreaming();
            visitor.Client.Report(new BeatEntered("street", visitor.Client.NowNs));
            visitor.Await<StateUpdate>(update => update.BeatId == "street");

            server.Freeze();
            visitor.AwaitThat(() => visitor.Client.Figures.State != ConnectionState.Streaming, "the silence to be noticed", 15);
            Thread.Sleep(500);
            server.Thaw();
            visitor.AwaitThat(() => visitor.All<SessionReady>().Length == 2, "the session to be taken up again", 40);
            Assert.That(visitor.All<SessionReady>()[1].Resumed, Is.True);
            Assert.That(visitor.End().Reason, Is.EqualTo(EndReason.Finished));
        }
    }
}
