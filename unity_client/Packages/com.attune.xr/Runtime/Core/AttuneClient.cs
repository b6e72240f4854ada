#nullable enable
using System;
using System.Collections.Generic;
using System.Threading;

namespace Attune
{
    /// <summary>
    /// One visitor's session: frames and events out, state and branches in. A new visitor is a new client.
    /// Every method returns at once and may be called from any thread; every event arrives on the
    /// SynchronizationContext given at the beginning, one after the other.
    /// </summary>
    public sealed partial class AttuneClient : IDisposable
    {
        /// <summary>How long <see cref="Dispose"/> takes at most.</summary>
        public static readonly TimeSpan DisposeTimeout = TimeSpan.FromMilliseconds(500);

        // How late a deadline may be kept while the sending thread waits for its peer.
        private const int WatchMs = 50;

        private static readonly List<AttuneClient> Started = new List<AttuneClient>();

        private static int _running;

        private readonly object _gate = new object();
        private readonly IClock _clock;
        private readonly ISessionLinks? _links;
        private readonly SessionMachine _machine;
        private readonly EventOutlet _outlet;
        private Thread? _sender;
        private Thread? _receiver;
        private Timer? _watch;
        private ISessionLink? _link;
        private bool _inStep;
        private bool _stopping;
        private bool _disposed;
        private volatile bool _gone;

        /// <param name="links">The way to the server; null: there is none, and choices take their defaults. Owned.</param>
        /// <param name="consent">What the visitor allowed; nothing is implied.</param>
        /// <param name="context">Where events arrive; null: on pool threads, one after the other.</param>
        public AttuneClient(
            ISessionLinks? links, SessionRequest request, IEnumerable<ConsentScope> consent,
            SynchronizationContext? context = null, IClock? clock = null)
        {
            _links = links;
            _clock = clock ?? SystemClock.Instance;
            _outlet = new EventOutlet(context ?? new SynchronizationContext(), Deliver);
            int seed = Guid.NewGuid().GetHashCode();
            _machine = new SessionMachine(request, consent, links == null, seed, _outlet.Publish);
        }

        public event Action<ConnectionState>? StateChanged;

        /// <summary>The server's terms; again after every reconnection.</summary>
        public event Action<SessionReady>? Ready;

        public event Action<StateUpdate>? Updated;

        /// <summary>Play this branch now.</summary>
        public event Action<ChoiceSettled>? Settled;

        public event Action<ConsentApplied>? ConsentApplied;

        public event Action<CalibrationProgress>? CalibrationProgressed;

        public event Action<Notice>? Noticed;

        public event Action<SessionSummary>? Summarised;

        public event Action<SessionOver>? Ended;

        /// <summary>Threads of all clients of this process; 0 after the last one was disposed.</summary>
        public static int RunningThreads => Volatile.Read(ref _running);

        public long NowNs => _clock.NowNs;

        public ClientFigures Figures
        {
            get
            {
                lock (_gate)
                {
                    return _machine.Figures;
                }
            }
        }

        public bool Allows(ConsentScope scope)
        {
            lock (_gate)
            {
                return _machine.Consent.Allows(scope);
            }
        }

        /// <summary>Counts the changes of consent. A picture belongs to the one in force when it was taken.</summary>
        public uint ConsentRevision
        {
            get
            {
                lock (_gate)
                {
                    return _machine.Consent.Revision;
                }
            }
        }

        /// <summary>The server's limit for one frame; before it said so, a careful guess.</summary>
        public int MaxFrameBytes
        {
            get
            {
                lock (_gate)
                {
                    return _machine.Terms?.MaxFrameBytes ?? 128 * 1024;
                }
            }
        }

        /// <summary>Begins. Events can be subscribed to before.</summary>
        public void Start()
        {
            lock (_gate)
            {
                if (_disposed || _sender != null)
                {
                    throw new InvalidOperationException("a client starts once; a new visitor needs a new client");
                }

                lock (Started)
                {
                    Started.Add(this);
                }

                _sender = Run(SendLoop, "Attune send");
                _receiver = _links == null ? null : Run(ReceiveLoop, "Attune receive");
                _watch = _links == null ? null : new Timer(_ => Watch(), null, WatchMs, WatchMs);
            }
        }

        /// <summary>Whether a frame that is made now would be sent soon: ask before a readback.</summary>
        public bool WantsFrame(FrameRole role)
        {
            lock (_gate)
            {
                return _machine.WantsFrame(role, _clock.NowNs);
            }
        }

        /// <summary>Whether a camera may be open for such frames. Where not, close it: nobody may take it for being watched.</summary>
        public bool MayFilm(FrameRole role)
        {
            lock (_gate)
            {
                return _machine.MayFilm(role);
            }
        }

        /// <summary>A buffer for one frame; give it to <see cref="Offer"/>.</summary>
        public FrameBuffer Rent(int capacityBytes) => _machine.Pool.Rent(capacityBytes);

        /// <summary>Offers a frame; a newer one may take its place unsent. The buffer is the client's from here on.</summary>
        public FrameOutcome Offer(FrameBuffer frame)
        {
            lock (_gate)
            {
                FrameOutcome outcome = _machine.Offer(frame, _clock.NowNs);
                Monitor.PulseAll(_gate);
                return outcome;
            }
        }

