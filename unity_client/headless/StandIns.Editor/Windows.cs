// Reference stand-ins for an API check; see Hooks.cs. What the window, the inspectors and the build hook use.
using System;
using UnityEngine;

namespace UnityEditor
{
    public class EditorWindow : ScriptableObject
    {
        public void Repaint() => throw new NotSupportedException();

        public static T GetWindow<T>(string title)
            where T : EditorWindow => throw new NotSupportedException();
    }

    [AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
    public sealed class MenuItem : Attribute
    {
        public MenuItem(string itemName)
        {
        }
    }

    public partial class CustomEditor : Attribute
    {
        public CustomEditor(Type inspectedType)
        {
        }
    }

    public partial class Editor : ScriptableObject
    {
        public UnityEngine.Object target { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public SerializedObject serializedObject => throw new NotSupportedException();

        public bool DrawDefaultInspector() => throw new NotSupportedException();

        public virtual void OnInspectorGUI() => throw new NotSupportedException();
    }

    public partial class SerializedObject : IDisposable
    {
        public void Update() => throw new NotSupportedException();

        public bool ApplyModifiedProperties() => throw new NotSupportedException();

        public SerializedProperty FindProperty(string propertyPath) => throw new NotSupportedException();

        public void Dispose() => throw new NotSupportedException();
    }

    public partial class SerializedProperty : IDisposable
    {
        public UnityEngine.Object objectReferenceValue { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public string stringValue { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public int arraySize { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public SerializedProperty GetArrayElementAtIndex(int index) => throw new NotSupportedException();

        public SerializedProperty FindPropertyRelative(string relativePropertyPath) => throw new NotSupportedException();

        public void Dispose() => throw new NotSupportedException();
    }

    public enum MessageType
    {
        None = 0,
        Info = 1,
        Warning = 2,
        Error = 3,
    }

    public sealed partial class EditorGUI
    {
        public static void DrawRect(Rect rect, Color color) => throw new NotSupportedException();

        public static void ProgressBar(Rect position, float value, string text) => throw new NotSupportedException();
    }

    public sealed partial class Handles
    {
        public static Color color { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public static void DrawLine(Vector3 p1, Vector3 p2) => throw new NotSupportedException();
    }

    public sealed partial class EditorGUILayout
    {
        public static void HelpBox(string message, MessageType type) => throw new NotSupportedException();

        public static void LabelField(string label, params GUILayoutOption[] options) => throw new NotSupportedException();

        public static void LabelField(string label, string label2, params GUILayoutOption[] options) => throw new NotSupportedException();

        public static string TextField(string label, string text, params GUILayoutOption[] options) => throw new NotSupportedException();

        public static Vector2 BeginScrollView(Vector2 scrollPosition, params GUILayoutOption[] options) => throw new NotSupportedException();

        public static void EndScrollView() => throw new NotSupportedException();
    }

    public partial class EditorUtility
    {
        public static string OpenFilePanel(string title, string directory, string extension) => throw new NotSupportedException();

        public static bool DisplayDialog(string title, string message, string ok, string cancel) => throw new NotSupportedException();
    }

    public sealed partial class EditorApplication
    {
        public static bool isPlaying { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }

    public enum InsecureHttpOption
    {
        NotAllowed = 0,
        DevelopmentOnly = 1,
        AlwaysAllowed = 2,
    }

    public sealed partial class PlayerSettings : UnityEngine.Object
    {
        public static InsecureHttpOption insecureHttpOption { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }

    public struct BuildPlayerOptions
    {
        public string[] scenes { get; set; }
    }

    public class EditorBuildSettingsScene
    {
        public bool enabled { get; set; }

        public string path { get; set; }
    }

    public partial class EditorBuildSettings : UnityEngine.Object
    {
        public static EditorBuildSettingsScene[] scenes { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }

    public partial class AssetDatabase
    {
        public static string[] GetDependencies(string[] pathNames, bool recursive) => throw new NotSupportedException();
    }
}

namespace UnityEditor.Android
{
    public interface IPostGenerateGradleAndroidProject : Build.IOrderedCallback
    {
        void OnPostGenerateGradleAndroidProject(string path);
    }
}

namespace UnityEditor.PackageManager
{
    public static class Client
    {
        public static void Resolve() => throw new NotSupportedException();
    }
}
