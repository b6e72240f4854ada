#nullable enable
using System.Collections;
using Attune.Components;
using NUnit.Framework;
using UnityEngine.TestTools;

namespace Attune.Tests
{
    /// <summary>Texts on planes of the scene, as beats switch them on and off.</summary>
    public sealed class CaptionTests
    {
        private PlayedScene _scene = null!;

        [SetUp]
        public void OpenTheScene() => _scene = new PlayedScene();

        [TearDown]
        public void CloseTheScene() => _scene.Dispose();

        [UnityTest]
        public IEnumerator ACaptionHangsOnTheObjectThatSwitchesItOn()
        {
            Caption caption = Shown("the street");
            yield return null;
            yield return null;
            Assert.That(PlayedScene.Text(caption), Is.EqualTo("the street"));
        }

        [UnityTest]
        public IEnumerator ACaptionIsThereAgainAfterItWasSwitchedOff()
        {
            Caption caption = Shown("the street");
            yield return null;
            yield return null;
            caption.gameObject.SetActive(false);
            yield return null;
            caption.Show("the hall");
            caption.gameObject.SetActive(true);
            yield return null;
            yield return null;
            Assert.That(PlayedScene.Text(caption), Is.EqualTo("the hall"));
        }

        private Caption Shown(string text)
        {
            Caption caption = _scene.Place<Caption>();
            PlayedScene.Assign(caption, "text", text);
            caption.gameObject.SetActive(true);
            return caption;
        }
    }
}
