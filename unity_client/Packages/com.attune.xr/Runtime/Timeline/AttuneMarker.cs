#nullable enable
using UnityEngine;
using UnityEngine.Playables;
using UnityEngine.Timeline;

namespace Attune.Components
{
    /// <summary>A moment on a timeline that tells the session something. A <see cref="TimelineStory"/> receives it.</summary>
    public abstract class AttuneMarker : Marker, INotification
    {
        public PropertyName id => default;
    }
}
