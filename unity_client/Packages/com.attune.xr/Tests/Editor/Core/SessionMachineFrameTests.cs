#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>Which frames a session takes, and when they leave.</summary>
    public sealed class SessionMachineFrameTests
    {
        [Test]
        public void WithoutConsentNoFrameIsTaken()
        {
            MachineBench bench = new MachineBench().Streaming();
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.NoConsent));
            Assert.That(bench.Machine.WantsFrame(FrameRole.Wearer, bench.NowNs), Is.False);
            bench.Run();
            Assert.That(bench.Frames, Is.Empty);
        }

        [Test]
        public void AWearersConsentIsNoneForBystanders()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            Assert.That(bench.Offer(role: FrameRole.Bystanders), Is.EqualTo(FrameOutcome.NoConsent));
        }

        [Test]
        public void ACameraMayBeOpenOnlyWhileItsFramesMayGoSomewhere()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            Assert.That(bench.Machine.MayFilm(FrameRole.Wearer), Is.True);
            Assert.That(bench.Machine.MayFilm(FrameRole.Bystanders), Is.False);
            bench.Machine.ChangeConsent(Array.Empty<ConsentScope>());
            Assert.That(bench.Machine.MayFilm(FrameRole.Wearer), Is.False);
            bench.Machine.ChangeConsent(new[] { ConsentScope.Analyse });
            Assert.That(bench.Machine.MayFilm(FrameRole.Wearer), Is.True);
            bench.Machine.RequestEnd(EndReason.Finished);
            Assert.That(bench.Machine.MayFilm(FrameRole.Wearer), Is.False);

            MachineBench refused = new MachineBench(ConsentScope.Analyse).Streaming();
            refused.Break(LinkFault.Refused);
            Assert.That(refused.Machine.MayFilm(FrameRole.Wearer), Is.False, "the session is over");
            Assert.That(
                new MachineBench(offline: true, new[] { ConsentScope.Analyse }).Machine.MayFilm(FrameRole.Wearer), Is.False);
        }

        [Test]
        public void WithdrawingConsentThrowsTheWaitingFrameAway()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Offer();
            bench.Machine.ChangeConsent(Array.Empty<ConsentScope>());
            bench.Run();
            Assert.That(bench.Frames, Is.Empty);
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.NoConsent));
            Assert.That(bench.MessagesOf<ConsentChange>()[0].Revision, Is.EqualTo(2));
        }

        [Test]
        public void ControlOvertakesFrames()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Offer();
            bench.Machine.Report(new StimulusOnset("photo", bench.NowNs));
            Assert.That(bench.Machine.Next(bench.NowNs).Message, Is.InstanceOf<StimulusOnset>());
        }

        [Test]
        public void WithoutCreditTheNewestFrameWaits()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            for (int i = 0; i < 6; i++)
            {
                bench.Offer();
                bench.Run();
            }

            Assert.That(bench.Frames, Is.EqualTo(new ulong[] { 1, 2 }));
            bench.Acknowledge(1);
            bench.Run();
            Assert.That(bench.Frames, Is.EqualTo(new ulong[] { 1, 2, 6 }));
            Assert.That(bench.Machine.Figures.FramesReplaced, Is.EqualTo(3));
        }

        [Test]
        public void OnASlowLinkOnlyOneFrameIsUnderWay()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming(credit: 2);
            bench.Offer();
            bench.Run();
            bench.NowNs += 120 * MachineBench.Ms;
            bench.Acknowledge(1);
            bench.Offer();
            bench.Run();
            bench.Offer();
            bench.Run();
            Assert.That(bench.Frames, Is.EqualTo(new ulong[] { 1, 2 }));

            bench.NowNs += 10 * MachineBench.Ms;
            bench.Acknowledge(2);
            bench.Run();
            bench.Offer();
            bench.Run();
            Assert.That(bench.Frames, Is.EqualTo(new ulong[] { 1, 2, 3, 4 }));
        }

        [Test]
        public void ALostAcknowledgementStallsForASecondOnly()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming(credit: 1);
            bench.Offer();
            bench.Run();
            bench.Offer();
            long due = bench.Run().UntilNs;
            Assert.That(bench.Frames.Count, Is.EqualTo(1));
            bench.NowNs = due;
            bench.Run();
            Assert.That(bench.Frames.Count, Is.EqualTo(2));
            Assert.That(bench.Machine.Figures.AcknowledgementsMissed, Is.EqualTo(1));
        }

        [Test]
        public void AFrameLargerThanTheServerTakesIsRefusedHere()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            Assert.That(bench.Offer(1000), Is.EqualTo(FrameOutcome.Accepted));
            Assert.That(bench.Offer(1001), Is.EqualTo(FrameOutcome.TooLarge));
        }

        [Test]
        public void ACaptureTimeThatDoesNotRiseIsRefused()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse).Streaming();
            bench.Offer();
            bench.NowNs -= 1;
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.OutOfOrder));
        }
    }
}
