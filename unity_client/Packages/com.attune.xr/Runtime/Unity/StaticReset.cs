#nullable enable
using UnityEngine;
using UnityEngine.Scripting;

namespace Attune.Components
{
    /// <summary>What a run leaves in statics ends before the next one: an editor may not reload the code between.</summary>
    [Preserve]
    internal static class StaticReset
    {
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Reset()
        {
            AttuneClient.DisposeAll();
            AttuneSession.Open.Forget();
            SessionTransport.Forget();
            FrameSource.ForgetEncoder();
            LocalNetworkPermission.Forget();
        }
    }
}
