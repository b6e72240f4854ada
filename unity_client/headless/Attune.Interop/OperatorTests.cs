#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>An operator beside the scene, through the real server.</summary>
    [Timeout(600000)]
    public sealed class OperatorTests
    {
        private const string Choice = "after-the-street";

        private PythonProcess _server = null!;

        [OneTimeSetUp]
        public void StartServer() => _server = PythonProcess.StartAttune();

        [OneTimeTearDown]
        public void StopServer() => _server?.Dispose();

        [Test]
        public void AnOrderAheadIsSeenInTheOutlookAndComesBackAsADecision()
        {
            using Witness visitor = InTheStreet();
            ChoiceOutlook ahead = visitor.Await<StateUpdate>(update => update.Outlook.Count > 0).Outlook.Single();
            Assert.That((ahead.ChoiceId, ahead.Occurrence), Is.EqualTo((Choice, 0u)));
            Assert.That(
                ahead.Branches.Select(branch => (branch.BranchId, branch.Standing)),
                Is.EqualTo(new[] { ("come-close", BranchStanding.LowConfidence), ("pass-by", BranchStanding.IsDefault) }));
            Assert.That(ahead.Branches[0].DwellS, Is.EqualTo(0.5f));

            uint occurrence = visitor.Client.Order(Choice, "come-close");
            visitor.Await<StateUpdate>(
                update => update.Outlook.Any(one => one.Branches[0].Standing == BranchStanding.Ordered));
            visitor.Client.ReachChoice(Choice, "pass-by", TimeSpan.FromSeconds(10));
            ChoiceSettled settled = visitor.Await<ChoiceSettled>();

            Assert.That((settled.Occurrence, settled.BranchId), Is.EqualTo((occurrence, "come-close")));
            Assert.That(settled.By, Is.EqualTo(ResolvedBy.Operator));
            Assert.That(settled.Decision!.Reason, Is.EqualTo(DecisionReason.Operator), "the server said so, not this device");
            Assert.That(visitor.End().Decisions, Is.EqualTo(1));
        }

        [Test]
        public void AnOrderWhileTheChoiceWaitsComesBackAtOnce()
        {
            using Witness visitor = InTheStreet(ConsentScope.Analyse);
            visitor.Client.ReachChoice(Choice, "pass-by", TimeSpan.FromSeconds(30));
            visitor.Await<StateUpdate>(update => update.Outlook.Any(one => one.Occurrence == 1));
            visitor.Client.Order(Choice, "come-close");
            ChoiceSettled settled = visitor.Await<ChoiceSettled>();

            Assert.That((settled.BranchId, settled.By), Is.EqualTo(("come-close", ResolvedBy.Operator)));
            Assert.That(settled.Decision!.WhyNot.Single().Value, Is.EqualTo("not_chosen"));
        }

        [Test]
        public void AnOrderThatTheServerDoesNotKnowIsRefusedAndTheStoryGoesOn()
        {
            using Witness visitor = InTheStreet();
            visitor.Client.Order(Choice, "no-such-branch");
            Notice notice = visitor.Await<Notice>(one => one.Code == NoticeCode.InputRefused);
            Assert.That(notice.Parameters["code"], Is.EqualTo("operator.unknown_branch"));
            Assert.That(
                (notice.Parameters["choice_id"], notice.Parameters["occurrence"], notice.Parameters["branch_id"]),
                Is.EqualTo((Choice, "1", "no-such-branch")));

            visitor.Client.ReachChoice(Choice, "pass-by", TimeSpan.FromSeconds(10));
            ChoiceSettled settled = visitor.Await<ChoiceSettled>();
            Assert.That((settled.BranchId, settled.By), Is.EqualTo(("pass-by", ResolvedBy.Server)));
        }

        private Witness InTheStreet(params ConsentScope[] consent)
        {
            Witness visitor = new Witness(_server.PlainAddress, null, "", null, consent);
            visitor.AwaitStreaming();
            visitor.Client.Report(new BeatEntered("street", visitor.Client.NowNs));
            visitor.Await<StateUpdate>(update => update.BeatId == "street");
            return visitor;
        }
    }
}
