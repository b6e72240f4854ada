#nullable enable
using System;
using System.Collections.Generic;
using System.Threading;

namespace Attune.Tests
{
    /// <summary>A server in the same process: answers the start and pings, acknowledges frames, and can be told to fall.</summary>
    internal sealed class LoopbackServer : ISessionLinks
    {
        private readonly object _gate = new object();
        private readonly List<Link> _links = new List<Link>();

        public bool Answers { get; set; } = true;

        /// <summary>False: whoever writes a frame waits until the stream is given up.</summary>
        public bool TakesFrames { get; set; } = true;

        public bool Disposed { get; private set; }

        public List<Control> Received { get; } = new List<Control>();

        public int Frames { get; private set; }

        public List<FaceWeights> Weights { get; } = new List<FaceWeights>();

        public int OpenLinks
        {
            get
            {
                lock (_gate)
                {
                    return _links.FindAll(link => !link.Disposed).Count;
                }
            }
        }

        public ISessionLink Open()
        {
            lock (_gate)
            {
                Link link = new Link(this);
                _links.Add(link);
                return link;
            }
        }

        public void Dispose() => Disposed = true;

        public void Say(ServerMessage message)
        {
            lock (_gate)
            {
                _links[_links.Count - 1].Say(message);
            }
        }

        public void Fall()
        {
            lock (_gate)
            {
                _links[_links.Count - 1].Abort();
            }
        }

        private void Answer(Link link, Control message)
        {
            lock (_gate)
            {
                Received.Add(message);
            }

            if (!Answers)
            {
                return;
            }

            if (message is Start start)
            {
                link.Say(new SessionReady
                {
                    ResumeToken = "t",
                    ResumeWindow = TimeSpan.FromSeconds(30),
                    Resumed = start.ResumeToken != null,
                });
            }
            else if (message is Ping ping)
            {
                link.Say(new Pong
                {
                    Id = ping.Id,
                    ClientSendNs = ping.ClientSendNs,
                    ServerReceiveNs = ping.ClientSendNs,
                    ServerSendNs = ping.ClientSendNs,
                });
            }
            else if (message is SessionEnd end)
            {
                link.Say(new SessionSummary { Reason = end.Reason });
            }
        }

        private sealed class Link : ISessionLink
        {
            private readonly LoopbackServer _server;
            private readonly Queue<ServerMessage> _said = new Queue<ServerMessage>();
            private bool _aborted;

            public Link(LoopbackServer server) => _server = server;

            public bool Disposed { get; private set; }

            public void Say(ServerMessage message)
            {
                lock (_said)
                {
                    _said.Enqueue(message);
                    Monitor.PulseAll(_said);
                }
            }

            public void Send(Control message)
            {
                Check();
                _server.Answer(this, message);
            }

            public void Send(FrameBuffer frame)
            {
                Check();
                _server.Frames++;
                lock (_said)
                {
                    while (!_server.TakesFrames && !_aborted)
                    {
                        Monitor.Wait(_said);
                    }
                }

                Check();
                Say(new FrameAck { ThroughSequence = frame.Sequence, Disposition = FrameDisposition.Analysed });
            }

            public void Send(in HeadsetPose pose) => Check();

            public void Send(FaceWeights weights)
            {
                Check();
                FaceWeights copy = new FaceWeights(weights.Schema);
                copy.Take(weights);
                lock (_server._gate)
                {
                    _server.Weights.Add(copy);
                }
            }

            public ServerMessage? Receive()
            {
                lock (_said)
                {
                    while (_said.Count == 0)
                    {
                        if (_aborted)
                        {
                            throw new LinkException(LinkFault.Unreachable, "aborted");
                        }

                        Monitor.Wait(_said);
                    }

                    return _said.Dequeue();
                }
            }

            public void Abort()
            {
                lock (_said)
                {
                    _aborted = true;
                    Monitor.PulseAll(_said);
                }
            }

            public void Dispose()
            {
                Abort();
                Disposed = true;
            }

            private void Check()
            {
                lock (_said)
                {
                    if (_aborted)
                    {
                        throw new LinkException(LinkFault.Unreachable, "aborted");
                    }
                }
            }
        }
    }
}
