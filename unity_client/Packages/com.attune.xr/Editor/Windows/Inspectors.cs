#nullable enable
using System.Collections.Generic;
using Attune.Components;
using UnityEditor;
using UnityEngine;

namespace Attune.Editing
{
    /// <summary>What is wrong with a server asset stands below its fields.</summary>
    [CustomEditor(typeof(AttuneServer))]
    internal sealed class ServerInspector : Editor
    {
        private readonly ProtobufOffer _protobuf = new ProtobufOffer();

        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            StationSetup setup = StationSetup.Resolve(new[] { ((AttuneServer)target).Values });
            foreach (string problem in setup.Problems)
            {
                EditorGUILayout.HelpBox(problem, MessageType.Error);
            }

            bool plain = setup.Endpoint != null && setup.Endpoint.Address.Scheme == "http";
            if (plain && PlayerSettings.insecureHttpOption == InsecureHttpOption.NotAllowed)
            {
                EditorGUILayout.HelpBox(
                    "Unity refuses plain http:// for its own requests, and with them its HTTP handler (Player Settings, Allow downloads "
                    + "over HTTP). YetAnotherHttpHandler is not affected. Encrypt the connection where you can.", MessageType.Warning);
                if (GUILayout.Button("Allow plain HTTP in this project…") && EditorUtility.DisplayDialog(
                    "Allow plain HTTP?", "This holds for the whole project and for every build of it.", "Allow", "Leave as it is"))
                {
                    PlayerSettings.insecureHttpOption = InsecureHttpOption.AlwaysAllowed;
                }
            }

            _protobuf.Draw();
        }
    }

    /// <summary>What a session still lacks, and where a button can bring it.</summary>
    [CustomEditor(typeof(AttuneSession))]
    internal sealed class SessionInspector : Editor
    {
        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            serializedObject.Update();
            SerializedProperty head = serializedObject.FindProperty("head");
            bool hasVisitor = serializedObject.FindProperty("simulatedVisitor").objectReferenceValue != null;
            bool hasServer = serializedObject.FindProperty("server").objectReferenceValue != null;
            SceneFindings findings = SceneFindings.Of(
                hasServer, hasVisitor, serializedObject.FindProperty("scenario").objectReferenceValue != null,
                head.objectReferenceValue != null, !EditorApplication.isPlaying || SessionTransport.Available.Count > 0);
            foreach (Row row in findings.Rows)
            {
                EditorGUILayout.HelpBox(row.Value, row.Warns ? MessageType.Warning : MessageType.Info);
            }

            if (head.objectReferenceValue == null && Camera.main != null && GUILayout.Button("Use the main camera as head"))
            {
                head.objectReferenceValue = Camera.main.transform;
                serializedObject.ApplyModifiedProperties();
            }
        }
    }

    /// <summary>A choice point without its default branch would leave the story without a way on.</summary>
    [CustomEditor(typeof(ChoicePoint))]
    internal sealed class ChoiceInspector : Editor
    {
        public override void OnInspectorGUI()
        {
            DrawDefaultInspector();
            SerializedProperty branches = serializedObject.FindProperty("branches");
            List<string> ids = new List<string>();
            for (int i = 0; i < branches.arraySize; i++)
            {
                ids.Add(branches.GetArrayElementAtIndex(i).FindPropertyRelative("id").stringValue);
            }

            SerializedProperty byDefault = serializedObject.FindProperty("defaultBranch");
            IReadOnlyList<string> problems = SceneFindings.OfChoice(
                serializedObject.FindProperty("choiceId").stringValue, byDefault.stringValue, ids);
            foreach (string problem in problems)
            {
                EditorGUILayout.HelpBox(problem, MessageType.Error);
            }

            if (!ids.Contains(byDefault.stringValue) && ids.Count > 0 && GUILayout.Button($"Make '{ids[0]}' the default"))
            {
                byDefault.stringValue = ids[0];
                serializedObject.ApplyModifiedProperties();
            }
        }
    }
}
