#nullable enable
using System;
using System.IO;
using UnityEditor;
using UnityEditor.PackageManager;
using UnityEngine;

namespace Attune.Editing
{
    /// <summary>Offers a project without Google.Protobuf to get it, from a registry that its developer names and after asking.</summary>
    internal sealed class ProtobufOffer
    {
        private readonly bool _missing = Type.GetType("Google.Protobuf.IMessage, Google.Protobuf") == null;
        private string _registry = "https://";
        private string _problem = "";

        public void Draw()
        {
            if (!_missing)
            {
                return;
            }

            EditorGUILayout.HelpBox(
                "Without Google.Protobuf no server is reached: the story is played with its defaults. It can come from a registry that "
                + "has NuGet's packages for Unity; the documentation names the other ways.", MessageType.Info);
            _registry = EditorGUILayout.TextField("registry", _registry);
            if (GUILayout.Button("Add Google.Protobuf to this project…") && EditorUtility.DisplayDialog(
                "Change Packages/manifest.json?",
                $"Adds {_registry} as a registry for {ProjectManifest.Scope}.*, unless there is one, and {ProjectManifest.Protobuf} "
                + $"{ProjectManifest.ProtobufVersion}. Unity then downloads it.", "Change", "Leave as it is"))
            {
                Add();
            }

            if (_problem.Length > 0)
            {
                EditorGUILayout.HelpBox(_problem, MessageType.Error);
            }
        }

        private void Add()
        {
            string path = Path.GetFullPath(Path.Combine("Packages", "manifest.json"));
            try
            {
                File.WriteAllText(path, ProjectManifest.WithProtobuf(File.ReadAllText(path), _registry));
                _problem = "";
                Client.Resolve();
            }
            catch (Exception fault) when (fault is FormatException || fault is IOException || fault is UnauthorizedAccessException)
            {
                _problem = fault.Message;
            }
        }
    }
}
