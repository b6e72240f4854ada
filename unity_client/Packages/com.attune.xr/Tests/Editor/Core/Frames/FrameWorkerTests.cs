#nullable enable
using System;
using System.Threading;
using NUnit.Framework;

namespace Attune.Tests
{
    [Timeout(120000)]
    public sealed class FrameWorkerTests
    {
        private static readonly FrameSize Picture = new FrameSize(64, 48);

        private LoopbackServer _server = new LoopbackServer();
        private AttuneClient _client = null!;

        [SetUp]
        public void Start()
        {
            _server = new LoopbackServer();
            SessionRequest request = new SessionRequest
            {
                StationId = "test",
                VideoSource = VideoSource.ClientFrames,
                CameraKind = CameraKind.External,
            };
            _client = new AttuneClient(_server, request, new[] { ConsentScope.Analyse });
            _client.Start();
            Assert.That(SpinWait.SpinUntil(() => _client.Figures.State == ConnectionState.Streaming, 5000), Is.True);
        }

        [TearDown]
        public void Stop() => _client.Dispose();

        [TestCase(FrameEncoding.Gray8)]
        [TestCase(FrameEncoding.Nv12)]
        [TestCase(FrameEncoding.Jpeg)]
        public void APictureReachesTheServer(FrameEncoding encoding)
        {
            using FrameWorker worker = Worker(encoding);
            worker.Submit(Taken(worker), _client);
            Assert.That(SpinWait.SpinUntil(() => _server.Frames == 1, 5000), Is.True);
            Assert.That(worker.Figures.LastFault, Is.Empty);
        }

        [Test]
        public void APictureTakenBeforeTheConsentChangedIsNotOffered()
        {
            using FrameWorker worker = Worker(FrameEncoding.Gray8);
            PixelBuffer taken = Taken(worker);
            _client.ChangeConsent();
            _client.ChangeConsent(ConsentScope.Analyse);
            worker.Submit(taken, _client);
            Assert.That(SpinWait.SpinUntil(() => worker.Figures.Refused == 1, 5000), Is.True);
            Assert.That(_server.Frames, Is.Zero);
        }

        [Test]
        public void TheNewestPictureIsEncodedAndTheOthersAreNot()
        {
            using ManualResetEventSlim begun = new ManualResetEventSlim();
            using ManualResetEventSlim go = new ManualResetEventSlim();
            int encoded = 0;
            using FrameWorker worker = new FrameWorker(new FrameSettings(), (rgba, size, quality) =>
            {
                encoded++;
                begun.Set();
                go.Wait(5000);
                return new byte[100];
            });
            worker.Submit(Taken(worker), _client);
            begun.Wait(5000);
            for (int i = 0; i < 4; i++)
            {
                worker.Submit(Taken(worker), _client);
            }

            go.Set();
            Assert.That(SpinWait.SpinUntil(() => worker.Figures.Offered == 2, 5000), Is.True);
            Assert.That(encoded, Is.EqualTo(2));
            Assert.That(worker.Figures.Replaced, Is.EqualTo(3));
        }

        [Test]
        public void AFaultOfOnePictureDoesNotEndTheOthers()
        {
            int calls = 0;
            using FrameWorker worker = new FrameWorker(
                new FrameSettings(),
                (rgba, size, quality) => ++calls == 1 ? throw new InvalidOperationException("no encoder") : new byte[100]);
            worker.Submit(Taken(worker), _client);
            Assert.That(SpinWait.SpinUntil(() => worker.Figures.Failed == 1, 5000), Is.True);
            Assert.That(worker.Figures.LastFault, Does.Contain("no encoder"));
            worker.Submit(Taken(worker), _client);
            Assert.That(SpinWait.SpinUntil(() => worker.Figures.Offered == 1, 5000), Is.True);
        }

        [Test]
        public void TheCameraIsToldOnceInPixelsOfTheFrame()
        {
            using FrameWorker worker = Worker(FrameEncoding.Gray8, new FrameSize(32, 24));
            CameraModel camera = new CameraModel(100, 100, 32, 24, 64, 48);
            for (int i = 1; i <= 2; i++)
            {
                PixelBuffer taken = Taken(worker);
                taken.Camera = camera;
                worker.Submit(taken, _client);
                Assert.That(SpinWait.SpinUntil(() => worker.Figures.Offered == i, 5000), Is.True);
            }

            Assert.That(
                SpinWait.SpinUntil(() => _server.Received.Exists(message => message is CameraModel), 5000), Is.True);
            Control[] told = _server.Received.FindAll(message => message is CameraModel).ToArray();
            Assert.That(told.Length, Is.EqualTo(1));
            Assert.That(((CameraModel)told[0]).FxPx, Is.EqualTo(50));
        }

        [Test]
        public void NothingFollowsItsEnd()
        {
            FrameWorker worker = Worker(FrameEncoding.Gray8);
            PixelBuffer taken = Taken(worker);
            worker.Dispose();
            worker.Submit(taken, _client);
            Assert.That(worker.Figures.Offered, Is.Zero);
            Assert.That(_server.Frames, Is.Zero);
        }

        [Test]
        public void LargeRawFramesAreRefusedBeforeTheyAreMade()
        {
            FrameSettings large = new FrameSettings { Encoding = FrameEncoding.Nv12, Box = new FrameSize(640, 480) };
            Assert.Throws<ArgumentException>(() => new FrameWorker(large, null));
            Assert.Throws<ArgumentNullException>(() => new FrameWorker(new FrameSettings(), null));
        }

        private static FrameWorker Worker(FrameEncoding encoding, FrameSize? box = null) => new FrameWorker(
            new FrameSettings { Encoding = encoding, Box = box ?? FrameSettings.LargestRaw },
            (rgba, size, quality) => new byte[rgba.Length / 10]);

        private PixelBuffer Taken(FrameWorker worker)
        {
            PixelBuffer picture = worker.Rent(Picture);
            picture.ConsentRevision = _client.ConsentRevision;
            picture.Info = new FrameInfo
            {
                CaptureTimeNs = _client.NowNs,
                CaptureTimeSource = CaptureTimeSource.FrameArrival,
                Role = FrameRole.Wearer,
            };
            return picture;
        }
    }
}
