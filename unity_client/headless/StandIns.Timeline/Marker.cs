using UnityEngine;

namespace UnityEngine.Timeline
{
    /// <summary>Reference stand-in for an API check: the members of com.unity.timeline 1.7 in use.</summary>
    public abstract class Marker : ScriptableObject
    {
    }
}
