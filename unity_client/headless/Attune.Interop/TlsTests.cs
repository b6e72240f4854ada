#nullable enable
using System;
using System.Linq;
using System.Net.Http;
using Attune.DotNet;
using Attune.Transport;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>A private authority, for the server and for the client.</summary>
    [Timeout(120000)]
    public sealed class TlsTests
    {
        private static readonly GrpcMethod<BytesValue, BytesValue> Echo =
            new GrpcMethod<BytesValue, BytesValue>("attune.interop.Interop", "Echo", BytesValue.Parser);

        private readonly TestAuthority _authority = new TestAuthority();

        [OneTimeTearDown]
        public void RemoveCertificates() => _authority.Dispose();

        [Test]
        public void AServerOfThePrivateAuthorityIsTrusted()
        {
            using PythonProcess server = Serve();
            Assert.That(Ask(server, "localhost", SocketsHandler.Create(_authority.Certificate)), Is.EqualTo("hello"));
        }

        [Test]
        public void AServerOfAnotherAuthorityIsNotTrusted()
        {
            using TestAuthority other = new TestAuthority();
            using PythonProcess server = Serve();
            GrpcException error = Assert.Throws<GrpcException>(
                () => Ask(server, "localhost", SocketsHandler.Create(other.Certificate)))!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
            Assert.That(error.Status.Detail, Does.Contain("certificate"));
        }

        [Test]
        public void AServerOfAnUnknownAuthorityIsNotTrusted()
        {
            using PythonProcess server = Serve();
            GrpcException error = Assert.Throws<GrpcException>(() => Ask(server, "localhost", SocketsHandler.Create()))!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
        }

        [Test]
        public void ACertificateForAnotherNameIsNotTrusted()
        {
            using PythonProcess server = Serve();
            GrpcException error = Assert.Throws<GrpcException>(
                () => Ask(server, "127.0.0.1", SocketsHandler.Create(_authority.Certificate)))!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
        }

        [Test]
        public void AClientProvesItselfInMutualTls()
        {
            using PythonProcess server = Serve("--mutual");
            Assert.That(Ask(server, "localhost", SocketsHandler.Create(_authority.Certificate, _authority.Client)), Is.EqualTo("hello"));
        }

        [Test]
        public void AClientWithoutCertificateIsRefusedInMutualTls()
        {
            using PythonProcess server = Serve("--mutual");
            GrpcException error = Assert.Throws<GrpcException>(
                () => Ask(server, "localhost", SocketsHandler.Create(_authority.Certificate)))!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
        }

        private static string Ask(PythonProcess server, string host, HttpMessageHandler handler)
        {
            using GrpcChannel channel = new GrpcChannel(new Uri($"https://{host}:{server.Port}"), handler);
            return channel.Call(Echo, new BytesValue { Value = ByteString.CopyFromUtf8("hello") }).Value.ToStringUtf8();
        }

        private PythonProcess Serve(params string[] more)
        {
            string[] arguments = { "tests/unity/interop_server.py", "--certificates", _authority.Folder };
            return PythonProcess.Start(arguments.Concat(more).ToArray());
        }
    }
}
