#nullable enable
using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>Frames of a clip beside the repository, and the example's scenario.</summary>
    internal static class Clip
    {
        private static byte[][]? _frames;

        public static string ScenarioSha256 { get; } = Convert.ToHexString(SHA256.HashData(
            File.ReadAllBytes(Path.Combine(PythonProcess.Repository, "examples", "scenarios", "memorial.yaml")))).ToLowerInvariant();

        /// <summary>640×360 JPEGs; skips the test, saying so, where there is no clip.</summary>
        public static byte[][] Frames()
        {
            if (_frames != null)
            {
                return _frames;
            }

            string clip = Path.GetFullPath(Path.Combine(PythonProcess.Repository, "..", "shared", "clips", "single_face.mp4"));
            if (!File.Exists(clip))
            {
                Assert.Ignore("needs development material at ../shared/clips, which is not here");
            }

            string folder = Directory.CreateTempSubdirectory("attune-frames-").FullName;
            try
            {
                string script = Path.Combine(PythonProcess.Repository, "tests", "unity", "clip_frames.py");
                using Process python = Process.Start(PythonProcess.Python(), new[] { script, clip, folder, "40" })!;
                python.WaitForExit();
                _frames = Directory.GetFiles(folder).OrderBy(path => path, StringComparer.Ordinal).Select(File.ReadAllBytes).ToArray();
                return _frames;
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
