// Reference stand-ins for an API check, written by hand: exactly the public signatures of Unity 2022.3 that
// this package uses, without behaviour. They never run.
using System;

namespace UnityEngine
{
    public partial class Object
    {
        public string name { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public static implicit operator bool(Object exists) => throw new NotSupportedException();

        public static bool operator ==(Object x, Object y) => throw new NotSupportedException();

        public static bool operator !=(Object x, Object y) => throw new NotSupportedException();

        public override bool Equals(object other) => throw new NotSupportedException();

        public override int GetHashCode() => throw new NotSupportedException();
    }

    public partial class Component : Object
    {
        public Transform transform => throw new NotSupportedException();

        public T GetComponentInParent<T>() => throw new NotSupportedException();
    }

    public class Behaviour : Component
    {
        public bool enabled { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public bool isActiveAndEnabled => throw new NotSupportedException();
    }

    public class MonoBehaviour : Behaviour
    {
    }

    public partial class ScriptableObject : Object
    {
    }

    public class TextAsset : Object
    {
        public string text => throw new NotSupportedException();
    }

    public partial class Transform : Component
    {
        public Vector3 position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public Quaternion rotation { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public Vector3 InverseTransformPoint(Vector3 position) => throw new NotSupportedException();
    }

    public partial struct Vector3
    {
        public float x;
        public float y;
        public float z;
    }

    public partial struct Quaternion
    {
        public float x;
        public float y;
        public float z;
        public float w;

        public static Quaternion identity => throw new NotSupportedException();

        public static Quaternion Inverse(Quaternion rotation) => throw new NotSupportedException();

        public static Quaternion operator *(Quaternion lhs, Quaternion rhs) => throw new NotSupportedException();
    }

    public enum LogType
    {
        Error = 0,
        Assert = 1,
        Warning = 2,
        Log = 3,
        Exception = 4,
    }

    public partial class Debug
    {
        public static void LogWarning(object message) => throw new NotSupportedException();

        public static void LogWarning(object message, Object context) => throw new NotSupportedException();

        public static void LogError(object message, Object context) => throw new NotSupportedException();
    }

    public sealed class SerializeField : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Class, Inherited = false)]
    public sealed class DisallowMultipleComponent : Attribute
    {
    }

    public sealed class AddComponentMenu : Attribute
    {
        public AddComponentMenu(string menuName)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
    public sealed class CreateAssetMenuAttribute : Attribute
    {
        public string menuName { get; set; }

        public string fileName { get; set; }

        public int order { get; set; }
    }

    [AttributeUsage(AttributeTargets.Field, Inherited = true, AllowMultiple = false)]
    public abstract class PropertyAttribute : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Field, Inherited = true, AllowMultiple = false)]
    public class TooltipAttribute : PropertyAttribute
    {
        public TooltipAttribute(string tooltip)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Field, Inherited = true, AllowMultiple = false)]
    public sealed class RangeAttribute : PropertyAttribute
    {
        public RangeAttribute(float min, float max)
        {
        }
    }

    [AttributeUsage(AttributeTargets.Field, Inherited = true, AllowMultiple = false)]
    public sealed class MinAttribute : PropertyAttribute
    {
        public MinAttribute(float min)
        {
        }
    }

    public enum RuntimeInitializeLoadType
    {
        AfterSceneLoad = 0,
        BeforeSceneLoad,
        AfterAssembliesLoaded,
        BeforeSplashScreen,
        SubsystemRegistration,
    }

    [AttributeUsage(AttributeTargets.Method, AllowMultiple = false)]
    public class RuntimeInitializeOnLoadMethodAttribute : Scripting.PreserveAttribute
    {
        public RuntimeInitializeOnLoadMethodAttribute(RuntimeInitializeLoadType loadType)
        {
        }
    }
}

namespace UnityEngine.Scripting
{
    [AttributeUsage(AttributeTargets.Assembly)]
    public class AlwaysLinkAssemblyAttribute : Attribute
    {
    }

    [AttributeUsage(
        AttributeTargets.Assembly | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum
        | AttributeTargets.Constructor | AttributeTargets.Method | AttributeTargets.Property | AttributeTargets.Field
        | AttributeTargets.Event | AttributeTargets.Interface | AttributeTargets.Delegate,
        Inherited = false)]
    public class PreserveAttribute : Attribute
    {
    }
}

namespace UnityEngine.Events
{
    public delegate void UnityAction();

    public delegate void UnityAction<T0>(T0 arg0);

    [Serializable]
    public abstract class UnityEventBase
    {
    }

    [Serializable]
    public class UnityEvent : UnityEventBase
    {
        public UnityEvent()
        {
        }

        public void AddListener(UnityAction call) => throw new NotSupportedException();

        public void Invoke() => throw new NotSupportedException();
    }

    [Serializable]
    public class UnityEvent<T0> : UnityEventBase
    {
        public UnityEvent()
        {
        }

        public void AddListener(UnityAction<T0> call) => throw new NotSupportedException();

        public void RemoveListener(UnityAction<T0> call) => throw new NotSupportedException();

        public void Invoke(T0 arg0) => throw new NotSupportedException();
    }
}
