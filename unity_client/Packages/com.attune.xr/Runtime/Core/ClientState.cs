#nullable enable
using System;

namespace Attune
{
    /// <summary>Where a client stands. In every state the story goes on.</summary>
    public enum ConnectionState
    {
        /// <summary>There is no server by design; choices take their defaults.</summary>
        Offline,

        /// <summary>A stream is opened; the server has not answered yet.</summary>
        Connecting,

        /// <summary>The clocks are being related; consent flows, events and frames wait.</summary>
        Synchronising,

        /// <summary>Everything flows.</summary>
        Streaming,

        /// <summary>The session stands still.</summary>
        Paused,

        /// <summary>The server is out of reach; the next attempt is timed.</summary>
        Waiting,

        /// <summary>The session is over; a new one needs a new client.</summary>
        Ended,
    }

    /// <summary>What became of an offered frame.</summary>
    public enum FrameOutcome
    {
        Accepted,

        /// <summary>Accepted in the place of one that was not sent yet.</summary>
        ReplacedOlder,

        /// <summary>The visitor does not allow frames of this role.</summary>
        NoConsent,

        /// <summary>Not connected, paused, or the clocks are not related yet.</summary>
        NotStreaming,

        /// <summary>Larger than the server takes.</summary>
        TooLarge,

        /// <summary>Its capture time does not rise.</summary>
        OutOfOrder,
    }

    /// <summary>How a session ended.</summary>
    public sealed class SessionOver
    {
        internal SessionOver(EndReason reason, LinkFault? fault, string detail)
        {
            Reason = reason;
            Fault = fault;
            Detail = detail;
        }

        public EndReason Reason { get; }

        /// <summary>Null: nothing went wrong.</summary>
        public LinkFault? Fault { get; }

        /// <summary>The server's or the transport's sentence; empty: none.</summary>
        public string Detail { get; }
    }

    /// <summary>Figures of a client at one moment.</summary>
    public struct ClientFigures
    {
        public ConnectionState State { get; internal set; }

        /// <summary>Server clock minus client clock.</summary>
        public TimeSpan ClockOffset { get; internal set; }

        /// <summary>Half width of the offset's estimate.</summary>
        public TimeSpan ClockUncertainty { get; internal set; }

        public TimeSpan RoundTrip { get; internal set; }

        public long FramesSent { get; internal set; }

        /// <summary>Frames that a newer one pushed out before they were sent.</summary>
        public long FramesReplaced { get; internal set; }

        public long FramesAnalysed { get; internal set; }

        /// <summary>Frames that the server dropped or refused.</summary>
        public long FramesDropped { get; internal set; }

        /// <summary>Frames whose acknowledgement did not come in time.</summary>
        public long AcknowledgementsMissed { get; internal set; }

        public long Updates { get; internal set; }

        /// <summary>Streams that were opened after the first.</summary>
        public int Reconnections { get; internal set; }

        /// <summary>Decisions that came after their choice was settled.</summary>
        public int LateDecisions { get; internal set; }

        /// <summary>Why the last stream broke; empty: none has.</summary>
        public string LastFault { get; internal set; }
    }
}
