#nullable enable
using System;
using Attune.Transport;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class GrpcWireTests
    {
        [TestCase(0)]
        [TestCase(1)]
        [TestCase(0x010203)]
        [TestCase(int.MaxValue)]
        public void ALengthIsReadAsItWasWritten(int length)
        {
            byte[] prefix = { 9, 9, 9, 9, 9 };
            GrpcWire.WritePrefix(prefix, length);
            Assert.That(prefix[0], Is.Zero);
            Assert.That(GrpcWire.ReadLength(prefix), Is.EqualTo((uint)length));
        }

        [TestCase("plain", "plain")]
        [TestCase("a%20b", "a b")]
        [TestCase("%E2%98%BA", "☺")]
        [TestCase("%F0%9F%98%88", "😈")]
        [TestCase("100 %", "100 %")]
        [TestCase("%zz%4", "%zz%4")]
        [TestCase("%ff", "\ufffd")]
        public void AMessageIsPercentDecoded(string encoded, string expected)
        {
            Assert.That(GrpcWire.PercentDecode(encoded), Is.EqualTo(expected));
        }

        [TestCase(0.0, "1u")]
        [TestCase(0.3, "300000u")]
        [TestCase(100.0, "100000m")]
        [TestCase(1e6, "1000000S")]
        public void ATimeoutHasAtMostEightDigits(double seconds, string expected)
        {
            Assert.That(GrpcWire.Timeout(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));
        }

        [Test]
        public void MetadataThatWouldNotTravelIsRefused()
        {
            GrpcMetadata metadata = new GrpcMetadata();
            Assert.Throws<ArgumentException>(() => metadata.Add("x", "Ümlaut"));
            Assert.Throws<ArgumentException>(() => metadata.Add("X-Upper", "a"));
            Assert.Throws<ArgumentException>(() => metadata.Add("grpc-status", "0"));
            Assert.Throws<ArgumentException>(() => metadata.Add("x-bin", "text"));
            Assert.Throws<ArgumentException>(() => metadata.Add("x", new byte[] { 1 }));
            Assert.That(metadata.Entries, Is.Empty);
        }

        [Test]
        public void BytesTravelInBase64WithoutPadding([Range(0, 9)] int length)
        {
            byte[] bytes = new byte[length];
            new Random(length).NextBytes(bytes);
            GrpcMetadata metadata = new GrpcMetadata().Add("x-bin", bytes);
            Assert.That(metadata.Entries[0].Value, Does.Not.Contain("="));
            Assert.That(metadata.Bytes("x-bin"), Is.EqualTo(bytes));
        }
    }
}
