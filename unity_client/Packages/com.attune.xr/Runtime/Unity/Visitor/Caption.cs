#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>A line of a story on a plane in the scene.</summary>
    [AddComponentMenu("Attune/Caption")]
    public sealed class Caption : MonoBehaviour
    {
        [SerializeField]
        [Tooltip("Shown from the beginning; empty: nothing.")]
        private string text = "";

        [SerializeField]
        [Tooltip("BCP 47; decides the direction of writing.")]
        private string locale = "en";

        private FlatPanel? _panel;

        /// <summary>Shows another text.</summary>
        public void Show(string shown)
        {
            text = shown;
            if (_panel == null)
            {
                return;
            }

            _panel.Begin();
            if (text.Length > 0)
            {
                string lines = TextLines.Drawn(text, 48, StringTable.IsRightToLeft(locale));
                _panel.Text(lines, 0, 0, 0.03f, TextAnchor.MiddleCenter, TextAlignment.Center, Tint.White);
            }

            _panel.End();
        }

        private void OnEnable()
        {
            _panel = new FlatPanel("Caption", transform);
            Show(text);
        }

        private void OnDisable()
        {
            _panel?.Destroy();
            _panel = null;
        }
    }
}
