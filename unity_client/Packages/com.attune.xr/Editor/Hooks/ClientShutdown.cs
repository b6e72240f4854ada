#nullable enable
using UnityEditor;

namespace Attune.Editing
{
    /// <summary>
    /// Ends every client before the editor throws its code away: a thread or socket that outlives a domain
    /// reload keeps the editor from loading the next one.
    /// </summary>
    [InitializeOnLoad]
    internal static class ClientShutdown
    {
        static ClientShutdown()
        {
            AssemblyReloadEvents.beforeAssemblyReload += AttuneClient.DisposeAll;
            EditorApplication.quitting += AttuneClient.DisposeAll;
            EditorApplication.playModeStateChanged += OnPlayModeChanged;
        }

        /// <summary>Both ways: with domain reload off nothing else separates play mode from the time before.</summary>
        private static void OnPlayModeChanged(PlayModeStateChange change)
        {
            if (change == PlayModeStateChange.ExitingEditMode || change == PlayModeStateChange.ExitingPlayMode)
            {
                AttuneClient.DisposeAll();
            }
        }
    }
}
