#nullable enable
using System.IO;
using System.Threading;
using Attune.DotNet;
using Attune.Transport;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>One visitor after the other at one station, with a camera of the server's.</summary>
    [Timeout(600000)]
    public sealed class HandOverTests
    {
        [Test]
        public void TheNextVisitorHasTheCameraOfTheLastOne()
        {
            string film = Path.Combine(PythonProcess.Repository, "examples", "visitors", "3-resonant-bare.mp4");
            using PythonProcess server = PythonProcess.StartAttune("--set", "cameras.hall.source=" + film);
            AttuneClient? last = null;
            for (int visitor = 0; visitor < 3; visitor++)
            {
                // As a scene does it: nobody waits until the last session is over.
                last?.Leave(EndReason.NextVisitor);
                last = Visit(server);
            }

            last!.Dispose();
        }

        /// <summary>A visitor who is seen; the client still runs.</summary>
        private static AttuneClient Visit(PythonProcess server)
        {
            SessionRequest request = new SessionRequest
            {
                StationId = "hall",
                VideoSource = VideoSource.ServerCamera,
                CameraKind = CameraKind.External,
                CameraId = "hall",
            };
            GrpcSessionLinks links = new GrpcSessionLinks(server.PlainAddress, SocketsHandler.Create());
            AttuneClient client = new AttuneClient(links, request, new[] { ConsentScope.Analyse });
            ManualResetEventSlim told = new ManualResetEventSlim();
            SessionOver? over = null;
            void End(SessionOver how)
            {
                over = how;
                told.Set();
            }

            void See(StateUpdate update)
            {
                if (update.FrameSequence > 0)
                {
                    told.Set();
                }
            }

            client.Ended += End;
            client.Updated += See;
            client.Start();
            Assert.That(told.Wait(120_000), Is.True, $"{client.Figures.State}, last fault '{client.Figures.LastFault}'");
            Assert.That(over, Is.Null, over?.Detail);
            client.Ended -= End;
            client.Updated -= See;
            return client;
        }
    }
}
