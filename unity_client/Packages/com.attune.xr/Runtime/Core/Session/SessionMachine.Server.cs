#nullable enable
using System;

namespace Attune
{
    /// <summary>What the server and the stream to it do.</summary>
    internal sealed partial class SessionMachine
    {
        private const string Silence = "the server fell silent";

        public void Received(ServerMessage message, long nowNs)
        {
            if (!_linkOpen || _closing)
            {
                return;
            }

            _lastHeardNs = nowNs;
            switch (message)
            {
                case SessionReady ready:
                    Welcome(ready, nowNs);
                    break;
                case FrameAck ack:
                    Acknowledge(ack, nowNs);
                    break;
                case Pong pong:
                    Relate(pong, nowNs);
                    break;
                case StateUpdate update:
                    _figures.Updates++;
                    _publish(update);
                    break;
                case BranchDecision decision:
                    Decide(decision, nowNs);
                    break;
                case ConsentApplied applied:
                    if (_unapplied != null && applied.Revision >= _unapplied.Revision)
                    {
                        _unapplied = null;
                    }

                    _publish(applied);
                    break;
                case SessionSummary summary:
                    Summarise(summary);
                    break;
                case Notice notice:
                    _choices.Refuse(notice);
                    _publish(notice);
                    break;
                default:
                    _publish(message);
                    break;
            }
        }

        /// <summary>The stream is over. Null: the server ended it well.</summary>
        public void Broken(LinkException? fault, long nowNs)
        {
            if (!_linkOpen)
            {
                return;
            }

            bool welcomed = _welcomed;
            bool silent = _closing;
            _linkOpen = false;
            _welcomed = false;
            _closing = false;
            _mailbox.ForgetInFlight();
            _mailbox.Empty();
            _pose = null;
            _pingsOwed = 0;
            _underWay = null;
            if (State == ConnectionState.Ended)
            {
                return;
            }

            if (!silent)
            {
                _figures.LastFault = fault?.Message ?? "the server ended the stream without a summary";
            }

            if (_ending.HasValue)
            {
                End(_ending.Value, null, "");
                return;
            }

            bool final = !silent && fault != null && fault.Fault != LinkFault.Unreachable;
            if (final && !(_resuming && !welcomed))
            {
                End(EndReason.Violation, fault!.Fault, fault.Message);
                return;
            }

            _figures.Reconnections++;
            if (final)
            {
                // The server no longer knows the session; the visitor is still the same one.
                _resumeToken = "";
                _retryNs = nowNs;
            }
            else
            {
                _brokenSinceNs = _brokenSinceNs ?? nowNs;
                _retryNs = nowNs + _backoff.NextNs();
            }

            Enter(_paused ? ConnectionState.Paused : ConnectionState.Waiting);
        }

        /// <summary>
        /// Whether the stream is to be given up although a step is still at it: as <see cref="Next"/> would, were it asked. True
        /// once a stream.
        /// </summary>
        public bool GivesUp(long nowNs)
        {
            bool ended = State == ConnectionState.Ended;
            if (!_linkOpen || _closing || !(ended || IsSilent(nowNs)))
            {
                return false;
            }

            _closing = true;
            _figures.LastFault = ended ? _figures.LastFault : Silence;
            return true;
        }

        /// <summary>The stream takes no more messages; the receiving side will tell why.</summary>
        public void WritingFailed() => _writable = false;

        private bool IsSilent(long nowNs) => nowNs - _lastHeardNs >= HeartbeatTimeoutNs;

        private void Welcome(SessionReady ready, long nowNs)
        {
            _terms = ready;
            _resumeToken = ready.ResumeToken;
            _welcomed = true;
            _brokenSinceNs = null;
            _backoff.Reset();
            _mailbox.Credit = ready.MaxFramesInFlight;
            if (_unapplied != null && !_control.Contains(_unapplied))
            {
                _urgent.Enqueue(_unapplied);
            }

            _publish(ready);
            RelateClocksAnew(nowNs);
            Enter(_paused ? ConnectionState.Paused : ConnectionState.Synchronising);
        }

        private void Acknowledge(FrameAck ack, long nowNs)
        {
            // Bytes that lie in a slow link's buffers cannot be overtaken: with one frame under way, an event
            // waits for one frame at most.
            long? tookNs = _mailbox.Acknowledge(ack.ThroughSequence, nowNs) - (2 * _clock.UncertaintyNs);
            _slowLink = tookNs.HasValue ? tookNs.Value > (_slowLink ? SlowLinkNs / 2 : SlowLinkNs) : _slowLink;
            _mailbox.Credit = _slowLink ? 1 : _terms!.MaxFramesInFlight;
            if (ack.Disposition == FrameDisposition.Analysed)
            {
                _figures.FramesAnalysed++;
            }
            else
            {
                _figures.FramesDropped++;
            }
        }

        private void Decide(BranchDecision decision, long nowNs)
        {
            ChoiceResolved? resolved = _choices.Decide(decision, nowNs);
            if (resolved == null)
            {
                _figures.LateDecisions++;
                return;
            }

            _lastDecisionId = decision.DecisionId;
            Settled(resolved, decision);
        }

        private void Summarise(SessionSummary summary)
        {
            _publish(summary);
            if (summary.Reason == EndReason.ServerShutdown && !_ending.HasValue)
            {
                // Another server may come up; the broken stream brings the client back.
                _resumeToken = "";
                return;
            }

            End(_ending ?? summary.Reason, null, "");
        }
    }
}
