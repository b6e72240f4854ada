#nullable enable
using System.Collections;
using System.Collections.Generic;
using Attune.Components;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.TestTools;

namespace Attune.Tests
{
    public sealed class ChoicePointTests
    {
        private readonly List<string> _played = new List<string>();
        private readonly List<ChoiceSettled> _settled = new List<ChoiceSettled>();
        private PlayedScene _scene = null!;

        [SetUp]
        public void OpenTheScene()
        {
            _played.Clear();
            _settled.Clear();
            _scene = new PlayedScene();
            _scene.Session.Settled += _settled.Add;
        }

        [TearDown]
        public void CloseTheScene() => _scene.Dispose();

        [UnityTest]
        public IEnumerator WithoutAServerTheDefaultIsPlayedAtTheDeadlineAndOnce()
        {
            ChoicePoint choice = _scene.Choice("door", "stay", 0.3f, _played, "go", "stay");
            _scene.Begin();
            long reachedNs = _scene.Client.NowNs;
            choice.Reach();
            Assert.That(_played, Is.Empty);
            for (Patience patience = new Patience("the default"); _played.Count == 0;)
            {
                patience.Check();
                yield return null;
            }

            Assert.That(_scene.Client.NowNs - reachedNs, Is.InRange(300_000_000L, 2_000_000_000L));
            for (float endS = Time.realtimeSinceStartup + 0.5f; Time.realtimeSinceStartup < endS;)
            {
                yield return null;
            }

            Assert.That(_played, Is.EqualTo(new[] { "stay" }));
            Assert.That(_settled.Count, Is.EqualTo(1));
            Assert.That(_settled[0].By, Is.EqualTo(ResolvedBy.LocalDefault));
        }

        [UnityTest]
        public IEnumerator WithoutAVisitorTheDefaultIsPlayedAtOnce()
        {
            _scene.Choice("door", "stay", 60, _played, "go", "stay").Reach();
            Assert.That(_played, Is.EqualTo(new[] { "stay" }));
            yield return null;
            Assert.That(_settled, Is.Empty);
        }

        [UnityTest]
        public IEnumerator AnOperatorsBranchIsPlayedLongBeforeTheDeadline()
        {
            ChoicePoint choice = _scene.Choice("door", "stay", 60, _played, "go", "stay");
            _scene.Begin();
            choice.Reach();
            yield return null;
            _scene.Client.Order("door", "go");
            for (Patience patience = new Patience("the operator's branch"); _played.Count == 0;)
            {
                patience.Check();
                yield return null;
            }

            Assert.That(_played, Is.EqualTo(new[] { "go" }));
            Assert.That(_settled[0].By, Is.EqualTo(ResolvedBy.Operator));
        }

        [UnityTest]
        public IEnumerator AChoiceWhoseSessionIsOverPlaysItsDefault()
        {
            ChoicePoint choice = _scene.Choice("door", "stay", 60, _played, "go", "stay");
            _scene.Begin();
            choice.Reach();
            yield return null;
            Assert.That(choice.IsWaiting, Is.True);
            _scene.Session.Finish(EndReason.Application);
            yield return null;
            yield return null;
            Assert.That(_played, Is.EqualTo(new[] { "stay" }));
            Assert.That(choice.IsWaiting, Is.False);
        }

        [UnityTest]
        public IEnumerator ADisabledChoicePointPlaysNothing()
        {
            ChoicePoint choice = _scene.Choice("door", "stay", 0.1f, _played, "go", "stay");
            _scene.Begin();
            choice.Reach();
            choice.enabled = false;
            for (Patience patience = new Patience("the session's own event"); _settled.Count == 0;)
            {
                patience.Check();
                yield return null;
            }

            Assert.That(_played, Is.Empty);
        }
    }
}
