#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class ClockSyncTests
    {
        [Test]
        public void TheFastestAnswerTellsTheOffset()
        {
            ClockSync clock = new ClockSync();
            clock.Observe(Answer(sentNs: 0, offsetNs: 1000, thereNs: 10, backNs: 10), 20);
            clock.Observe(Answer(sentNs: 100, offsetNs: 1000, thereNs: 500, backNs: 10), 610);
            Assert.That(clock.OffsetNs, Is.EqualTo(1000));
            Assert.That(clock.UncertaintyNs, Is.EqualTo(10));
            Assert.That(clock.RoundTripNs, Is.EqualTo(510));
        }

        /// <summary>However unequal the two ways are, the true offset lies within the stated uncertainty.</summary>
        [Test]
        public void TheTrueOffsetLiesWithinTheUncertainty([Range(1, 50)] int seed)
        {
            Random chance = new Random(seed);
            long offset = chance.Next(-1_000_000_000, 1_000_000_000);
            ClockSync clock = new ClockSync();
            long now = 0;
            for (int i = 0; i < 12; i++)
            {
                long there = chance.Next(1, 50_000_000);
                long back = chance.Next(1, 50_000_000);
                clock.Observe(Answer(now, offset, there, back), now + there + back);
                now += 2_000_000_000;
                Assert.That(Math.Abs(clock.OffsetNs - offset), Is.LessThanOrEqualTo(clock.UncertaintyNs + 1));
            }
        }

        [Test]
        public void OldAnswersAreForgotten()
        {
            ClockSync clock = new ClockSync();
            clock.Observe(Answer(0, 0, 1, 1), 2);
            for (int i = 0; i < 8; i++)
            {
                clock.Observe(Answer(0, 5000, 100, 100), 200);
            }

            Assert.That(clock.OffsetNs, Is.EqualTo(5000));
        }

        private static Pong Answer(long sentNs, long offsetNs, long thereNs, long backNs) => new Pong
        {
            ClientSendNs = sentNs,
            ServerReceiveNs = sentNs + thereNs + offsetNs,
            ServerSendNs = sentNs + thereNs + offsetNs,
        };
    }
}
