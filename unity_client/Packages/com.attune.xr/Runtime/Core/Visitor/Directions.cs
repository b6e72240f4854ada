#nullable enable
using System.Globalization;

namespace Attune
{
    /// <summary>Which way a character runs; those up to <see cref="ArabicLetter"/> say so themselves.</summary>
    internal enum Direction
    {
        Left,
        Right,
        ArabicLetter,
        Digit,
        ArabicDigit,

        /// <summary>Plus and minus.</summary>
        Plus,

        /// <summary>Stands inside a number: full stop, comma, colon.</summary>
        Separator,

        /// <summary>Stands at a number: percent, currencies.</summary>
        Unit,
        Neutral,
    }

    /// <summary>
    /// Bidirectional classes of characters, from ranges and Unicode's general categories: exact for the scripts of
    /// <see cref="StringTable"/>'s right-to-left languages, Latin, Greek and Cyrillic and their signs.
    /// </summary>
    internal static class Directions
    {
        private const string Separators = ",./:\u00A0\u060C\u202F\u2044";
        private const string Units = "#%\u00B0\u00B1\u066A\u0609\u060A\u2030\u2031\u2032\u2033\u2034\u212E\u2213";
        private const string Superscripts = "\u00B2\u00B3\u00B9";

        public static Direction Of(string sign)
        {
            if (!char.IsSurrogate(sign[0]))
            {
                return Of(sign[0]);
            }

            int point = sign.Length > 1 && char.IsSurrogatePair(sign[0], sign[1]) ? char.ConvertToUtf32(sign[0], sign[1]) : 0;
            bool right = (point >= 0x10800 && point <= 0x10FFF) || (point >= 0x1E800 && point <= 0x1EFFF);
            bool letter = point != 0 && char.IsLetter(sign, 0);
            return right ? Direction.Right : letter ? Direction.Left : Direction.Neutral;
        }

        public static Direction Of(char one)
        {
            if (IsPunctuationOfAScript(one))
            {
                return OfLetter(one);
            }

            if ((one >= '0' && one <= '9') || (one >= '\u06F0' && one <= '\u06F9') || Superscripts.IndexOf(one) >= 0)
            {
                return Direction.Digit;
            }

            if ((one >= '\u0600' && one <= '\u0605') || (one >= '\u0660' && one <= '\u0669') || one == '\u066B'
                || one == '\u066C' || one == '\u06DD')
            {
                return Direction.ArabicDigit;
            }

            if (one == '+' || one == '-' || one == '\u2212')
            {
                return Direction.Plus;
            }

            if (Separators.IndexOf(one) >= 0)
            {
                return Direction.Separator;
            }

            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(one);
            if (Units.IndexOf(one) >= 0 || category == UnicodeCategory.CurrencySymbol)
            {
                return Direction.Unit;
            }

            return IsSign(category) ? Direction.Neutral : OfLetter(one);
        }

        public static bool IsMark(char one)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(one);
            return category == UnicodeCategory.NonSpacingMark || category == UnicodeCategory.EnclosingMark;
        }

        /// <summary>Marks of direction and joiners: they are obeyed elsewhere or not at all, and never drawn.</summary>
        public static bool IsInvisible(char one) =>
            (one >= '\u200B' && one <= '\u200F') || (one >= '\u202A' && one <= '\u202E')
            || (one >= '\u2060' && one <= '\u2069') || one == '\u061C' || one == '\u00AD' || one == '\uFEFF';

        private static Direction OfLetter(char one)
        {
            bool hebrew = (one >= '\u0590' && one <= '\u05FF') || (one >= '\u07C0' && one <= '\u085F')
                || (one >= '\uFB1D' && one <= '\uFB4F');
            bool arabic = (one >= '\u0600' && one <= '\u07BF') || (one >= '\u0860' && one <= '\u08FF')
                || (one >= '\uFB50' && one <= '\uFDFF') || (one >= '\uFE70' && one <= '\uFEFC');
            return hebrew ? Direction.Right : arabic ? Direction.ArabicLetter : Direction.Left;
        }

        private static bool IsSign(UnicodeCategory category) =>
            category >= UnicodeCategory.ConnectorPunctuation || category == UnicodeCategory.OtherNumber
            || (category >= UnicodeCategory.SpaceSeparator && category <= UnicodeCategory.Control);

        /// <summary>Signs that run as the letters of their script do.</summary>
        private static bool IsPunctuationOfAScript(char one) =>
            one == '\u05BE' || one == '\u05C0' || one == '\u05C3' || one == '\u05C6' || one == '\u05F3' || one == '\u05F4'
            || one == '\u0608' || one == '\u060B' || one == '\u060D' || (one >= '\u061B' && one <= '\u061F')
            || one == '\u066D' || one == '\uFDFC' || one == '\u06D4' || one == '\u06FD' || one == '\u06FE';
    }
}
