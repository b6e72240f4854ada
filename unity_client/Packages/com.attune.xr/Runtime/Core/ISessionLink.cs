#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// One open stream to a server. One thread sends, one thread receives, both block; any thread may abort,
    /// which makes both return at once.
    /// </summary>
    public interface ISessionLink : IDisposable
    {
        /// <exception cref="LinkException">The stream is over.</exception>
        void Send(Control message);

        /// <summary>The buffer may be used again after the return.</summary>
        /// <exception cref="LinkException">The stream is over.</exception>
        void Send(FrameBuffer frame);

        /// <exception cref="LinkException">The stream is over.</exception>
        void Send(in HeadsetPose pose);

        /// <summary>The object may be used again after the return.</summary>
        /// <exception cref="LinkException">The stream is over.</exception>
        void Send(FaceWeights weights);

        /// <summary>The next message; null: the server ended the stream well.</summary>
        /// <exception cref="LinkException">The stream is over.</exception>
        ServerMessage? Receive();

        void Abort();
    }

    /// <summary>Opens streams to one server. Returns at once; a connection that fails shows in the stream.</summary>
    public interface ISessionLinks : IDisposable
    {
        ISessionLink Open();
    }

    /// <summary>What a broken stream means for the next try.</summary>
    public enum LinkFault
    {
        /// <summary>Trying again may help.</summary>
        Unreachable,

        /// <summary>The server refused what was sent: trying the same again is useless.</summary>
        Refused,

        /// <summary>The server refused who sent it: token or certificate.</summary>
        NotAllowed,

        /// <summary>This client failed by a mistake of its own.</summary>
        Internal,
    }

    /// <summary>A stream to the server is over, and not because it was meant to.</summary>
    public sealed class LinkException : Exception
    {
        public LinkException(LinkFault fault, string detail, Exception? cause = null)
            : base(detail, cause) => Fault = fault;

        public LinkFault Fault { get; }
    }
}
