#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>The choices as an operator sees them.</summary>
    public sealed class StoryBoardTests
    {
        private static readonly SceneChoice[] Scene =
        {
            new SceneChoice("door", "left", new[] { "left", "right" }), new SceneChoice("gate", "open", new[] { "open" }),
        };

        private static SessionMonitor Monitor(params ChoiceOutlook[] outlook)
        {
            SessionMonitor monitor = new SessionMonitor();
            monitor.Observe(new StateUpdate { BeatId = "hall", Outlook = outlook });
            return monitor;
        }

        private static ChoiceOutlook Door(uint occurrence, float coolDownS, params BranchOutlook[] branches) =>
            new ChoiceOutlook("door", occurrence, coolDownS, branches);

        [Test]
        public void ABranchThatDwellsShowsHowFarItIs()
        {
            BranchOutlook branch = new BranchOutlook("right", BranchStanding.DwellNotMet, 0.5f, 2);
            BranchCard card = StoryBoard.Cards(Monitor(Door(1, 0, branch)), Array.Empty<SceneChoice>()).Single().Branches.Single();
            Assert.That(card.Progress, Is.EqualTo(0.25f));
            Assert.That(card.Reason, Is.EqualTo("holds for 0.5 s of 2.0 s"));
            Assert.That(card.Ordered, Is.False);
        }

        [Test]
        public void ProgressEndsAtOneAndABranchWithoutAConditionHasNone()
        {
            ChoiceCard card = StoryBoard.Cards(
                Monitor(Door(1, 0, new BranchOutlook("right", BranchStanding.Met, 7, 2), new BranchOutlook("left", BranchStanding.IsDefault))),
                Array.Empty<SceneChoice>()).Single();
            Assert.That(card.Branches.Select(branch => branch.Progress), Is.EqualTo(new float?[] { 1, null }));
        }

        [TestCase(0u, 0f, "ahead")]
        [TestCase(1u, 0f, "due")]
        [TestCase(3u, 0f, "due, time 3")]
        [TestCase(0u, 4.5f, "ahead; cools down for 4.5 s")]
        public void AChoiceSaysWhetherItIsDueAndWhatKeepsItFromAdapting(uint occurrence, float coolDownS, string moment)
        {
            string shown = StoryBoard.Cards(Monitor(Door(occurrence, coolDownS)), Array.Empty<SceneChoice>()).Single().Moment;
            Assert.That(shown, Is.EqualTo(moment));
        }

        [Test]
        public void EveryStandingHasWordsOfItsOwn()
        {
            HashSet<string> words = new HashSet<string>();
            foreach (BranchStanding standing in (BranchStanding[])Enum.GetValues(typeof(BranchStanding)))
            {
                SessionMonitor monitor = Monitor(Door(1, 0, new BranchOutlook("right", standing)));
                BranchCard card = StoryBoard.Cards(monitor, Array.Empty<SceneChoice>()).Single().Branches.Single();
                Assert.That(card.Reason, Is.Not.Empty);
                Assert.That(words.Add(card.Reason), Is.True, card.Reason);
                Assert.That(card.Ordered, Is.EqualTo(standing == BranchStanding.Ordered));
            }
        }

        [Test]
        public void AChoiceThatOnlyTheSceneKnowsCanBeDecidedToo()
        {
            using AttuneClient client = new AttuneClient(null, new SessionRequest { StationId = "a" }, new ConsentScope[0]);
            SessionMonitor monitor = new SessionMonitor();
            monitor.Watch(client);
            monitor.Observe(new StateUpdate { Outlook = new[] { Door(0, 0, new BranchOutlook("right", BranchStanding.Met, 1, 1)) } });
            IReadOnlyList<ChoiceCard> cards = StoryBoard.Cards(monitor, Scene);
            Assert.That(cards.Select(card => card.ChoiceId), Is.EqualTo(new[] { "door", "gate" }));
            Assert.That(cards[0].Branches.Select(branch => (branch.BranchId, branch.Reason)), Is.EqualTo(new[]
            {
                ("right", "met for 1.0 s"), ("left", "the scene's default"),
            }), "the server knows better than the scene, and the scene may have more branches");
            Assert.That(cards[1].Branches.Single().Reason, Is.EqualTo("the scene's default"));
        }

        [Test]
        public void WithoutAVisitorThereIsNothingToDecide()
        {
            Assert.That(StoryBoard.Cards(new SessionMonitor(), Scene), Is.Empty);
        }

        [Test]
        public void PanelsShowTheOutlookBetweenBeatAndPast()
        {
            SessionMonitor monitor = Monitor(Door(1, 0, new BranchOutlook("right", BranchStanding.Ordered)));
            Assert.That(MonitorViews.Story(monitor).Select(row => row.ToString()), Is.EqualTo(new[]
            {
                "beat: hall", "door: due", "    right: ordered by an operator", ": beat hall",
            }));
        }
    }
}
