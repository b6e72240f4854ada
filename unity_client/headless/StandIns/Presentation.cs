// Reference stand-ins for an API check; see UnityEngine.cs. What panels, signs and samples use.
using System;
using System.Collections.Generic;

namespace UnityEngine
{
    public partial class Object
    {
        public static void Destroy(Object obj) => throw new NotSupportedException();
    }

    public partial class ScriptableObject
    {
        public static T CreateInstance<T>()
            where T : ScriptableObject => throw new NotSupportedException();
    }

    public partial class Component
    {
        public GameObject gameObject => throw new NotSupportedException();

        public T GetComponent<T>() => throw new NotSupportedException();

        public T GetComponentInChildren<T>() => throw new NotSupportedException();

        public T[] GetComponentsInChildren<T>() => throw new NotSupportedException();
    }

    public sealed partial class GameObject : Object
    {
        public GameObject(string name)
        {
        }

        public Transform transform => throw new NotSupportedException();

        public bool activeSelf => throw new NotSupportedException();

        public bool activeInHierarchy => throw new NotSupportedException();

        public void SetActive(bool value) => throw new NotSupportedException();

        public T AddComponent<T>()
            where T : Component => throw new NotSupportedException();

        public T GetComponent<T>() => throw new NotSupportedException();
    }

