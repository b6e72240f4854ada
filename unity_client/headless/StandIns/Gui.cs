// Reference stand-ins for an API check; see UnityEngine.cs. What the editor's window uses of the engine.
using System;

namespace UnityEngine
{
    public partial class Object
    {
        public static T FindAnyObjectByType<T>()
            where T : Object => throw new NotSupportedException();

        public static void DestroyImmediate(Object obj) => throw new NotSupportedException();
    }

    public partial struct Rect
    {
        public Rect(float x, float y, float width, float height)
        {
        }

        public float x { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public float y { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public float width { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public float height { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }

    public partial struct Mathf
    {
        public static float Clamp(float value, float min, float max) => throw new NotSupportedException();
    }

    public sealed partial class Camera : Behaviour
    {
        public static Camera main => throw new NotSupportedException();
    }

    public partial class Debug
    {
        public static void Log(object message) => throw new NotSupportedException();
    }

    public sealed class GUILayoutOption
    {
        internal GUILayoutOption()
        {
        }
    }

    public enum ScaleMode
    {
        StretchToFill = 0,
        ScaleAndCrop = 1,
        ScaleToFit = 2,
    }

    public partial class GUI
    {
        public static void DrawTexture(Rect position, Texture image, ScaleMode scaleMode) => throw new NotSupportedException();
    }

    public partial class GUILayout
    {
        public static bool Button(string text, params GUILayoutOption[] options) => throw new NotSupportedException();

        public static bool Toggle(bool value, string text, params GUILayoutOption[] options) => throw new NotSupportedException();

        public static void BeginHorizontal(params GUILayoutOption[] options) => throw new NotSupportedException();

        public static void EndHorizontal() => throw new NotSupportedException();

        public static GUILayoutOption Width(float width) => throw new NotSupportedException();

        public static int Toolbar(int selected, string[] texts, params GUILayoutOption[] options) => throw new NotSupportedException();
    }

    public partial class GUILayoutUtility
    {
        public static Rect GetRect(float width, float height) => throw new NotSupportedException();
    }
}
