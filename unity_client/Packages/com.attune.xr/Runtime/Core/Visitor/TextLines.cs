#nullable enable
using System.Collections.Generic;
using System.Text;

namespace Attune
{
    /// <summary>
    /// Breaks a text into lines and puts them into the order in which they are drawn, for Unity's plain 3D text, which
    /// draws characters from left to right as they come. A simplification of Unicode's bidirectional algorithm: one
    /// direction for the paragraph, words of Latin letters and digits keep theirs, brackets are mirrored. Arabic letters
    /// are reordered but not joined; a text component that shapes Arabic should be given the text itself.
    /// </summary>
    public static class TextLines
    {
        private const string Brackets = "()[]{}<>«»";

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
        public static string Drawn(string text, int width, bool rightToLeft)
        {
            List<string> drawn = new List<string>();
            foreach (string line in Wrap(text, width))
            {
                drawn.Add(rightToLeft ? Reversed(line) : line);
            }

            return string.Join("\n", drawn);
        }

        private static string Reversed(string line)
        {
            StringBuilder drawn = new StringBuilder(line.Length);
            int end = line.Length;
            while (end > 0)
            {
                int begin = end - 1;
                if (RunsLeftToRight(line[begin]))
                {
                    begin = BeginOfRun(line, begin);
                    drawn.Append(line, begin, end - begin);
                }
                else
                {
                    // A mark stays behind its letter, and a pair of surrogates together.
                    while (begin > 0 && (IsMark(line[begin]) || char.IsLowSurrogate(line[begin])))
                    {
                        begin--;
                    }

                    drawn.Append(end - begin == 1 ? Mirrored(line[begin]).ToString() : line.Substring(begin, end - begin));
                }

                end = begin;
            }

            return drawn.ToString();
        }

        /// <summary>A run of Latin words and numbers, with the spaces and signs between them.</summary>
        private static int BeginOfRun(string line, int last)
        {
            int begin = last;
            for (int at = last - 1; at >= 0 && !IsRightToLeft(line[at]) && Brackets.IndexOf(line[at]) < 0; at--)
            {
                begin = RunsLeftToRight(line[at]) ? at : begin;
            }

            return begin;
        }

        private static bool RunsLeftToRight(char one) => char.IsLetterOrDigit(one) && !IsRightToLeft(one);

        private static bool IsRightToLeft(char one) =>
            (one >= '\u0590' && one <= '\u08FF') || (one >= '\uFB1D' && one <= '\uFDFF') || (one >= '\uFE70' && one <= '\uFEFC');

        private static bool IsMark(char one) =>
            char.GetUnicodeCategory(one) == System.Globalization.UnicodeCategory.NonSpacingMark;

        private static char Mirrored(char one)
        {
            int at = Brackets.IndexOf(one);
            return at < 0 ? one : Brackets[at ^ 1];
        }
    }
}
