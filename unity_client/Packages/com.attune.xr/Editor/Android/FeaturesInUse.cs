#nullable enable
using System;
using System.Collections.Generic;
using System.IO;

namespace Attune.Editing
{
    /// <summary>Which features the scenes of a build use, from the assets that they depend on.</summary>
    public static class FeaturesInUse
    {
        private static readonly Dictionary<string, AndroidFeatures> Scripts = new Dictionary<string, AndroidFeatures>(StringComparer.Ordinal)
        {
            ["WebCamFrameSource.cs"] = AndroidFeatures.Camera,
            ["PassthroughFrameSource.cs"] = AndroidFeatures.PassThrough,
            ["FaceWeightsFeed.cs"] = AndroidFeatures.FaceTracking,
            ["MetaFaceFeed.cs"] = AndroidFeatures.FaceTracking,
            ["AttuneServer.cs"] = AndroidFeatures.LocalNetwork,
            ["ServerFinder.cs"] = AndroidFeatures.LocalNetwork,
        };

        /// <summary>The names of the scripts that stand for a feature.</summary>
        public static IEnumerable<string> ScriptNames => Scripts.Keys;

        /// <param name="dependencies">Paths of everything that the scenes depend on, scripts among them.</param>
        public static AndroidFeatures Of(IEnumerable<string> dependencies)
        {
            AndroidFeatures features = AndroidFeatures.None;
            foreach (string path in dependencies)
            {
                bool ours = path.StartsWith("Packages/com.attune.xr/", StringComparison.Ordinal);
                if (ours && Scripts.TryGetValue(Path.GetFileName(path), out AndroidFeatures feature))
                {
                    features |= feature;
                }
            }

            return features;
        }
    }
}
