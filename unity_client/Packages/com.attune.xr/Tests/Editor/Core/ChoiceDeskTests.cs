#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class ChoiceDeskTests
    {
        [Test]
        public void TheFirstResolutionWins()
        {
            ChoiceDesk desk = new ChoiceDesk();
            desk.Begin("door", "left", 100, 0);
            ChoiceResolved? first = desk.Decide(Decision("door", 1, "right"), 50);
            Assert.That(first!.BranchId, Is.EqualTo("right"));
            Assert.That(first.By, Is.EqualTo(ResolvedBy.Server));
            Assert.That(desk.Decide(Decision("door", 1, "left"), 51), Is.Null);
            Assert.That(desk.Choose("door", "left", 52), Is.Null);
            Assert.That(desk.Expire(200), Is.Null);
        }

        [Test]
        public void ADecisionAtTheDeadlineIsTooLate()
        {
            ChoiceDesk desk = new ChoiceDesk();
            desk.Begin("door", "left", 100, 0);
            Assert.That(desk.Decide(Decision("door", 1, "right"), 100), Is.Null);
            Assert.That(desk.Expire(100)!.BranchId, Is.EqualTo("left"));
        }

        [Test]
        public void ADecisionForAnEarlierOccurrenceIsNoneForThisOne()
        {
            ChoiceDesk desk = new ChoiceDesk();
            desk.Begin("door", "left", 100, 0);
            desk.Expire(100);
            Assert.That(desk.Begin("door", "left", 300, 200).Occurrence, Is.EqualTo(2));
            Assert.That(desk.Decide(Decision("door", 1, "right"), 210), Is.Null);
            Assert.That(desk.Decide(Decision("door", 2, "right"), 220), Is.Not.Null);
        }

        [Test]
        public void AnOperatorsDecisionIsReportedAsSuch()
        {
            ChoiceDesk desk = new ChoiceDesk();
            desk.Begin("door", "left", 100, 0);
            BranchDecision decision = Decision("door", 1, "right");
            decision.Reason = DecisionReason.Operator;
            Assert.That(desk.Decide(decision, 50)!.By, Is.EqualTo(ResolvedBy.Operator));
        }

        [Test]
        public void ChoicesExpireInTheOrderOfTheirDeadlines()
        {
            ChoiceDesk desk = new ChoiceDesk();
            desk.Begin("b", "x", 300, 0);
            desk.Begin("a", "y", 200, 0);
            Assert.That(desk.NextDeadlineNs, Is.EqualTo(200));
            Assert.That(desk.Expire(400)!.ChoiceId, Is.EqualTo("a"));
            Assert.That(desk.Expire(400)!.ChoiceId, Is.EqualTo("b"));
            Assert.That(desk.NextDeadlineNs, Is.Null);
        }

        [Test]
        public void AChoiceWithoutDefaultIsRefused()
        {
            Assert.Throws<ArgumentException>(() => new ChoiceDesk().Begin("door", "", 100, 0));
        }

        /// <summary>Whatever comes in whatever order, every occurrence is settled exactly once.</summary>
        [Test]
        public void EveryOccurrenceIsSettledExactlyOnce([Range(1, 40)] int seed)
        {
            Random chance = new Random(seed);
            ChoiceDesk desk = new ChoiceDesk();
            System.Collections.Generic.List<string> settled = new System.Collections.Generic.List<string>();
            int begun = 0;
            for (long now = 0; now < 400; now++)
            {
                string choice = chance.Next(2) == 0 ? "a" : "b";
                ChoiceResolved? resolved = null;
                switch (chance.Next(4))
                {
                    case 0:
                        resolved = desk.Abandon(choice, now);
                        desk.Begin(choice, "default", now + chance.Next(20), now);
                        begun++;
                        break;
                    case 1:
                        resolved = desk.Decide(Decision(choice, (uint)chance.Next(1, 60), "decided"), now);
                        break;
                    case 2:
                        resolved = desk.Choose(choice, "chosen", now);
                        break;
                    default:
                        resolved = desk.Expire(now);
                        break;
                }

                if (resolved != null)
                {
                    settled.Add($"{resolved.ChoiceId}/{resolved.Occurrence}");
                }
            }

            for (ChoiceResolved? last = desk.Expire(1000); last != null; last = desk.Expire(1000))
            {
                settled.Add($"{last.ChoiceId}/{last.Occurrence}");
            }

            Assert.That(settled.Distinct().Count(), Is.EqualTo(begun));
            Assert.That(settled.Count, Is.EqualTo(begun));
        }

        private static BranchDecision Decision(string choice, uint occurrence, string branch) => new BranchDecision
        {
            DecisionId = "d",
            ChoiceId = choice,
            Occurrence = occurrence,
            BranchId = branch,
        };
    }
}
