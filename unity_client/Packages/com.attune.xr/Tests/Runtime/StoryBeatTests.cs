#nullable enable
using System.Collections;
using System.Collections.Generic;
using Attune.Components;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.TestTools;

namespace Attune.Tests
{
    /// <summary>A beat that is played by the clock, and what a story keeps of its visitor.</summary>
    public sealed class StoryBeatTests
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

        [UnityTest]
        public IEnumerator ABeatDoesNotEndBeforeItsChoice()
        {
            ChoicePoint choice = _scene.Choice("door", "stay", 0.6f, _played, "go", "stay");
            StoryBeat beat = _scene.Place<StoryBeat>();
            PlayedScene.Assign(beat, "duration", 0.1f);
            PlayedScene.Assign(beat, "choice", choice);
            _scene.Begin();
            beat.gameObject.SetActive(true);
            float beganS = Time.realtimeSinceStartup;
            for (Patience patience = new Patience("the end of the beat"); beat.gameObject.activeSelf;)
            {
                Assert.That(choice.IsWaiting || _played.Count == 1 || Time.realtimeSinceStartup - beganS < 0.1f, Is.True);
                patience.Check();
                yield return null;
            }

            Assert.That(_played, Is.EqualTo(new[] { "stay" }));
        }

        [UnityTest]
        public IEnumerator WhatAStoryKnowsOfAVisitorGoesWithThem()
        {
            StoryListener story = _scene.Place<StoryListener>();
            story.gameObject.SetActive(true);
            ChoicePoint choice = _scene.Choice("door", "stay", 0, _played, "go", "stay");
            _scene.Begin();
            choice.Reach();
            for (Patience patience = new Patience("the branch"); story.Values.Branch("door").Length == 0;)
            {
                patience.Check();
                yield return null;
            }

            _scene.Begin();
            Assert.That(story.Values.Branch("door"), Is.Empty);
        }
    }
}
