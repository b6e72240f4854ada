#nullable enable
using System.IO;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>The table that Python writes of a recorded session.</summary>
    public sealed class ReplayTableTests
    {
        [Test]
        public void WhatPythonWritesIsReadHere()
        {
            string path = Path.Combine(PythonProcess.Repository, "protos", "testdata", "session-table.csv");
            ReplayScript script = ReplayScript.Parse(File.ReadAllText(path));
            Assert.That(script.States.Count, Is.EqualTo(10));
            StateUpdate state = script.States[3];
            Assert.That(state.SessionTimeNs, Is.EqualTo(300_000_000));
            Assert.That(state.BeatId, Is.EqualTo("arrival"));
            Assert.That(state.Empathy.Status, Is.EqualTo(EmpathyStatus.Ok));
            Assert.That(state.Empathy.Eri, Is.EqualTo(55));
            Assert.That(state.Face!.Band, Is.EqualTo(VisibilityBand.LowerFace));
            Assert.That(state.Face.Pose!.Value.PitchDeg, Is.EqualTo(-5));
            Assert.That(state.Face.Visible(FaceRegion.LeftCheek), Is.EqualTo(0.8f));
            Assert.That(state.Expression!.Probability(Emotion.Happy), Is.EqualTo(0.75f));
            Assert.That(script.Decision("door", 1)!.BranchId, Is.EqualTo("left"));
        }
    }
}
