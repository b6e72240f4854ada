#nullable enable
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What an operator orders, with a server, without one, and with one that does not answer.</summary>
    public sealed class OperatorOrderTests
    {
        private const long Patience = 2 * MachineBench.Second;

        [Test]
        public void AnOrderAheadIsSentForTheNextTimeAndTheServersDecisionIsFollowed()
        {
            MachineBench bench = new MachineBench().Streaming();
            Assert.That(bench.Machine.Order("door", "right", bench.NowNs), Is.EqualTo(1));
            bench.Run();
            OperatorChoice sent = bench.MessagesOf<OperatorChoice>().Single();
            Assert.That((sent.ChoiceId, sent.Occurrence, sent.BranchId), Is.EqualTo(("door", 1u, "right")));

            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            bench.Run();
            Assert.That(bench.EventsOf<ChoiceSettled>(), Is.Empty, "the server decides, and its recording says so");
            bench.Decide("door", 1, "right", DecisionReason.Operator);
            ChoiceSettled settled = bench.EventsOf<ChoiceSettled>().Single();
            Assert.That((settled.BranchId, settled.By), Is.EqualTo(("right", ResolvedBy.Operator)));
            Assert.That(settled.Decision, Is.Not.Null);
        }

        [Test]
        public void AnOrderForAChoiceThatWaitsIsForThatOccurrence()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            bench.Decide("door", 1, "left");
            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            Assert.That(bench.Machine.Order("door", "right", bench.NowNs), Is.EqualTo(2));
            bench.Run();
            Assert.That(bench.MessagesOf<OperatorChoice>().Single().Occurrence, Is.EqualTo(2));
        }

        [Test]
        public void AServerThatDoesNotAnswerDoesNotUndoAnOrder()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.Order("door", "right", bench.NowNs);
            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            bench.RunAfter(Patience);
            ChoiceSettled settled = bench.EventsOf<ChoiceSettled>().Single();
            Assert.That((settled.BranchId, settled.By), Is.EqualTo(("right", ResolvedBy.Operator)));
            Assert.That(bench.MessagesOf<ChoiceResolved>().Single().By, Is.EqualTo(ResolvedBy.Operator));
        }

        [Test]
        public void WithoutAServerAnOrderIsPlayedAsSoonAsTheChoiceWaits()
        {
            MachineBench bench = new MachineBench(offline: true, new ConsentScope[0]);
            bench.Machine.Order("door", "right", bench.NowNs);
            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            Assert.That(bench.EventsOf<ChoiceSettled>().Single().BranchId, Is.EqualTo("right"));

            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            bench.Machine.Order("door", "right", bench.NowNs);
            Assert.That(bench.EventsOf<ChoiceSettled>().Last().Occurrence, Is.EqualTo(2));
        }

        [Test]
        public void AnOrderIsPlayedOnce()
        {
            MachineBench bench = new MachineBench(offline: true, new ConsentScope[0]);
            bench.Machine.Order("door", "right", bench.NowNs);
            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            bench.RunAfter(Patience);
            Assert.That(bench.EventsOf<ChoiceSettled>().Select(one => one.BranchId), Is.EqualTo(new[] { "right", "left" }));
        }

        [Test]
        public void AnOrderThatServerLostIsSaidAgainToTheNextOne()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.Order("door", "right", bench.NowNs);
            bench.Run();
            bench.Break();
            bench.NowNs += 60 * MachineBench.Second;
            bench.Messages.Clear();
            bench.Run();
            bench.Welcome();
            bench.Run();
            bench.AnswerPings();
            bench.Run();
            Assert.That(bench.MessagesOf<Start>().Single().ResumeToken, Is.Null, "too late to go on");
            Assert.That(bench.MessagesOf<OperatorChoice>().Single().BranchId, Is.EqualTo("right"));
        }

        [Test]
        public void AnOrderThatTheServerRefusedIsNotPlayedWhenTheServerIsGone()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.Order("door", "no-such-branch", bench.NowNs);
            bench.Run();
            bench.Machine.Received(Refusal("operator.unknown_branch", "no-such-branch"), bench.NowNs);
            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            bench.Break();
            bench.RunAfter(Patience);
            ChoiceSettled settled = bench.EventsOf<ChoiceSettled>().Single();
            Assert.That((settled.BranchId, settled.By), Is.EqualTo(("left", ResolvedBy.LocalDefault)));
            Assert.That(bench.EventsOf<Notice>().Single().Parameters["code"], Is.EqualTo("operator.unknown_branch"));
        }

        [Test]
        public void ARefusalOfAnOrderThatWasReplacedLeavesTheLaterOne()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.Order("door", "no-such-branch", bench.NowNs);
            bench.Machine.Order("door", "right", bench.NowNs);
            bench.Run();
            bench.Machine.Received(Refusal("operator.unknown_branch", "no-such-branch"), bench.NowNs);
            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            bench.RunAfter(Patience);
            Assert.That(bench.EventsOf<ChoiceSettled>().Single().BranchId, Is.EqualTo("right"));
        }

        [Test]
        public void AServerThatFollowsNoStoryLeavesOrdersToThisDevice()
        {
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.Order("door", "right", bench.NowNs);
            bench.Run();
            bench.Machine.Received(Refusal("operator.no_story", "right"), bench.NowNs);
            bench.Machine.ReachChoice("door", "left", bench.NowNs + Patience, bench.NowNs);
            bench.RunAfter(Patience);
            Assert.That(bench.EventsOf<ChoiceSettled>().Single().BranchId, Is.EqualTo("right"));
        }

        [Test]
        public void ALaterOrderReplacesTheOneBefore()
        {
            ChoiceDesk desk = new ChoiceDesk();
            desk.Order("door", "right");
            desk.Order("door", "middle");
            desk.Begin("door", "left", 100, 0);
            Assert.That(desk.Expire(100)!.BranchId, Is.EqualTo("middle"));
            Assert.That(desk.Orders, Is.Empty);
        }

        private static Notice Refusal(string code, string branchId) => new Notice
        {
            Code = NoticeCode.InputRefused,
            Parameters = new Dictionary<string, string>
            {
                ["code"] = code, ["choice_id"] = "door", ["occurrence"] = "1", ["branch_id"] = branchId,
            },
        };
    }
}
