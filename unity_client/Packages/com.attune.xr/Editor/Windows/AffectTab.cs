#nullable enable
using UnityEditor;
using UnityEngine;

namespace Attune.Editing
{
    /// <summary>The index and the affect: figures, and the last minute of each.</summary>
    internal static class AffectTab
    {
        private const float PlotHeight = 70;
        private const double SpanS = 60;

        // Where an affect counts as strong; the band between is drawn lighter.
        private const float Strong = 0.5f;

        public static void Draw(SessionMonitor monitor)
        {
            Drawing.Rows(MonitorViews.Affect(monitor));
            Plot(monitor, monitor.Eri, 43, 57, Tint.Blue);
            Plot(monitor, monitor.Valence, -Strong, Strong, Tint.Green);
            Plot(monitor, monitor.Arousal, -Strong, Strong, Tint.Orange);
            Plot(monitor, monitor.Attention, 0, Strong, Tint.Yellow);
        }

        /// <summary>A trace with the band between two thresholds; faint where little is known.</summary>
        private static void Plot(SessionMonitor monitor, Trace trace, float bandFrom, float bandTo, Tint tint)
        {
            EditorGUILayout.LabelField(trace.Label);
            Rect area = GUILayoutUtility.GetRect(200, PlotHeight);
            EditorGUI.DrawRect(area, Drawing.Colour(Tint.Dark));
            float top = area.y + ((1 - trace.Share(bandTo)) * PlotHeight);
            float bottom = area.y + ((1 - trace.Share(bandFrom)) * PlotHeight);
            EditorGUI.DrawRect(new Rect(area.x, top, area.width, bottom - top), Drawing.Colour(Tint.Panel));
            for (int i = 0; i < trace.Count; i++)
            {
                TracePoint point = trace[i];
                float age = (float)((monitor.NowNs - point.TimeNs) / (SpanS * 1e9));
                if (age <= 1)
                {
                    byte alpha = (byte)(60 + (195 * Mathf.Clamp(point.Confidence, 0, 1)));
                    float y = area.y + ((1 - trace.Share(point.Value)) * PlotHeight);
                    Rect dot = new Rect(area.x + ((1 - age) * area.width), y - 1, 2, 2);
                    EditorGUI.DrawRect(dot, Drawing.Colour(tint.WithAlpha(alpha)));
                }
            }
        }
    }
}
