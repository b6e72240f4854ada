#nullable enable
using System;
using System.IO;
using System.Linq;
using Attune.DotNet;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>Servers that are not there, do not know the visitor, or die.</summary>
    [Timeout(600000)]
    public sealed class ServerLossTests
    {
        [Test]
        public void TheStoryGoesOnWhileTheServerDiesAndComesBack()
        {
            PythonProcess first = PythonProcess.StartAttune();
            using Witness visitor = new Witness(first.PlainAddress, null);
            visitor.AwaitStreaming();
            visitor.Client.Report(new BeatEntered("street", visitor.Client.NowNs));
            visitor.Client.ReachChoice("after-the-street", "pass-by", TimeSpan.FromSeconds(1));
            first.Kill();
            ChoiceSettled settled = visitor.Await<ChoiceSettled>();
            Assert.That(settled.BranchId, Is.EqualTo("pass-by"));
            Assert.That(settled.By, Is.EqualTo(ResolvedBy.LocalDefault));

            using PythonProcess second = PythonProcess.StartAttune("--port", first.Port.ToString());
            visitor.AwaitThat(() => visitor.All<SessionReady>().Length == 2, "a new session");
            SessionReady again = visitor.All<SessionReady>()[1];
            Assert.That(again.Resumed, Is.False);
            visitor.Await<StateUpdate>(update => update.BeatId == "street");
            Assert.That(visitor.End().Reason, Is.EqualTo(EndReason.Finished));
            first.Dispose();
        }

        [Test]
        public void AWrongTokenEndsTheSessionAndTheRightOneBeginsIt()
        {
            string tokens = Path.GetTempFileName();
            File.WriteAllText(tokens, "the-right-token-of-the-museum-0123456789\n");
            try
            {
                using PythonProcess server = PythonProcess.StartAttune("--token-file", tokens);
                using Witness stranger = new Witness(server.PlainAddress, null, "a-wrong-token-of-the-same-length-00000000");
                SessionOver over = stranger.Await<SessionOver>();
                Assert.That(over.Fault, Is.EqualTo(LinkFault.NotAllowed));
                stranger.Client.ReachChoice("after-the-street", "pass-by", TimeSpan.FromMilliseconds(100));
                Assert.That(stranger.Await<ChoiceSettled>().BranchId, Is.EqualTo("pass-by"));
                using Witness nobody = new Witness(server.PlainAddress, null);
                Assert.That(nobody.Await<SessionOver>().Fault, Is.EqualTo(LinkFault.NotAllowed));
                using Witness visitor = new Witness(server.PlainAddress, null, "the-right-token-of-the-museum-0123456789");
                visitor.AwaitStreaming();
            }
            finally
            {
                File.Delete(tokens);
            }
        }

        [Test]
        public void AnUntrustedCertificateLeavesTheStoryToItsDefaults()
        {
            using TestAuthority authority = new TestAuthority();
            using PythonProcess server = PythonProcess.StartAttune(
                "--tls-certificate", authority.File("server.crt"), "--tls-key", authority.File("server.key"));
            Uri address = new Uri($"https://localhost:{server.Port}");
            using Witness trusting = new Witness(address, null, "", SocketsHandler.Create(authority.Certificate));
            trusting.AwaitStreaming();

            using Witness doubting = new Witness(address, null, "", SocketsHandler.Create());
            doubting.Client.ReachChoice("after-the-street", "pass-by", TimeSpan.FromSeconds(2));
            Assert.That(doubting.Await<ChoiceSettled>().By, Is.EqualTo(ResolvedBy.LocalDefault));
            Assert.That(doubting.All<SessionReady>(), Is.Empty);
            Assert.That(doubting.Client.Figures.LastFault, Does.Contain("SSL"));
        }

        [Test]
        public void TheServerFollowsTheScenarioThatTheClientPlays()
        {
            using PythonProcess server = PythonProcess.StartAttune();
            using Witness visitor = new Witness(server.PlainAddress, null);
            visitor.AwaitStreaming();
            Assert.That(visitor.All<SessionReady>().Single().ScenarioSha256, Is.EqualTo(Clip.ScenarioSha256));
        }
    }
}
