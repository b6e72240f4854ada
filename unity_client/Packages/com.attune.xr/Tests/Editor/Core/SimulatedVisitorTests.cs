#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class SimulatedVisitorTests
    {
        private static readonly SessionRequest Request = new SessionRequest { StationId = "station 1" };

        private static readonly Dictionary<string, Intention> Stimuli = new Dictionary<string, Intention>
        {
            ["laughter"] = new Intention(0.6, 0.35),
            ["ward"] = new Intention(-0.65, 0.1, durationS: 5),
        };

        [Test]
        public void AResonantVisitorRaisesTheIndexAndACounterOneLowersIt([Range(1, 5)] int seed)
        {
            Assert.That(IndexAfterAStory(empathy: 1, seed: seed), Is.GreaterThan(60));
            Assert.That(IndexAfterAStory(empathy: -1, seed: seed), Is.LessThan(40));
            Assert.That(IndexAfterAStory(empathy: 0, seed: seed), Is.InRange(40, 60));
        }

        [Test]
        public void WithoutConsentNothingIsKnown()
        {
            SimulatedVisitor visitor = Visitor(1, 1);
            visitor.Hear(new Start(Request, 1, Array.Empty<ConsentScope>(), 1), 0);
            visitor.Hear(new StimulusOnset("laughter", 0), 0);
            StateUpdate update = visitor.Advance();
            for (int i = 0; i < 40; i++)
            {
                update = visitor.Advance();
            }

            Assert.That(update.Face, Is.Null);
            Assert.That(update.Empathy.Eri, Is.EqualTo(50));
            Assert.That(update.Empathy.Status, Is.EqualTo(EmpathyStatus.Abstain));
            Assert.That(visitor.Hear(new ChoiceDue("door", 1, 9, 1), 0), Is.Null);
        }

        [Test]
        public void ItTellsHowItsProposalsStand()
        {
            Proposals proposals = new Proposals(
                new Proposal("door", "left", 0, 40), new Proposal("door", "right", 60, 100), new Proposal("gate", "open", 0, 100));
            EmpathyState state = new EmpathyState { Status = EmpathyStatus.Ok, Eri = 70 };
            LocalOrders orders = new LocalOrders();
            Assert.That(Standings(proposals, state, orders), Is.EqualTo(new[]
            {
                ("door", "left", BranchStanding.BelowEnter), ("door", "right", BranchStanding.Met), ("gate", "open", BranchStanding.Met),
            }));
            Assert.That(proposals.Decide(new ChoiceDue("door", 1, 9, 1), state), Is.EqualTo("right"));

            orders.Hear(new OperatorChoice("door", 1, "left"));
            Assert.That(Standings(proposals, state, orders)[0].Item3, Is.EqualTo(BranchStanding.Ordered));
            orders.Hear(new ChoiceDue("door", 1, 9, 1));
            Assert.That(Standings(proposals, state, orders)[0].Item3, Is.EqualTo(BranchStanding.BelowEnter));

            EmpathyState unseen = new EmpathyState { Status = EmpathyStatus.Abstain, Eri = 50 };
            Assert.That(Standings(proposals, unseen, orders)[2].Item3, Is.EqualTo(BranchStanding.LowConfidence));
            Assert.That(proposals.Decide(new ChoiceDue("gate", 1, 9, 1), unseen), Is.Null);
        }

        [Test]
        public void EveryStateTellsTheOutlook()
        {
            SimulatedVisitor visitor = new SimulatedVisitor(
                new VisitorTraits(), new SeededChance(1), new Dictionary<string, Intention>(),
                new Proposals(new Proposal("door", "right", 60, 100)));
            Assert.That(visitor.Advance().Outlook.Single().Branches.Single().Standing, Is.EqualTo(BranchStanding.LowConfidence));
        }

        [Test]
        [Timeout(120000)]
        public void AWholeSessionRunsWithoutAServer()
        {
            using AttuneClient client = new AttuneClient(new SimulatedLinks(Visitor(1, 1)), Request, new[] { ConsentScope.Analyse });
            int updates = 0;
            ChoiceSettled? settled = null;
            SessionOver? over = null;
            client.Updated += _ => Interlocked.Increment(ref updates);
            client.Settled += choice => settled = choice;
            client.Ended += how => over = how;
            client.Start();
            SpinWait.SpinUntil(() => updates > 2, 10_000);
            client.ReachChoice("door", "left", TimeSpan.FromSeconds(5));
            SpinWait.SpinUntil(() => settled != null, 10_000);
            Assert.That(settled!.BranchId, Is.EqualTo("right"));
            Assert.That(settled.By, Is.EqualTo(ResolvedBy.Server));
            client.End(EndReason.Finished);
            SpinWait.SpinUntil(() => over != null, 10_000);
            Assert.That(over!.Fault, Is.Null);
        }

        [Test]
        [Timeout(120000)]
        public void TheSimulatedServerCanDieAndComeBack()
        {
            SimulatedLinks links = new SimulatedLinks(Visitor(1, 1)) { Delay = TimeSpan.FromMilliseconds(50) };
            using AttuneClient client = new AttuneClient(links, Request, new[] { ConsentScope.Analyse });
            int readies = 0;
            ChoiceSettled? settled = null;
            client.Ready += _ => Interlocked.Increment(ref readies);
            client.Settled += choice => settled = choice;
            client.Start();
            SpinWait.SpinUntil(() => readies == 1, 10_000);
            links.Dead = true;
            client.ReachChoice("door", "left", TimeSpan.FromMilliseconds(100));
            SpinWait.SpinUntil(() => settled != null, 10_000);
            Assert.That(settled!.By, Is.EqualTo(ResolvedBy.LocalDefault));
            links.Dead = false;
            SpinWait.SpinUntil(() => readies == 2, 15_000);
            Assert.That(readies, Is.EqualTo(2));
        }

        private static (string, string, BranchStanding)[] Standings(Proposals proposals, EmpathyState state, LocalOrders orders) =>
            proposals.Outlook(state, orders)
                .SelectMany(choice => choice.Branches.Select(branch => (choice.ChoiceId, branch.BranchId, branch.Standing)))
                .ToArray();

        private static SimulatedVisitor Visitor(double empathy, int seed) => new SimulatedVisitor(
            new VisitorTraits { Empathy = empathy }, new SeededChance(seed), Stimuli, (due, state) => "right");

        private static float IndexAfterAStory(double empathy, int seed)
        {
            SimulatedVisitor visitor = Visitor(empathy, seed);
            visitor.Hear(new Start(Request, 1, new[] { ConsentScope.Analyse }, 1), 0);
            float eri = 50;
            for (int i = 0; i < 200; i++)
            {
                if (i % 50 == 0)
                {
                    visitor.Hear(new StimulusOnset(i % 100 == 0 ? "laughter" : "ward", 0), 0);
                }

                eri = visitor.Advance().Empathy.Eri;
            }

            return eri;
        }
    }
}
