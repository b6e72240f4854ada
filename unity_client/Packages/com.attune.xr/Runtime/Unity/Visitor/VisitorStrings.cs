#nullable enable
using System;
using System.Collections.Generic;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>What visitors read and hear. Without any table of one's own: the English and German that ship.</summary>
    [CreateAssetMenu(menuName = "Attune/Visitor Strings", fileName = "Visitor Strings")]
    public sealed class VisitorStrings : ScriptableObject
    {
        [SerializeField]
        [Tooltip("JSON: {\"de\": {\"consent.yes\": \"…\"}}. Later tables lie over earlier ones.")]
        private TextAsset[] tables = new TextAsset[0];

        [SerializeField]
        [Tooltip("BCP 47, for example de-CH. Empty: the device's language.")]
        private string locale = "";

        [SerializeField]
        private Recording[] recordings = new Recording[0];

        private StringTable? _table;

        public string Locale => locale.Length > 0 ? locale : DeviceLocale;

        /// <summary>Of the languages that ship or are written otherwise, the one that the device is set to.</summary>
        internal static string DeviceLocale => LocaleOf(Application.systemLanguage);

        public bool IsRightToLeft => StringTable.IsRightToLeft(Locale);

        /// <summary>The table of this asset, and what is wrong with its files.</summary>
        public StringTable Table => _table ??= Load(new List<string>());

        public string Text(string key) => Table.Text(key, Locale);

        /// <summary>The text in lines, in the order in which plain 3D text draws them.</summary>
        public string Lines(string key, int width) => TextLines.Drawn(Text(key), width, IsRightToLeft);

        /// <summary>The key spoken in this language; null: there is no recording of it.</summary>
        public AudioClip? Clip(string key)
        {
            Recording found = Array.Find(recordings, one => one.Fits(key, Locale));
            return found == null ? null : found.Clip;
        }

        /// <summary>Loads the tables anew; sentences about those that could not be read.</summary>
        public IReadOnlyList<string> Reload()
        {
            List<string> problems = new List<string>();
            _table = Load(problems);
            return problems;
        }

        private StringTable Load(List<string> problems)
        {
            StringTable table = new StringTable();
            foreach (TextAsset one in tables)
            {
                try
                {
                    if (one != null)
                    {
                        table.Lay(one.text);
                    }
                }
                catch (FormatException fault)
                {
                    problems.Add($"string table '{one.name}', {fault.Message}");
                    Debug.LogError($"Attune: string table '{one.name}' is not used: {fault.Message}", this);
                }
            }

            return table;
        }

        private static string LocaleOf(SystemLanguage language) => language switch
        {
            SystemLanguage.German => "de",
            SystemLanguage.Arabic => "ar",
            SystemLanguage.Hebrew => "he",
            _ => "en",
        };

        /// <summary>A key spoken aloud.</summary>
        [Serializable]
        private sealed class Recording
        {
            [SerializeField]
            private string key = "";

            [SerializeField]
            [Tooltip("BCP 47; its language is enough.")]
            private string locale = "en";

            [SerializeField]
            private AudioClip? clip = null;

            public AudioClip? Clip => clip;

            public bool Fits(string wanted, string language) => key == wanted
                && (language == locale || language.StartsWith(locale + "-", StringComparison.OrdinalIgnoreCase));
        }
    }
}
