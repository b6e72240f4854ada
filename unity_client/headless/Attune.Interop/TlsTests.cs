#nullable enable
using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Attune.DotNet;
using Attune.Transport;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>A private authority, for the server and for the client.</summary>
    [Timeout(20000)]
    public sealed class TlsTests
    {
        private static readonly GrpcMethod<BytesValue, BytesValue> Echo =
            new GrpcMethod<BytesValue, BytesValue>("attune.interop.Interop", "Echo", BytesValue.Parser);

        private readonly string _folder = Directory.CreateTempSubdirectory("attune-tls-").FullName;
        private X509Certificate2 _authority = null!;
        private X509Certificate2 _client = null!;

        [OneTimeSetUp]
        public void IssueCertificates()
        {
            _authority = Authority("a museum's authority");
            X509Certificate2 server = Issue(_authority, "localhost");
            X509Certificate2 client = Issue(_authority, "headset 1");
            _client = X509CertificateLoader.LoadPkcs12(client.Export(X509ContentType.Pfx), null);
            File.WriteAllText(Path.Combine(_folder, "ca.crt"), _authority.ExportCertificatePem());
            File.WriteAllText(Path.Combine(_folder, "server.crt"), server.ExportCertificatePem());
            File.WriteAllText(Path.Combine(_folder, "server.key"), server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }

        [OneTimeTearDown]
        public void RemoveCertificates() => Directory.Delete(_folder, recursive: true);

        [Test]
        public void AServerOfThePrivateAuthorityIsTrusted()
        {
            using PythonProcess server = Serve();
            Assert.That(Ask(server, "localhost", SocketsHandler.Create(_authority)), Is.EqualTo("hello"));
        }

        [Test]
        public void AServerOfAnotherAuthorityIsNotTrusted()
        {
            using PythonProcess server = Serve();
            GrpcException error = Assert.Throws<GrpcException>(
                () => Ask(server, "localhost", SocketsHandler.Create(Authority("somebody else"))))!;
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
                () => Ask(server, "127.0.0.1", SocketsHandler.Create(_authority)))!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
        }

        [Test]
        public void AClientProvesItselfInMutualTls()
        {
            using PythonProcess server = Serve("--mutual");
            Assert.That(Ask(server, "localhost", SocketsHandler.Create(_authority, _client)), Is.EqualTo("hello"));
        }

        [Test]
        public void AClientWithoutCertificateIsRefusedInMutualTls()
        {
            using PythonProcess server = Serve("--mutual");
            GrpcException error = Assert.Throws<GrpcException>(
                () => Ask(server, "localhost", SocketsHandler.Create(_authority)))!;
            Assert.That(error.Status.Code, Is.EqualTo(GrpcStatusCode.Unavailable));
        }

        private static string Ask(PythonProcess server, string host, HttpMessageHandler handler)
        {
            using GrpcChannel channel = new GrpcChannel(new Uri($"https://{host}:{server.Port}"), handler);
            return channel.Call(Echo, new BytesValue { Value = ByteString.CopyFromUtf8("hello") }).Value.ToStringUtf8();
        }

        private static X509Certificate2 Authority(string name)
        {
            ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        }

        private static X509Certificate2 Issue(X509Certificate2 authority, string name)
        {
            ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            SubjectAlternativeNameBuilder names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name.Replace(' ', '-'));
            request.CertificateExtensions.Add(names.Build());
            byte[] serial = RandomNumberGenerator.GetBytes(8);
            return request
                .Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), serial)
                .CopyWithPrivateKey(key);
        }

        private PythonProcess Serve(params string[] more)
        {
            string[] arguments = { "tests/unity/interop_server.py", "--certificates", _folder };
            return PythonProcess.Start(arguments.Concat(more).ToArray());
        }
    }
}
