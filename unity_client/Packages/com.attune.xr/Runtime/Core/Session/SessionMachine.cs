#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>
    /// One visitor's session as the client sees it, without threads and without a clock: what happens comes in
    /// with its time, <see cref="Next"/> says what to do. Its owner guards it with one lock.
    /// </summary>
    internal sealed partial class SessionMachine
    {
        public const long PingIntervalNs = 2_000_000_000;
        public const long HeartbeatTimeoutNs = 6_000_000_000;
        public const long SummaryTimeoutNs = 2_000_000_000;

        /// <summary>A frame that is under way for longer than this, beyond the shortest round trip, fills a slow link.</summary>
        public const long SlowLinkNs = 60_000_000;

        /// <summary>A day's events fit; beyond it the oldest goes.</summary>
        public const int MostControl = 4096;

        private readonly SessionRequest _request;
        private readonly Action<object> _publish;
        private readonly bool _offline;
        private readonly ConsentGate _consent;
        private readonly FrameMailbox _mailbox;
        private readonly FramePool _pool;
        private readonly ClockSync _clock = new ClockSync();
        private readonly ChoiceDesk _choices = new ChoiceDesk();
        private readonly Backoff _backoff;
        private readonly Queue<Control> _urgent = new Queue<Control>();
        private readonly LinkedList<Control> _control = new LinkedList<Control>();
        private ClientFigures _figures;

        private SessionReady? _terms;
        private string _resumeToken = "";
        private string _lastDecisionId = "";
        private ConsentChange? _unapplied;
        private CameraModel? _camera;
        private BeatEntered? _beat;

        private bool _linkOpen;
        private bool _welcomed;
        private bool _resuming;
        private bool _closing;
        private bool _writable;
        private long _lastHeardNs;
        private long? _brokenSinceNs;
        private long _retryNs;

        private uint _pingId;
        private int _pingsOwed;
        private long _nextPingNs;

        private bool _slowLink;
        private bool _paused;
        private long _pausedNs;
        private DateTime _pausedUtc;

        private EndReason? _ending;
        private bool _endSent;
        private long _endDeadlineNs;

        private ulong _frameSequence;
        private long _lastCaptureNs = long.MinValue;
        private long _lastOfferedNs = long.MinValue / 2;
        private HeadsetPose? _pose;
        private readonly WeightsSlot _weights = new WeightsSlot();

        /// <param name="publish">Takes every event, in order; called inside the owner's lock.</param>
        public SessionMachine(
            SessionRequest request, IEnumerable<ConsentScope> consent, bool offline, int seed, Action<object> publish)
        {
            _request = request.Checked();
            _consent = new ConsentGate(consent);
            _offline = offline;
            _publish = publish;
            _pool = new FramePool();
            _mailbox = new FrameMailbox(_pool);
            _backoff = new Backoff(seed);
            _figures.LastFault = "";
            _figures.State = offline ? ConnectionState.Offline : ConnectionState.Connecting;
        }

        public ConnectionState State => _figures.State;

        public SessionReady? Terms => _terms;

        public FramePool Pool => _pool;

        public ConsentGate Consent => _consent;

        /// <summary>Where frames are shown too; null: nowhere.</summary>
        public FramePreview? Preview { get; set; }

        public ClientFigures Figures
        {
            get
            {
                ClientFigures figures = _figures;
                figures.ClockOffset = Span(_clock.OffsetNs);
                figures.ClockUncertainty = Span(_clock.UncertaintyNs);
                figures.RoundTrip = Span(_clock.RoundTripNs);
                figures.FramesReplaced = _mailbox.Replaced;
                figures.AcknowledgementsMissed = _mailbox.Expired;
                return figures;
            }
        }

        /// <summary>What to do now. Settles the choices whose deadline has passed.</summary>
        public Step Next(long nowNs)
        {
            SettleDue(nowNs);
            if (_ending.HasValue && (_offline || !_linkOpen))
            {
                End(_ending.Value, null, "");
            }

            if (State == ConnectionState.Ended && _linkOpen && !_closing)
            {
                _closing = true;
                return Step.Of(StepKind.Close);
            }

            if (State == ConnectionState.Ended || _offline)
            {
                // The session may be over; the story is not, and its choices still have their deadlines.
                return Step.Wait(_choices.NextDeadlineNs ?? long.MaxValue);
            }

            return _linkOpen ? NextOnLink(nowNs) : NextWithoutLink(nowNs);
        }

        /// <summary>The message of the last step is on its way.</summary>
        public void Sent(Control message)
        {
            _underWay = null;
            if (_urgent.Count > 0 && ReferenceEquals(_urgent.Peek(), message))
            {
                _urgent.Dequeue();
            }
            else
            {
                _control.Remove(message);
            }

            if (message is SessionEnd)
            {
                _endSent = true;
            }
        }

        /// <summary>The frame of the last step was written, or could not be.</summary>
        public void Sent(FrameBuffer frame, bool written)
        {
            if (written)
            {
                _figures.FramesSent++;
            }

            _pool.Return(frame);
        }

        private Step NextWithoutLink(long nowNs)
        {
            if (_paused || nowNs < _retryNs)
            {
                long retry = _paused ? long.MaxValue : _retryNs;
                return Step.Wait(Math.Min(retry, _choices.NextDeadlineNs ?? long.MaxValue));
            }

            _linkOpen = true;
            _welcomed = false;
            _closing = false;
            _writable = true;
            _lastHeardNs = nowNs;
            _urgent.Clear();
            _urgent.Enqueue(StartNow(nowNs));
            Enter(ConnectionState.Connecting);
            return Step.Of(StepKind.Open);
        }

        private Step NextOnLink(long nowNs)
        {
            if (_closing)
            {
                return Step.Wait(_choices.NextDeadlineNs ?? long.MaxValue);
            }

            bool silent = IsSilent(nowNs);
            bool waitedForSummary = _endSent && nowNs >= _endDeadlineNs;
            if (silent || waitedForSummary)
            {
                _closing = true;
                _figures.LastFault = silent ? Silence : "no summary came in time";
                return Step.Of(StepKind.Close);
            }

            if (!_writable || _endSent)
            {
                // Nothing follows a goodbye, whatever still happens in the scene.
                long heard = Math.Min(_lastHeardNs + HeartbeatTimeoutNs, _endSent ? _endDeadlineNs : long.MaxValue);
                return Step.Wait(Math.Min(heard, _choices.NextDeadlineNs ?? long.MaxValue));
            }

            StopWaitingForClock(nowNs);
            _underWay = _urgent.Count > 0 ? _urgent.Peek() : _welcomed ? NextOfControl() : null;
            if (_underWay != null)
            {
                return Step.Send(_underWay);
            }

            if (_ending.HasValue && !(_welcomed && IsHolding))
            {
                return NextOfEnding(nowNs);
            }

            if (_welcomed)
            {
                Step? flowing = NextOfFlow(nowNs);
                if (flowing.HasValue)
                {
                    return flowing.Value;
                }
            }

            long until = _lastHeardNs + HeartbeatTimeoutNs;
            until = Math.Min(until, _welcomed ? _nextPingNs : long.MaxValue);
            until = Math.Min(until, _welcomed && IsHolding ? _holdUntilNs!.Value : long.MaxValue);
            until = Math.Min(until, _mailbox.RetryNs ?? long.MaxValue);
            return Step.Wait(Math.Min(until, _choices.NextDeadlineNs ?? long.MaxValue));
        }

        private Step NextOfEnding(long nowNs)
        {
            if (!_welcomed)
            {
                // Nobody has answered yet, so there is nobody to say goodbye to.
                _closing = true;
                return Step.Of(StepKind.Close);
            }

            _endDeadlineNs = nowNs + SummaryTimeoutNs;
            _urgent.Enqueue(new SessionEnd(_ending!.Value));
            return Step.Send(_urgent.Peek());
        }

        /// <summary>Pings, the newest pose, the newest frame; null: none of them now.</summary>
        private Step? NextOfFlow(long nowNs)
        {
            if (_pingsOwed > 0 || nowNs >= _nextPingNs)
            {
                _pingsOwed = Math.Max(0, _pingsOwed - 1);
                _nextPingNs = nowNs + PingIntervalNs;
                return Step.Send(new Ping(++_pingId, nowNs));
            }

            if (State != ConnectionState.Streaming)
            {
                return null;
            }

            if (_pose.HasValue)
            {
                HeadsetPose pose = _pose.Value;
                _pose = null;
                return Step.Send(pose);
            }

            FaceWeights? weights = _weights.TakeOut();
            if (weights != null)
            {
                return Step.Send(weights);
            }

            FrameBuffer? frame = _mailbox.Take(nowNs);
            return frame == null ? (Step?)null : Step.Send(frame);
        }

        private void Enqueue(Control message)
        {
            if (_offline || State == ConnectionState.Ended)
            {
                return;
            }

            if (_control.Count >= MostControl)
            {
                _control.RemoveFirst();
            }

            _control.AddLast(message);
        }

        private void Settled(ChoiceResolved resolved, BranchDecision? decision)
        {
            Enqueue(resolved);
            _publish(new ChoiceSettled(resolved, decision));
        }

        private void Enter(ConnectionState state)
        {
            if (State != state)
            {
                _figures.State = state;
                _publish(state);
            }
        }

        private void End(EndReason reason, LinkFault? fault, string detail)
        {
            if (State != ConnectionState.Ended)
            {
                _mailbox.Empty();
                Preview?.Forget();
                Enter(ConnectionState.Ended);
                _publish(new SessionOver(reason, fault, detail));
            }
        }

        private static TimeSpan Span(long ns) => TimeSpan.FromTicks(ns / 100);
    }
}
