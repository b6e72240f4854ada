#nullable enable
using UnityEngine;
using UnityEngine.Rendering;

namespace Attune.Components
{
    /// <summary>
    /// Gives a renderer a plain material of the project's render pipeline when it starts, so that one scene looks alike in the
    /// Built-in pipeline and in URP. Where a build left the pipeline's shader out, an unlit one that is in every build is used.
    /// </summary>
    [AddComponentMenu("Attune/Tinted Surface")]
    [RequireComponent(typeof(MeshRenderer))]
    public sealed class TintedSurface : MonoBehaviour
    {
        [SerializeField]
        private Color colour = new Color(0.6f, 0.6f, 0.6f, 1);

        private Material? _material;

        private void Awake()
        {
            string wanted = GraphicsSettings.currentRenderPipeline == null ? "Standard" : "Universal Render Pipeline/Lit";
            Shader shader = Shader.Find(wanted);
            _material = new Material(shader == null ? Shader.Find("Sprites/Default") : shader) { color = colour };
            GetComponent<MeshRenderer>().sharedMaterial = _material;
        }

        private void OnDestroy()
        {
            if (_material != null)
            {
                Destroy(_material);
            }
        }
    }
}
