#nullable enable
using System.Collections;
using Attune.Components;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.TestTools;

namespace Attune.Tests
{
    public sealed class CameraSignTests
    {
        private PlayedScene _scene = null!;
        private VisitorStrings _strings = null!;
        private CameraSignView _sign = null!;

        private string Shown => PlayedScene.Text(_sign);

        [SetUp]
        public void OpenTheScene()
        {
            _scene = new PlayedScene();
            _scene.PlayVisitorsHere();
            _strings = ScriptableObject.CreateInstance<VisitorStrings>();
            PlayedScene.Assign(_strings, "locale", "en");
            _sign = _scene.Place<CameraSignView>();
            PlayedScene.Assign(_sign, "session", _scene.Session);
            PlayedScene.Assign(_sign, "strings", _strings);
            _sign.gameObject.SetActive(true);
        }

        [TearDown]
        public void CloseTheScene() => _scene.Dispose();

        [UnityTest]
        public IEnumerator TheSignTurnsOffWithinOneFrameOfAWithdrawal()
        {
            _scene.Begin(ConsentScope.Analyse);
            for (Patience patience = new Patience("the sign of reading"); Shown != Text(VisitorTexts.SignAnalysing);)
            {
                patience.Check();
                yield return null;
            }

            _scene.Client.ChangeConsent();
            yield return null;
            Assert.That(Shown, Is.EqualTo(Text(VisitorTexts.SignOff)));
        }

        [UnityTest]
        public IEnumerator StoppingWithdrawsEveryConsent()
        {
            _scene.Begin(ConsentScope.Analyse, ConsentScope.StoreFeatures);
            yield return null;
            _sign.Stop();
            Assert.That(_scene.Client.Allows(ConsentScope.Analyse), Is.False);
            Assert.That(_scene.Client.Allows(ConsentScope.StoreFeatures), Is.False);
            yield return null;
            Assert.That(Shown, Is.EqualTo(Text(VisitorTexts.SignOff)));
        }

        [UnityTest]
        public IEnumerator BetweenTwoVisitorsTheSignIsOff()
        {
            _scene.Begin(ConsentScope.Analyse);
            for (Patience patience = new Patience("the sign of reading"); Shown != Text(VisitorTexts.SignAnalysing);)
            {
                patience.Check();
                yield return null;
            }

            _scene.Session.Finish(EndReason.NextVisitor);
            yield return null;
            Assert.That(Shown, Is.EqualTo(Text(VisitorTexts.SignOff)));
        }

        private string Text(string key) => _strings.Lines(key, 24);
    }
}
