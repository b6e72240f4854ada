#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;

namespace Attune.Tests
{
    /// <summary>A session machine on a bench: time is set by hand, what it sends is kept.</summary>
    internal sealed class MachineBench
    {
        public const long Ms = 1_000_000;
        public const long Second = 1_000_000_000;

        private readonly DateTime _utc = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        public MachineBench(params ConsentScope[] consent)
            : this(false, consent)
        {
        }

        public MachineBench(bool offline, ConsentScope[] consent)
        {
            SessionRequest request = new SessionRequest
            {
                StationId = "station 1",
                VideoSource = VideoSource.ClientFrames,
                CameraKind = CameraKind.External,
            };
            Machine = new SessionMachine(request, consent, offline, 1, Events.Add);
        }

        public SessionMachine Machine { get; }

        public long NowNs { get; set; } = 100 * Second;

        /// <summary>For how long the device slept, and its monotonic clock stood still.</summary>
        public long SleptNs { get; private set; }

        public DateTime Utc => _utc.AddTicks((NowNs + SleptNs) / 100);

        public List<object> Events { get; } = new List<object>();

        public List<Control> Messages { get; } = new List<Control>();

        public List<ulong> Frames { get; } = new List<ulong>();

        public int Opened { get; private set; }

        /// <summary>Takes every step that is due; the one it ends with.</summary>
        public Step Run()
        {
            while (true)
            {
                Step step = Machine.Next(NowNs);
                if (step.Kind == StepKind.Open)
                {
                    Opened++;
                }
                else if (step.Message != null)
                {
                    Messages.Add(step.Message);
                    Machine.Sent(step.Message);
                }
                else if (step.Frame != null)
                {
                    Frames.Add(step.Frame.Sequence);
                    Machine.Sent(step.Frame, true);
                }
                else if (step.Kind != StepKind.SendPose)
                {
                    return step;
                }
            }
        }

        public Step RunAfter(long ns)
        {
            NowNs += ns;
            return Run();
        }

        /// <summary>Answers every ping that was sent since the last time, half of the round trip each way.</summary>
        public void AnswerPings(long offsetNs = 0, long roundTripNs = 2 * Ms, int atMost = int.MaxValue)
        {
            Ping[] pings = Messages.OfType<Ping>().ToArray();
            Messages.RemoveAll(message => message is Ping);
            NowNs += roundTripNs;
            foreach (Ping ping in pings.Take(atMost))
            {
                long server = ping.ClientSendNs + (roundTripNs / 2) + offsetNs;
                Machine.Received(
                    new Pong { Id = ping.Id, ClientSendNs = ping.ClientSendNs, ServerReceiveNs = server, ServerSendNs = server },
                    NowNs);
            }
        }

        public void Welcome(bool resumed = false, int credit = 2)
        {
            Machine.Received(
                new SessionReady
                {
                    ResumeToken = "token",
                    ResumeWindow = TimeSpan.FromSeconds(30),
                    MaxFramesInFlight = credit,
                    MaxFrameBytes = 1000,
                    Resumed = resumed,
                },
                NowNs);
        }

        /// <summary>The system suspends the device, and says so before and after.</summary>
        public void Sleep(long ns)
        {
            Machine.Pause(PauseReason.Application, NowNs, Utc);
            Run();
            SleptNs += ns;
            Machine.Resume(NowNs, Utc);
        }

        /// <summary>Until everything flows.</summary>
        public MachineBench Streaming(int credit = 2)
        {
            Run();
            Welcome(credit: credit);
            Run();
            AnswerPings();
            Run();
            return this;
        }

        public FrameOutcome Offer(int bytes = 10, FrameRole role = FrameRole.Wearer)
        {
            FrameBuffer frame = Machine.Pool.Rent(bytes);
            frame.Length = bytes;
            frame.Info = new FrameInfo { CaptureTimeNs = NowNs++, Role = role };
            return Machine.Offer(frame, NowNs);
        }

        public void Acknowledge(ulong through, FrameDisposition disposition = FrameDisposition.Analysed) =>
            Machine.Received(new FrameAck { ThroughSequence = through, Disposition = disposition }, NowNs);

        public void Break(LinkFault fault = LinkFault.Unreachable) =>
            Machine.Broken(new LinkException(fault, "broken on purpose"), NowNs);

        public void Decide(string choice, uint occurrence, string branch, DecisionReason reason = DecisionReason.Evidence)
        {
            BranchDecision decision = new BranchDecision
            {
                DecisionId = $"{choice}/{occurrence}",
                ChoiceId = choice,
                Occurrence = occurrence,
                BranchId = branch,
                Reason = reason,
            };
            Machine.Received(decision, NowNs);
        }

        public T[] EventsOf<T>() => Events.OfType<T>().ToArray();

        public T[] MessagesOf<T>()
            where T : Control => Messages.OfType<T>().ToArray();
    }
}
