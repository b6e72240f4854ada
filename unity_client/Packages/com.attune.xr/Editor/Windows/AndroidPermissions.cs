#nullable enable
using System.IO;
using UnityEditor;
using UnityEditor.Android;
using UnityEngine;

namespace Attune.Editing
{
    /// <summary>Declares the permissions that the scenes of an Android build need, and no others.</summary>
    internal sealed class AndroidPermissions : IPostGenerateGradleAndroidProject
    {
        // After XR packages, whose declarations are kept.
        public int callbackOrder => 10000;

        /// <param name="path">Of the Gradle project's unityLibrary.</param>
        public void OnPostGenerateGradleAndroidProject(string path)
        {
            AndroidFeatures features = FeaturesInUse.Of(AssetDatabase.GetDependencies(BuiltScenes.Paths, true));
            string manifest = Path.Combine(path, "src", "main", "AndroidManifest.xml");
            File.WriteAllText(manifest, AndroidManifest.With(File.ReadAllText(manifest), features));
            Debug.Log($"Attune: this build declares {string.Join(", ", AndroidManifest.Permissions(features))}");
        }
    }
}
