#nullable enable

namespace Attune
{
    /// <summary>The language of a visitor, as a server takes it.</summary>
    public static class LanguageTag
    {
        private const string Otherwise = "en";
        private const int LongestPart = 8;

        /// <summary>A BCP 47 tag of what was typed or set on the device; <c>en</c> where it is none: a language never stops a session.</summary>
        public static string Of(string typed)
        {
            string tag = typed.Trim().Replace('_', '-');
            string[] parts = tag.Split('-');
            for (int i = 0; i < parts.Length; i++)
            {
                bool language = i == 0;
                if (parts[i].Length > LongestPart || parts[i].Length < (language ? 2 : 1) || !IsPlain(parts[i], digits: !language))
                {
                    return Otherwise;
                }
            }

            return tag.Length <= 128 ? tag : Otherwise;
        }

        private static bool IsPlain(string part, bool digits)
        {
            foreach (char one in part)
            {
                bool letter = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z');
                if (!letter && !(digits && one >= '0' && one <= '9'))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
