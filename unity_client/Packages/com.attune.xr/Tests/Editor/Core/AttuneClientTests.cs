#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>The client with its real threads, against a server in the same process.</summary>
    public sealed class AttuneClientTests
    {
        private static readonly SessionRequest Request = new SessionRequest
        {
            StationId = "station 1",
            VideoSource = VideoSource.ClientFrames,
            CameraKind = CameraKind.External,
        };

        [Test]
        [Timeout(120000)]
        public void EventsArriveOnTheChosenContextAlone()
        {
            LoopbackServer server = new LoopbackServer();
            PumpedContext context = new PumpedContext();
            using AttuneClient client = new AttuneClient(server, Request, Array.Empty<ConsentScope>(), context);
            List<ConnectionState> states = new List<ConnectionState>();
            int main = Thread.CurrentThread.ManagedThreadId;
            client.StateChanged += state =>
            {
                Assert.That(Thread.CurrentThread.ManagedThreadId, Is.EqualTo(main));
                states.Add(state);
            };
            client.Start();
            context.PumpUntil(() => states.Contains(ConnectionState.Streaming));
            Assert.That(states, Is.EqualTo(new[] { ConnectionState.Synchronising, ConnectionState.Streaming }));
        }

        [Test]
        [Timeout(120000)]
        public void ADefaultIsPlayedWhileNoServerAnswers()
        {
            PumpedContext context = new PumpedContext();
            LoopbackServer server = new LoopbackServer { Answers = false };
            using AttuneClient client = new AttuneClient(server, Request, Array.Empty<ConsentScope>(), context);
            client.Start();
            AssertThatADefaultIsPlayed(client, context);
        }

        [Test]
        [Timeout(120000)]
        public void ADefaultIsPlayedWhileTheServerTakesNothing()
        {
            PumpedContext context = new PumpedContext();
            LoopbackServer server = new LoopbackServer { TakesFrames = false };
            using AttuneClient client = new AttuneClient(server, Request, new[] { ConsentScope.Analyse }, context);
            client.Start();
            context.PumpUntil(() => client.Figures.State == ConnectionState.Streaming);
            OfferOne(client);
            context.PumpUntil(() => server.Frames == 1);

            AssertThatADefaultIsPlayed(client, context);
        }

        [Test]
        [Timeout(120000)]
        public void AServerThatTakesNothingIsGivenUpWhenItIsSilent()
        {
            PumpedContext context = new PumpedContext();
            LoopbackServer server = new LoopbackServer { TakesFrames = false };
            AdvancedClock clock = new AdvancedClock();
            using AttuneClient client = new AttuneClient(server, Request, new[] { ConsentScope.Analyse }, context, clock);
            List<bool> resumed = new List<bool>();
            client.Ready += ready => resumed.Add(ready.Resumed);
            client.Start();
            context.PumpUntil(() => client.Figures.State == ConnectionState.Streaming);
            OfferOne(client);
            context.PumpUntil(() => server.Frames == 1);

            clock.Ahead = TimeSpan.FromSeconds(7);
            context.PumpUntil(() => resumed.Count == 2);
            Assert.That(resumed, Is.EqualTo(new[] { false, true }));
            Assert.That(client.Figures.LastFault, Does.Contain("silent"));
        }

        [Test]
        [Timeout(120000)]
        public void ABrokenStreamComesBack()
        {
            LoopbackServer server = new LoopbackServer();
            PumpedContext context = new PumpedContext();
            using AttuneClient client = new AttuneClient(server, Request, Array.Empty<ConsentScope>(), context);
            List<bool> resumed = new List<bool>();
            client.Ready += ready => resumed.Add(ready.Resumed);
            client.Start();
            context.PumpUntil(() => resumed.Count == 1);
            server.Fall();
            context.PumpUntil(() => resumed.Count == 2);
            Assert.That(resumed, Is.EqualTo(new[] { false, true }));
        }

        [Test]
        [Timeout(120000)]
        public void ASubscribersExceptionStopsNoOtherEvent()
        {
            LoopbackServer server = new LoopbackServer();
            PumpedContext context = new PumpedContext();
            using AttuneClient client = new AttuneClient(server, Request, Array.Empty<ConsentScope>(), context);
            bool streaming = false;
            client.Ready += _ => throw new InvalidOperationException("a bug in the scene");
            client.StateChanged += state => streaming |= state == ConnectionState.Streaming;
            client.Start();
            context.PumpUntil(() => streaming);
            Assert.That(context.Caught.Count, Is.EqualTo(1));
        }

        [Test]
        [Timeout(120000)]
        public void ATransportThatFailsByMistakeEndsTheSessionAndNotTheStory()
        {
            PumpedContext context = new PumpedContext();
            using AttuneClient client = new AttuneClient(new MistakenLinks(), Request, Array.Empty<ConsentScope>(), context);
            SessionOver? over = null;
            ChoiceSettled? settled = null;
            client.Ended += how => over = how;
            client.Settled += choice => settled = choice;
            client.Start();
            context.PumpUntil(() => over != null);
            Assert.That(over!.Fault, Is.EqualTo(LinkFault.Internal));
            Assert.That(over.Detail, Does.Contain("a mistake"));
            client.ReachChoice("door", "left", TimeSpan.FromMilliseconds(20));
            context.PumpUntil(() => settled != null);
            Assert.That(settled!.BranchId, Is.EqualTo("left"));
        }

        [TestCase(true)]
        [TestCase(false)]
        [Timeout(120000)]
        public void DisposeIsQuickAndLeavesNothing(bool answers)
        {
            LoopbackServer server = new LoopbackServer { Answers = answers };
            PumpedContext context = new PumpedContext();
            int before = AttuneThreads();
            AttuneClient client = new AttuneClient(server, Request, Array.Empty<ConsentScope>(), context);
            client.Start();
            if (answers)
            {
                context.PumpUntil(() => client.Figures.State == ConnectionState.Streaming);
            }

            int delivered = 0;
            client.StateChanged += _ => delivered++;
            Stopwatch watch = Stopwatch.StartNew();
            client.Dispose();
            Assert.That(watch.Elapsed, Is.LessThan(AttuneClient.DisposeTimeout));
            context.Pump();
            Assert.That(delivered, Is.Zero);
            Assert.That(server.Disposed, Is.True);
            Assert.That(server.OpenLinks, Is.Zero);
            Assert.That(AttuneThreads(), Is.EqualTo(before));
            Assert.That(server.Received.Exists(message => message is SessionEnd), Is.EqualTo(answers));
        }

        [Test]
        [Timeout(120000)]
        public void LeavingReturnsAtOnceAndStillSaysGoodbye()
        {
            LoopbackServer server = new LoopbackServer();
            PumpedContext context = new PumpedContext();
            AttuneClient client = new AttuneClient(server, Request, Array.Empty<ConsentScope>(), context);
            client.Start();
            context.PumpUntil(() => client.Figures.State == ConnectionState.Streaming);
            int delivered = 0;
            client.Ended += _ => delivered++;
            client.Leave(EndReason.NextVisitor);
            SpinWait.SpinUntil(() => server.Disposed, 5000);
            context.Pump();
            Assert.That(delivered, Is.Zero);
            SessionEnd end = (SessionEnd)server.Received.Find(message => message is SessionEnd)!;
            Assert.That(end.Reason, Is.EqualTo(EndReason.NextVisitor));
        }

        [Test]
        [Timeout(120000)]
        public void AnEditorThatThrowsItsCodeAwayLeavesNoClientRunning()
        {
            LoopbackServer[] servers = { new LoopbackServer(), new LoopbackServer(), new LoopbackServer { Answers = false } };
            AttuneClient[] clients = Array.ConvertAll(
                servers, server => new AttuneClient(server, Request, Array.Empty<ConsentScope>()));
            Array.ForEach(clients, client => client.Start());
            clients[0].Leave(EndReason.NextVisitor);

            AttuneClient.DisposeAll();
            Assert.That(AttuneThreads(), Is.Zero);
            Assert.That(Array.TrueForAll(servers, server => server.Disposed), Is.True);
        }

        [Test]
        [Timeout(120000)]
        public void AHundredStartsAndStopsLeaveNoThreadAndNoStream()
        {
            int before = AttuneThreads();
            int open = 0;
            for (int i = 0; i < 100; i++)
            {
                LoopbackServer server = new LoopbackServer();
                AttuneClient client = new AttuneClient(server, Request, new[] { ConsentScope.Analyse });
                client.Start();
                if (i % 2 == 0)
                {
                    SpinWait.SpinUntil(() => client.Figures.State == ConnectionState.Streaming, 5000);
                }

                client.Dispose();
                open += server.OpenLinks;
            }

            Assert.That(open, Is.Zero);
            Assert.That(AttuneThreads(), Is.EqualTo(before));
        }

        [Test]
        [Timeout(120000)]
        public void AStreamThatOpensAfterTheEndIsClosed()
        {
            LateLinks links = new LateLinks();
            AttuneClient client = new AttuneClient(links, Request, new[] { ConsentScope.Analyse });
            client.Start();
            links.Asked.Wait();
            client.Dispose();
            links.Opens.Set();
            Assert.That(links.Closed.Wait(10_000), Is.True);
        }

        [Test]
        [Timeout(120000)]
        public void TheNextVisitorInheritsNothing()
        {
            LoopbackServer first = new LoopbackServer();
            using (AttuneClient client = new AttuneClient(first, Request, new[] { ConsentScope.Analyse, ConsentScope.StoreVideo }))
            {
                client.Start();
                SpinWait.SpinUntil(() => client.Figures.State == ConnectionState.Streaming, 5000);
            }

            LoopbackServer second = new LoopbackServer();
            using AttuneClient next = new AttuneClient(second, Request, Array.Empty<ConsentScope>());
            next.Start();
            SpinWait.SpinUntil(() => next.Figures.State == ConnectionState.Streaming, 5000);
            Start start = (Start)second.Received[0];
            Assert.That(start.Scopes, Is.Empty);
            Assert.That(start.ResumeToken, Is.Null);
            Assert.That(next.WantsFrame(FrameRole.Wearer), Is.False);
        }

        [Test]
        [Timeout(120000)]
        public void OfferingFramesAllocatesNothingOnTheCallersThread()
        {
            LoopbackServer server = new LoopbackServer();
            using AttuneClient client = new AttuneClient(server, Request, new[] { ConsentScope.Analyse });
            client.Start();
            SpinWait.SpinUntil(() => client.Figures.State == ConnectionState.Streaming, 5000);
            for (int i = 0; i < 50; i++)
            {
                OfferOne(client);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 1000; i++)
            {
                OfferOne(client);
            }

            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

            // A buffer is made anew only when all four are under way at once.
            Assert.That(bytes, Is.LessThan(20_000));
            Assert.That(server.Frames, Is.GreaterThan(0));
        }

        private static void AssertThatADefaultIsPlayed(AttuneClient client, PumpedContext context)
        {
            ChoiceSettled? settled = null;
            client.Settled += choice => settled = choice;
            client.ReachChoice("door", "left", TimeSpan.FromMilliseconds(50));
            context.PumpUntil(() => settled != null);
            Assert.That(settled!.BranchId, Is.EqualTo("left"));
            Assert.That(settled.By, Is.EqualTo(ResolvedBy.LocalDefault));
        }

        private static void OfferOne(AttuneClient client)
        {
            if (!client.WantsFrame(FrameRole.Wearer))
            {
                Thread.Yield();
            }

            client.Report(new HeadsetPose(client.NowNs, new Pose(default, 0, 0, 0, 1), 1));
            FrameBuffer frame = client.Rent(1024);
            frame.Length = 1000;
            frame.Info = new FrameInfo { CaptureTimeNs = client.NowNs, Role = FrameRole.Wearer };
            client.Offer(frame);
        }

        private static int AttuneThreads() => AttuneClient.RunningThreads;

        /// <summary>The machine's clock, some time ahead.</summary>
        private sealed class AdvancedClock : IClock
        {
            private long _aheadTicks;

            public TimeSpan Ahead
            {
                set => Volatile.Write(ref _aheadTicks, value.Ticks);
            }

            public long NowNs => SystemClock.Instance.NowNs + (Volatile.Read(ref _aheadTicks) * 100);

            public DateTime UtcNow => SystemClock.Instance.UtcNow;
        }

        /// <summary>Takes its time to open a stream.</summary>
        private sealed class LateLinks : ISessionLinks, ISessionLink
        {
            public ManualResetEventSlim Asked { get; } = new ManualResetEventSlim();

            public ManualResetEventSlim Opens { get; } = new ManualResetEventSlim();

            public ManualResetEventSlim Closed { get; } = new ManualResetEventSlim();

            public ISessionLink Open()
            {
                Asked.Set();
                Opens.Wait();
                return this;
            }

            public void Send(Control message) => throw new LinkException(LinkFault.Unreachable, "closed");

            public void Send(FrameBuffer frame) => throw new LinkException(LinkFault.Unreachable, "closed");

            public void Send(in HeadsetPose pose) => throw new LinkException(LinkFault.Unreachable, "closed");

            public void Send(FaceWeights weights) => throw new LinkException(LinkFault.Unreachable, "closed");

            public ServerMessage? Receive() => throw new LinkException(LinkFault.Unreachable, "closed");

            public void Abort()
            {
            }

            void IDisposable.Dispose()
            {
                if (Opens.IsSet)
                {
                    Closed.Set();
                }
            }
        }

        private sealed class MistakenLinks : ISessionLinks
        {
            public ISessionLink Open() => throw new InvalidOperationException("a mistake");

            public void Dispose()
            {
            }
        }

        /// <summary>Stands for Unity's main thread: runs what was posted when it is told to.</summary>
        private sealed class PumpedContext : SynchronizationContext
        {
            private readonly Queue<KeyValuePair<SendOrPostCallback, object?>> _posted =
                new Queue<KeyValuePair<SendOrPostCallback, object?>>();

            public List<Exception> Caught { get; } = new List<Exception>();

            public override void Post(SendOrPostCallback callback, object? state)
            {
                lock (_posted)
                {
                    _posted.Enqueue(new KeyValuePair<SendOrPostCallback, object?>(callback, state));
                }
            }

            public void Pump()
            {
                while (true)
                {
                    KeyValuePair<SendOrPostCallback, object?> next;
                    lock (_posted)
                    {
                        if (_posted.Count == 0)
                        {
                            return;
                        }

                        next = _posted.Dequeue();
                    }

                    try
                    {
                        next.Key(next.Value);
                    }
                    catch (InvalidOperationException exception)
                    {
                        Caught.Add(exception);
                    }
                }
            }

            public void PumpUntil(Func<bool> reached)
            {
                SpinWait.SpinUntil(
                    () =>
                    {
                        Pump();
                        return reached();
                    },
                    10_000);
                Assert.That(reached(), Is.True, "not reached within ten seconds");
            }
        }
    }
}
