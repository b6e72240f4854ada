#nullable enable
#if UNITY_ANDROID && !UNITY_EDITOR
using UnityEngine;
#endif

namespace Attune.Components
{
    /// <summary>The extras of the Android intent that started the application. Elsewhere there are none.</summary>
    internal static class AndroidIntent
    {
        public static SetupValues Read()
        {
#if UNITY_ANDROID && !UNITY_EDITOR
            using AndroidJavaClass player = new AndroidJavaClass("com.unity3d.player.UnityPlayer");
            using AndroidJavaObject activity = player.GetStatic<AndroidJavaObject>("currentActivity");
            using AndroidJavaObject? intent = activity.Call<AndroidJavaObject>("getIntent");
            return SetupValues.FromIntent(name => intent?.Call<string>("getStringExtra", name));
#else
            return new SetupValues(SetupSource.Intent);
#endif
        }
    }
}
