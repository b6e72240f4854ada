#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>The picture in the editor's window: of the wearer, under consent, and gone with it.</summary>
    public sealed class FramePreviewTests
    {
        private static (MachineBench Bench, FramePreview Preview) Shown()
        {
            MachineBench bench = new MachineBench(ConsentScope.Analyse, ConsentScope.Bystanders).Streaming();
            FramePreview preview = new FramePreview();
            bench.Machine.Preview = preview;
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.Accepted));
            return (bench, preview);
        }

        [Test]
        public void AnAcceptedFrameIsShownOnce()
        {
            (MachineBench bench, FramePreview preview) = Shown();
            PreviewPicture picture = preview.Read(0)!;
            Assert.That(picture.Info.CaptureTimeNs, Is.GreaterThan(0));
            Assert.That(preview.Read(picture.Number), Is.Null, "nothing new");
            bench.Offer();
            Assert.That(preview.Read(picture.Number), Is.Not.Null);
        }

        [Test]
        public void ItIsACopySoThatSendingGoesOnUndisturbed()
        {
            FramePreview preview = new FramePreview();
            FrameBuffer frame = new FramePool().Rent(4);
            frame.Bytes[0] = 7;
            frame.Length = 1;
            frame.Info = new FrameInfo { Encoding = FrameEncoding.Jpeg, Role = FrameRole.Wearer };
            preview.Take(frame);
            frame.Bytes[0] = 9;
            Assert.That(preview.Read(0)!.Encoded, Is.EqualTo(new byte[] { 7 }));
        }

        [Test]
        public void FramesOfBystandersAreNeverShown()
        {
            FramePreview preview = new FramePreview();
            MachineBench bench = new MachineBench(ConsentScope.Analyse, ConsentScope.Bystanders).Streaming();
            bench.Machine.Preview = preview;
            Assert.That(bench.Offer(10, FrameRole.Bystanders), Is.EqualTo(FrameOutcome.Accepted));
            Assert.That(preview.HasFrame, Is.False);
        }

        [Test]
        public void ARefusedFrameIsNotShown()
        {
            FramePreview preview = new FramePreview();
            MachineBench bench = new MachineBench().Streaming();
            bench.Machine.Preview = preview;
            Assert.That(bench.Offer(), Is.EqualTo(FrameOutcome.NoConsent));
            Assert.That(preview.HasFrame, Is.False);
        }

        [Test]
        public void ItIsForgottenWithTheConsent()
        {
            (MachineBench bench, FramePreview preview) = Shown();
            bench.Machine.ChangeConsent(Array.Empty<ConsentScope>());
            Assert.That(preview.HasFrame, Is.False);
            Assert.That(preview.Read(0), Is.Null);
        }

        [Test]
        public void ItIsForgottenAtAPause()
        {
            (MachineBench bench, FramePreview preview) = Shown();
            bench.Machine.Pause(PauseReason.Doffed, bench.NowNs, bench.Utc);
            Assert.That(preview.HasFrame, Is.False);
        }

        [Test]
        public void ItIsForgottenAtTheEnd()
        {
            (MachineBench bench, FramePreview preview) = Shown();
            bench.Machine.RequestEnd(EndReason.Visitor);
            Assert.That(preview.HasFrame, Is.False);
        }

        [Test]
        public void WhoeverNoLongerLooksKeepsNothing()
        {
            FramePreview preview = new FramePreview();
            using AttuneClient client = new AttuneClient(null, new SessionRequest { StationId = "a" }, new[] { ConsentScope.Analyse });
            client.ShowFrames(preview);
            FrameBuffer frame = client.Rent(1);
            frame.Length = 1;
            frame.Info = new FrameInfo { Role = FrameRole.Wearer };
            preview.Take(frame);
            client.ShowFrames(null);
            Assert.That(preview.HasFrame, Is.False);
        }

        [Test]
        public void GreyPixelsBecomeATextureFromItsLowestRow()
        {
            FrameInfo info = new FrameInfo { Encoding = FrameEncoding.Gray8, WidthPx = 2, HeightPx = 2 };
            byte[] rgba = new PreviewPicture(new byte[] { 1, 2, 3, 4 }, info, 1).Rgba()!;
            Assert.That(rgba, Is.EqualTo(new byte[] { 3, 3, 3, 255, 4, 4, 4, 255, 1, 1, 1, 255, 2, 2, 2, 255 }));
        }

        [Test]
        public void ColouredPixelsKeepTheirColours()
        {
            FrameInfo info = new FrameInfo { Encoding = FrameEncoding.Rgb24, WidthPx = 1, HeightPx = 2 };
            byte[] rgba = new PreviewPicture(new byte[] { 1, 2, 3, 4, 5, 6 }, info, 1).Rgba()!;
            Assert.That(rgba, Is.EqualTo(new byte[] { 4, 5, 6, 255, 1, 2, 3, 255 }));
        }

        [Test]
        public void TooFewPixelsShowNothing()
        {
            FrameInfo info = new FrameInfo { Encoding = FrameEncoding.Nv12, WidthPx = 2, HeightPx = 2 };
            Assert.That(new PreviewPicture(new byte[] { 1, 2, 3 }, info, 1).Rgba(), Is.Null);
            info.Encoding = FrameEncoding.Jpeg;
            Assert.That(new PreviewPicture(new byte[4], info, 1).Rgba(), Is.Null);
        }

        [TestCase(0, false, "")]
        [TestCase(90, false, "turned clockwise by 90°")]
        [TestCase(0, true, "mirrored")]
        [TestCase(270, true, "turned clockwise by 270°, then mirrored")]
        public void ItSaysHowTheServerTurnsIt(int rotationDeg, bool mirrored, string said)
        {
            FrameInfo info = new FrameInfo { RotationDeg = rotationDeg, Mirrored = mirrored };
            Assert.That(new PreviewPicture(new byte[1], info, 1).Orientation, Is.EqualTo(said));
        }
    }
}
