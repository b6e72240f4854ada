#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;

namespace Attune
{
    /// <summary>A choice was settled: play this branch now. Final for this (choice, occurrence).</summary>
    public sealed class ChoiceSettled
    {
        internal ChoiceSettled(ChoiceResolved resolved, BranchDecision? decision)
        {
            ChoiceId = resolved.ChoiceId;
            Occurrence = resolved.Occurrence;
            BranchId = resolved.BranchId;
            By = resolved.By;
            Decision = decision;
        }

        public string ChoiceId { get; }

        public uint Occurrence { get; }

        public string BranchId { get; }

        public ResolvedBy By { get; }

        /// <summary>The decision that was followed; null: the authored default or an operator in the scene.</summary>
        public BranchDecision? Decision { get; }
    }

    /// <summary>
    /// The scene disposes: the first resolution of a (choice, occurrence) wins, be it a decision, an operator or,
    /// at the deadline, the authored default. Whatever comes later is discarded. Works without any server.
    /// </summary>
    internal sealed class ChoiceDesk
    {
        private readonly Dictionary<string, uint> _occurrences = new Dictionary<string, uint>();
        private readonly List<Open> _open = new List<Open>();
        private readonly Dictionary<string, OperatorChoice> _orders = new Dictionary<string, OperatorChoice>();

        /// <summary>What an operator wants and was not played yet.</summary>
        public IEnumerable<OperatorChoice> Orders => _orders.Values;

        /// <summary>The choices that wait, as they were announced.</summary>
        public IEnumerable<ChoiceDue> Waiting
        {
            get
            {
                foreach (Open open in _open)
                {
                    yield return open.Due;
                }
            }
        }

        /// <summary>The next deadline; null: nothing waits.</summary>
        public long? NextDeadlineNs
        {
            get
            {
                long? next = null;
                foreach (Open open in _open)
                {
                    next = next == null || open.Due.DeadlineNs < next ? open.Due.DeadlineNs : next;
                }

                return next;
            }
        }

        /// <summary>A choice is reached; a new occurrence of an open one settles the old one first: see <see cref="Abandon"/>.</summary>
        public ChoiceDue Begin(string choiceId, string defaultBranch, long deadlineNs, long nowNs)
        {
            if (defaultBranch.Length == 0)
            {
                throw new ArgumentException($"choice '{choiceId}' needs the branch that is played without a decision");
            }

            _occurrences.TryGetValue(choiceId, out uint before);
            _occurrences[choiceId] = before + 1;
            ChoiceDue due = new ChoiceDue(choiceId, before + 1, deadlineNs, nowNs);
            _open.Add(new Open(due, defaultBranch));
            return due;
        }

        /// <summary>Settles an earlier occurrence that still waits with its default; null: none waits.</summary>
        public ChoiceResolved? Abandon(string choiceId, long nowNs)
        {
            int index = _open.FindIndex(open => open.Due.ChoiceId == choiceId);
            return index < 0 ? null : Settle(index, _open[index].DefaultBranch, ResolvedBy.LocalDefault, "", nowNs);
        }

        /// <summary>A decision came; null: too late, or for nothing that waits.</summary>
        public ChoiceResolved? Decide(BranchDecision decision, long nowNs)
        {
            int index = _open.FindIndex(
                open => open.Due.ChoiceId == decision.ChoiceId && open.Due.Occurrence == decision.Occurrence);
            if (index < 0 || _open[index].Due.DeadlineNs <= nowNs)
            {
                return null;
            }

            ResolvedBy by = decision.Reason == DecisionReason.Operator ? ResolvedBy.Operator : ResolvedBy.Server;
            return Settle(index, decision.BranchId, by, decision.DecisionId, nowNs);
        }

        /// <summary>
        /// An operator wants a branch, of the occurrence that waits or else of the next. A decision may come before it is
        /// played; without one it is played at the deadline, or by <see cref="Obey"/>.
        /// </summary>
        public OperatorChoice Order(string choiceId, string branchId)
        {
            _occurrences.TryGetValue(choiceId, out uint occurrence);
            bool waits = _open.Exists(open => open.Due.ChoiceId == choiceId);
            return _orders[choiceId] = new OperatorChoice(choiceId, waits ? occurrence : occurrence + 1, branchId);
        }

        /// <summary>
        /// The server refuses an order: it is not played any more, unless it was replaced by a later one. Where the server
        /// follows no story of this scene, nobody but this device can play it, so that it stays.
        /// </summary>
        public void Refuse(Notice notice)
        {
            IReadOnlyDictionary<string, string> said = notice.Parameters;
            bool refused = notice.Code == NoticeCode.InputRefused
                && said.TryGetValue("code", out string? code) && code != "operator.no_story"
                && said.TryGetValue("choice_id", out string? choiceId)
                && said.TryGetValue("occurrence", out string? occurrence)
                && said.TryGetValue("branch_id", out string? branchId)
                && _orders.TryGetValue(choiceId, out OperatorChoice? order)
                && order.BranchId == branchId
                && order.Occurrence.ToString(CultureInfo.InvariantCulture) == occurrence;
            if (refused)
            {
                _orders.Remove(said["choice_id"]);
            }
        }

        /// <summary>Settles a choice that waits as an operator wants it; null: it does not wait, or nobody wants anything.</summary>
        public ChoiceResolved? Obey(string choiceId, long nowNs)
        {
            return _orders.TryGetValue(choiceId, out OperatorChoice? order) ? Choose(choiceId, order.BranchId, nowNs) : null;
        }

        /// <summary>An operator in the scene chose; null: the choice does not wait.</summary>
        public ChoiceResolved? Choose(string choiceId, string branchId, long nowNs)
        {
            int index = _open.FindIndex(open => open.Due.ChoiceId == choiceId);
            return index < 0 ? null : Settle(index, branchId, ResolvedBy.Operator, "", nowNs);
        }

        /// <summary>The next choice whose deadline has passed, settled as an operator wants it or with its default; null: none.</summary>
        public ChoiceResolved? Expire(long nowNs)
        {
            int index = -1;
            for (int i = 0; i < _open.Count; i++)
            {
                bool earlier = index < 0 || _open[i].Due.DeadlineNs < _open[index].Due.DeadlineNs;
                if (_open[i].Due.DeadlineNs <= nowNs && earlier)
                {
                    index = i;
                }
            }

            if (index < 0)
            {
                return null;
            }

            bool ordered = _orders.TryGetValue(_open[index].Due.ChoiceId, out OperatorChoice? order);
            return ordered
                ? Settle(index, order!.BranchId, ResolvedBy.Operator, "", nowNs)
                : Settle(index, _open[index].DefaultBranch, ResolvedBy.LocalDefault, "", nowNs);
        }

        private ChoiceResolved Settle(int index, string branchId, ResolvedBy by, string decisionId, long nowNs)
        {
            ChoiceDue due = _open[index].Due;
            _open.RemoveAt(index);
            _orders.Remove(due.ChoiceId);
            return new ChoiceResolved(due.ChoiceId, due.Occurrence, branchId, by, decisionId, nowNs);
        }

        private readonly struct Open
        {
            public Open(ChoiceDue due, string defaultBranch)
            {
                Due = due;
                DefaultBranch = defaultBranch;
            }

            public ChoiceDue Due { get; }

            public string DefaultBranch { get; }
        }
    }
}
