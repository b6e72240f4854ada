#nullable enable
using NUnit.Framework;
using UnityEngine;

namespace Attune.Tests
{
    /// <summary>How long a test waits for something, so that one that never comes fails with its name.</summary>
    internal sealed class Patience
    {
        private const float MostS = 5;

        private readonly string _awaited;
        private readonly float _untilS = Time.realtimeSinceStartup + MostS;

        public Patience(string awaited) => _awaited = awaited;

        /// <summary>Called once a frame while it has not come.</summary>
        public void Check() => Assert.That(Time.realtimeSinceStartup, Is.LessThan(_untilS), $"waited for {_awaited}");
    }
}
