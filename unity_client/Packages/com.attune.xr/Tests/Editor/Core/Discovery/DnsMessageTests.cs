#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    [Timeout(120000)]
    public sealed class DnsMessageTests
    {
        private static readonly byte[] Whole = MdnsAnswer.Complete("Hall 3. floor", "machine.local", 50051, "10.0.0.5", "station=hall-3", "flag", "A=1", "a=2");

        [Test]
        public void AResponderIsUnderstood()
        {
            IReadOnlyList<DnsRecord> records = DnsMessage.Answers(Whole);
            Assert.That(records.Select(record => record.Type), Is.EqualTo(new[] { DnsType.Pointer, DnsType.Service, DnsType.Text, DnsType.Address }));
            Assert.That(records[0].Target, Is.EqualTo("Hall 3\\. floor._attune._tcp.local"));
            Assert.That(records[1].Name, Is.EqualTo(records[0].Target));
            Assert.That(records[1].Target, Is.EqualTo("machine.local"));
            Assert.That(records[1].Port, Is.EqualTo(50051));
            Assert.That(records[2].Texts.Select(text => $"{text.Key}={text.Value}"), Is.EqualTo(new[] { "station=hall-3", "a=1" }));
            Assert.That(records[3].Address!.ToString(), Is.EqualTo("10.0.0.5"));
        }

        [Test]
        public void OtherKindsOfRecordsArePassedOver()
        {
            byte[] message = new MdnsAnswer().Record(MdnsAnswer.Name("x.local"), 47, 120, new byte[] { 1, 2, 3 })
                .Record(MdnsAnswer.Name("x.local"), 1, 120, new byte[4], kind: 3).Address("x.local", "fd00::1").ToArray();
            Assert.That(DnsMessage.Answers(message).Single().Address!.ToString(), Is.EqualTo("fd00::1"));
        }

        [Test]
        public void AQuestionAsksForItsNamesAndForAnAnswerToItsOwnAddress()
        {
            byte[] query = DnsMessage.Query(0x1234, new[] { ("a\\.b._attune._tcp.local", DnsType.Service) });
            byte[] expected = new byte[] { 0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, (byte)'a', (byte)'.', (byte)'b' }
                .Concat(MdnsAnswer.Name("_attune._tcp.local")).Concat(new byte[] { 0, 33, 0x80, 1 }).ToArray();
            Assert.That(query, Is.EqualTo(expected));
        }

        [Test]
        public void APointerForwardsOrToItselfIsRefused()
        {
            byte[] toItself = new MdnsAnswer().Record(new byte[] { 0xC0, 36 }, 1, 120, new byte[4]).ToArray();
            Assert.That(Array.IndexOf(toItself, (byte)0xC0), Is.EqualTo(36));
            Assert.Throws<FormatException>(() => DnsMessage.Answers(toItself));
            byte[] forwards = new MdnsAnswer().Record(new byte[] { 0xC0, 60 }, 1, 120, new byte[40]).ToArray();
            Assert.Throws<FormatException>(() => DnsMessage.Answers(forwards));
        }

        [Test]
        public void AMessageThatEndsTooEarlyIsRefusedWhereverItEnds()
        {
            for (int length = 0; length < Whole.Length; length++)
            {
                Assert.Throws<FormatException>(() => DnsMessage.Answers(Whole.AsSpan(0, length)), $"{length} bytes");
            }
        }

        [Test]
        public void AQuestionIsNoAnswer() =>
            Assert.Throws<FormatException>(() => DnsMessage.Answers(DnsMessage.Query(1, new[] { ("x.local", DnsType.Address) })));

        [Test]
        public void WhateverComesIsReadOrRefused()
        {
            Random random = new Random(3);
            int read = 0;
            for (int i = 0; i < 50_000; i++)
            {
                byte[] message = i % 2 == 0 ? new byte[random.Next(80)] : (byte[])Whole.Clone();
                if (i % 2 == 0)
                {
                    random.NextBytes(message);
                }

                for (int changes = random.Next(6); changes > 0 && message.Length > 0; changes--)
                {
                    message[random.Next(message.Length)] = (byte)random.Next(256);
                }

                try
                {
                    ServiceDirectory directory = new ServiceDirectory();
                    directory.Hear(DnsMessage.Answers(message), 0);
                    directory.Found(0);
                    DnsMessage.Query(0, directory.Questions());
                    read++;
                }
                catch (FormatException)
                {
                    // Refused.
                }
            }

            Assert.That(read, Is.GreaterThan(4000), "a changed byte of a text is no fault");
        }
    }
}
