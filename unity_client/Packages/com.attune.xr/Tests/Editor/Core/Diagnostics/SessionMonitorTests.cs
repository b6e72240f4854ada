#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What editor window and debug panel show.</summary>
    public sealed class SessionMonitorTests
    {
        private static Row Find(IReadOnlyList<Row> rows, string label) => rows.Single(row => row.Label == label);

        private static StateUpdate Update(float eri = 60, string beat = "") => new StateUpdate
        {
            BeatId = beat,
            Empathy = new EmpathyState { Eri = eri, Confidence = 0.5f, Status = EmpathyStatus.Ok },
        };

        [Test]
        public void WithoutAVisitorItSaysSo()
        {
            SessionMonitor monitor = new SessionMonitor();
            Assert.That(Find(MonitorViews.Connection(monitor), "state").Value, Is.EqualTo("no visitor"));
            Assert.That(Find(MonitorViews.Affect(monitor), "ERI").Value, Is.EqualTo("nothing yet"));
            Assert.That(Find(MonitorViews.Story(monitor), "beat").Value, Is.EqualTo("none"));
        }

        [Test]
        public void ItFollowsAClientAndForgetsTheVisitorBeforeTheNext()
        {
            SessionMonitor monitor = new SessionMonitor();
            SessionRequest request = new SessionRequest { StationId = "a" };
            using (AttuneClient client = new AttuneClient(null, request, new[] { ConsentScope.Analyse }))
            {
                monitor.Watch(client);
                Assert.That(monitor.HasVisitor, Is.True);
                Assert.That(monitor.Allowed, Is.EqualTo(new[] { ConsentScope.Analyse }));
                monitor.Observe(Update(70, "hall"));
                Assert.That(monitor.Eri.Count, Is.EqualTo(1));
                Assert.That(monitor.Story, Is.EqualTo(new[] { "beat hall" }));
            }

            monitor.Watch(null);
            Assert.That(monitor.Latest, Is.Null);
            Assert.That(monitor.Eri.Count, Is.Zero);
            Assert.That(monitor.Story, Is.Empty);
            Assert.That(monitor.Allowed, Is.Empty);
        }

        [Test]
        public void ABeatIsToldOnceWhenItBegins()
        {
            SessionMonitor monitor = new SessionMonitor();
            foreach (string beat in new[] { "", "hall", "hall", "street" })
            {
                monitor.Observe(Update(50, beat));
            }

            Assert.That(monitor.Story, Is.EqualTo(new[] { "beat hall", "beat street" }));
        }

        [Test]
        public void AChoiceIsToldWithItsReasonAndWhatWasNotChosen()
        {
            SessionMonitor monitor = new SessionMonitor();
            BranchDecision decision = new BranchDecision
            {
                DecisionId = "1", Reason = DecisionReason.Evidence,
                WhyNot = new[] { new KeyValuePair<string, string>("pass-by", "lower-priority") },
            };
            ChoiceResolved resolved = new ChoiceResolved("street", 1, "come-close", ResolvedBy.Server, "1", 0);
            monitor.Observe(new ChoiceSettled(resolved, decision));
            Assert.That(monitor.Story, Is.EqualTo(new[]
            {
                "street → come-close (the evidence met the condition)", "    not pass-by: lower-priority",
            }));
        }

        [Test]
        public void EveryReasonHasWords()
        {
            ChoiceResolved resolved = new ChoiceResolved("street", 1, "x", ResolvedBy.Server, "1", 0);
            HashSet<string> words = new HashSet<string>();
            foreach (DecisionReason reason in (DecisionReason[])Enum.GetValues(typeof(DecisionReason)))
            {
                Assert.That(words.Add(StoryWords.Of(new ChoiceSettled(resolved, new BranchDecision { Reason = reason }))), Is.True);
            }
        }

        [Test]
        public void RatesAreCountedOverASecond()
        {
            SessionMonitor monitor = new SessionMonitor();
            for (int i = 0; i <= 20; i++)
            {
                monitor.Observe(new ClientFigures { FramesSent = i * 3, Updates = i, LastFault = "" }, i * 100_000_000L);
            }

            Assert.That(monitor.FrameRate.Hz, Is.EqualTo(30).Within(0.01));
            Assert.That(monitor.UpdateRate.Hz, Is.EqualTo(10).Within(0.01));
        }

        [Test]
        public void TroubleIsMarked()
        {
            SessionMonitor monitor = new SessionMonitor();
            using AttuneClient client = new AttuneClient(null, new SessionRequest { StationId = "a" }, new ConsentScope[0]);
            monitor.Watch(client);
            ClientFigures figures = new ClientFigures
            {
                State = ConnectionState.Waiting, Reconnections = 2, LastFault = "the server fell silent",
            };
            monitor.Observe(figures, 1);
            IReadOnlyList<Row> rows = MonitorViews.Connection(monitor);
            Assert.That(Find(rows, "state").Warns, Is.True);
            Assert.That(Find(rows, "reconnections").Warns, Is.True);
            Assert.That(Find(rows, "last fault").Value, Is.EqualTo("the server fell silent"));
        }

        [Test]
        public void AFaceIsShownOnlyWhenAnalysisIsAllowed()
        {
            SessionMonitor monitor = new SessionMonitor();
            SessionRequest request = new SessionRequest { StationId = "a" };
            using AttuneClient client = new AttuneClient(null, request, new[] { ConsentScope.Analyse });
            monitor.Watch(client);
            StateUpdate update = Update();
            update.Face = new FaceState { Found = true, Band = VisibilityBand.LowerFace, Quality = 0.9f };
            update.Face.SetVisible(FaceRegion.Mouth, 1);
            monitor.Observe(update);
            Assert.That(Find(MonitorViews.Face(monitor), "Mouth").Value, Is.EqualTo("100 %"));
            client.ChangeConsent();
            monitor.Watch(client);
            Assert.That(Find(MonitorViews.Face(monitor), "face").Value, Is.EqualTo("the visitor does not allow analysis"));
        }

        [Test]
        public void AnAbstainingStateShowsNoFigure()
        {
            SessionMonitor monitor = new SessionMonitor();
            StateUpdate update = Update();
            update.Empathy.Status = EmpathyStatus.Abstain;
            monitor.Observe(update);
            Assert.That(Find(MonitorViews.Affect(monitor), "ERI").Value, Is.EqualTo("Abstain"));
        }

        [Test]
        public void ATraceKeepsItsLastPointsInOrder()
        {
            Trace trace = new Trace("x", 0, 1, 3);
            for (int i = 0; i < 5; i++)
            {
                trace.Add(new TracePoint(i, i / 10f, 1));
            }

            Assert.That(new[] { trace[0].TimeNs, trace[1].TimeNs, trace[2].TimeNs }, Is.EqualTo(new[] { 2L, 3L, 4L }));
            Assert.That(() => trace[3], Throws.InstanceOf<ArgumentOutOfRangeException>());
        }

        [Test]
        public void ATraceIsDrawnInsideItsAreaAndFaintWhereLittleIsKnown()
        {
            Trace trace = new Trace("ERI", 0, 100);
            trace.Add(new TracePoint(0, 50, 0));
            trace.Add(new TracePoint(1_000_000_000, 150, 0));
            trace.Add(new TracePoint(2_000_000_000, 50, 1));
            FlatDrawing drawing = new FlatDrawing();
            trace.Draw(drawing, new Tile(0, 0, 10, 1), 2_000_000_000, 2, Tint.Blue, 0.01f);
            Assert.That(drawing.VertexCount, Is.EqualTo(8));
            Assert.That(drawing.TintOf(0).A, Is.LessThan(drawing.TintOf(4).A));
            for (int i = 0; i < drawing.VertexCount; i++)
            {
                Assert.That(drawing.X(i), Is.InRange(-0.02f, 10.02f));
                Assert.That(drawing.Y(i), Is.InRange(-0.02f, 1.02f));
            }
        }
    }
}
