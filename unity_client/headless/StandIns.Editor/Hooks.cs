// Reference stand-ins for an API check, written by hand: exactly the public signatures of Unity 2022.3 that
// this package uses, without behaviour. They never run.
using System;

namespace UnityEditor
{
    [AttributeUsage(AttributeTargets.Class)]
    public class InitializeOnLoadAttribute : Attribute
    {
    }

    public static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();

        public static event AssemblyReloadCallback beforeAssemblyReload
        {
            add => throw new NotSupportedException();
            remove => throw new NotSupportedException();
        }
    }

    public enum PlayModeStateChange
    {
        EnteredEditMode,
        ExitingEditMode,
        EnteredPlayMode,
        ExitingPlayMode,
    }

    public sealed partial class EditorApplication
    {
        public static event Action<PlayModeStateChange> playModeStateChanged
        {
            add => throw new NotSupportedException();
            remove => throw new NotSupportedException();
        }

        public static event Action quitting
        {
            add => throw new NotSupportedException();
            remove => throw new NotSupportedException();
        }
    }
}

namespace UnityEditor.Build
{
    public interface IOrderedCallback
    {
        int callbackOrder { get; }
    }

    public sealed class BuildPlayerContext
    {
        internal BuildPlayerContext()
        {
        }

        public BuildPlayerOptions BuildPlayerOptions => throw new NotSupportedException();
    }

    public abstract class BuildPlayerProcessor : IOrderedCallback
    {
        public virtual int callbackOrder => 0;

        public abstract void PrepareForBuild(BuildPlayerContext buildPlayerContext);
    }

    public interface IUnityLinkerProcessor : IOrderedCallback
    {
        string GenerateAdditionalLinkXmlFile(Reporting.BuildReport report, UnityLinker.UnityLinkerBuildPipelineData data);
    }
}

namespace UnityEditor.Build.Reporting
{
    public sealed class BuildReport : UnityEngine.Object
    {
    }
}

namespace UnityEditor.UnityLinker
{
    public sealed class UnityLinkerBuildPipelineData
    {
    }
}
