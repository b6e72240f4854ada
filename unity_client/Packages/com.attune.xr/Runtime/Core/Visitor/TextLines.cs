#nullable enable
using System.Collections.Generic;
using System.Text;

namespace Attune
{
    /// <summary>
    /// Breaks a text into lines and, where it is written from right to left, joins its letters and puts each line into
    /// the order in which it is drawn, for Unity's plain 3D text, which does neither. A text component that shapes
    /// scripts itself should be given the text as it is.
    /// </summary>
    public static class TextLines
    {
        /// <param name="width">Most characters in a line; a longer word has a line to itself.</param>
        public static IReadOnlyList<string> Wrap(string text, int width)
        {
            List<string> lines = new List<string>();
            foreach (string paragraph in text.Split('\n'))
            {
                StringBuilder line = new StringBuilder();
                foreach (string word in paragraph.Split(' '))
                {
                    if (line.Length > 0 && line.Length + 1 + word.Length > width)
                    {
                        lines.Add(line.ToString());
                        line.Clear();
                    }

                    line.Append(line.Length > 0 ? " " : "").Append(word);
                }

                lines.Add(line.ToString());
            }

            return lines;
        }

        /// <summary>Lines to draw one below the other, each from left to right.</summary>
        /// <param name="rightToLeft">Of the reader's language; a text that fell back to a Latin one stays as it is.</param>
        public static string Drawn(string text, int width, bool rightToLeft)
        {
            bool reordered = rightToLeft && VisualOrder.IsNeeded(text);
            List<string> drawn = new List<string>();
            foreach (string line in Wrap(reordered ? ArabicForms.Joined(text) : text, width))
            {
                drawn.Add(reordered ? VisualOrder.Of(line) : line);
            }

            return string.Join("\n", drawn);
        }
    }
}
