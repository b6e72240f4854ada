#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>Everything a server sends. Immutable outside this package.</summary>
    public abstract class ServerMessage
    {
        private protected ServerMessage()
        {
        }
    }

    /// <summary>The server's terms.</summary>
    public sealed class SessionReady : ServerMessage
    {
        public string SessionId { get; internal set; } = "";

        public TimeSpan ResumeWindow { get; internal set; }

        public int MaxFramesInFlight { get; internal set; } = 2;

        public int MaxFrameBytes { get; internal set; } = 256 * 1024;

        public float MaxFrameRateHz { get; internal set; }

        public float UpdateRateHz { get; internal set; }

        public string ScenarioSha256 { get; internal set; } = "";

        public bool Resumed { get; internal set; }

        public long SessionTimeNs { get; internal set; }

        public string ServerVersion { get; internal set; } = "";

        /// <summary>
        /// The server analyses nothing in this session whatever consent is given, because of its audience or its station.
        /// The story runs as for a visitor who refuses.
        /// </summary>
        public bool AnalysisLocked { get; internal set; }

        /// <summary>The models in use, as name, version and SHA-256.</summary>
        public IReadOnlyList<string> Models { get; internal set; } = Array.Empty<string>();

        public IReadOnlyList<string> CalibrationProfiles { get; internal set; } = Array.Empty<string>();

        /// <summary>The visitor is played on this device; no server hears of it.</summary>
        public bool Played { get; internal set; }

        /// <summary>Kept inside: it proves the right to resume.</summary>
        internal string ResumeToken { get; set; } = "";
    }

    /// <summary>Every frame up to and including this one is settled.</summary>
    public sealed class FrameAck : ServerMessage
    {
        public ulong ThroughSequence { get; internal set; }

        public FrameDisposition Disposition { get; internal set; }
    }

    public sealed class Pong : ServerMessage
    {
        public uint Id { get; internal set; }

        public long ClientSendNs { get; internal set; }

        public long ServerReceiveNs { get; internal set; }

        public long ServerSendNs { get; internal set; }
    }

    /// <summary>The server's proposal for a choice.</summary>
    public sealed class BranchDecision : ServerMessage
    {
        public string DecisionId { get; internal set; } = "";

        public string ChoiceId { get; internal set; } = "";

        public uint Occurrence { get; internal set; }

        public string BranchId { get; internal set; } = "";

        public DecisionReason Reason { get; internal set; }

        /// <summary>The figures it rests on, by name.</summary>
        public IReadOnlyDictionary<string, double> Evidence { get; internal set; } = new Dictionary<string, double>();

        /// <summary>The branches that were not proposed, each with its stable code.</summary>
        public IReadOnlyList<KeyValuePair<string, string>> WhyNot { get; internal set; } =
            Array.Empty<KeyValuePair<string, string>>();
    }

    public sealed class ConsentApplied : ServerMessage
    {
        public uint Revision { get; internal set; }

        public ulong LastAnalysedFrameSequence { get; internal set; }

        public IReadOnlyList<ConsentScope> Scopes { get; internal set; } = Array.Empty<ConsentScope>();
    }

    public sealed class CalibrationProgress : ServerMessage
    {
        public CalibrationAction Action { get; internal set; }

        public float Fraction { get; internal set; }

        public bool InForce { get; internal set; }
    }

    /// <summary>A machine-readable remark.</summary>
    public sealed class Notice : ServerMessage
    {
        public NoticeCode Code { get; internal set; }

        public IReadOnlyDictionary<string, string> Parameters { get; internal set; } = new Dictionary<string, string>();
    }

    /// <summary>Last message of a session.</summary>
    public sealed class SessionSummary : ServerMessage
    {
        public EndReason Reason { get; internal set; }

        public ulong FramesReceived { get; internal set; }

        public ulong FramesAnalysed { get; internal set; }

        public ulong FramesDropped { get; internal set; }

        public ulong FramesWithFace { get; internal set; }

        public uint Decisions { get; internal set; }

        public long DurationNs { get; internal set; }

        public EmpathyState? Empathy { get; internal set; }

        public bool Stored { get; internal set; }
    }
}
