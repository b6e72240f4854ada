#nullable enable
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using Attune.DotNet;
using Attune.Transport;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>A station that pupils come to, against the real server with its own settings.</summary>
    [Timeout(600000)]
    public sealed class LockedSessionTests
    {
        [TestCase(Audience.School, true)]
        [TestCase(Audience.Public, false)]
        public void PupilsAreNotAnalysedWhateverIsAllowed(Audience audience, bool locked)
        {
            using PythonProcess server = PythonProcess.StartAttune();
            SessionRequest request = new SessionRequest
            {
                StationId = "class", ScenarioId = "memorial", ScenarioSha256 = Clip.ScenarioSha256, Audience = audience,
            };
            GrpcSessionLinks links = new GrpcSessionLinks(server.PlainAddress, SocketsHandler.Create());
            ConcurrentQueue<Notice> notices = new ConcurrentQueue<Notice>();
            SessionReady? terms = null;
            using AttuneClient client = new AttuneClient(links, request, new[] { ConsentScope.Analyse });
            client.Ready += ready => Volatile.Write(ref terms, ready);
            client.Noticed += notices.Enqueue;
            client.Start();
            Assert.That(() => client.Figures.State, Is.EqualTo(ConnectionState.Streaming).After(60000, 20));
            Assert.That(() => Volatile.Read(ref terms), Is.Not.Null.After(10000, 20));

            Assert.That(terms!.AnalysisLocked, Is.EqualTo(locked));
            if (locked)
            {
                Assert.That(() => notices.Any(notice => notice.Code == NoticeCode.AnalysisLocked), Is.True.After(10000, 20));
                Notice said = notices.First(notice => notice.Code == NoticeCode.AnalysisLocked);
                Assert.That(said.Parameters["audience"], Is.EqualTo("school"));
            }
        }
    }
}
