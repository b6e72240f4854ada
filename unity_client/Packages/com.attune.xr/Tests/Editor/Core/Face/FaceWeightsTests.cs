#nullable enable
using System;
using System.Threading;
using NUnit.Framework;

namespace Attune.Tests
{
    [Timeout(120000)]
    public sealed class FaceWeightsTests
    {
        private LoopbackServer _server = new LoopbackServer();
        private AttuneClient _client = null!;

        [TearDown]
        public void Stop() => _client.Dispose();

        [Test]
        public void WeightsReachTheServerAsTheyWereMeasured()
        {
            Start(ConsentScope.Analyse);
            FaceWeights weights = Measured(0.5f);
            _client.Report(weights);
            Assert.That(SpinWait.SpinUntil(() => _server.Weights.Count == 1, 5000), Is.True);
            FaceWeights sent = _server.Weights[0];
            Assert.That(sent.Values, Is.EqualTo(weights.Values));
            Assert.That(sent.IsValid, Is.True);
            Assert.That(sent.Source, Is.EqualTo(FaceWeightsSource.Visual));
            Assert.That(sent.Confidence, Is.EqualTo(0.75f));
        }

        [Test]
        public void WithoutConsentNothingLeaves()
        {
            Start();
            _client.Report(Measured(0.5f));
            _client.Report(new HeadsetPose(_client.NowNs, default, 1));
            Thread.Sleep(100);
            Assert.That(_server.Weights, Is.Empty);
        }

        [Test]
        public void ValuesAreBroughtIntoTheirRange()
        {
            Start(ConsentScope.Analyse);
            FaceWeights weights = Measured(1.2f);
            weights.Values[0] = -0.3f;
            _client.Report(weights);
            Assert.That(SpinWait.SpinUntil(() => _server.Weights.Count == 1, 5000), Is.True);
            Assert.That(_server.Weights[0].Values[0], Is.Zero);
            Assert.That(_server.Weights[0].Values[1], Is.EqualTo(1));
            Assert.That(_server.Weights[0].IsValid, Is.True);
        }

        [Test]
        public void AValueThatIsNoNumberMakesThemInvalid()
        {
            Start(ConsentScope.Analyse);
            FaceWeights weights = Measured(0.5f);
            weights.Values[3] = float.NaN;
            _client.Report(weights);
            Assert.That(SpinWait.SpinUntil(() => _server.Weights.Count == 1, 5000), Is.True);
            Assert.That(_server.Weights[0].IsValid, Is.False);
            Assert.That(_server.Weights[0].Values[3], Is.Zero);
        }

        [Test]
        public void ReportingThemAllocatesNothingForTheCaller()
        {
            Start(ConsentScope.Analyse);
            FaceWeights weights = Measured(0.5f);
            int wanted = 0;
            void Arrive()
            {
                wanted++;
                SpinWait.SpinUntil(() => _server.Weights.Count >= wanted, 1000);
            }

            for (int i = 0; i < 4; i++)
            {
                _client.Report(weights);
                Arrive();
            }

            Assert.That(Allocation.Least(() => _client.Report(weights), Arrive), Is.Zero);
        }

        private static FaceWeights Measured(float value)
        {
            FaceWeights weights = new FaceWeights(FaceWeightsSchema.MetaFb2)
            {
                TimeNs = 5,
                IsValid = true,
                Source = FaceWeightsSource.Visual,
                Confidence = 0.75f,
            };
            Array.Fill(weights.Values, value);
            return weights;
        }

        private void Start(params ConsentScope[] consent)
        {
            _server = new LoopbackServer();
            SessionRequest request = new SessionRequest { StationId = "test" };
            _client = new AttuneClient(_server, request, consent);
            _client.Start();
            Assert.That(SpinWait.SpinUntil(() => _client.Figures.State == ConnectionState.Streaming, 5000), Is.True);
        }
    }
}
