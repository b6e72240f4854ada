#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// A recorded session in the place of visitor and server: its states come at their times, and its decisions when
    /// the scene reaches their choices, unless an operator wants another branch. A choice that the recording does not know
    /// takes its default.
    /// </summary>
    public sealed class ReplayVisitor : ILocalVisitor
    {
        private const long SlotNs = 100_000_000;

        private readonly ReplayScript _script;
        private readonly LocalOrders _orders = new LocalOrders();
        private long _timeNs;
        private int _next;
        private uint _decisions;
        private bool _paused;

        public ReplayVisitor(ReplayScript script) => _script = script;

        /// <summary>Whether every state was told.</summary>
        public bool IsOver => _next == _script.States.Count;

        public ServerMessage? Hear(Control message, long nowNs)
        {
            switch (message)
            {
                case Start start:
                    return LocalAnswers.Ready(start, "replayed");
                case ConsentChange change:
                    return LocalAnswers.Applied(change);
                case Ping ping:
                    return LocalAnswers.Pong(ping, nowNs);
                case OperatorChoice order:
                    return Counted(_orders.Hear(order));
                case ChoiceDue due:
                    return Counted(_orders.Hear(due) ?? _script.Decision(due.ChoiceId, due.Occurrence));
                case SessionPause _:
                    _paused = true;
                    return null;
                case SessionResume _:
                    _paused = false;
                    return null;
                case SessionEnd end:
                    return new SessionSummary { Reason = end.Reason, Decisions = _decisions };
                default:
                    return null;
            }
        }

        private BranchDecision? Counted(BranchDecision? decision)
        {
            _decisions += decision == null ? 0u : 1u;
            return decision;
        }

        /// <summary>The newest state of the last 100 ms. A pause stops the recording too.</summary>
        public StateUpdate? Advance()
        {
            if (_paused)
            {
                return null;
            }

            _timeNs += SlotNs;
            StateUpdate? newest = null;
            while (_next < _script.States.Count && _script.States[_next].SessionTimeNs <= _timeNs)
            {
                newest = _script.States[_next++];
            }

            return newest;
        }
    }
}
