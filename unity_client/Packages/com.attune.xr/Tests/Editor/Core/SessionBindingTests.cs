#nullable enable
using System.Collections.Generic;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>Which session something belongs to that stands in another scene, or in none.</summary>
    public sealed class SessionBindingTests
    {
        private readonly OpenSessions<string> _sessions = new OpenSessions<string>();

        [SetUp]
        public void CloseAll() => _sessions.Forget();

        [Test]
        public void TheOnlyOpenSessionIsFound()
        {
            SessionBinding<string> binding = new SessionBinding<string>(_sessions);
            Assert.That(binding.Find(null, out bool ambiguous), Is.Null);
            _sessions.Add("hall");
            Assert.That(binding.Find(null, out ambiguous), Is.EqualTo("hall"));
            Assert.That(ambiguous, Is.False);
        }

        [Test]
        public void OnesOwnSessionGoesBeforeEveryOther()
        {
            SessionBinding<string> binding = new SessionBinding<string>(_sessions);
            _sessions.Add("hall");
            Assert.That(binding.Find(null, out _), Is.EqualTo("hall"));
            Assert.That(binding.Find("own", out _), Is.EqualTo("own"));
            _sessions.Add("garden");
            Assert.That(binding.Find("own", out bool ambiguous), Is.EqualTo("own"));
            Assert.That(ambiguous, Is.False);
        }

        [Test]
        public void OfSeveralNoneIsTakenAndThatIsSaidOnce()
        {
            SessionBinding<string> binding = new SessionBinding<string>(_sessions);
            _sessions.Add("hall");
            _sessions.Add("garden");
            Assert.That(binding.Find(null, out bool ambiguous), Is.Null);
            Assert.That(ambiguous, Is.True);
            Assert.That(binding.Find(null, out ambiguous), Is.Null);
            Assert.That(ambiguous, Is.False);

            _sessions.Remove("hall");
            Assert.That(binding.Find(null, out _), Is.EqualTo("garden"));
            _sessions.Remove("garden");
            Assert.That(binding.Find(null, out _), Is.Null);
            _sessions.Add("hall");
            _sessions.Add("garden");
            Assert.That(binding.Find(null, out ambiguous), Is.Null);
            Assert.That(ambiguous, Is.True, "it is a new question");
        }

        [Test]
        public void WhatWasFoundStaysWhenAnotherOpensAndGoesWithItsEnd()
        {
            SessionBinding<string> binding = new SessionBinding<string>(_sessions);
            _sessions.Add("hall");
            binding.Find(null, out _);
            _sessions.Add("garden");
            Assert.That(binding.Find(null, out bool ambiguous), Is.EqualTo("hall"));
            Assert.That(ambiguous, Is.False);
            _sessions.Remove("hall");
            Assert.That(binding.Find(null, out _), Is.EqualTo("garden"));
        }

        [Test]
        public void WhoListensHearsOfSessionsThatOpenAndCloseLater()
        {
            List<int> heard = new List<int>();
            _sessions.Changed += () => heard.Add(_sessions.All.Count);
            _sessions.Add("hall");
            _sessions.Add("hall");
            _sessions.Remove("hall");
            _sessions.Remove("hall");
            Assert.That(heard, Is.EqualTo(new[] { 1, 0 }));
            int changes = _sessions.Changes;
            _sessions.Add("hall");
            Assert.That(_sessions.Changes, Is.Not.EqualTo(changes));
        }

        [Test]
        public void ANewRunInTheSameProcessKnowsNothingOfTheLast()
        {
            int heard = 0;
            SessionBinding<string> binding = new SessionBinding<string>(_sessions);
            _sessions.Changed += () => heard++;
            _sessions.Add("of the last run");
            binding.Find(null, out _);
            _sessions.Forget();
            _sessions.Add("hall");
            Assert.That(binding.Find(null, out _), Is.EqualTo("hall"));
            Assert.That(heard, Is.EqualTo(1));
        }

        [Test]
        public void LookingAllocatesNothing()
        {
            SessionBinding<string> binding = new SessionBinding<string>(_sessions);
            _sessions.Add("hall");
            binding.Find(null, out _);
            Assert.That(Allocation.Least(() => binding.Find(null, out _)), Is.Zero);
        }
    }
}
