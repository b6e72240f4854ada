#nullable enable
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What the window says about keeping and playing sessions.</summary>
    public sealed class RecordingViewsTests
    {
        private const string Header = "time_s,kind,status,eri,choice,occurrence,branch,reason\n";

        private static string Kept(SessionMonitor monitor, string label) =>
            RecordingViews.Kept(monitor).Single(row => row.Label == label).Value;

        private static SessionMonitor Watching(AttuneClient client, bool played = false)
        {
            SessionMonitor monitor = new SessionMonitor();
            monitor.Watch(client);
            monitor.Observe(new SessionReady { SessionId = "5e5e", Played = played });
            return monitor;
        }

        private static AttuneClient Client(params ConsentScope[] consent) =>
            new AttuneClient(null, new SessionRequest { StationId = "a" }, consent);

        private static Notice Notice(NoticeCode code, string name, string value) =>
            new Notice { Code = code, Parameters = new Dictionary<string, string> { [name] = value } };

        [Test]
        public void WithoutAServerNothingIsKept()
        {
            Assert.That(Kept(new SessionMonitor(), "recording"), Does.Contain("no server"));
            using AttuneClient client = Client(ConsentScope.Analyse);
            Assert.That(Kept(Watching(client, played: true), "recording"), Does.Contain("played on this device"));
        }

        [Test]
        public void WhatIsKeptFollowsTheScopes()
        {
            using AttuneClient client = Client(ConsentScope.Analyse, ConsentScope.StoreFeatures);
            SessionMonitor monitor = Watching(client);
            Assert.That(Kept(monitor, "features"), Does.StartWith("kept"));
            Assert.That(Kept(monitor, "video"), Is.EqualTo("not kept"));
            client.ChangeConsent(RecordingViews.Without(monitor, ConsentScope.StoreFeatures));
            monitor.Watch(client);
            Assert.That(monitor.Allowed, Is.EqualTo(new[] { ConsentScope.Analyse }));
            Assert.That(Kept(monitor, "features"), Is.EqualTo("not kept"));
        }

        [Test]
        public void ARecordingThatStoppedSaysWhy()
        {
            using AttuneClient client = Client(ConsentScope.Analyse, ConsentScope.StoreVideo);
            SessionMonitor monitor = Watching(client);
            monitor.Observe(Notice(NoticeCode.RecordingStopped, "cause", "No space left on device"));
            Row row = RecordingViews.Kept(monitor).Single(one => one.Label == "recording");
            Assert.That(row.Value, Is.EqualTo("stopped: No space left on device"));
            Assert.That(row.Warns, Is.True);
            monitor.Watch(null);
            Assert.That(monitor.RecordingStopped, Is.Null, "the next visitor's recording has not stopped");
        }

        [Test]
        public void WhatWasWithdrawnCanBeDeleted()
        {
            using AttuneClient client = Client(ConsentScope.Analyse);
            SessionMonitor monitor = Watching(client);
            monitor.Observe(Notice(NoticeCode.DeletionOffered, "scope", "store_video"));
            Assert.That(Kept(monitor, "deletion"), Does.Contain("store_video").And.Contain("5e5e"));
        }

        [Test]
        public void TheSummaryHasTheLastWord()
        {
            using AttuneClient client = Client(ConsentScope.Analyse, ConsentScope.StoreFeatures);
            SessionMonitor monitor = Watching(client);
            monitor.Observe(new SessionSummary { Stored = true });
            Assert.That(Kept(monitor, "stored"), Is.EqualTo("yes, as 5e5e"));
            monitor.Observe(new SessionSummary { Stored = false });
            Assert.That(Kept(monitor, "stored"), Is.EqualTo("nothing"));
        }

        [Test]
        public void ALockedSessionSaysSoInsteadOfShowingAFace()
        {
            using AttuneClient client = Client(ConsentScope.Analyse);
            SessionMonitor monitor = Watching(client);
            monitor.Observe(new SessionReady { AnalysisLocked = true });
            Assert.That(MonitorViews.Face(monitor).Single().Warns, Is.True);
            Assert.That(MonitorViews.Session(monitor).Any(row => row.Label == "analysis" && row.Warns), Is.True);
        }

        [Test]
        public void APlayedFaceIsShownWithoutConsent()
        {
            using AttuneClient client = Client();
            SessionMonitor monitor = Watching(client, played: true);
            monitor.Observe(new StateUpdate { Face = new FaceState { Found = true } });
            Assert.That(MonitorViews.Face(monitor).Count, Is.GreaterThan(5));
        }

        [Test]
        public void NothingIsStoredOfAFaceThatMayNotBeAnalysed()
        {
            OwnConsent own = new OwnConsent { StoreFeatures = true, StoreVideo = true };
            Assert.That(own.Scopes, Is.Empty);
            own.Analyse = true;
            own.StoreFeatures = false;
            Assert.That(own.Scopes, Is.EqualTo(new[] { ConsentScope.Analyse, ConsentScope.StoreVideo }));
        }

        [Test]
        public void APickedTableSaysWhatItHolds()
        {
            string table = Header + "0.5,state,ok,60,,,,\n2.5,state,ok,61,,,,\n2.5,decision,,,door,1,left,evidence\n";
            PickedReplay picked = PickedReplay.Of("a.csv", () => table);
            Assert.That(picked.Problem, Is.Empty);
            Assert.That(picked.Contents, Is.EqualTo("2 states over 2.5 s, 1 decisions"));
        }

        [Test]
        public void ATableThatCannotBePlayedSaysWhy()
        {
            Assert.That(PickedReplay.Of("a.csv", () => "name,age\n").Problem, Does.Contain("attune sessions table"));
            Assert.That(PickedReplay.Of("a.csv", () => Header).Problem, Does.Contain("no line"));
            Assert.That(PickedReplay.Of("a.csv", () => throw new IOException("it is gone")).Problem, Is.EqualTo("it is gone"));
            Assert.That(PickedReplay.Of("a.csv", () => Header).Script, Is.Null);
        }
    }
}
