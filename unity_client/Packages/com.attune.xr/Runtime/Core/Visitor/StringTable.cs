#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>
    /// What a visitor reads, by key and language. A table of one's own is laid over the shipped one; what it lacks is
    /// taken from the next: the exact language (de-CH), the language (de), then English. A key that nobody knows is
    /// shown as itself, in brackets, and noted.
    /// </summary>
    public sealed class StringTable
    {
        private const string Fallback = "en";

        private static readonly string[] RightToLeftLanguages = { "ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi" };

        private readonly Dictionary<string, Dictionary<string, string>> _languages =
            new Dictionary<string, Dictionary<string, string>>(StringComparer.OrdinalIgnoreCase);

        private readonly SortedSet<string> _unknown = new SortedSet<string>(StringComparer.Ordinal);

        public StringTable()
        {
            Lay("en", VisitorTexts.English);
            Lay("de", VisitorTexts.German);
            Lay("en", OperatorTexts.English);
            Lay("de", OperatorTexts.German);
        }

        /// <summary>Keys that were asked for and that no language has.</summary>
        public IReadOnlyCollection<string> Unknown => _unknown;

        /// <summary>Whether a language is written from right to left.</summary>
        public static bool IsRightToLeft(string locale)
        {
            int dash = locale.IndexOfAny(new[] { '-', '_' });
            string language = (dash < 0 ? locale : locale.Substring(0, dash)).ToLowerInvariant();
            return Array.IndexOf(RightToLeftLanguages, language) >= 0;
        }

        /// <summary>Lays a table over this one: {"de": {"stop.label": "…"}, …}.</summary>
        /// <exception cref="FormatException">The text is no such table; says where and what was expected.</exception>
        public void Lay(string json)
        {
            IReadOnlyDictionary<string, object> read = JsonText.ReadObject(json);
            List<KeyValuePair<string, Dictionary<string, string>>> languages = new List<KeyValuePair<string, Dictionary<string, string>>>();
            foreach (KeyValuePair<string, object> language in read)
            {
                if (!(language.Value is IReadOnlyDictionary<string, object> entries))
                {
                    throw new FormatException($"'{language.Key}': expected an object of texts");
                }

                Dictionary<string, string> texts = new Dictionary<string, string>();
                foreach (KeyValuePair<string, object> entry in entries)
                {
                    texts[entry.Key] = entry.Value as string
                        ?? throw new FormatException($"'{language.Key}', '{entry.Key}': expected a text in quotation marks");
                }

                languages.Add(new KeyValuePair<string, Dictionary<string, string>>(language.Key, texts));
            }

            foreach (KeyValuePair<string, Dictionary<string, string>> language in languages)
            {
                Lay(language.Key, language.Value);
            }
        }

        /// <summary>The text for a visitor of this language (BCP 47).</summary>
        public string Text(string key, string locale)
        {
            for (string language = locale.Replace('_', '-'); language.Length > 0; language = Shorter(language))
            {
                if (Find(key, language) is string text)
                {
                    return text;
                }
            }

            if (Find(key, Fallback) is string english)
            {
                return english;
            }

            _unknown.Add(key);
            return $"[{key}]";
        }

        /// <summary>The keys of what visitors read that this language leaves to English.</summary>
        public IReadOnlyList<string> Missing(string locale)
        {
            List<string> missing = new List<string>();
            foreach (string key in VisitorTexts.Keys)
            {
                bool found = false;
                for (string language = locale.Replace('_', '-'); language.Length > 0 && !found; language = Shorter(language))
                {
                    found = Find(key, language) != null;
                }

                if (!found)
                {
                    missing.Add(key);
                }
            }

            return missing;
        }

        private static string Shorter(string language)
        {
            int dash = language.LastIndexOf('-');
            return dash < 0 ? "" : language.Substring(0, dash);
        }

        private string? Find(string key, string language) =>
            _languages.TryGetValue(language, out Dictionary<string, string>? texts) && texts.TryGetValue(key, out string? text)
                ? text : null;

        private void Lay(string language, IReadOnlyDictionary<string, string> texts)
        {
            if (!_languages.TryGetValue(language, out Dictionary<string, string>? own))
            {
                own = new Dictionary<string, string>(StringComparer.Ordinal);
                _languages[language] = own;
            }

            foreach (KeyValuePair<string, string> text in texts)
            {
                own[text.Key] = text.Value;
            }
        }
    }
}
