#nullable enable
using System.Collections.Generic;
using UnityEditor;
using UnityEngine;

namespace Attune.Editing
{
    /// <summary>What every tab draws.</summary>
    internal static class Drawing
    {
        public static void Rows(IReadOnlyList<Row> rows)
        {
            foreach (Row row in rows)
            {
                EditorGUILayout.LabelField(row.Warns ? "! " + row.Label : row.Label, row.Value);
            }
        }

        public static Color Colour(Tint tint) => new Color(tint.R / 255f, tint.G / 255f, tint.B / 255f, tint.A / 255f);
    }
}
