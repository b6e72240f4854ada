#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// An answer on a panel. All look alike until one is pointed at; that one has a frame, and its ring fills while it is
    /// looked at.
    /// </summary>
    internal static class AnswerTile
    {
        private const float Frame = 0.005f;

        /// <param name="index">From 0; its number on a keyboard is one more.</param>
        /// <param name="text">In lines, in the order in which it is drawn.</param>
        /// <param name="line">Height of a line, metres.</param>
        public static void Draw(FlatPanel panel, Tile tile, int index, string text, bool highlighted, float progress, float line)
        {
            FlatDrawing drawing = panel.Drawing;
            if (highlighted)
            {
                drawing.Rectangle(tile.Left - Frame, tile.Bottom - Frame, tile.Width + (2 * Frame), tile.Height + (2 * Frame), Tint.White);
            }

            float middle = tile.Bottom + (tile.Height / 2);
            float ring = tile.Left + 0.045f;
            drawing.Rectangle(tile.Left, tile.Bottom, tile.Width, tile.Height, Tint.Panel);
            drawing.Arc(ring, middle, 0.018f, 0.024f, 1, Tint.Grey);
            drawing.Arc(ring, middle, 0.018f, 0.024f, highlighted ? progress : 0, Tint.White);
            panel.Text(
                (index + 1).ToString(), ring, middle, line * 0.8f, TextAnchor.MiddleCenter, TextAlignment.Center, Tint.White);
            panel.Text(text, tile.Left + (tile.Width / 2), middle, line, TextAnchor.MiddleCenter, TextAlignment.Center, Tint.White);
        }
    }
}
