#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Attune
{
    /// <summary>
    /// Reads the small JSON files of a station: objects of texts, booleans and objects. Anything else is an error
    /// that says where it stands, what was expected there and what came.
    /// </summary>
    public sealed class JsonText
    {
        private const int MostDepth = 16;

        private readonly string _text;
        private int _at;

        private JsonText(string text) => _text = text;

        /// <returns>Values are string, bool or another such dictionary.</returns>
        /// <exception cref="FormatException">The text is not such an object.</exception>
        public static IReadOnlyDictionary<string, object> ReadObject(string text)
        {
            JsonText reader = new JsonText(text.Length > 0 && text[0] == '\uFEFF' ? text.Substring(1) : text);
            Dictionary<string, object> read = reader.Object(0);
            reader.Space();
            if (reader._at < reader._text.Length)
            {
                throw reader.Unexpected("the end");
            }

            return read;
        }

        private Dictionary<string, object> Object(int depth)
        {
            if (depth > MostDepth)
            {
                throw Unexpected($"at most {MostDepth} nested objects");
            }

            Take('{', "'{'");
            Dictionary<string, object> members = new Dictionary<string, object>(StringComparer.Ordinal);
            if (Next() == '}')
            {
                _at++;
                return members;
            }

            while (true)
            {
                if (Next() != '"')
                {
                    throw Unexpected("a name in quotation marks");
                }

                int nameAt = _at;
                string name = Quoted();
                Take(':', "':' after the name");
                object value = Value(depth);
                if (!members.TryAdd(name, value))
                {
                    _at = nameAt;
                    throw Failure($"'{name}' stands there twice");
                }

                if (Next() != ',')
                {
                    Take('}', "',' or '}'");
                    return members;
                }

                _at++;
            }
        }

        private object Value(int depth)
        {
            char next = Next();
            if (next == '"')
            {
                return Quoted();
            }

            if (next == '{')
            {
                return Object(depth + 1);
            }

            foreach (string word in new[] { "true", "false" })
            {
                if (string.CompareOrdinal(_text, _at, word, 0, word.Length) == 0)
                {
                    _at += word.Length;
                    return word == "true";
                }
            }

            throw Unexpected("a text in quotation marks, true, false or '{'");
        }

        private string Quoted()
        {
            _at++;
            StringBuilder read = new StringBuilder();
            while (_at < _text.Length && _text[_at] >= ' ')
            {
                char one = _text[_at++];
                if (one == '"')
                {
                    return read.ToString();
                }

                read.Append(one == '\\' ? Escaped() : one);
            }

            throw Unexpected("the closing quotation mark");
        }

        private char Escaped()
        {
            const string codes = "\"\\/bfnrt";
            const string meant = "\"\\/\b\f\n\r\t";
            int code = _at < _text.Length ? codes.IndexOf(_text[_at]) : -1;
            if (code >= 0)
            {
                _at++;
                return meant[code];
            }

            bool whole = _at + 5 <= _text.Length && _text[_at] == 'u';
            if (whole && ushort.TryParse(
                _text.Substring(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit))
            {
                _at += 5;
                return (char)unit;
            }

            throw Unexpected("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
        }

        private void Take(char wanted, string expected)
        {
            if (Next() != wanted)
            {
                throw Unexpected(expected);
            }

            _at++;
        }

        /// <summary>The next character that is no space; NUL at the end.</summary>
        private char Next()
        {
            Space();
            return _at < _text.Length ? _text[_at] : '\0';
        }

        private void Space()
        {
            while (_at < _text.Length && " \t\r\n".IndexOf(_text[_at]) >= 0)
            {
                _at++;
            }
        }

        private FormatException Unexpected(string expected)
        {
            string came = _at < _text.Length ? $"'{_text[_at]}'" : "the end of the file";
            return Failure($"expected {expected}, got {came}");
        }

        private FormatException Failure(string what)
        {
            int line = 1;
            int column = 1;
            for (int i = 0; i < _at && i < _text.Length; i++)
            {
                column = _text[i] == '\n' ? 1 : column + 1;
                line += _text[i] == '\n' ? 1 : 0;
            }

            return new FormatException($"line {line}, column {column}: {what}");
        }
    }
}
