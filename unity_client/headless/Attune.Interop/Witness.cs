#nullable enable
using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using Attune.DotNet;
using Attune.Transport;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>A client against a real server, with everything that it was told.</summary>
    internal sealed class Witness : IDisposable
    {
        private readonly object _gate = new object();
        private readonly List<object> _events = new List<object>();
        private readonly byte[][] _frames;
        private int _next;

        public Witness(
            Uri address, byte[][]? frames = null, string token = "", HttpMessageHandler? handler = null,
            params ConsentScope[] consent)
        {
            _frames = frames ?? Array.Empty<byte[]>();
            SessionRequest request = new SessionRequest
            {
                StationId = "test " + Guid.NewGuid().ToString("N").Substring(0, 8),
                ScenarioId = "memorial",
                ScenarioSha256 = Clip.ScenarioSha256,
                VideoSource = frames == null ? VideoSource.None : VideoSource.ClientFrames,
                CameraKind = frames == null ? CameraKind.Unspecified : CameraKind.External,
            };
            GrpcSessionLinks links = new GrpcSessionLinks(address, handler ?? SocketsHandler.Create(), token);
            Client = new AttuneClient(links, request, consent);
            Client.StateChanged += state => Note(state);
            Client.Ready += Note;
            Client.Updated += Note;
            Client.Settled += Note;
            Client.ConsentApplied += Note;
            Client.Noticed += Note;
            Client.Summarised += Note;
            Client.Ended += Note;
            Client.Start();
        }

        public AttuneClient Client { get; }

        public int Offered { get; private set; }

        public Dictionary<FrameOutcome, int> Outcomes { get; } = new Dictionary<FrameOutcome, int>();

        /// <summary>The client's clock when the last event of a kind arrived.</summary>
        public Dictionary<Type, long> ArrivedNs { get; } = new Dictionary<Type, long>();

        public T[] All<T>()
        {
            lock (_gate)
            {
                List<T> found = new List<T>();
                foreach (object happened in _events)
                {
                    if (happened is T wanted)
                    {
                        found.Add(wanted);
                    }
                }

                return found.ToArray();
            }
        }

        /// <summary>The first event that fits; the test fails when none comes.</summary>
        public T Await<T>(Func<T, bool>? fits = null, double seconds = 120)
        {
            T found = default!;
            bool Search()
            {
                foreach (T candidate in All<T>())
                {
                    if (fits == null || fits(candidate))
                    {
                        found = candidate;
                        return true;
                    }
                }

                return false;
            }

            AwaitThat(Search, typeof(T).Name, seconds);
            return found;
        }

        public void AwaitThat(Func<bool> reached, string what, double seconds = 120)
        {
            long until = Client.NowNs + (long)(seconds * 1e9);
            lock (_gate)
            {
                while (!reached())
                {
                    if (Client.NowNs > until)
                    {
                        ClientFigures figures = Client.Figures;
                        Assert.Fail($"{what} did not come within {seconds} s; {figures.State}, last fault '{figures.LastFault}'");
                    }

                    Monitor.Wait(_gate, 20);
                }
            }
        }

        public void AwaitStreaming() => AwaitThat(() => Client.Figures.State == ConnectionState.Streaming, "streaming");

        public void Offer()
        {
            byte[] jpeg = _frames[_next++ % _frames.Length];
            FrameBuffer frame = Client.Rent(jpeg.Length);
            jpeg.CopyTo(frame.Bytes, 0);
            frame.Length = jpeg.Length;
            frame.Info = new FrameInfo
            {
                CaptureTimeNs = Client.NowNs,
                CaptureTimeSource = CaptureTimeSource.FrameArrival,
                Encoding = FrameEncoding.Jpeg,
                WidthPx = 640,
                HeightPx = 360,
                Role = FrameRole.Wearer,
            };
            FrameOutcome outcome = Client.Offer(frame);
            Outcomes.TryGetValue(outcome, out int before);
            Outcomes[outcome] = before + 1;
            Offered++;
        }

        /// <summary>A camera for that long.</summary>
        public void Film(double seconds, double framesPerSecond)
        {
            long begin = Client.NowNs;
            for (int i = 0; i < seconds * framesPerSecond; i++)
            {
                long waitMs = (begin + (long)(i / framesPerSecond * 1e9) - Client.NowNs) / 1_000_000;
                if (waitMs > 0)
                {
                    Thread.Sleep((int)waitMs);
                }

                Offer();
            }
        }

        /// <summary>
        /// Films until the server keeps up: on a busy machine its first frames wait for its models.
        /// The sequence of the last update then.
        /// </summary>
        public ulong FilmUntilFresh(double freshMs, double framesPerSecond)
        {
            for (int i = 0; i < 240; i++)
            {
                Film(0.5, framesPerSecond);
                StateUpdate[] updates = All<StateUpdate>();
                StateUpdate? last = Array.FindLast(updates, update => update.FrameSequence > 0);
                if (last != null && last.AgeMs < freshMs)
                {
                    return last.Sequence;
                }
            }

            Assert.Fail($"no answer younger than {freshMs} ms within 120 s");
            return 0;
        }

        public SessionSummary End()
        {
            Client.End(EndReason.Finished);
            return Await<SessionSummary>();
        }

        public void Dispose() => Client.Dispose();

        private void Note(object happened)
        {
            lock (_gate)
            {
                _events.Add(happened);
                ArrivedNs[happened.GetType()] = Client.NowNs;
                Monitor.PulseAll(_gate);
            }
        }

        private void Note(ConnectionState state) => Note((object)state);
    }
}
