#nullable enable
using System.Collections.Generic;

namespace Attune
{
    /// <summary>An operator's choices as a server keeps them: followed at once where the choice is due, else when it is.</summary>
    internal sealed class LocalOrders
    {
        private readonly Dictionary<string, OperatorChoice> _ordered = new Dictionary<string, OperatorChoice>();
        private readonly Dictionary<string, uint> _due = new Dictionary<string, uint>();

        /// <summary>The decision that follows from an order; null: not yet, or too late.</summary>
        public BranchDecision? Hear(OperatorChoice order)
        {
            _due.TryGetValue(order.ChoiceId, out uint due);
            if (order.Occurrence == due)
            {
                return Decision(order);
            }

            _ordered[order.ChoiceId] = order;
            return null;
        }

        /// <summary>The decision that was ordered for a choice that falls due; null: none was.</summary>
        public BranchDecision? Hear(ChoiceDue due)
        {
            _due[due.ChoiceId] = due.Occurrence;
            bool ordered = _ordered.TryGetValue(due.ChoiceId, out OperatorChoice? order) && order.Occurrence == due.Occurrence;
            return ordered ? Decision(order!) : null;
        }

        /// <summary>The branch that is ordered for the next time that a choice falls due; null: none.</summary>
        public string? Ahead(string choiceId)
        {
            _due.TryGetValue(choiceId, out uint due);
            bool ahead = _ordered.TryGetValue(choiceId, out OperatorChoice? order) && order.Occurrence > due;
            return ahead ? order!.BranchId : null;
        }

        private static BranchDecision Decision(OperatorChoice order) => new BranchDecision
        {
            DecisionId = $"{order.ChoiceId}-{order.Occurrence}",
            ChoiceId = order.ChoiceId,
            Occurrence = order.Occurrence,
            BranchId = order.BranchId,
            Reason = DecisionReason.Operator,
        };
    }
}
