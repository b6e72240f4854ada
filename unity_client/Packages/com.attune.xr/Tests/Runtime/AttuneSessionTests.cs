#nullable enable
using System.Collections;
using System.Collections.Generic;
using System.Text.RegularExpressions;
using System.Threading;
using NUnit.Framework;
using UnityEngine;
using UnityEngine.TestTools;

namespace Attune.Tests
{
    public sealed class AttuneSessionTests
    {
        private PlayedScene _scene = null!;

        [SetUp]
        public void OpenTheScene() => _scene = new PlayedScene();

        [TearDown]
        public void CloseTheScene() => _scene.Dispose();

        [UnityTest]
        public IEnumerator ASimulatedVisitorLivesThroughTwoBeatsOnTheMainThread()
        {
            HashSet<int> threads = new HashSet<int>();
            List<ConnectionState> states = new List<ConnectionState>();
            List<string> beats = new List<string>();
            _scene.PlayVisitorsHere();
            _scene.Session.StateChanged.AddListener(state =>
            {
                threads.Add(Thread.CurrentThread.ManagedThreadId);
                states.Add(state);
            });
            _scene.Session.Updated.AddListener(update =>
            {
                threads.Add(Thread.CurrentThread.ManagedThreadId);
                if (update.BeatId.Length > 0 && !beats.Contains(update.BeatId))
                {
                    beats.Add(update.BeatId);
                }
            });

            _scene.Begin(ConsentScope.Analyse);
            foreach (string beat in new[] { "arrival", "garden" })
            {
                _scene.Enter(beat);
                for (Patience patience = new Patience($"an update in beat {beat}"); !beats.Contains(beat);)
                {
                    patience.Check();
                    yield return null;
                }
            }

            Assert.That(beats, Is.EqualTo(new[] { "arrival", "garden" }));
            Assert.That(states.Contains(ConnectionState.Streaming), Is.True);
            Assert.That(threads, Is.EquivalentTo(new[] { Thread.CurrentThread.ManagedThreadId }));
        }

        [Test]
        public void ADisabledSessionBeginsNothingThatNobodyWouldEnd()
        {
            _scene.Session.enabled = false;
            LogAssert.Expect(LogType.Error, new Regex("is disabled and begins no session"));
            _scene.Begin(ConsentScope.Analyse);
            Assert.That(_scene.Session.Client, Is.Null);
        }

        [Test]
        public void TheSystemEndsThePauseThatItBeganAndNoOther()
        {
            _scene.PlayVisitorsHere();
            _scene.Begin();
            _scene.PauseApplication(true);
            Assert.That(_scene.Client.Figures.State, Is.EqualTo(ConnectionState.Paused));
            _scene.PauseApplication(false);
            Assert.That(_scene.Client.Figures.State, Is.Not.EqualTo(ConnectionState.Paused));

            _scene.Client.Pause(PauseReason.Operator);
            _scene.PauseApplication(true);
            _scene.PauseApplication(false);
            Assert.That(_scene.Client.Figures.State, Is.EqualTo(ConnectionState.Paused));
        }

        [UnityTest]
        public IEnumerator TheNextVisitorHasAConsentOfTheirOwn()
        {
            _scene.PlayVisitorsHere();
            _scene.Begin(ConsentScope.Analyse);
            AttuneClient first = _scene.Client;
            for (Patience patience = new Patience("the first visitor"); first.Figures.State != ConnectionState.Streaming;)
            {
                patience.Check();
                yield return null;
            }

            _scene.Begin();
            Assert.That(ReferenceEquals(_scene.Client, first), Is.False);
            Assert.That(_scene.Client.Allows(ConsentScope.Analyse), Is.False);
            for (Patience patience = new Patience("the end of the first"); first.Figures.State != ConnectionState.Ended;)
            {
                patience.Check();
                yield return null;
            }
        }

        [UnityTest]
        public IEnumerator DisablingTheSessionLeavesNoThreadAndNoEvent()
        {
            int updates = 0;
            _scene.PlayVisitorsHere();
            _scene.Session.Updated.AddListener(_ => updates++);
            _scene.Begin(ConsentScope.Analyse);
            for (Patience patience = new Patience("an update"); updates == 0;)
            {
                patience.Check();
                yield return null;
            }

            AttuneClient client = _scene.Client;
            float beganS = Time.realtimeSinceStartup;
            _scene.Session.enabled = false;
            Assert.That(Time.realtimeSinceStartup - beganS, Is.LessThan((float)AttuneClient.DisposeTimeout.TotalSeconds + 0.1f));
            Assert.That(_scene.Session.Client, Is.Null);
            Assert.That(client.Figures.State, Is.EqualTo(ConnectionState.Ended));

            int atTheEnd = updates;
            for (Patience patience = new Patience("the last thread"); AttuneClient.RunningThreads > 0;)
            {
                patience.Check();
                yield return null;
            }

            for (int frame = 0; frame < 30; frame++)
            {
                yield return null;
            }

            Assert.That(updates, Is.EqualTo(atTheEnd));
        }

        [UnityTest]
        public IEnumerator ASessionThatWasDisabledTakesVisitorsAgain()
        {
            _scene.PlayVisitorsHere();
            _scene.Begin();
            yield return null;
            _scene.Session.enabled = false;
            yield return null;
            _scene.Session.enabled = true;
            _scene.Begin();
            for (Patience patience = new Patience("a stream"); _scene.Client.Figures.State != ConnectionState.Streaming;)
            {
                patience.Check();
                yield return null;
            }
        }
    }
}
