#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>A branch that is proposed while the index is in a range.</summary>
    public readonly struct Proposal
    {
        public Proposal(string choiceId, string branchId, float from, float to)
        {
            ChoiceId = choiceId;
            BranchId = branchId;
            From = from;
            To = to;
        }

        public string ChoiceId { get; }

        public string BranchId { get; }

        /// <summary>Lowest index, 0 … 100.</summary>
        public float From { get; }

        /// <summary>Highest index, 0 … 100.</summary>
        public float To { get; }

        public bool Fits(float eri) => eri >= From && eri <= To;
    }

    /// <summary>
    /// What a simulated server proposes, in the place of a scenario's conditions: ranges of the index, without dwell time and
    /// cool-down. Of several that fit the first counts.
    /// </summary>
    public sealed class Proposals
    {
        private readonly Proposal[] _all;

        public Proposals(params Proposal[] all) => _all = all;

        /// <summary>The branch for a choice that is due; null: none, so that the default is played.</summary>
        public string? Decide(ChoiceDue due, EmpathyState state)
        {
            int index = state.Status == EmpathyStatus.Ok
                ? Array.FindIndex(_all, one => one.ChoiceId == due.ChoiceId && one.Fits(state.Eri)) : -1;
            return index < 0 ? null : _all[index].BranchId;
        }

        /// <summary>How every choice with a proposal would be decided now. Each is ahead: one that is due is decided at once.</summary>
        internal IReadOnlyList<ChoiceOutlook> Outlook(EmpathyState state, LocalOrders orders)
        {
            List<ChoiceOutlook> outlook = new List<ChoiceOutlook>();
            foreach (Proposal first in _all)
            {
                if (!outlook.Exists(one => one.ChoiceId == first.ChoiceId))
                {
                    outlook.Add(new ChoiceOutlook(first.ChoiceId, 0, 0, Branches(first.ChoiceId, state, orders)));
                }
            }

            return outlook;
        }

        private List<BranchOutlook> Branches(string choiceId, EmpathyState state, LocalOrders orders)
        {
            string? ordered = orders.Ahead(choiceId);
            List<BranchOutlook> branches = new List<BranchOutlook>();
            foreach (Proposal one in _all)
            {
                if (one.ChoiceId != choiceId)
                {
                    continue;
                }

                BranchStanding standing = one.BranchId == ordered ? BranchStanding.Ordered
                    : state.Status != EmpathyStatus.Ok ? BranchStanding.LowConfidence
                    : one.Fits(state.Eri) ? BranchStanding.Met : BranchStanding.BelowEnter;
                int before = branches.FindIndex(branch => branch.BranchId == one.BranchId);
                if (before < 0)
                {
                    branches.Add(new BranchOutlook(one.BranchId, standing));
                }
                else if (standing == BranchStanding.Met)
                {
                    branches[before] = new BranchOutlook(one.BranchId, standing);
                }
            }

            return branches;
        }
    }
}
