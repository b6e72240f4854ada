#nullable enable
using System;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Attune.Transport;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>What a handler that shows the server's certificate alone is allowed to accept.</summary>
    public sealed class PrivateAuthorityTests
    {
        private static readonly DateTime Now = new DateTime(2030, 6, 1, 12, 0, 0, DateTimeKind.Utc);

        [Test]
        public void ACertificateOfTheAuthorityIsAccepted([Values] bool rsa)
        {
            using Issuer issuer = new Issuer(rsa);
            Assert.That(issuer.Check(issuer.Issue("museum.local"), "museum.local"), Is.Null);
        }

        [TestCase("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n")]
        [TestCase("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n")]
        [TestCase("-----BEGIN CERTIFICATE-----\nMIIB")]
        public void AnAuthorityThatIsNoCertificateIsRefused(string pem)
        {
            Assert.Throws<ArgumentException>(() => new PrivateAuthority(pem));
        }

        [Test]
        public void ACertificateOfASecondAuthorityWithTheSameNameIsNotAccepted([Values] bool rsa)
        {
            using Issuer issuer = new Issuer(rsa);
            using Issuer imitation = new Issuer(rsa);
            Assert.That(issuer.Check(imitation.Issue("museum.local"), "museum.local"), Does.Contain("signature"));
        }

        [Test]
        public void ACertificateOfAnotherAuthorityIsNotAccepted()
        {
            using Issuer issuer = new Issuer(false);
            using Issuer other = new Issuer(false, "CN=somebody else");
            Assert.That(issuer.Check(other.Issue("museum.local"), "museum.local"), Does.Contain("somebody else"));
        }

        [Test]
        public void AForgedByteIsNoticed()
        {
            using Issuer issuer = new Issuer(false);
            byte[] certificate = issuer.Issue("museum.local");
            int name = new ReadOnlySpan<byte>(certificate).LastIndexOf(System.Text.Encoding.ASCII.GetBytes("museum.local"));
            certificate[name] = (byte)'M';
            Assert.That(issuer.Check(certificate, "Museum.local"), Does.Contain("signature"));
        }

        [TestCase("museum.local", "museum.local", true)]
        [TestCase("museum.local", "MUSEUM.local", true)]
        [TestCase("museum.local", "other.local", false)]
        [TestCase("*.museum.local", "hall.museum.local", true)]
        [TestCase("*.museum.local", "a.hall.museum.local", false)]
        [TestCase("*.museum.local", "museum.local", false)]
        public void ACertificateIsForItsNamesOnly(string name, string host, bool accepted)
        {
            using Issuer issuer = new Issuer(false);
            Assert.That(issuer.Check(issuer.Issue(name), host), accepted ? Is.Null : Does.Contain("not for"));
        }

        [TestCase("192.168.1.20", true)]
        [TestCase("192.168.1.21", false)]
        public void AnAddressCanBeAName(string host, bool accepted)
        {
            using Issuer issuer = new Issuer(false);
            byte[] certificate = issuer.Issue(names => names.AddIpAddress(IPAddress.Parse("192.168.1.20")));
            Assert.That(issuer.Check(certificate, host), accepted ? Is.Null : Does.Contain("not for"));
        }

        [Test]
        public void AnExpiredCertificateIsNotAccepted()
        {
            using Issuer issuer = new Issuer(false);
            Assert.That(issuer.Check(issuer.Issue("museum.local"), "museum.local", Now.AddDays(2)), Does.Contain("valid from"));
        }

        [Test]
        public void BytesThatAreNoCertificateAreNotAccepted([Range(0, 60, 20)] int kept)
        {
            using Issuer issuer = new Issuer(false);
            byte[] cut = issuer.Issue("museum.local").AsSpan(0, kept).ToArray();
            Assert.That(issuer.Check(cut, "museum.local"), Does.Contain("could not be checked"));
        }

        [Test]
        public void ATextWithoutACertificateIsNoAuthority()
        {
            Assert.Throws<ArgumentException>(() => new PrivateAuthority("no certificate"));
        }

        private sealed class Issuer : IDisposable
        {
            private readonly AsymmetricAlgorithm _key;
            private readonly X509Certificate2 _certificate;
            private readonly PrivateAuthority _authority;

            public Issuer(bool rsa, string name = "CN=a museum's authority")
            {
                _key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP384);
                CertificateRequest request = _key is RSA own
                    ? new CertificateRequest(name, own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                    : new CertificateRequest(name, (ECDsa)_key, HashAlgorithmName.SHA384);
                request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
                _certificate = request.CreateSelfSigned(Now.AddDays(-9), Now.AddDays(9));
                _authority = new PrivateAuthority("text before\n" + _certificate.ExportCertificatePem());
            }

            public byte[] Issue(string name) => Issue(names => names.AddDnsName(name));

            public byte[] Issue(Action<SubjectAlternativeNameBuilder> add)
            {
                using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                CertificateRequest request = new CertificateRequest("CN=server", key, HashAlgorithmName.SHA256);
                SubjectAlternativeNameBuilder names = new SubjectAlternativeNameBuilder();
                add(names);
                request.CertificateExtensions.Add(names.Build());
                X509SignatureGenerator signer = _key is RSA rsa
                    ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
                    : X509SignatureGenerator.CreateForECDsa((ECDsa)_key);
                return request
                    .Create(_certificate.SubjectName, signer, Now.AddDays(-1), Now.AddDays(1), new byte[] { 1 })
                    .RawData;
            }

            public string? Check(byte[] certificate, string host, DateTime? now = null) =>
                _authority.Objection(certificate, host, now ?? Now);

            public void Dispose()
            {
                _key.Dispose();
                _certificate.Dispose();
            }
        }
    }
}
