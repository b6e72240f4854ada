#nullable enable
using System.Collections;
using Attune.Components;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.TestTools;

namespace Attune.Tests
{
    public sealed class FrameSourceTests
    {
        private PlayedScene _scene = null!;
        private StillFrameSource _source = null!;

        [SetUp]
        public void OpenTheScene()
        {
            _scene = new PlayedScene();
            _scene.PlayVisitorsHere();
            _source = _scene.Place<StillFrameSource>();
            PlayedScene.Assign(_source, "picture", new Texture2D(64, 48, TextureFormat.RGBA32, false));
            PlayedScene.Assign(_scene.Session, "frames", _source);
            _source.gameObject.SetActive(true);
        }

        [TearDown]
        public void CloseTheScene() => _scene.Dispose();

        [UnityTest]
        public IEnumerator WithoutConsentNoPictureIsReadAndNoneLeaves()
        {
            _scene.Begin();
            for (Patience patience = new Patience("a stream"); _scene.Client.Figures.State != ConnectionState.Streaming;)
            {
                patience.Check();
                yield return null;
            }

            for (int frame = 0; frame < 30; frame++)
            {
                yield return null;
                Assert.That(_source.State, Is.EqualTo(FrameSourceState.NoConsent));
            }

            Assert.That(_scene.Client.Figures.FramesSent, Is.Zero);
        }

        [UnityTest]
        public IEnumerator AWithdrawalStopsTheSourceWithinOneFrame()
        {
            _scene.Begin(ConsentScope.Analyse);
            for (Patience patience = new Patience("the source"); _source.State == FrameSourceState.Off;)
            {
                patience.Check();
                yield return null;
            }

            _scene.Client.ChangeConsent();
            yield return null;
            Assert.That(_source.State, Is.EqualTo(FrameSourceState.NoConsent));
        }

        [UnityTest]
        public IEnumerator ADisabledSourceIsOff()
        {
            _scene.Begin();
            yield return null;
            _source.enabled = false;
            Assert.That(_source.State, Is.EqualTo(FrameSourceState.Off));
        }
    }
}
