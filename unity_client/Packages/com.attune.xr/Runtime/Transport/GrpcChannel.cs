#nullable enable
using System;
using System.Collections.Generic;
using System.Net.Http;
using Google.Protobuf;

namespace Attune.Transport
{
    /// <summary>Limits of a channel.</summary>
    public sealed class GrpcLimits
    {
        /// <summary>How long a handler may take until it accepts the first byte of a request.</summary>
        public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

        /// <summary>How long the server may take from the first message to the headers of its answer.</summary>
        public TimeSpan FirstHeaderTimeout { get; set; } = TimeSpan.FromSeconds(10);

        /// <summary>Largest message that is read, bytes.</summary>
        public int MaxReceiveBytes { get; set; } = 4 * 1024 * 1024;
    }

    /// <summary>A method of a service with the parser of its answers.</summary>
    public sealed class GrpcMethod<TRequest, TResponse>
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        public GrpcMethod(string service, string name, MessageParser<TResponse> responses)
        {
            Path = $"/{service}/{name}";
            Responses = responses;
        }

        public string Path { get; }

        public MessageParser<TResponse> Responses { get; }
    }

    /// <summary>
    /// Calls to one server over a handler that speaks HTTP/2. Owns the handler. Threads: any.
    /// </summary>
    public sealed class GrpcChannel : IDisposable
    {
        private readonly HttpMessageInvoker _invoker;
        private readonly Uri _address;
        private readonly GrpcLimits _limits;

        /// <param name="address">For example <c>http://127.0.0.1:50051</c> or <c>https://museum.local</c>.</param>
        /// <param name="handler">
        /// Must send the request in HTTP/2. Over plain text most handlers need to be told so.
        /// </param>
        public GrpcChannel(Uri address, HttpMessageHandler handler, GrpcLimits? limits = null)
        {
            if (address.Scheme != "http" && address.Scheme != "https")
            {
                throw new ArgumentException($"expected an http:// or https:// address, got '{address}'", nameof(address));
            }

            _address = address;
            _invoker = new HttpMessageInvoker(handler, disposeHandler: true);
            _limits = limits ?? new GrpcLimits();
        }

        /// <summary>Starts a call; messages go both ways until either side ends it.</summary>
        public GrpcStream<TRequest, TResponse> Open<TRequest, TResponse>(
            GrpcMethod<TRequest, TResponse> method, GrpcMetadata? metadata = null, TimeSpan? deadline = null)
            where TRequest : class, IMessage<TRequest>
            where TResponse : class, IMessage<TResponse>
        {
            HttpRequestMessage request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, method.Path))
            {
                Version = new Version(2, 0),
            };
            request.Headers.TryAddWithoutValidation("te", "trailers");
            request.Headers.TryAddWithoutValidation("user-agent", "grpc-attune-unity/1");
            request.Headers.TryAddWithoutValidation("grpc-accept-encoding", "identity,gzip");
            if (deadline.HasValue)
            {
                request.Headers.TryAddWithoutValidation("grpc-timeout", GrpcWire.Timeout(deadline.Value));
            }

            foreach (KeyValuePair<string, string> entry in (metadata ?? new GrpcMetadata()).Entries)
            {
                request.Headers.TryAddWithoutValidation(entry.Key, entry.Value);
            }

            return new GrpcStream<TRequest, TResponse>(_invoker, request, method.Responses, _limits, deadline);
        }

        /// <summary>One request, one answer. Blocks the calling thread.</summary>
        /// <exception cref="GrpcException">The call did not end with OK and one message.</exception>
        public TResponse Call<TRequest, TResponse>(
            GrpcMethod<TRequest, TResponse> method, TRequest request, GrpcMetadata? metadata = null, TimeSpan? deadline = null)
            where TRequest : class, IMessage<TRequest>
            where TResponse : class, IMessage<TResponse>
        {
            using GrpcStream<TRequest, TResponse> call = Open(method, metadata, deadline);
            if (call.Write(request))
            {
                call.CompleteWriting();
            }

            TResponse? answer = call.Read();
            if (answer == null || call.Read() != null)
            {
                string found = answer == null ? "none" : "several";
                throw new GrpcException(
                    new GrpcStatus(GrpcStatusCode.Internal, $"expected one answer, got {found}"), call.Trailers);
            }

            return answer;
        }

        public void Dispose() => _invoker.Dispose();
    }
}
