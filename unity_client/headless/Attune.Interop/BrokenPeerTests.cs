#nullable enable
using System;
using System.Net.Http;
using Attune.DotNet;
using Attune.Transport;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>What no well-behaved server sends.</summary>
    [TestFixture("sockets")]
    [TestFixture("faulty (simulated)")]
    [Timeout(120000)]
    public sealed class BrokenPeerTests
    {
        private static readonly GrpcMethod<BytesValue, BytesValue> Any =
            new GrpcMethod<BytesValue, BytesValue>("any.Service", "Any", BytesValue.Parser);

        private static readonly Func<int, byte[]> GrpcHeaders =
            RawPeer.Headers((":status", "200"), ("content-type", "application/grpc"));

        private static readonly byte[] OneMessage = { 0, 0, 0, 0, 3, 0x0a, 1, (byte)'x' };

        private readonly bool _faulty;

        public BrokenPeerTests(string handler) => _faulty = handler != "sockets";

        [TestCase((byte)2)]
        [TestCase((byte)8)]
        [TestCase((byte)11)]
        public void AResetInMidStreamIsUnavailable(byte code)
        {
            GrpcException error = EndOf(new RawPeer(GrpcHeaders, RawPeer.Data(OneMessage), RawPeer.Reset(code)));
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
        }

        [Test]
        public void AGoAwayThatGivesTheStreamUpIsUnavailable()
        {
            GrpcException error = EndOf(new RawPeer(GrpcHeaders, RawPeer.Data(OneMessage), RawPeer.GoAway(0, 2)));
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
        }

        [Test]
        public void AStreamThatTheGoAwayCoversGoesOnToItsEnd()
        {
            using RawPeer peer = new RawPeer(
                GrpcHeaders, RawPeer.GoAway(1, 0), RawPeer.Data(OneMessage), RawPeer.Trailers(("grpc-status", "0")));
            using GrpcChannel channel = Channel(peer);
            using GrpcStream<BytesValue, BytesValue> call = channel.Open(Any);
            Assert.That(call.Read()!.Value.ToStringUtf8(), Is.EqualTo("x"));
            Assert.That(call.Read(), Is.Null);
        }

        [Test]
        public void AnEndWithoutStatusIsUnavailable()
        {
            GrpcException error = EndOf(new RawPeer(GrpcHeaders, RawPeer.Data(OneMessage), RawPeer.EndOfData()));
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
            Assert.That(error.Status.Detail, Does.Contain("without a status"));
        }

        [Test]
        public void AnEndWithinAMessageIsNeverOk()
        {
            GrpcException error = EndOf(
                new RawPeer(GrpcHeaders, RawPeer.Data(0, 0, 0, 0, 9, 1), RawPeer.Trailers(("grpc-status", "0"))));
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Internal));
        }

        [Test]
        public void AMessageThatIsNoProtobufIsInternal()
        {
            GrpcException error = EndOf(new RawPeer(GrpcHeaders, RawPeer.Data(0, 0, 0, 0, 2, 0x0a, 99)));
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Internal));
        }

        [Test]
        public void AnUnknownCompressionIsRefused()
        {
            GrpcException error = EndOf(new RawPeer(GrpcHeaders, RawPeer.Data(1, 0, 0, 0, 0)));
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Internal));
        }

        [Test]
        public void AnAbsurdLengthIsRefusedBeforeItIsAllocated()
        {
            GrpcException error = EndOf(new RawPeer(GrpcHeaders, RawPeer.Data(0, 255, 255, 255, 255)));
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.ResourceExhausted));
        }

        [Test]
        public void AnUnknownStatusIsUnknown()
        {
            GrpcException error = EndOf(new RawPeer(GrpcHeaders, RawPeer.Trailers(("grpc-status", "42"))));
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unknown));
        }

        [TestCase("401", GrpcStatusCode.Unauthenticated)]
        [TestCase("404", GrpcStatusCode.Unimplemented)]
        [TestCase("503", GrpcStatusCode.Unavailable)]
        [TestCase("418", GrpcStatusCode.Unknown)]
        public void AnotherHttpStatusBecomesAStatusOfGrpc(string status, GrpcStatusCode code)
        {
            GrpcException error = EndOf(new RawPeer(RawPeer.Trailers((":status", status))));
            Assert.That(error.Status.Code, Is.EqualTo(code));
        }

        [Test]
        public void AWebPageIsNotGrpc()
        {
            GrpcException error = EndOf(
                new RawPeer(RawPeer.Headers((":status", "200"), ("content-type", "text/html")), RawPeer.EndOfData()));
            Assert.That(error.Status.Detail, Does.Contain("text/html"));
        }

        /// <summary>A message may be lost when a reset follows at once: only how the call ends is certain.</summary>
        private GrpcException EndOf(RawPeer peer)
        {
            using (peer)
            {
                using GrpcChannel channel = Channel(peer);
                using GrpcStream<BytesValue, BytesValue> call = channel.Open(Any);
                return Assert.Throws<GrpcException>(() =>
                {
                    while (call.Read() != null)
                    {
                    }
                })!;
            }
        }

        private GrpcChannel Channel(RawPeer peer)
        {
            HttpMessageHandler handler = SocketsHandler.Create();
            return new GrpcChannel(peer.Address, _faulty ? new FaultyHandler(handler) : handler);
        }
    }
}
