#nullable enable
using Attune.Components;
using Ink;
using Ink.Runtime;
using UnityEngine;

namespace Attune.Samples
{
    /// <summary>Reads an ink story aloud, line by line. It is compiled when the scene starts.</summary>
    public sealed class InkReader : MonoBehaviour
    {
        [SerializeField]
        private TextAsset? story = null;

        [SerializeField]
        private InkStory? bindings = null;

        [SerializeField]
        private Caption? caption = null;

        [SerializeField]
        [Min(0.5f)]
        [Tooltip("Seconds between two lines.")]
        private float pause = 4;

        private Story? _told;
        private float _waited;

        private void OnEnable()
        {
            _told = new Compiler(story!.text).Compile();
            bindings!.Bind(_told);
            _waited = pause;
        }

        private void Update()
        {
            _waited += Time.deltaTime;
            if (_waited >= pause && _told!.canContinue)
            {
                _waited = 0;
                caption!.Show(_told.Continue().Trim());
            }
        }
    }
}
