#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What window and panel say about permissions.</summary>
    public sealed class PermissionViewsTests
    {
        private static Row Camera(FrameSourceState? state) => PermissionViews.Of(state, PermissionState.Granted)[0];

        private static Row Network(PermissionState state) => PermissionViews.Of(null, state)[1];

        [Test]
        public void ADenialIsPointedOut()
        {
            Assert.That(Camera(FrameSourceState.PermissionDenied).Warns, Is.True);
            Assert.That(Camera(FrameSourceState.PermissionDenied).Value, Does.Contain("denied"));
            Assert.That(Network(PermissionState.Denied).Warns, Is.True);
            Assert.That(Network(PermissionState.Denied).Value, Does.Contain("denied"));
        }

        [Test]
        public void WhatIsInOrderIsNotPointedOut()
        {
            Assert.That(PermissionViews.Of(FrameSourceState.Running, PermissionState.Granted).Any(row => row.Warns), Is.False);
            Assert.That(PermissionViews.Of(FrameSourceState.NoConsent, PermissionState.Asking).Any(row => row.Warns), Is.False);
            Assert.That(Camera(null).Warns, Is.False);
        }

        [Test]
        public void ANetworkThatNobodyAskedForIsPointedOut() => Assert.That(Network(PermissionState.Unasked).Warns, Is.True);

        [Test]
        public void EveryStateReadsDifferently()
        {
            Assert.That(Enum.GetValues(typeof(FrameSourceState)).Cast<FrameSourceState?>().Select(state => Camera(state).Value), Is.Unique);
            Assert.That(Enum.GetValues(typeof(PermissionState)).Cast<PermissionState>().Select(state => Network(state).Value), Is.Unique);
        }
    }
}
