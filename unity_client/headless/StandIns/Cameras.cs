// Reference stand-ins for an API check; see UnityEngine.cs. Cameras, videos and permissions.
using System;

namespace UnityEngine
{
    public struct WebCamDevice
    {
        public string name => throw new NotSupportedException();
    }

    public sealed class WebCamTexture : Texture
    {
        public WebCamTexture(string deviceName, int requestedWidth, int requestedHeight, int requestedFPS)
        {
        }

        public static WebCamDevice[] devices => throw new NotSupportedException();

        public bool isPlaying => throw new NotSupportedException();

        public bool didUpdateThisFrame => throw new NotSupportedException();

        public int videoRotationAngle => throw new NotSupportedException();

        public bool videoVerticallyMirrored => throw new NotSupportedException();

        public void Play() => throw new NotSupportedException();

        public void Stop() => throw new NotSupportedException();
    }

    public enum UserAuthorization
    {
        WebCam = 1,
        Microphone = 2,
    }

    public class YieldInstruction
    {
    }

    public class AsyncOperation : YieldInstruction
    {
        public event Action<AsyncOperation> completed
        {
            add => throw new NotSupportedException();
            remove => throw new NotSupportedException();
        }
    }

    public partial class Application
    {
        public static bool isPlaying => throw new NotSupportedException();

        public static bool HasUserAuthorization(UserAuthorization mode) => throw new NotSupportedException();

        public static AsyncOperation RequestUserAuthorization(UserAuthorization mode) => throw new NotSupportedException();
    }
}

namespace UnityEngine.Video
{
    public sealed class VideoPlayer : Behaviour
    {
        public long frame { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public bool isPlaying => throw new NotSupportedException();

        public Texture texture => throw new NotSupportedException();
    }
}

#if UNITY_ANDROID
namespace UnityEngine.Android
{
    public class PermissionCallbacks : AndroidJavaProxy
    {
        public PermissionCallbacks()
            : base("")
        {
        }

        public event Action<string> PermissionGranted
        {
            add => throw new NotSupportedException();
            remove => throw new NotSupportedException();
        }

        public event Action<string> PermissionDenied
        {
            add => throw new NotSupportedException();
            remove => throw new NotSupportedException();
        }
    }

    public partial struct Permission
    {
        public static bool HasUserAuthorizedPermission(string permission) => throw new NotSupportedException();

        public static void RequestUserPermission(string permission, PermissionCallbacks callbacks) =>
            throw new NotSupportedException();
    }
}

namespace UnityEngine
{
    public class AndroidJavaProxy
    {
        public AndroidJavaProxy(string javaInterface)
        {
        }
    }
}
#endif
