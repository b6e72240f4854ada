#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using NUnit.Framework;

namespace Attune.Tests
{
    [Timeout(120000)]
    public sealed class ServerBrowserTests
    {
        private const long Second = 1_000_000_000;

        private static readonly string Digest = new string('a', 64);

        [Test]
        public void AServerWithItsAuthorityIsAnOfferForTheDesk()
        {
            FoundServer found = Heard(MdnsAnswer.Complete("Museum", "machine.local", 50051, "10.0.0.5", "station=hall-3", "ca_sha256=" + Digest, "txtvers=1")).Single();
            Assert.That(found.Name, Is.EqualTo("Museum"));
            Assert.That(found.Problem, Is.Empty);
            Assert.That(found.Offer!.Address, Is.EqualTo(new Uri("https://10.0.0.5:50051")));
            Assert.That(found.Offer.StationId, Is.EqualTo("hall-3"));

            OfferDesk desk = new OfferDesk("");
            Assert.That(desk.Show(found.Offer), Is.EqualTo(OfferTrust.UnknownAuthority));
            Assert.Throws<InvalidOperationException>(() => desk.Confirm(found.Offer.Address), "an unknown server is never trusted by itself");
        }

        [TestCase("token=secret", "token")]
        [TestCase("ca_sha256=short", "ca_sha256")]
        public void WhatCannotBeUsedIsListedWithItsReason(string text, string reason)
        {
            FoundServer found = Heard(MdnsAnswer.Complete("Museum", "machine.local", 50051, "10.0.0.5", text)).Single();
            Assert.That(found.Offer, Is.Null);
            Assert.That(found.Problem, Does.Contain(reason));
        }

        [Test]
        public void ANameShowsWhatCouldDisguiseIt() => Assert.That(
            Heard(MdnsAnswer.Complete("Hall\u202E3\n", "machine.local", 1, "10.0.0.5")).Single().Name, Is.EqualTo("Hall\uFFFD3\uFFFD"));

        [Test]
        public void OtherServicesAreNobody()
        {
            ServiceDirectory directory = new ServiceDirectory();
            byte[] printer = new MdnsAnswer().Record(MdnsAnswer.Name("_ipp._tcp.local"), 12, 120, MdnsAnswer.Name("Printer._ipp._tcp.local")).ToArray();
            directory.Hear(DnsMessage.Answers(printer), 0);
            Assert.That(directory.Questions().Single(), Is.EqualTo((MdnsAnswer.Service, DnsType.Pointer)));
        }

        [Test]
        public void AServiceThatIsAtNoHostSpoilsNoQuestion()
        {
            // RFC 2782: the root as target says that the service is not to be had there.
            ServiceDirectory directory = new ServiceDirectory();
            directory.Hear(DnsMessage.Answers(new MdnsAnswer().Pointer("Museum")
                .Record(MdnsAnswer.Name("Museum._attune._tcp.local"), 33, 120, new byte[7]).ToArray()), 0);
            Assert.That(directory.Questions().All(question => question.Name.Length > 0), Is.True);
            Assert.That(directory.Found(0), Is.Empty);
        }

        [Test]
        public void WhatAnAnswerLeavesOpenIsAskedNext()
        {
            ServiceDirectory directory = new ServiceDirectory();
            directory.Hear(DnsMessage.Answers(new MdnsAnswer().Pointer("Museum").ToArray()), 0);
            const string instance = "Museum._attune._tcp.local";
            Assert.That(directory.Questions().Skip(1), Is.EqualTo(new[] { (instance, DnsType.Service), (instance, DnsType.Text) }));
            directory.Hear(DnsMessage.Answers(new MdnsAnswer().Server("Museum", "machine.local", 1).Texts("Museum", "").ToArray()), 0);
            Assert.That(directory.Questions().Skip(1), Is.EqualTo(new[] { ("machine.local", DnsType.Address) }));
            Assert.That(directory.Found(0), Is.Empty);
        }

        [Test]
        public void AServerThatSaysGoodbyeOrNothingIsForgotten()
        {
            ServiceDirectory directory = new ServiceDirectory();
            byte[] museum = MdnsAnswer.Complete("Museum", "machine.local", 1, "10.0.0.5");
            directory.Hear(DnsMessage.Answers(museum), 0);
            Assert.That(directory.Found(30 * Second).Count, Is.EqualTo(1));
            Assert.That(directory.Found(36 * Second), Is.Empty);

            directory.Hear(DnsMessage.Answers(museum), 40 * Second);
            directory.Hear(DnsMessage.Answers(new MdnsAnswer().Pointer("Museum", lifetimeS: 0).ToArray()), 41 * Second);
            Assert.That(directory.Found(41 * Second), Is.Empty);
        }

        [Test]
        public void AFloodIsBounded()
        {
            ServiceDirectory directory = new ServiceDirectory();
            for (int i = 0; i < 1000; i++)
            {
                directory.Hear(DnsMessage.Answers(MdnsAnswer.Complete($"Museum {i}", $"m{i}.local", 1, "10.0.0.5")), 0);
            }

            Assert.That(directory.Found(0).Count, Is.LessThanOrEqualTo(32));
            Assert.That(directory.Questions().Count, Is.LessThanOrEqualTo(16));
        }

        [Test]
        public void AResponderOnTheNetworkIsFoundAlthoughRubbishComesFirst()
        {
            using UdpClient responder = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            using ServerBrowser browser = new ServerBrowser((IPEndPoint)responder.Client.LocalEndPoint!, SystemClock.Instance);
            IPEndPoint asker = new IPEndPoint(IPAddress.Any, 0);
            byte[] query = responder.Receive(ref asker);
            Assert.That(query.Skip(12).Take(20), Is.EqualTo(MdnsAnswer.Name(MdnsAnswer.Service)));
            responder.Send(new byte[] { 1, 2, 3 }, 3, asker);
            byte[] answer = MdnsAnswer.Complete("Museum", "machine.local", 50051, "10.0.0.5");
            responder.Send(answer, answer.Length, asker);
            while (browser.Found.Count == 0)
            {
                Thread.Sleep(5);
            }

            Assert.That(browser.Found[0].Offer!.Address, Is.EqualTo(new Uri("http://10.0.0.5:50051")));
            Assert.That(browser.Fault, Is.Empty);
        }

        [Test]
        public void ABrowserThatIsDisposedStopsAsking()
        {
            ServerBrowser browser = new ServerBrowser(new IPEndPoint(IPAddress.Loopback, 9), SystemClock.Instance);
            Assert.That(browser.IsBrowsing, Is.True);
            browser.Dispose();
            while (browser.IsBrowsing)
            {
                Thread.Sleep(5);
            }

            Assert.That(browser.Fault, Is.Empty);
        }

        private static IReadOnlyList<FoundServer> Heard(byte[] message)
        {
            ServiceDirectory directory = new ServiceDirectory();
            directory.Hear(DnsMessage.Answers(message), 0);
            return directory.Found(0);
        }
    }
}
