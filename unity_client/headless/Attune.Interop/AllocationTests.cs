#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>What streaming costs the garbage collector, on .NET; IL2CPP and Unity's collector are unmeasured.</summary>
    [Timeout(600000)]
    public sealed class AllocationTests
    {
        private const long Unnoticed = 4096;

        [Test]
        public void AFrameCostsTheMainThreadNothingAndTheOthersLittle()
        {
            using PythonProcess server = PythonProcess.StartAttune();
            byte[][] frames = Clip.Frames();
            using Witness visitor = new Witness(server.PlainAddress, frames, "", null, ConsentScope.Analyse);
            visitor.AwaitStreaming();
            visitor.FilmUntilFresh(freshMs: 500, framesPerSecond: 20);

            // A slower link needs a buffer more, once: what settles to nothing does not grow with the frames.
            long here = AllocatedHere(visitor);
            for (int i = 0; i < 5 && here >= Unnoticed; i++)
            {
                here = AllocatedHere(visitor);
            }

            long sentBefore = visitor.Client.Figures.FramesSent;
            long updatesBefore = visitor.Client.Figures.Updates;
            long everywhere = GC.GetTotalAllocatedBytes(true);
            visitor.Film(seconds: 5, framesPerSecond: 20);
            everywhere = GC.GetTotalAllocatedBytes(true) - everywhere;
            long sent = visitor.Client.Figures.FramesSent - sentBefore;
            long updates = visitor.Client.Figures.Updates - updatesBefore;

            TestContext.Progress.WriteLine(
                $"allocation: caller's thread {here / 100.0:0} B a frame; all threads {everywhere / (double)sent:0} B a frame sent, "
                + $"with {updates} updates for {sent} frames of {frames.Average(frame => frame.Length):0} B");
            Assert.That(sent, Is.GreaterThan(0));
            Assert.That(here, Is.LessThan(Unnoticed), "100 frames; nothing of it grows with their number");
            Assert.That(everywhere / sent, Is.LessThan(32 * 1024));
        }

        private static long AllocatedHere(Witness visitor)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            visitor.Film(seconds: 5, framesPerSecond: 20);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
