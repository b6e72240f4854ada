#nullable enable
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What inspectors say about a scene.</summary>
    public sealed class SceneFindingsTests
    {
        [Test]
        public void ACompleteSessionHasNothingToSay() =>
            Assert.That(SceneFindings.Of(true, false, true, true, true).Rows, Is.Empty);

        [Test]
        public void ASceneWithoutAServerIsInOrderAndIsTold()
        {
            Row row = SceneFindings.Of(false, false, false, true, true).Rows.Single();
            Assert.That(row.Warns, Is.False);
            Assert.That(row.Value, Does.Contain("authored defaults"));
        }

        [TestCase(true, false, false, true, true, "scenario")]
        [TestCase(true, false, true, false, true, "head")]
        [TestCase(true, false, true, true, false, "transport")]
        public void WhatIsMissingIsNamed(
            bool server, bool visitor, bool scenario, bool head, bool transport, string named)
        {
            Row row = SceneFindings.Of(server, visitor, scenario, head, transport).Rows.Single();
            Assert.That(row.Label, Is.EqualTo(named));
            Assert.That(row.Warns, Is.True);
        }

        [Test]
        public void ASimulatedVisitorIsCalledSimulated() =>
            Assert.That(SceneFindings.Of(false, true, false, true, false).Rows.Single().Value, Does.Contain("simulated"));

        [Test]
        public void AChoiceNeedsAnIdentifierAndADefaultAmongItsBranches()
        {
            Assert.That(SceneFindings.OfChoice("street", "a", new[] { "a", "b" }), Is.Empty);
            Assert.That(SceneFindings.OfChoice("", "a", new[] { "a" }).Single(), Does.Contain("identifier"));
            Assert.That(SceneFindings.OfChoice("street", "c", new[] { "a", "b" }).Single(), Does.Contain("a, b").And.Contain("'c'"));
            Assert.That(SceneFindings.OfChoice("street", "", new string[0]).Single(), Does.Contain("there are none"));
            Assert.That(SceneFindings.OfChoice("street", "a", new[] { "a", "a" }).Single(), Does.Contain("twice"));
            Assert.That(SceneFindings.OfChoice("street", "a", new[] { "a", "" }).Single(), Does.Contain("every branch"));
        }
    }
}
