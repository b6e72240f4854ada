#nullable enable
using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using Attune.Transport;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>How a call ends, over a handler whose streams are pipes (YetAnotherHttpHandler's are).</summary>
    public sealed class GrpcStreamTests
    {
        private static readonly GrpcMethod<V1.ClientMessage, V1.ServerMessage> Method =
            new GrpcMethod<V1.ClientMessage, V1.ServerMessage>("attune.v1.AttuneService", "Attune", V1.ServerMessage.Parser);

        [Test]
        [Timeout(60000)]
        public void ACallThatWasGivenUpSaysSoWhateverItsStreamSays()
        {
            using GrpcChannel channel = new GrpcChannel(new Uri("http://127.0.0.1:1"), new PipeHandler());
            using GrpcStream<V1.ClientMessage, V1.ServerMessage> call = channel.Open(Method);
            Assert.That(call.Read(), Is.Not.Null);
            call.Cancel();
            GrpcException end = Assert.Throws<GrpcException>(() => call.Read())!;
            Assert.That(end.Status.Code, Is.EqualTo(GrpcStatusCode.Cancelled));
            Assert.That(call.Write(new V1.ClientMessage()), Is.False);
        }

        /// <summary>Answers with one empty message, and leaves the stream open.</summary>
        private sealed class PipeHandler : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
            {
                _ = request.Content!.CopyToAsync(Stream.Null);
                HttpResponseMessage answer = new HttpResponseMessage(HttpStatusCode.OK)
                {
                    Version = new Version(2, 0),
                    Content = new StreamContent(new PipeStream()),
                };
                answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
                return Task.FromResult(answer);
            }
        }

        /// <summary>Once it is closed, it calls every further read a mistake of its reader's, as System.IO.Pipelines does.</summary>
        private sealed class PipeStream : MemoryStream
        {
            private bool _closed;

            public PipeStream()
                : base(new byte[GrpcWire.PrefixBytes])
            {
            }

            public override bool CanRead => true;

            public override int Read(byte[] buffer, int offset, int count) => _closed
                ? throw new InvalidOperationException("Reading is not allowed after reader was completed.")
                : base.Read(buffer, offset, count);

            protected override void Dispose(bool disposing) => _closed = true;
        }
    }
}
