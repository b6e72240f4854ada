// Reference stand-ins for an API check; see UnityEngine.cs. Playables and what they notify.
using System;

namespace UnityEngine
{
    public struct PropertyName
    {
    }
}

namespace UnityEngine.Playables
{
    public struct Playable
    {
    }

    public interface INotification
    {
        PropertyName id { get; }
    }

    public interface INotificationReceiver
    {
        void OnNotify(Playable origin, INotification notification, object context);
    }

    public abstract class PlayableAsset : ScriptableObject
    {
    }

    public class PlayableDirector : Behaviour
    {
        public void Play(PlayableAsset asset) => throw new NotSupportedException();
    }
}