        /// <summary>
        /// Offers a frame that took time to be made: it is refused when the consent changed since it was taken,
        /// even if it allows frames again.
        /// </summary>
        public FrameOutcome Offer(FrameBuffer frame, uint consentRevision)
        {
            lock (_gate)
            {
                FrameOutcome outcome = _machine.Offer(frame, _clock.NowNs, consentRevision);
                Monitor.PulseAll(_gate);
                return outcome;
            }
        }

        /// <summary>Shows the wearer's frames to the editor's window from now on; null: no more.</summary>
        internal void ShowFrames(FramePreview? preview)
        {
            lock (_gate)
            {
                if (!ReferenceEquals(_machine.Preview, preview))
                {
                    _machine.Preview?.Forget();
                    _machine.Preview = preview;
                }
            }
        }

        public void Report(in HeadsetPose pose)
        {
            lock (_gate)
            {
                _machine.Report(pose);
                Monitor.PulseAll(_gate);
            }
        }

        /// <summary>The object can be filled anew after the return. It leaves with consent to analyse only.</summary>
        public void Report(FaceWeights weights)
        {
            lock (_gate)
            {
                _machine.Report(weights);
                Monitor.PulseAll(_gate);
            }
        }

        public void Report(CameraModel camera)
        {
            lock (_gate)
            {
                _machine.Report(camera);
                Monitor.PulseAll(_gate);
            }
        }

        public void Report(SceneEvent happened)
        {
            lock (_gate)
            {
                _machine.Report(happened);
                Monitor.PulseAll(_gate);
            }
        }

        public void Calibrate(CalibrationAction action)
        {
            lock (_gate)
            {
                _machine.Calibrate(action);
                Monitor.PulseAll(_gate);
            }
        }

        /// <summary>
        /// The story needs a branch. <see cref="Settled"/> follows exactly once: with the server's decision, with
        /// an operator's choice, or after <paramref name="patience"/> with the default.
        /// </summary>
        /// <returns>Counts how often this choice was reached, from 1.</returns>
        public uint ReachChoice(string choiceId, string defaultBranch, TimeSpan patience)
        {
            lock (_gate)
            {
                long now = _clock.NowNs;
                uint occurrence = _machine.ReachChoice(choiceId, defaultBranch, now + (patience.Ticks * 100), now);
                Monitor.PulseAll(_gate);
                return occurrence;
            }
        }

        /// <summary>Somebody in the scene chooses, here and now. False: the choice is settled already, or was not reached.</summary>
        public bool Choose(string choiceId, string branchId)
        {
            lock (_gate)
            {
                bool settled = _machine.Choose(choiceId, branchId, _clock.NowNs);
                Monitor.PulseAll(_gate);
                return settled;
            }
        }

        /// <summary>
        /// An operator beside the scene wants a branch, of the choice that waits or of the next time it is reached. The
        /// server decides so, which its recording holds; where none is reached, the branch is played as soon as the choice
        /// waits. <see cref="Settled"/> tells. What the server does not know it refuses by a notice.
        /// </summary>
        /// <returns>The occurrence that it is for, counted as by <see cref="ReachChoice"/>.</returns>
        public uint Order(string choiceId, string branchId)
        {
            lock (_gate)
            {
                uint occurrence = _machine.Order(choiceId, branchId, _clock.NowNs);
                Monitor.PulseAll(_gate);
                return occurrence;
            }
        }

        /// <summary>
        /// Replaces the consent. No frame that is offered after the return leaves unless it allows it, and one that waits is thrown
        /// away; one whose writing has begun may still be completed, before the server hears of the change.
        /// </summary>
        public void ChangeConsent(params ConsentScope[] scopes)
        {
            lock (_gate)
            {
                _machine.ChangeConsent(scopes);
                Monitor.PulseAll(_gate);
            }
        }

        public void Pause(PauseReason reason)
        {
            lock (_gate)
            {
                _machine.Pause(reason, _clock.NowNs, _clock.UtcNow);
                Monitor.PulseAll(_gate);
            }
        }

        public void Resume()
        {
            lock (_gate)
            {
                _machine.Resume(_clock.NowNs, _clock.UtcNow);
                Monitor.PulseAll(_gate);
            }
        }

        /// <summary>Says goodbye; <see cref="Ended"/> follows.</summary>
        public void End(EndReason reason)
        {
            lock (_gate)
            {
                _machine.RequestEnd(reason);
                Monitor.PulseAll(_gate);
            }
        }

        private static Thread Run(ThreadStart loop, string name)
        {
            Thread thread = new Thread(() => Counted(loop)) { Name = name, IsBackground = true };
            thread.Start();
            return thread;
        }

        private static void Counted(ThreadStart loop)
        {
            Interlocked.Increment(ref _running);
            try
            {
                loop();
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        private void Deliver(object happened)
        {
            switch (happened)
            {
                case ConnectionState state:
                    StateChanged?.Invoke(state);
                    break;
                case SessionReady ready:
                    Ready?.Invoke(ready);
                    break;
                case StateUpdate update:
                    Updated?.Invoke(update);
                    break;
                case ChoiceSettled settled:
                    Settled?.Invoke(settled);
                    break;
                case ConsentApplied applied:
                    ConsentApplied?.Invoke(applied);
                    break;
                case CalibrationProgress progress:
                    CalibrationProgressed?.Invoke(progress);
                    break;
                case Notice notice:
                    Noticed?.Invoke(notice);
                    break;
                case SessionSummary summary:
                    Summarised?.Invoke(summary);
                    break;
                case SessionOver over:
                    Ended?.Invoke(over);
                    break;
            }
        }
    }
}
