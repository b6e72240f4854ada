#nullable enable
using System;
using System.Net.Http;

namespace Attune.Transport
{
    /// <summary>Opens Attune's bidirectional call on one server, over any handler that speaks HTTP/2.</summary>
    public sealed class GrpcSessionLinks : ISessionLinks
    {
        private static readonly GrpcMethod<V1.ClientMessage, V1.ServerMessage> Method =
            new GrpcMethod<V1.ClientMessage, V1.ServerMessage>("attune.v1.AttuneService", "Attune", V1.ServerMessage.Parser);

        private readonly GrpcChannel _channel;
        private readonly GrpcMetadata _metadata = new GrpcMetadata();

        /// <param name="handler">Owned from here on.</param>
        /// <param name="token">Sent as bearer token; empty: none.</param>
        /// <param name="insecure">
        /// Sends the token over plain text beyond loopback too. The server must be told the same.
        /// </param>
        public GrpcSessionLinks(
            Uri address, HttpMessageHandler handler, string token = "", bool insecure = false, GrpcLimits? limits = null)
        {
            if (token.Length > 0)
            {
                if (address.Scheme == "http" && !EndpointCheck.IsLoopback(address) && !insecure)
                {
                    throw new ArgumentException(
                        $"a token would travel readable to {address.Host}: use https://, or say insecure on both sides");
                }

                _metadata.Add("authorization", "Bearer " + token);
            }

            _channel = new GrpcChannel(address, handler, limits);
        }

        public ISessionLink Open() => new GrpcSessionLink(_channel.Open(Method, _metadata));

        public void Dispose() => _channel.Dispose();
    }

    /// <summary>One call as Core sees it.</summary>
    internal sealed class GrpcSessionLink : ISessionLink
    {
        private readonly GrpcStream<V1.ClientMessage, V1.ServerMessage> _call;

        public GrpcSessionLink(GrpcStream<V1.ClientMessage, V1.ServerMessage> call) => _call = call;

        public void Send(Control message)
        {
            Write(ToMessage.Of(message));
            if (message is SessionEnd)
            {
                _call.CompleteWriting();
            }
        }

        public void Send(FrameBuffer frame) => Write(ToMessage.Of(frame));

        public void Send(in HeadsetPose pose) => Write(ToMessage.Of(pose));

        public void Send(FaceWeights weights) => Write(ToMessage.Of(weights));

        public ServerMessage? Receive()
        {
            try
            {
                while (true)
                {
                    V1.ServerMessage? message = _call.Read();
                    if (message == null)
                    {
                        return null;
                    }

                    ServerMessage? known = FromMessage.Of(message);
                    if (known != null)
                    {
                        return known;
                    }
                }
            }
            catch (GrpcException exception)
            {
                throw new LinkException(FaultOf(exception.Status.Code), exception.Message, exception);
            }
        }

        public void Abort() => _call.Cancel();

        public void Dispose() => _call.Dispose();

        /// <summary>Whether the same words may be welcome later.</summary>
        internal static LinkFault FaultOf(GrpcStatusCode code)
        {
            switch (code)
            {
                case GrpcStatusCode.InvalidArgument:
                case GrpcStatusCode.NotFound:
                case GrpcStatusCode.AlreadyExists:
                case GrpcStatusCode.OutOfRange:
                case GrpcStatusCode.Unimplemented:
                case GrpcStatusCode.DataLoss:
                    return LinkFault.Refused;
                case GrpcStatusCode.PermissionDenied:
                case GrpcStatusCode.Unauthenticated:
                    return LinkFault.NotAllowed;
                default:
                    // FailedPrecondition too: the last visitor's session still has the camera, and will let go of it.
                    return LinkFault.Unreachable;
            }
        }

        private void Write(V1.ClientMessage message)
        {
            if (!_call.Write(message))
            {
                throw new LinkException(LinkFault.Unreachable, "the stream takes no more messages");
            }
        }
    }
}
