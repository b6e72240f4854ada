#nullable enable
using System.Collections;
using System.Collections.Generic;
using System.Text.RegularExpressions;
using Attune.Components;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.TestTools;

namespace Attune.Tests
{
    /// <summary>Which session a marker belongs to that stands in another scene.</summary>
    public sealed class SceneMarkerTests
    {
        private readonly List<string> _played = new List<string>();
        private PlayedScene _scene = null!;

        [SetUp]
        public void OpenTheScene()
        {
            _played.Clear();
            _scene = new PlayedScene();
        }

        [TearDown]
        public void CloseTheScene() => _scene.Dispose();

        [Test]
        public void AMarkerUnderNoSessionBelongsToTheOnlyOne()
        {
            ChoicePoint choice = ChoiceBeside();
            Assert.That(_scene.Session.Choices, Is.EqualTo(new[] { choice }));
            _scene.Begin();
            choice.Reach();
            Assert.That(choice.IsWaiting, Is.True);
            Assert.That(_played, Is.Empty);
        }

        [Test]
        public void AMarkerThatWasThereFirstJoinsTheSessionThatComes()
        {
            _scene.Session.enabled = false;
            ChoicePoint choice = ChoiceBeside();
            Assert.That(_scene.Session.Choices, Is.Empty);
            _scene.Session.enabled = true;
            Assert.That(_scene.Session.Choices, Is.EqualTo(new[] { choice }));
            _scene.Session.enabled = false;
            Assert.That(_scene.Session.Choices, Is.Empty);
        }

        [Test]
        public void OfTwoSessionsNoneIsTakenAndAnErrorNamesBoth()
        {
            using PlayedScene other = new PlayedScene();
            LogAssert.Expect(LogType.Error, new Regex("several are enabled.*call Assign"));
            ChoicePoint choice = ChoiceBeside();
            Assert.That(_scene.Session.Choices, Is.Empty);
            Assert.That(other.Session.Choices, Is.Empty);
            choice.Assign(other.Session);
            Assert.That(other.Session.Choices, Is.EqualTo(new[] { choice }));
        }

        [Test]
        public void ASessionThatOpensBesideDoesNotTakeMarkersAway()
        {
            ChoicePoint choice = ChoiceBeside();
            using PlayedScene other = new PlayedScene();
            Assert.That(_scene.Session.Choices, Is.EqualTo(new[] { choice }));
            Assert.That(other.Session.Choices, Is.Empty);
        }

        [UnityTest]
        public IEnumerator ACameraIsTakenIntoNoSessionByItself()
        {
            StillFrameSource camera = _scene.Place<StillFrameSource>();
            _scene.PutBeside(camera);
            camera.gameObject.SetActive(true);
            _scene.PlayVisitorsHere();
            _scene.Begin(ConsentScope.Analyse);
            for (int frame = 0; frame < 30; frame++)
            {
                yield return null;
                Assert.That(camera.State, Is.EqualTo(FrameSourceState.Off));
            }
        }

        private ChoicePoint ChoiceBeside()
        {
            ChoicePoint choice = _scene.Choice("door", "stay", 60, _played, "go", "stay");
            choice.gameObject.SetActive(false);
            _scene.PutBeside(choice);
            choice.Assign(null);
            choice.gameObject.SetActive(true);
            return choice;
        }
    }
}
