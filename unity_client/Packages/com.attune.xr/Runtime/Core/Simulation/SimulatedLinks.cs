#nullable enable
using System;
using System.Collections.Generic;
using System.Threading;

namespace Attune
{
    /// <summary>
    /// Streams to a visitor on this device in real time, in the place of a server. Faults can be injected:
    /// delay, acknowledgements that get lost, and the death of the server.
    /// </summary>
    public sealed class SimulatedLinks : ISessionLinks
    {
        private readonly object _gate = new object();
        private readonly ILocalVisitor _visitor;
        private readonly IClock _clock;
        private bool _dead;

        public SimulatedLinks(ILocalVisitor visitor, IClock? clock = null)
        {
            _visitor = visitor;
            _clock = clock ?? SystemClock.Instance;
        }

        /// <summary>How long every message takes to arrive.</summary>
        public TimeSpan Delay { get; set; }

        /// <summary>Frames are taken, and nobody says so.</summary>
        public bool LosesAcknowledgements { get; set; }

        /// <summary>While it is dead every stream breaks at once.</summary>
        public bool Dead
        {
            get => _dead;
            set
            {
                lock (_gate)
                {
                    _dead = value;
                    Monitor.PulseAll(_gate);
                }
            }
        }

        public ISessionLink Open() => new Link(this);

        public void Dispose() => Dead = true;

        private sealed class Link : ISessionLink
        {
            private const long SlotNs = (long)(SimulatedVisitor.SlotS * 1e9);

            private readonly SimulatedLinks _owner;
            private readonly Queue<KeyValuePair<long, ServerMessage>> _said = new Queue<KeyValuePair<long, ServerMessage>>();
            private long? _nextSlotNs;
            private bool _ended;
            private bool _over;

            public Link(SimulatedLinks owner) => _owner = owner;

            public void Send(Control message)
            {
                lock (_owner._gate)
                {
                    Check();
                    long nowNs = _owner._clock.NowNs;
                    ServerMessage? answer = _owner._visitor.Hear(message, nowNs);
                    if (answer != null)
                    {
                        Say(answer, nowNs);
                    }

                    _nextSlotNs = message is Start ? nowNs + SlotNs : _nextSlotNs;
                    _ended = _ended || message is SessionEnd;
                }
            }

            public void Send(FrameBuffer frame)
            {
                lock (_owner._gate)
                {
                    Check();
                    if (!_owner.LosesAcknowledgements)
                    {
                        FrameAck ack = new FrameAck { ThroughSequence = frame.Sequence, Disposition = FrameDisposition.Analysed };
                        Say(ack, _owner._clock.NowNs);
                    }
                }
            }

            public void Send(in HeadsetPose pose) => CheckAlive();

            public void Send(FaceWeights weights) => CheckAlive();

            public ServerMessage? Receive()
            {
                lock (_owner._gate)
                {
                    while (true)
                    {
                        Check();
                        long nowNs = _owner._clock.NowNs;
                        if (_said.Count > 0 && _said.Peek().Key <= nowNs)
                        {
                            return _said.Dequeue().Value;
                        }

                        if (_ended && _said.Count == 0)
                        {
                            return null;
                        }

                        if (!_ended && _nextSlotNs <= nowNs)
                        {
                            _nextSlotNs += SlotNs;
                            StateUpdate? update = _owner._visitor.Advance();
                            if (update != null)
                            {
                                Say(update, nowNs);
                            }

                            continue;
                        }

                        long due = _said.Count > 0 ? _said.Peek().Key : long.MaxValue;
                        due = Math.Min(due, _ended ? long.MaxValue : _nextSlotNs ?? long.MaxValue);
                        Monitor.Wait(_owner._gate, (int)Math.Min(1000, ((due - nowNs) / 1_000_000) + 1));
                    }
                }
            }

            public void Abort()
            {
                lock (_owner._gate)
                {
                    _over = true;
                    Monitor.PulseAll(_owner._gate);
                }
            }

            public void Dispose() => Abort();

            private void CheckAlive()
            {
                lock (_owner._gate)
                {
                    Check();
                }
            }

            private void Say(ServerMessage message, long nowNs)
            {
                _said.Enqueue(new KeyValuePair<long, ServerMessage>(nowNs + (_owner.Delay.Ticks * 100), message));
                Monitor.PulseAll(_owner._gate);
            }

            private void Check()
            {
                if (_over || _owner._dead)
                {
                    throw new LinkException(LinkFault.Unreachable, "the simulated server is gone");
                }
            }
        }
    }
}
