#nullable enable
using System;
using System.IO;

namespace Attune.Visitor
{
    /// <summary>Prints what frames cost on .NET, where there is no JPEG encoder of Unity's.</summary>
    internal static class FrameBenchCommand
    {
        private static readonly FrameSize[] Pictures = { new FrameSize(1280, 960), new FrameSize(640, 480) };

        public static void Run(TextWriter output)
        {
            output.WriteLine($".NET {Environment.Version}, one thread, 200 pictures each, wall-clock time\n");
            foreach (FrameSize picture in Pictures)
            {
                output.WriteLine(FrameBench.Table(
                    FrameBench.MadeUp(picture), picture, null, GC.GetAllocatedBytesForCurrentThread, () => Environment.CpuUsage.TotalTime));
            }
        }
    }
}
