#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class EndpointCheckTests
    {
        private const string Pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";

        [TearDown]
        public void Forget() => SessionTransport.Forget();

        [TestCase("http://127.0.0.1:50051", "", false, TestName = "PlainTextWithoutAToken")]
        [TestCase("http://127.0.0.1:50051", "secret", false, TestName = "ATokenToTheOwnDevice")]
        [TestCase("http://[::1]:50051", "secret", false, TestName = "ATokenToTheOwnDeviceOverVersion6")]
        [TestCase("http://192.168.1.20:50051", "secret", true, TestName = "ATokenThatBothSidesCallInsecure")]
        [TestCase("https://museum.local", "secret", false, TestName = "ATokenOverTls")]
        public void NothingIsWrongWith(string address, string token, bool insecure)
        {
            Assert.That(EndpointCheck.Findings(new Endpoint(new Uri(address), token, insecure)), Is.Empty);
        }

        [Test]
        public void ATokenDoesNotTravelReadable()
        {
            Assert.That(Only(new Endpoint(new Uri("http://192.168.1.20:50051"), "secret")), Does.Contain("readable"));
        }

        [TestCase("schlüssel")]
        [TestCase("two\nlines")]
        public void ATokenThatCannotTravelIsRefusedUnsaid(string token)
        {
            string finding = Only(new Endpoint(new Uri("https://museum.local"), token));
            Assert.That(finding, Does.Contain("token").And.Contain("ASCII"));
            Assert.That(finding, Does.Not.Contain(token));
        }

        [Test]
        public void AnAddressOfAnotherKindIsRefused()
        {
            Assert.That(Only(new Endpoint(new Uri("ftp://museum.local"))), Does.Contain("http://"));
        }

        [Test]
        public void ACertificateNeedsItsKey()
        {
            Endpoint endpoint = new Endpoint(new Uri("https://museum.local"), clientCertificatePem: Pem);
            Assert.That(Only(endpoint), Does.Contain("belong together"));
        }

        [Test]
        public void CertificatesMeanNothingOverPlainText()
        {
            Assert.That(Only(new Endpoint(new Uri("http://museum.local"), authorityPem: Pem)), Does.Contain("plain text"));
        }

        [Test]
        public void AnAuthorityThatIsNoPemIsRefused()
        {
            Assert.That(Only(new Endpoint(new Uri("https://museum.local"), authorityPem: "DER?")), Does.Contain("PEM"));
        }

        [TestCase("-----BEGIN CERTIFICATE-----\nMIIB")]
        [TestCase("-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n")]
        public void AnAuthorityThatWasCutOffIsRefused(string pem)
        {
            Assert.That(Only(new Endpoint(new Uri("https://museum.local"), authorityPem: pem)), Does.Contain("PEM"));
        }

        [TestCase(HttpHandlerKind.Sockets, 0)]
        [TestCase(HttpHandlerKind.YetAnotherHttp, 0)]
        [TestCase(HttpHandlerKind.UnityHttp, 1)]
        public void AClientCertificateNeedsAHandlerThatShowsIt(HttpHandlerKind kind, int findings)
        {
            Assert.That(EndpointCheck.Findings(Mutual(), kind).Count, Is.EqualTo(findings));
        }

        [Test]
        public void EveryHandlerIsDescribedOnce()
        {
            foreach (HttpHandlerKind kind in Enum.GetValues(typeof(HttpHandlerKind)))
            {
                Assert.That(HttpHandlers.Of(kind).Kind, Is.EqualTo(kind));
            }

            Assert.That(HttpHandlers.All.Count, Is.EqualTo(Enum.GetValues(typeof(HttpHandlerKind)).Length));
        }

        [Test]
        public void TheHandlerThatCannotConnectGivesWayToOneThatCan()
        {
            HttpHandlerKind? opened = null;
            Provide(HttpHandlerKind.UnityHttp, () => opened = HttpHandlerKind.UnityHttp);
            Assert.That(SessionTransport.Open(Mutual(), out string objection), Is.Null);
            Assert.That(objection, Does.Contain("client certificate"));

            Provide(HttpHandlerKind.YetAnotherHttp, () => opened = HttpHandlerKind.YetAnotherHttp);
            SessionTransport.Open(Mutual(), out _);
            Assert.That(opened, Is.EqualTo(HttpHandlerKind.YetAnotherHttp));
        }

        [Test]
        public void AHandlerThatRefusesWhatItIsGivenLeavesTheStory()
        {
            Provide(HttpHandlerKind.Sockets, () => throw new ArgumentException("expected another certificate"));
            Assert.That(SessionTransport.Open(new Endpoint(new Uri("https://museum.local")), out string objection), Is.Null);
            Assert.That(objection, Is.EqualTo("expected another certificate"));
        }

        [Test]
        public void AHandlerThatCannotBeLoadedGivesWayToTheNextAndNeverStopsTheStory()
        {
            Provide(HttpHandlerKind.YetAnotherHttp, () => throw new DllNotFoundException("Cysharp.Net.Http.YetAnotherHttpHandler.Native"));
            Assert.That(SessionTransport.Open(new Endpoint(new Uri("http://127.0.0.1:1")), out string objection), Is.Null);
            Assert.That(objection, Does.Contain("YetAnotherHttpHandler").And.Contain("DllNotFoundException"));

            HttpHandlerKind? opened = null;
            Provide(HttpHandlerKind.UnityHttp, () => opened = HttpHandlerKind.UnityHttp);
            Assert.That(SessionTransport.Open(new Endpoint(new Uri("http://127.0.0.1:1")), out _), Is.Not.Null);
            Assert.That(opened, Is.EqualTo(HttpHandlerKind.UnityHttp));
        }

        [Test]
        public void AnInstalledHandlerIsPreferredToTheBuiltInOne()
        {
            HttpHandlerKind? opened = null;
            Provide(HttpHandlerKind.UnityHttp, () => opened = HttpHandlerKind.UnityHttp);
            Provide(HttpHandlerKind.YetAnotherHttp, () => opened = HttpHandlerKind.YetAnotherHttp);
            SessionTransport.Open(new Endpoint(new Uri("http://127.0.0.1:1")), out _);
            Assert.That(opened, Is.EqualTo(HttpHandlerKind.YetAnotherHttp));
        }

        [Test]
        public void AProjectWithoutAHandlerIsToldSo()
        {
            Assert.That(SessionTransport.Open(new Endpoint(new Uri("http://127.0.0.1:1")), out string objection), Is.Null);
            Assert.That(objection, Does.Contain("no HTTP/2 handler"));
        }

        private static Endpoint Mutual() =>
            new Endpoint(new Uri("https://museum.local"), clientCertificatePem: Pem, clientKeyPem: "key");

        private static string Only(Endpoint endpoint)
        {
            Assert.That(EndpointCheck.Findings(endpoint).Count, Is.EqualTo(1));
            return EndpointCheck.Findings(endpoint)[0];
        }

        private static void Provide(HttpHandlerKind kind, Action opened) =>
            SessionTransport.Provide(kind, _ =>
            {
                opened();
                return new LoopbackServer();
            });
    }
}
