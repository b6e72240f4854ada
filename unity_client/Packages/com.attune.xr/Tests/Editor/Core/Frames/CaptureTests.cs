#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>When pictures are taken, from what size to what size, and what time they carry.</summary>
    public sealed class CaptureTests
    {
        private const long Ms = 1_000_000;

        [TestCase(1280, 960, 640, 480, 640, 480)]
        [TestCase(1280, 720, 640, 480, 640, 360)]
        [TestCase(720, 1280, 640, 480, 270, 480)]
        [TestCase(320, 240, 640, 480, 320, 240)]
        [TestCase(1281, 961, 640, 480, 640, 480)]
        public void APictureKeepsItsShapeWithinTheBox(int width, int height, int boxWidth, int boxHeight, int expectedWidth, int expectedHeight)
        {
            FrameSize size = FrameSize.Within(
                new FrameSize(width, height), new FrameSize(boxWidth, boxHeight), FrameEncoding.Jpeg);
            Assert.That(size, Is.EqualTo(new FrameSize(expectedWidth, expectedHeight)));
        }

        [Test]
        public void SidesOfNv12AreEven()
        {
            FrameSize size = FrameSize.Within(new FrameSize(333, 111), new FrameSize(320, 240), FrameEncoding.Nv12);
            Assert.That(size.WidthPx % 2, Is.Zero);
            Assert.That(size.HeightPx % 2, Is.Zero);
        }

        [TestCase(72.0)]
        [TestCase(90.0)]
        [TestCase(120.0)]
        public void TheRateIsKeptAlthoughOnlyRenderedFramesAreAsked(double rendered)
        {
            CaptureSchedule schedule = new CaptureSchedule(15);
            int taken = 0;
            for (int frame = 0; frame < rendered * 10; frame++)
            {
                long now = (long)(frame * 1e9 / rendered);
                if (schedule.IsDue(now))
                {
                    schedule.Take(now);
                    taken++;
                }
            }

            Assert.That(taken, Is.InRange(149, 151));
        }

        [Test]
        public void APauseIsNotMadeUpFor()
        {
            CaptureSchedule schedule = new CaptureSchedule(10);
            schedule.Take(0);
            schedule.Take(5_000 * Ms);
            Assert.That(schedule.IsDue(5_050 * Ms), Is.False);
            Assert.That(schedule.IsDue(5_100 * Ms), Is.True);
        }

        [Test]
        public void ARateMustBePositive()
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new CaptureSchedule(0));
            Assert.Throws<ArgumentOutOfRangeException>(() => new CaptureSchedule(double.NaN));
        }

        [Test]
        public void WhatIsReadFromIsLetGoOfAfterTheLastReadback()
        {
            ReadbackLedger ledger = new ReadbackLedger(2);
            Assert.That(ledger.TryBegin(), Is.True);
            Assert.That(ledger.TryBegin(), Is.True);
            Assert.That(ledger.TryBegin(), Is.False);
            Assert.That(ledger.End(), Is.True);

            int freed = 0;
            ledger.Close(() => freed++);
            ledger.Close(() => freed += 10);
            Assert.That(freed, Is.Zero);
            Assert.That(ledger.TryBegin(), Is.False);
            Assert.That(ledger.End(), Is.False);
            Assert.That(freed, Is.EqualTo(1));
            Assert.Throws<InvalidOperationException>(() => ledger.End());
        }

        [Test]
        public void WhatIsWantedAgainBeforeTheLastReadbackIsKept()
        {
            ReadbackLedger ledger = new ReadbackLedger(2);
            ledger.TryBegin();
            int freed = 0;
            ledger.Close(() => freed++);
            ledger.Reopen();
            Assert.That(ledger.TryBegin(), Is.True);
            Assert.That(ledger.End(), Is.True);
            Assert.That(ledger.End(), Is.True);
            Assert.That(freed, Is.Zero);
            ledger.Close(() => freed++);
            Assert.That(freed, Is.EqualTo(1));
        }

        [Test]
        public void WithoutReadbacksItIsLetGoOfAtOnce()
        {
            int freed = 0;
            new ReadbackLedger(1).Close(() => freed++);
            Assert.That(freed, Is.EqualTo(1));
        }

        [Test]
        public void ASensorsTimeOfDayBecomesTheClientsTime()
        {
            DateTime now = new DateTime(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);
            long time = new SensorClock().Convert(1_000 * Ms, now, now.AddMilliseconds(-40), out CaptureTimeSource source);
            Assert.That(time, Is.EqualTo(960 * Ms));
            Assert.That(source, Is.EqualTo(CaptureTimeSource.Sensor));
        }

        [TestCase(-5)]
        [TestCase(2000)]
        public void ATimeThatCannotBeIsTheArrivals(int ageMs)
        {
            DateTime now = new DateTime(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);
            long time = new SensorClock().Convert(5_000 * Ms, now, now.AddMilliseconds(-ageMs), out CaptureTimeSource source);
            Assert.That(time, Is.EqualTo(5_000 * Ms));
            Assert.That(source, Is.EqualTo(CaptureTimeSource.FrameArrival));
        }

        [Test]
        public void CaptureTimesRiseEvenWhenTheTimeOfDayIsSetBack()
        {
            DateTime now = new DateTime(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);
            SensorClock clock = new SensorClock();
            long first = clock.Convert(1_000 * Ms, now, now.AddMilliseconds(-10), out _);
            long second = clock.Convert(1_010 * Ms, now, now.AddMilliseconds(-200), out _);
            Assert.That(second, Is.GreaterThan(first));
        }

        [Test]
        public void ACroppedAndScaledImageSeesTheSameDirections()
        {
            // 1280 × 1280 sensor, its middle shown as 640 × 480: scaled by a half, 160 sensor rows cut at each end.
            CameraModel model = PinholeScaling.OfCentre(
                870, 870, 650, 630, new FrameSize(1280, 1280), new FrameSize(640, 480));
            Assert.That(model.FxPx, Is.EqualTo(435).Within(1e-9));
            Assert.That(model.CxPx, Is.EqualTo(325).Within(1e-9));
            Assert.That(model.CyPx, Is.EqualTo(480 - ((630 - 160) / 2.0)).Within(1e-9));

            CameraModel small = PinholeScaling.Resized(model, new FrameSize(320, 240));
            Assert.That(small.FyPx, Is.EqualTo(217.5).Within(1e-9));
            Assert.That(small.WidthPx, Is.EqualTo(320));
        }

        [Test]
        public void APermissionIsAskedForOnce()
        {
            PermissionGate gate = new PermissionGate();
            int asked = 0;
            Assert.That(gate.Check(() => false, () => asked++), Is.EqualTo(PermissionState.Asking));
            Assert.That(gate.Check(() => false, () => asked++), Is.EqualTo(PermissionState.Asking));
            gate.Answer(granted: false);
            Assert.That(gate.Check(() => false, () => asked++), Is.EqualTo(PermissionState.Denied));
            Assert.That(asked, Is.EqualTo(1));
        }

        [Test]
        public void AnAnswerGivenWhileAskingIsTheAnswer()
        {
            PermissionGate gate = new PermissionGate();
            Assert.That(gate.Check(() => false, () => gate.Answer(granted: true)), Is.EqualTo(PermissionState.Granted));
        }

        [Test]
        public void TheSystemIsLookedUpBeforeTheQuestionOnly()
        {
            PermissionGate gate = new PermissionGate();
            int looked = 0;
            for (int i = 0; i < 100; i++)
            {
                gate.Check(() => looked++ < 0, () => { });
            }

            gate.Answer(granted: false);
            gate.Check(() => looked++ < 0, () => { });
            Assert.That(looked, Is.EqualTo(1));
        }

        [Test]
        public void AChangeInTheSystemsSettingsIsNoticed()
        {
            PermissionGate gate = new PermissionGate();
            Assert.That(gate.Check(() => true, () => throw new InvalidOperationException("nobody had to be asked")), Is.EqualTo(PermissionState.Granted));
            gate.Notice(holds: false);
            Assert.That(gate.State, Is.EqualTo(PermissionState.Denied));
            gate.Notice(holds: true);
            Assert.That(gate.State, Is.EqualTo(PermissionState.Granted));
        }

        [Test]
        public void AnUnaskedQuestionStaysUnasked()
        {
            PermissionGate gate = new PermissionGate();
            gate.Notice(holds: false);
            gate.Answer(granted: true);
            Assert.That(gate.State, Is.EqualTo(PermissionState.Unasked));
        }

        [Test]
        public void AFrameThatIsTooLargeMakesTheNextOnesCoarserUntilTheyFit()
        {
            JpegQuality quality = new JpegQuality(90);
            int bytes = 0;
            for (int i = 0; i < 5; i++)
            {
                bytes = quality.Current * 4_000;
                quality.Observe(bytes, 256 * 1024);
            }

            Assert.That(bytes, Is.LessThanOrEqualTo(256 * 1024));
            Assert.That(quality.Current, Is.GreaterThan(50));
        }

        [Test]
        public void QualityRecoversWhenTheSceneBecomesPlain()
        {
            JpegQuality quality = new JpegQuality(90);
            quality.Observe(600_000, 256 * 1024);
            Assert.That(quality.Current, Is.LessThan(60));
            for (int i = 0; i < 200; i++)
            {
                quality.Observe(10_000, 256 * 1024);
            }

            Assert.That(quality.Current, Is.EqualTo(90));
        }
    }
}
