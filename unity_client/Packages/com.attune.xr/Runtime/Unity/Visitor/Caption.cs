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
        private bool _isDrawn;

        /// <summary>Shows another text, in this frame or the next.</summary>
        public void Show(string shown)
        {
            text = shown;
            _isDrawn = false;
        }

        private void OnDisable()
        {
            _panel?.Destroy();
            _panel = null;
            _isDrawn = false;
        }

        private void LateUpdate()
        {
            if (!_isDrawn)
            {
                Draw(_panel ??= new FlatPanel("Caption", transform));
                _isDrawn = true;
            }
        }

        private void Draw(FlatPanel panel)
        {
            panel.Begin();
            if (text.Length > 0)
            {
                string lines = TextLines.Drawn(text, 48, StringTable.IsRightToLeft(locale));
                panel.Text(lines, 0, 0, 0.03f, TextAnchor.MiddleCenter, TextAlignment.Center, Tint.White);
            }

            panel.End();
        }
    }
}
