#nullable enable
using System;
using System.Diagnostics;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Attune.DotNet;
using Attune.Transport;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>gRPC's interoperability cases against a real grpcio server.</summary>
    [TestFixture("sockets")]
    [TestFixture("faulty (simulated)")]
    [Timeout(120000)]
    public sealed class InteroperabilityTests
    {
        private readonly bool _faulty;
        private PythonProcess _server = null!;
        private GrpcChannel _channel = null!;

        public InteroperabilityTests(string handler) => _faulty = handler != "sockets";

        [OneTimeSetUp]
        public void StartServer() => _server = PythonProcess.Start("tests/unity/interop_server.py");

        [OneTimeTearDown]
        public void StopServer() => _server?.Dispose();

        [SetUp]
        public void OpenChannel() => _channel = Channel(_server.PlainAddress);

        [TearDown]
        public void CloseChannel() => _channel?.Dispose();

        [Test]
        public void AnEmptyStreamEndsWithOk()
        {
            using GrpcStream<BytesValue, BytesValue> call = _channel.Open(Method("Echo"));
            call.CompleteWriting();
            Assert.That(call.Read(), Is.Null);
        }

        [Test]
        public void AnEmptyMessageComesBack()
        {
            Assert.That(_channel.Call(Method("Echo"), new BytesValue()).Value.Length, Is.Zero);
        }

        [TestCase(1)]
        [TestCase(70_000)]
        [TestCase(4 * 1024 * 1024 - 16)]
        public void AMessageComesBackWhole(int size)
        {
            byte[] bytes = new byte[size];
            new Random(7).NextBytes(bytes);
            BytesValue answer = _channel.Call(Method("Echo"), new BytesValue { Value = ByteString.CopyFrom(bytes) });
            Assert.That(answer.Value.Span.SequenceEqual(bytes), Is.True);
        }

        [Test]
        public void PingPongGoesBackAndForth()
        {
            using GrpcStream<BytesValue, BytesValue> call = _channel.Open(Method("Echo"));
            for (int i = 0; i < 50; i++)
            {
                Assert.That(call.Write(Text($"ping {i}")), Is.True);
                Assert.That(call.Read(), Is.EqualTo(Text($"ping {i}")));
            }

            call.CompleteWriting();
            Assert.That(call.Read(), Is.Null);
        }

        [Test]
        public void TheServerAnswersAfterAHalfClose()
        {
            using GrpcStream<BytesValue, BytesValue> call = _channel.Open(Method("Collect"));
            call.Write(Text("four"));
            call.Write(Text("and more"));
            call.CompleteWriting();
            Assert.That(call.Read(), Is.EqualTo(Text("12")));
            Assert.That(call.Read(), Is.Null);
        }

        [Test]
        public void ManySizesArriveInOrder()
        {
            using GrpcStream<BytesValue, BytesValue> call = _channel.Open(Method("Produce"));
            call.Write(Text("31415 9 2653 0 58979"));
            call.CompleteWriting();
            foreach (int size in new[] { 31415, 9, 2653, 0, 58979 })
            {
                Assert.That(call.Read()!.Value.Length, Is.EqualTo(size));
            }

            Assert.That(call.Read(), Is.Null);
        }

        [Test]
        public void ACallCanBeCancelledAfterItsBeginning()
        {
            GrpcException error;
            using (GrpcStream<BytesValue, BytesValue> call = _channel.Open(Method("Sleep")))
            {
                Assert.That(call.Write(Text("")), Is.True);
                Task cancelling = Task.Delay(200).ContinueWith(_ => call.Cancel());
                error = Assert.Throws<GrpcException>(() => call.Read())!;
                Assert.That(call.Write(Text("too late")), Is.False);
                cancelling.Wait();
            }

            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Cancelled));
            Assert.That(_channel.Call(Method("AwaitCancelled"), Text("")), Is.EqualTo(Text("yes")));
        }

        [Test]
        public void ACallCanBeCancelledAfterTheFirstAnswer()
        {
            GrpcException error;
            using (GrpcStream<BytesValue, BytesValue> call = _channel.Open(Method("Hang")))
            {
                call.Write(Text(""));
                Assert.That(call.Read(), Is.EqualTo(Text("begun")));
                Task cancelling = Task.Delay(100).ContinueWith(_ => call.Cancel());
                error = Assert.Throws<GrpcException>(() => call.Read())!;
                cancelling.Wait();
            }

            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Cancelled));
            Assert.That(_channel.Call(Method("AwaitCancelled"), Text("")), Is.EqualTo(Text("yes")));
        }

        [Test]
        public void ASleepingServerMeetsTheDeadline()
        {
            using GrpcStream<BytesValue, BytesValue> call = _channel.Open(Method("Sleep"), null, TimeSpan.FromMilliseconds(300));
            call.Write(Text(""));
            GrpcException error = Assert.Throws<GrpcException>(() => call.Read())!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.DeadlineExceeded));
            Assert.That(_channel.Call(Method("AwaitCancelled"), Text("")), Is.EqualTo(Text("yes")));
        }

        [TestCase("UNKNOWN", GrpcStatusCode.Unknown)]
        [TestCase("INVALID_ARGUMENT", GrpcStatusCode.InvalidArgument)]
        [TestCase("UNAUTHENTICATED", GrpcStatusCode.Unauthenticated)]
        public void ATrailersOnlyReplyTellsCodeUnicodeMessageAndMetadata(string name, GrpcStatusCode code)
        {
            const string detail = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
            GrpcException error = Assert.Throws<GrpcException>(() => _channel.Call(Method("Fail"), Text($"{name} {detail}")))!;
            Assert.That(error.Status.Code, Is.EqualTo(code));
            Assert.That(error.Status.Detail, Is.EqualTo(detail));
            Assert.That(error.Trailers.Bytes("x-why-bin"), Is.EqualTo(new byte[] { 0, 255 }));
        }

        [Test]
        public void AStatusAfterAMessageComesFromTheTrailers()
        {
            using GrpcStream<BytesValue, BytesValue> call = _channel.Open(Method("FailAfterOne"));
            call.CompleteWriting();
            Assert.That(call.Read(), Is.EqualTo(Text("one")));
            GrpcException error = Assert.Throws<GrpcException>(() => call.Read())!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.FailedPrecondition));
            Assert.That(error.Status.Detail, Is.EqualTo("ein Satz mit Ümläuten und 100 % ☺"));
        }

        [Test]
        public void MetadataTravelsBothWays()
        {
            byte[] bytes = { 0xab, 0xab, 0xab, 0, 1 };
            GrpcMetadata metadata = new GrpcMetadata().Add("x-echo", "a value").Add("x-echo-bin", bytes);
            using GrpcStream<BytesValue, BytesValue> call = _channel.Open(Method("Metadata"), metadata);
            call.Write(Text(""));
            call.CompleteWriting();
            Assert.That(call.Read()!.Value.ToStringUtf8(), Does.StartWith("grpc-attune-unity/"));
            Assert.That(call.Headers.Text("x-echo"), Is.EqualTo("a value"));
            Assert.That(call.Read(), Is.Null);
            Assert.That(call.Trailers.Bytes("x-echo-bin"), Is.EqualTo(bytes));
        }

        [Test]
        public void AnAnswerInGzipIsRead()
        {
            Assert.That(_channel.Call(Method("Gzip"), Text("")).Value.Length, Is.EqualTo(10_000));
        }

        [Test]
        public void AnOversizeMessageIsRefused()
        {
            GrpcException error = Assert.Throws<GrpcException>(() => _channel.Call(Method("Produce"), Text("5000000")))!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.ResourceExhausted));
            Assert.That(error.Status.Detail, Does.Contain("5000005"));
        }

        [TestCase("attune.interop.Interop", "Missing")]
        [TestCase("attune.interop.Missing", "Echo")]
        public void AnUnknownMethodOrServiceIsUnimplemented(string service, string name)
        {
            GrpcMethod<BytesValue, BytesValue> missing = new GrpcMethod<BytesValue, BytesValue>(service, name, BytesValue.Parser);
            GrpcException error = Assert.Throws<GrpcException>(() => _channel.Call(missing, Text("")))!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unimplemented));
        }

        [Test]
        public void ARefusedConnectionIsUnavailableInTime()
        {
            using GrpcChannel nobody = Channel(new Uri($"http://127.0.0.1:{FreePort()}"));
            Stopwatch watch = Stopwatch.StartNew();
            GrpcException error = Assert.Throws<GrpcException>(() => nobody.Call(Method("Echo"), Text("")))!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
            Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
        }

        [Test]
        public void AServerThatAcceptsAndSaysNothingIsUnavailableInTime()
        {
            TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            try
            {
                int port = ((IPEndPoint)listener.LocalEndpoint).Port;
                using GrpcChannel silent = Channel(new Uri($"http://127.0.0.1:{port}"));
                GrpcException error = Assert.Throws<GrpcException>(() => silent.Call(Method("Echo"), Text("")))!;
                Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
            }
            finally
            {
                listener.Stop();
            }
        }

        [Test]
        public void AStoppedServerEndsOpenStreams()
        {
            using PythonProcess server = PythonProcess.Start("tests/unity/interop_server.py");
            using GrpcChannel channel = Channel(server.PlainAddress);
            using GrpcStream<BytesValue, BytesValue> call = channel.Open(Method("Hang"));
            call.Write(Text(""));
            Assert.That(call.Read(), Is.Not.Null);
            server.Command("stop");
            GrpcException error = Assert.Throws<GrpcException>(() => call.Read())!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable).Or.EqualTo(GrpcStatusCode.Cancelled));
        }

        [Test]
        public void AKilledServerIsUnavailable()
        {
            using PythonProcess server = PythonProcess.Start("tests/unity/interop_server.py");
            using GrpcChannel channel = Channel(server.PlainAddress);
            using GrpcStream<BytesValue, BytesValue> call = channel.Open(Method("Hang"));
            call.Write(Text(""));
            Assert.That(call.Read(), Is.Not.Null);
            server.Kill();
            GrpcException error = Assert.Throws<GrpcException>(() => call.Read())!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
        }

        [Test]
        public void AChannelCarriesManyCallsAtOnce()
        {
            Parallel.For(0, 8, i => Assert.That(_channel.Call(Method("Echo"), Text($"{i}")), Is.EqualTo(Text($"{i}"))));
        }

        private static GrpcMethod<BytesValue, BytesValue> Method(string name) =>
            new GrpcMethod<BytesValue, BytesValue>("attune.interop.Interop", name, BytesValue.Parser);

        private static BytesValue Text(string text) => new BytesValue { Value = ByteString.CopyFromUtf8(text) };

        private static int FreePort()
        {
            TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            int port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            return port;
        }

        private GrpcChannel Channel(Uri address)
        {
            HttpMessageHandler handler = SocketsHandler.Create();
            GrpcLimits limits = new GrpcLimits
            {
                ConnectTimeout = TimeSpan.FromSeconds(2),
                FirstHeaderTimeout = TimeSpan.FromSeconds(2),
            };
            return new GrpcChannel(address, _faulty ? new FaultyHandler(handler) : handler, limits);
        }
    }
}
