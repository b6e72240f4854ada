#nullable enable
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Attune
{
    /// <summary>
    /// Joins Arabic letters: each becomes the character of Unicode's presentation forms that it has between its
    /// neighbours, for text components that draw characters as they come. Reading order stays as it is. Letters that
    /// have no such characters (some of Sindhi, Pashto and African languages) are drawn as they stand alone.
    /// </summary>
    public static class ArabicForms
    {
        private const char Lam = '\u0644';
        private const char Tatweel = '\u0640';
        private const char NonJoiner = '\u200C';
        private const char Joiner = '\u200D';

        // A letter, then its forms: alone, last, and for letters that join to both sides first and middle.
        private static readonly string[] Letters =
        {
            "\u0622\uFE81\uFE82", "\u0623\uFE83\uFE84", "\u0624\uFE85\uFE86", "\u0625\uFE87\uFE88",
            "\u0626\uFE89\uFE8A\uFE8B\uFE8C", "\u0627\uFE8D\uFE8E", "\u0628\uFE8F\uFE90\uFE91\uFE92", "\u0629\uFE93\uFE94",
            "\u062A\uFE95\uFE96\uFE97\uFE98", "\u062B\uFE99\uFE9A\uFE9B\uFE9C", "\u062C\uFE9D\uFE9E\uFE9F\uFEA0",
            "\u062D\uFEA1\uFEA2\uFEA3\uFEA4", "\u062E\uFEA5\uFEA6\uFEA7\uFEA8", "\u062F\uFEA9\uFEAA", "\u0630\uFEAB\uFEAC",
            "\u0631\uFEAD\uFEAE", "\u0632\uFEAF\uFEB0", "\u0633\uFEB1\uFEB2\uFEB3\uFEB4", "\u0634\uFEB5\uFEB6\uFEB7\uFEB8",
            "\u0635\uFEB9\uFEBA\uFEBB\uFEBC", "\u0636\uFEBD\uFEBE\uFEBF\uFEC0", "\u0637\uFEC1\uFEC2\uFEC3\uFEC4",
            "\u0638\uFEC5\uFEC6\uFEC7\uFEC8", "\u0639\uFEC9\uFECA\uFECB\uFECC", "\u063A\uFECD\uFECE\uFECF\uFED0",
            "\u0641\uFED1\uFED2\uFED3\uFED4", "\u0642\uFED5\uFED6\uFED7\uFED8", "\u0643\uFED9\uFEDA\uFEDB\uFEDC",
            "\u0644\uFEDD\uFEDE\uFEDF\uFEE0", "\u0645\uFEE1\uFEE2\uFEE3\uFEE4", "\u0646\uFEE5\uFEE6\uFEE7\uFEE8",
            "\u0647\uFEE9\uFEEA\uFEEB\uFEEC", "\u0648\uFEED\uFEEE", "\u0649\uFEEF\uFEF0\uFBE8\uFBE9",
            "\u064A\uFEF1\uFEF2\uFEF3\uFEF4", "\u0671\uFB50\uFB51", "\u0679\uFB66\uFB67\uFB68\uFB69",
            "\u067A\uFB5E\uFB5F\uFB60\uFB61", "\u067B\uFB52\uFB53\uFB54\uFB55", "\u067E\uFB56\uFB57\uFB58\uFB59",
            "\u067F\uFB62\uFB63\uFB64\uFB65", "\u0680\uFB5A\uFB5B\uFB5C\uFB5D", "\u0683\uFB76\uFB77\uFB78\uFB79",
            "\u0684\uFB72\uFB73\uFB74\uFB75", "\u0686\uFB7A\uFB7B\uFB7C\uFB7D", "\u0687\uFB7E\uFB7F\uFB80\uFB81",
            "\u0688\uFB88\uFB89", "\u068C\uFB84\uFB85", "\u068D\uFB82\uFB83", "\u068E\uFB86\uFB87", "\u0691\uFB8C\uFB8D",
            "\u0698\uFB8A\uFB8B", "\u06A4\uFB6A\uFB6B\uFB6C\uFB6D", "\u06A6\uFB6E\uFB6F\uFB70\uFB71",
            "\u06A9\uFB8E\uFB8F\uFB90\uFB91", "\u06AD\uFBD3\uFBD4\uFBD5\uFBD6", "\u06AF\uFB92\uFB93\uFB94\uFB95",
            "\u06B1\uFB9A\uFB9B\uFB9C\uFB9D", "\u06B3\uFB96\uFB97\uFB98\uFB99", "\u06BA\uFB9E\uFB9F",
            "\u06BB\uFBA0\uFBA1\uFBA2\uFBA3", "\u06BE\uFBAA\uFBAB\uFBAC\uFBAD", "\u06C0\uFBA4\uFBA5",
            "\u06C1\uFBA6\uFBA7\uFBA8\uFBA9", "\u06C5\uFBE0\uFBE1", "\u06C6\uFBD9\uFBDA", "\u06C7\uFBD7\uFBD8",
            "\u06C8\uFBDB\uFBDC", "\u06C9\uFBE2\uFBE3", "\u06CB\uFBDE\uFBDF", "\u06CC\uFBFC\uFBFD\uFBFE\uFBFF",
            "\u06D0\uFBE4\uFBE5\uFBE6\uFBE7", "\u06D2\uFBAE\uFBAF", "\u06D3\uFBB0\uFBB1", "\u06D5\uFEE9\uFEEA",
        };

        // An alef, then lam and that alef as one character: alone and last.
        private static readonly string[] LamAlefs =
        {
            "\u0622\uFEF5\uFEF6", "\u0623\uFEF7\uFEF8", "\u0625\uFEF9\uFEFA", "\u0627\uFEFB\uFEFC",
        };

        private static readonly Dictionary<char, string> FormsOfLetter = ByFirst(Letters);
        private static readonly Dictionary<char, string> FormsOfLamAlef = ByFirst(LamAlefs);

        /// <summary>The text with its letters joined; marks stay behind their letters, invisible joiners are gone.</summary>
        public static string Joined(string text)
        {
            StringBuilder joined = new StringBuilder(text.Length);
            char before = '\0';
            for (int at = 0; at < text.Length; at++)
            {
                char letter = text[at];
                if (IsTransparent(letter))
                {
                    joined.Append(letter);
                    continue;
                }

                int next = NextLetter(text, at);
                char after = next < text.Length ? text[next] : '\0';
                bool joinsBefore = JoinsAfter(before) && JoinsBefore(letter);
                if (letter == Lam && FormsOfLamAlef.TryGetValue(after, out string? pair))
                {
                    joined.Append(pair[joinsBefore ? 2 : 1]).Append(text, at + 1, next - at - 1);
                    before = after;
                    at = next;
                    continue;
                }

                if (letter != Joiner && letter != NonJoiner)
                {
                    joined.Append(Form(letter, joinsBefore, JoinsAfter(letter) && JoinsBefore(after)));
                }

                before = letter;
            }

            return joined.ToString();
        }

        private static char Form(char letter, bool joinsBefore, bool joinsAfter) =>
            FormsOfLetter.TryGetValue(letter, out string? forms)
                ? forms[1 + (joinsBefore ? 1 : 0) + (joinsAfter ? 2 : 0)] : letter;

        private static int NextLetter(string text, int at)
        {
            int next = at + 1;
            while (next < text.Length && IsTransparent(text[next]))
            {
                next++;
            }

            return next;
        }

        /// <summary>Marks above and below do not come between two letters.</summary>
        private static bool IsTransparent(char one)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(one);
            return category == UnicodeCategory.NonSpacingMark || category == UnicodeCategory.EnclosingMark;
        }

        private static bool JoinsBefore(char letter) =>
            letter == Tatweel || letter == Joiner || FormsOfLetter.ContainsKey(letter);

        private static bool JoinsAfter(char letter) =>
            letter == Tatweel || letter == Joiner || (FormsOfLetter.TryGetValue(letter, out string? forms) && forms.Length == 5);

        private static Dictionary<char, string> ByFirst(string[] rows)
        {
            Dictionary<char, string> found = new Dictionary<char, string>(rows.Length);
            foreach (string row in rows)
            {
                found.Add(row[0], row);
            }

            return found;
        }
    }
}
