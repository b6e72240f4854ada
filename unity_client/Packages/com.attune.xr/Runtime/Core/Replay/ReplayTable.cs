#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Attune
{
    /// <summary>The columns of a session's table, by name. Unknown columns are allowed: a newer server may write more.</summary>
    internal sealed class ReplayTable
    {
        private static readonly string[] Needed = { "time_s", "kind", "status", "eri", "choice", "occurrence", "branch" };

        private readonly Dictionary<string, int> _columns = new Dictionary<string, int>(StringComparer.Ordinal);

        /// <exception cref="FormatException">A column is missing.</exception>
        public ReplayTable(string header)
        {
            string[] names = header.Split(',');
            for (int i = 0; i < names.Length; i++)
            {
                _columns[names[i]] = i;
            }

            foreach (string name in Needed)
            {
                if (!_columns.ContainsKey(name))
                {
                    throw new FormatException(
                        $"line 1: there is no column '{name}'; expected a table that `attune sessions table` has written");
                }
            }
        }

        /// <exception cref="FormatException">The line has another number of cells than there are columns.</exception>
        public ReplayRow Row(string text, int line)
        {
            string[] cells = text.Split(',');
            if (cells.Length != _columns.Count || text.IndexOf('"') >= 0)
            {
                throw new FormatException($"line {line}: expected {_columns.Count} plain cells, got {cells.Length}");
            }

            return new ReplayRow(_columns, cells, line);
        }
    }

    /// <summary>One line of a session's table.</summary>
    internal readonly struct ReplayRow
    {
        private readonly Dictionary<string, int> _columns;
        private readonly string[] _cells;

        public ReplayRow(Dictionary<string, int> columns, string[] cells, int line)
        {
            _columns = columns;
            _cells = cells;
            Line = line;
        }

        public int Line { get; }

        /// <summary>Empty: it is not known, or there is no such column.</summary>
        public string Text(string column) => _columns.TryGetValue(column, out int index) ? _cells[index] : "";

        /// <summary>Null: it is not known.</summary>
        /// <exception cref="FormatException">It is no number.</exception>
        public double? Number(string column)
        {
            string text = Text(column);
            if (text.Length == 0)
            {
                return null;
            }

            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                ? value : throw Wrong(column, "a number");
        }

        public float Figure(string column, float otherwise) => (float)(Number(column) ?? otherwise);

        /// <summary>Unspecified where the cell is empty.</summary>
        /// <exception cref="FormatException">There is no such member.</exception>
        public T Member<T>(string column)
            where T : struct
        {
            string text = Text(column);
            string name = text.Replace("_", "");
            return text.Length == 0 ? default
                : Enum.TryParse(name, ignoreCase: true, out T member) && !char.IsDigit(name[0]) ? member
                : throw Wrong(column, "one of " + string.Join(", ", Array.ConvertAll(Enum.GetNames(typeof(T)), Snake)));
        }

        public FormatException Wrong(string column, string expected) =>
            new FormatException($"line {Line}, column {column}: expected {expected}, got '{Text(column)}'");

        /// <summary>LeftEye becomes left_eye.</summary>
        public static string Snake(string name)
        {
            StringBuilder snake = new StringBuilder();
            foreach (char letter in name)
            {
                if (char.IsUpper(letter) && snake.Length > 0)
                {
                    snake.Append('_');
                }

                snake.Append(char.ToLowerInvariant(letter));
            }

            return snake.ToString();
        }
    }
}
