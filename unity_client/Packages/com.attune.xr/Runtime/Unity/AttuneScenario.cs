#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>The scenario that this scene plays, as the server knows it.</summary>
    [CreateAssetMenu(menuName = "Attune/Scenario", fileName = "Attune Scenario")]
    public sealed class AttuneScenario : ScriptableObject
    {
        [SerializeField]
        [Tooltip("Identifier in the scenario file.")]
        private string id = "";

        [SerializeField]
        [Tooltip("SHA-256 of the scenario file; with another one than the server's, the story runs on its defaults.")]
        private string sha256 = "";

        public string Id => id;

        public string Sha256 => sha256;
    }
}
