#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What written stories and timelines learn of the visitor, and when.</summary>
    public sealed class StoryTests
    {
        [Test]
        public void ValuesStayTheSameWithinABeat()
        {
            StoryValues values = new StoryValues();
            values.Observe(State(80));
            values.Freeze("hall");
            values.Observe(State(20));
            Assert.That(values.Number("eri"), Is.EqualTo(80));
            Assert.That(values.BeatId, Is.EqualTo("hall"));
            values.Freeze("garden");
            Assert.That(values.Number("eri"), Is.EqualTo(20));
        }

        [TestCase(EmpathyStatus.Abstain)]
        [TestCase(EmpathyStatus.Paused)]
        [TestCase(EmpathyStatus.Unspecified)]
        public void WithoutEvidenceTheVisitorIsNobody(EmpathyStatus status)
        {
            StoryValues values = new StoryValues();
            values.Observe(State(80, status));
            values.Freeze("hall");
            Assert.That(values.Number("eri"), Is.EqualTo(50));
            Assert.That(values.Number("confidence"), Is.Zero);
            Assert.That(values.Number("known"), Is.Zero);
        }

        [Test]
        public void ASettledChoiceCountsAtOnce()
        {
            StoryValues values = new StoryValues();
            values.Freeze("hall");
            Assert.That(values.Branch("door"), Is.Empty);
            values.Observe(Settled("door", "left"));
            Assert.That(values.Branch("door"), Is.EqualTo("left"));
        }

        [Test]
        public void NothingOfAVisitorIsLeftForTheNext()
        {
            StoryValues values = new StoryValues();
            values.Observe(State(80));
            values.Observe(Settled("door", "left"));
            values.Freeze("hall");
            values.Forget();
            Assert.That(values.Number("eri"), Is.EqualTo(50));
            Assert.That(values.Branch("door"), Is.Empty);
            Assert.That(values.BeatId, Is.Empty);
        }

        [Test]
        public void EveryNamedValueCanBeAskedForAndAnotherCannot()
        {
            StoryValues values = new StoryValues();
            foreach (string name in StoryValues.Names)
            {
                Assert.That(values.Number(name), Is.InRange(0f, 50f));
            }

            ArgumentException error = Assert.Throws<ArgumentException>(() => values.Number("empathy"))!;
            Assert.That(error.Message, Does.Contain("eri"));
        }

        [TestCase("$attune_eri", 80f)]
        [TestCase("$attune_known", true)]
        [TestCase("$attune_distress", false)]
        [TestCase("$attune_branch_after_the_street", "come-close")]
        [TestCase("$attune_branch_door", "")]
        public void AVariableStandsForWhatItNames(string name, object expected)
        {
            StoryValues values = new StoryValues();
            values.Observe(State(80));
            values.Observe(Settled("after-the-street", "come-close"));
            values.Freeze("hall");
            Assert.That(StoryVariables.TryRead(values, name, "$attune_", "$attune_branch_", out object? value), Is.True);
            Assert.That(value, Is.EqualTo(expected));
        }

        [TestCase("$gold")]
        [TestCase("$attune_gold")]
        public void OtherVariablesAreTheStorysOwn(string name)
        {
            Assert.That(StoryVariables.TryRead(new StoryValues(), name, "$attune_", "$attune_branch_", out _), Is.False);
        }

        [TestCase("come-close", 1)]
        [TestCase("stay-outside", 2)]
        [TestCase("", 2)]
        [TestCase("close", 2)]
        [TestCase("impossible", 2)]
        public void TheSettledBranchComesNextElseWhatFitsBest(string branch, int expected)
        {
            StoryCandidate[] candidates =
            {
                new StoryCandidate("street.any", possible: true, weight: 1),
                new StoryCandidate("street.come-close", possible: true, weight: 0),
                new StoryCandidate("street.stay-outside", possible: true, weight: 3),
                new StoryCandidate("street.impossible", possible: false, weight: 9),
            };
            Assert.That(BranchPicker.Pick(candidates, branch), Is.EqualTo(expected));
        }

        [Test]
        public void WithoutAPossibleCandidateNothingComesNext()
        {
            Assert.That(BranchPicker.Pick(Array.Empty<StoryCandidate>(), "left"), Is.EqualTo(-1));
            StoryCandidate[] failing = { new StoryCandidate("a.left", possible: false, weight: 1) };
            Assert.That(BranchPicker.Pick(failing, "left"), Is.EqualTo(-1));
        }

        [Test]
        public void TheSceneChangesAtItsMarkersOnly()
        {
            PendingSwitch pending = new PendingSwitch();
            pending.Reach("door", 1);
            Assert.That(pending.Take("door"), Is.Null, "nothing is settled");
            pending.Observe(Settled("door", "left"));
            Assert.That(pending.Take("window"), Is.Null, "another choice's marker");
            Assert.That(pending.Take("door"), Is.EqualTo("left"));
            Assert.That(pending.Take("door"), Is.Null, "it was played");
        }

        [Test]
        public void AChoiceThatIsReachedAgainForgetsItsOldBranch()
        {
            PendingSwitch pending = new PendingSwitch();
            pending.Reach("door", 1);
            pending.Settle("door", "left");
            pending.Reach("door", 2);
            Assert.That(pending.Take("door"), Is.Null);
            pending.Observe(Settled("door", "left"));
            Assert.That(pending.Take("door"), Is.Null, "what is settled late is the old one's");
            pending.Settle("window", "open");
            Assert.That(pending.Take("door"), Is.Null);
        }

        [Test]
        public void AChoiceIsOpenUntilItIsSettled()
        {
            PendingSwitch pending = new PendingSwitch();
            Assert.That(pending.IsOpen, Is.False);
            pending.Reach("door", 1);
            Assert.That(pending.IsOpen, Is.True);
            pending.Observe(Settled("window", "open"));
            Assert.That(pending.IsOpen, Is.True);
            pending.Observe(Settled("door", "left"));
            Assert.That(pending.IsOpen, Is.False);
            Assert.That(pending.Take("door"), Is.EqualTo("left"));
        }

        private static StateUpdate State(float eri, EmpathyStatus status = EmpathyStatus.Ok) => new StateUpdate
        {
            Empathy = new EmpathyState { Eri = eri, Confidence = 0.9f, Status = status },
        };

        private static ChoiceSettled Settled(string choice, string branch) =>
            new ChoiceSettled(new ChoiceResolved(choice, 1, branch, ResolvedBy.Server, "", 0), null);
    }
}
