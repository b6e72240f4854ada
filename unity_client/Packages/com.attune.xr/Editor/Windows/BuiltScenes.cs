#nullable enable
using System;
using System.Collections.Generic;
using UnityEditor;
using UnityEditor.Build;

namespace Attune.Editing
{
    /// <summary>
    /// The scenes of the build that is being made. A script or a build profile may name others than the build settings list.
    /// </summary>
    internal sealed class BuiltScenes : BuildPlayerProcessor
    {
        private static string[] asked = Array.Empty<string>();

        public static string[] Paths => asked.Length > 0 ? asked : Listed();

        public override void PrepareForBuild(BuildPlayerContext buildPlayerContext) =>
            asked = buildPlayerContext.BuildPlayerOptions.scenes ?? Array.Empty<string>();

        private static string[] Listed()
        {
            List<string> scenes = new List<string>();
            foreach (EditorBuildSettingsScene scene in EditorBuildSettings.scenes)
            {
                if (scene.enabled)
                {
                    scenes.Add(scene.path);
                }
            }

            return scenes.ToArray();
        }
    }
}
