#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>
    /// The messages to and from a sweep. The vectors are those of protos/testdata/bridge.json, which ML-Agents' own encoder
    /// has written.
    /// </summary>
    public sealed class BridgeMessagesTests
    {
        private const string StateVector =
            "01000000010000000100000000007a420000003f0000803e000000be0000403f0000603f06000000737472656574";

        private const string ChoiceVector =
            "01000000020000001000000061667465722d7468652d737472656574020000000a000000636f6d652d636c6f736501000000";

        private const string OverVector = "010000000300000007000000";

        private const string VisitorVector =
            "0100000010000000fdffffff000080bf0000003f0000803e0000003e000000be0000403f0000803d0000003d";

        private static string Hex(byte[] bytes) => BitConverter.ToString(bytes).Replace("-", "").ToLowerInvariant();

        private static byte[] Bytes(string hex)
        {
            byte[] bytes = new byte[hex.Length / 2];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = Convert.ToByte(hex.Substring(2 * i, 2), 16);
            }

            return bytes;
        }

        private static StateUpdate Update(string beat) => new StateUpdate
        {
            BeatId = beat,
            Empathy = new EmpathyState
            {
                Status = EmpathyStatus.Ok, Eri = 62.5f, Confidence = 0.5f, Valence = 0.25f, Arousal = -0.125f,
                Intensity = 0.75f, Attention = 0.875f,
            },
        };

        [Test]
        public void AStateIsWrittenAsMLAgentsWouldWriteIt() =>
            Assert.That(Hex(BridgeMessages.State(Update("street"))), Is.EqualTo(StateVector));

        [Test]
        public void AChoiceIsWrittenAsMLAgentsWouldWriteIt()
        {
            ChoiceResolved resolved = new ChoiceResolved("after-the-street", 2, "come-close", ResolvedBy.Server, "1", 0);
            Assert.That(Hex(BridgeMessages.Choice(new ChoiceSettled(resolved, null))), Is.EqualTo(ChoiceVector));
        }

        [Test]
        public void TheEndIsWrittenAsMLAgentsWouldWriteIt() =>
            Assert.That(Hex(BridgeMessages.Over(7)), Is.EqualTo(OverVector));

        [Test]
        public void AVisitorIsRead()
        {
            AskedVisitor asked = BridgeMessages.ReadVisitor(Bytes(VisitorVector));
            Assert.That(asked.Seed, Is.EqualTo(-3));
            VisitorTraits traits = asked.Traits;
            Assert.That(
                new[]
                {
                    traits.Empathy, traits.Expressivity, traits.LatencyS, traits.RestingValence, traits.RestingArousal,
                    traits.Attention, traits.FatiguePerMin, traits.Noise,
                },
                Is.EqualTo(new[] { -1, 0.5, 0.25, 0.125, -0.125, 0.75, 0.0625, 0.03125 }));
        }

        [Test]
        public void WhatIsNotAsciiDoesNotStopTheOtherSide() =>
            Assert.That(Hex(BridgeMessages.State(Update("straße"))), Does.EndWith("06000000" + "737472613f65"));

        [TestCase("", "expected at least 4 bytes, got 0")]
        [TestCase(OverVector, "expected version 1, kind 16 (visitor), got 1, 3")]
        [TestCase(VisitorVector + "00", "expected 44 bytes, got 45")]
        public void SomethingElseIsNamed(string hex, string said)
        {
            FormatException fault = Assert.Throws<FormatException>(() => BridgeMessages.ReadVisitor(Bytes(hex)))!;
            Assert.That(fault.Message, Does.Contain(said));
        }
    }
}
