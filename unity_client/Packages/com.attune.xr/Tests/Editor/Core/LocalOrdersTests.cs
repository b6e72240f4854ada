#nullable enable
using System.Collections.Generic;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>A visitor on this device takes an operator's choices as a server does.</summary>
    public sealed class LocalOrdersTests
    {
        private const string Table = "time_s,kind,status,eri,choice,occurrence,branch,reason\n0.350,decision,,,door,1,left,evidence\n";

        [TestCase(false)]
        [TestCase(true)]
        public void AnOrderAheadIsFollowedWhenTheChoiceFallsDue(bool replayed)
        {
            ILocalVisitor visitor = Visitor(replayed);
            Assert.That(visitor.Hear(new OperatorChoice("door", 1, "right"), 0), Is.Null);
            BranchDecision decision = (BranchDecision)visitor.Hear(new ChoiceDue("door", 1, 9, 0), 0)!;
            Assert.That(decision.BranchId, Is.EqualTo("right"));
            Assert.That(decision.Reason, Is.EqualTo(DecisionReason.Operator));
            Assert.That(((SessionSummary)visitor.Hear(new SessionEnd(EndReason.Finished), 0)!).Decisions, Is.EqualTo(1));
        }

        [TestCase(false)]
        [TestCase(true)]
        public void AnOrderForAChoiceThatIsDueIsFollowedAtOnce(bool replayed)
        {
            ILocalVisitor visitor = Visitor(replayed);
            visitor.Hear(new ChoiceDue("window", 2, 9, 0), 0);
            BranchDecision decision = (BranchDecision)visitor.Hear(new OperatorChoice("window", 2, "right"), 0)!;
            Assert.That((decision.Occurrence, decision.BranchId), Is.EqualTo((2u, "right")));
        }

        [TestCase(false)]
        [TestCase(true)]
        public void AnOrderForAnotherOccurrenceIsNoneForThisOne(bool replayed)
        {
            ILocalVisitor visitor = Visitor(replayed);
            visitor.Hear(new OperatorChoice("window", 2, "right"), 0);
            Assert.That(visitor.Hear(new ChoiceDue("window", 1, 9, 0), 0), Is.Null);
        }

        private static ILocalVisitor Visitor(bool replayed) => replayed
            ? (ILocalVisitor)new ReplayVisitor(ReplayScript.Parse(Table))
            : new SimulatedVisitor(
                new VisitorTraits(), new SeededChance(1), new Dictionary<string, Intention>(), (due, state) => null);
    }
}