    public partial class Transform
    {
        public Vector3 localPosition { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public Quaternion localRotation { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public Vector3 forward { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void SetParent(Transform parent, bool worldPositionStays) => throw new NotSupportedException();

        public Vector3 InverseTransformDirection(Vector3 direction) => throw new NotSupportedException();
    }

    public partial struct Vector3
    {
        public Vector3(float x, float y, float z)
        {
            this.x = x;
            this.y = y;
            this.z = z;
        }

        public static Vector3 up => throw new NotSupportedException();

        public static Vector3 operator +(Vector3 a, Vector3 b) => throw new NotSupportedException();

        public static Vector3 operator *(Vector3 a, float d) => throw new NotSupportedException();
    }

    public partial struct Quaternion
    {
        public static Quaternion LookRotation(Vector3 forward, Vector3 upwards) => throw new NotSupportedException();

        public static Vector3 operator *(Quaternion rotation, Vector3 point) => throw new NotSupportedException();
    }

    public partial struct Color
    {
        public float r;
        public float g;
        public float b;
        public float a;

        public Color(float r, float g, float b, float a)
        {
            this.r = r;
            this.g = g;
            this.b = b;
            this.a = a;
        }
    }

    public partial struct Color32
    {
        public Color32(byte r, byte g, byte b, byte a)
        {
        }

        public static implicit operator Color(Color32 c) => throw new NotSupportedException();
    }

    public sealed partial class Mesh : Object
    {
        public Mesh()
        {
        }

        public void MarkDynamic() => throw new NotSupportedException();

        public void Clear() => throw new NotSupportedException();

        public void SetVertices(List<Vector3> inVertices) => throw new NotSupportedException();

        public void SetColors(List<Color32> inColors) => throw new NotSupportedException();

        public void SetTriangles(List<int> triangles, int submesh) => throw new NotSupportedException();
    }

    public sealed class MeshFilter : Component
    {
        public Mesh sharedMesh { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }

    public partial class Renderer : Component
    {
        public Material sharedMaterial { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public int sortingOrder { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }

    public class MeshRenderer : Renderer
    {
    }

    public partial class Material : Object
    {
        public Material(Shader shader)
        {
        }

        public Color color { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }

    public sealed partial class Shader : Object
    {
        public static Shader Find(string name) => throw new NotSupportedException();
    }

    public sealed class Font : Object
    {
        public Material material { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }

    public enum TextAnchor
    {
        UpperLeft = 0,
        UpperCenter = 1,
        UpperRight = 2,
        MiddleLeft = 3,
        MiddleCenter = 4,
        MiddleRight = 5,
        LowerLeft = 6,
        LowerCenter = 7,
        LowerRight = 8,
    }

    public enum TextAlignment
    {
        Left = 0,
        Center = 1,
        Right = 2,
    }

    public sealed class TextMesh : Component
    {
        public string text { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public Font font { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public int fontSize { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public float characterSize { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public TextAnchor anchor { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public TextAlignment alignment { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public Color color { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }

    public sealed partial class Resources
    {
        public static T GetBuiltinResource<T>(string path)
            where T : Object => throw new NotSupportedException();
    }

    public partial class Time
    {
        public static float deltaTime => throw new NotSupportedException();

        public static float realtimeSinceStartup => throw new NotSupportedException();

        public static float unscaledDeltaTime => throw new NotSupportedException();
    }

    public partial class Application
    {
        public static string persistentDataPath => throw new NotSupportedException();

        public static SystemLanguage systemLanguage => throw new NotSupportedException();

        public static RuntimePlatform platform => throw new NotSupportedException();
    }

    public enum RuntimePlatform
    {
        Android = 11,
        WebGLPlayer = 17,
    }

    public enum SystemLanguage
    {
        Arabic = 1,
        English = 10,
        German = 15,
        Hebrew = 17,
        Unknown = 42,
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
    public sealed class RequireComponent : Attribute
    {
        public RequireComponent(Type requiredComponent)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Field, Inherited = true, AllowMultiple = false)]
    public sealed class TextAreaAttribute : PropertyAttribute
    {
        public TextAreaAttribute(int minLines, int maxLines)
        {
        }
    }

    public sealed partial class AudioClip : Object
    {
    }

    public class AudioBehaviour : Behaviour
    {
    }

    public sealed partial class AudioSource : AudioBehaviour
    {
        public void Stop() => throw new NotSupportedException();

        public void PlayOneShot(AudioClip clip) => throw new NotSupportedException();
    }

    public enum KeyCode
    {
        Return = 13,
        Space = 32,
        Alpha1 = 49,
    }

    public partial class Input
    {
        public static bool GetKey(KeyCode key) => throw new NotSupportedException();
    }

    public class AndroidJavaObject : IDisposable
    {
        public FieldType GetStatic<FieldType>(string fieldName) => throw new NotSupportedException();

        public ReturnType Call<ReturnType>(string methodName, params object[] args) => throw new NotSupportedException();

        public void Dispose() => throw new NotSupportedException();
    }

    public class AndroidJavaClass : AndroidJavaObject
    {
        public AndroidJavaClass(string className)
        {
        }
    }
}

namespace UnityEngine.Rendering
{
    public abstract partial class RenderPipelineAsset : ScriptableObject
    {
    }

    public sealed partial class GraphicsSettings : Object
    {
        public static RenderPipelineAsset currentRenderPipeline => throw new NotSupportedException();
    }
}

namespace UnityEngine.XR
{
    [Flags]
    public enum InputDeviceCharacteristics : uint
    {
        None = 0,
        HeadMounted = 1,
        Camera = 2,
        HeldInHand = 4,
        HandTracking = 8,
        EyeTracking = 16,
        TrackedDevice = 32,
        Controller = 64,
        TrackingReference = 128,
        Left = 256,
        Right = 512,
        Simulated6DOF = 1024,
    }

    public struct InputFeatureUsage<T>
    {
    }

    public static partial class CommonUsages
    {
        public static InputFeatureUsage<bool> primaryButton;
        public static InputFeatureUsage<bool> triggerButton;
    }

    public enum XRNode
    {
        Head = 3,
    }

    public struct InputDevice
    {
        public bool isValid => throw new NotSupportedException();

        public string name => throw new NotSupportedException();

        public bool TryGetFeatureValue(InputFeatureUsage<bool> usage, out bool value) => throw new NotSupportedException();
    }

    public partial class InputDevices
    {
        public static InputDevice GetDeviceAtXRNode(XRNode node) => throw new NotSupportedException();

        public static void GetDevicesWithCharacteristics(
            InputDeviceCharacteristics desiredCharacteristics, List<InputDevice> inputDevices) => throw new NotSupportedException();
    }
}
