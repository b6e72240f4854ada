#nullable enable
using System.Collections;
using Attune.Components;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.TestTools;

namespace Attune.Tests
{
    /// <summary>The operator's screen. Nothing is confirmed here: that would write attune.json of whoever runs the tests.</summary>
    public sealed class ServerScreenTests
    {
        private const string Code = "attune:1?endpoint=http://192.0.2.5:50051&station=hall-3";

        private PlayedScene _scene = null!;
        private ServerScreen _screen = null!;
        private ServerFinder _finder = null!;

        private string Shown
        {
            get
            {
                string shown = "";
                foreach (TextMesh text in _screen.GetComponentsInChildren<TextMesh>())
                {
                    shown += text.text + "\n";
                }

                return shown;
            }
        }

        [SetUp]
        public void OpenTheScene()
        {
            _scene = new PlayedScene();
            _screen = _scene.Place<ServerScreen>();
            _finder = _screen.GetComponent<ServerFinder>();
            _screen.gameObject.SetActive(true);
        }

        [TearDown]
        public void CloseTheScene() => _scene.Dispose();

        [UnityTest]
        public IEnumerator ACodeIsLaidBeforeTheOperatorAndGoesWhenItIsRefused()
        {
            string configured = _finder.Configured;
            _finder.ShowCode(Code);
            for (Patience patience = new Patience("the offer"); !Shown.Contains("192.0.2.5");)
            {
                patience.Check();
                yield return null;
            }

            Assert.That(Shown, Does.Contain("hall-3"));
            _finder.Refuse();
            for (Patience patience = new Patience("the list"); Shown.Contains("192.0.2.5");)
            {
                patience.Check();
                yield return null;
            }

            Assert.That(_finder.Configured, Is.EqualTo(configured));
        }

        [UnityTest]
        public IEnumerator ACodeThatCannotBeReadIsSaid()
        {
            _finder.ShowCode("https://192.0.2.5:50051");
            for (Patience patience = new Patience("the problem"); !Shown.Contains("attune:1?");)
            {
                patience.Check();
                yield return null;
            }

            Assert.That(_finder.Waiting, Is.Null);
        }
    }
}
