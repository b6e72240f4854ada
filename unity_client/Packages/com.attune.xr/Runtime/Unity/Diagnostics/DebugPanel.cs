#nullable enable
using System.Collections.Generic;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>Figures and traces of the session on a plane in the scene, for people who build or look after it.</summary>
    [AddComponentMenu("Attune/Debug Panel")]
    public sealed class DebugPanel : MonoBehaviour
    {
        private const float Width = 0.9f;
        private const float Height = 0.7f;
        private const float Line = 0.014f;
        private const float LineStep = 0.026f;
        private const double SpanS = 30;

        [SerializeField]
        [Tooltip("None: the one of the scene.")]
        private AttuneSession? session = null;

        [SerializeField]
        [Min(0.05f)]
        [Tooltip("Seconds between two drawings. Drawing allocates; the panel is for building, not for visitors.")]
        private float every = 0.25f;

        private readonly SessionMonitor _monitor = new SessionMonitor();
        private FlatPanel? _panel;
        private float _waited;

        public SessionMonitor Monitor => _monitor;

        private void OnEnable()
        {
            if (session == null)
            {
                session = FindAnyObjectByType<AttuneSession>();
            }

            LocalNetworkPermission.Refresh();
        }

        private void OnApplicationFocus(bool hasFocus)
        {
            if (hasFocus)
            {
                LocalNetworkPermission.Refresh();
            }
        }

        private void OnDisable()
        {
            _monitor.Watch(null);
            _panel?.Destroy();
            _panel = null;
        }

        private void LateUpdate()
        {
            _monitor.Watch(session == null ? null : session.Client);
            _waited += Time.unscaledDeltaTime;
            if (_waited >= every)
            {
                _waited = 0;
                Draw();
            }
        }

        private void Draw()
        {
            _panel ??= new FlatPanel("Debug panel", transform);
            _panel.Begin();
            _panel.Drawing.Rectangle(-Width / 2, -Height / 2, Width, Height, Tint.Dark);
            List<Row> connection = new List<Row>(PermissionViews.Of(Camera(), LocalNetworkPermission.State));
            connection.AddRange(MonitorViews.Connection(_monitor));
            Column("Connection", connection, -0.43f, most: 16);
            Column("Affect", MonitorViews.Affect(_monitor), 0.02f);
            Column("Story", MonitorViews.Story(_monitor), 0.02f, -0.06f, 6);
            Plot(_monitor.Eri, new Tile(-0.43f, -0.33f, 0.42f, 0.12f), Tint.Blue);
            Plot(_monitor.Valence, new Tile(0.02f, -0.33f, 0.2f, 0.12f), Tint.Green);
            Plot(_monitor.Arousal, new Tile(0.24f, -0.33f, 0.19f, 0.12f), Tint.Orange);
            _panel.End();
        }

        private FrameSourceState? Camera()
        {
            FrameSource? frames = session == null ? null : session.Frames;
            return frames == null ? (FrameSourceState?)null : frames.State;
        }

        private void Column(string title, IReadOnlyList<Row> rows, float left, float top = 0.32f, int most = 13)
        {
            _panel!.Text(title, left, top, Line * 1.2f, TextAnchor.UpperLeft, TextAlignment.Left, Tint.White);
            for (int i = 0; i < rows.Count && i < most; i++)
            {
                Row row = rows[i];
                string text = row.Label.Length == 0 ? row.Value : row.ToString();
                string shown = text.Length > 46 ? text.Substring(0, 45) + "…" : text;
                _panel.Text(
                    row.Warns ? "! " + shown : shown, left, top - 0.035f - (i * LineStep), Line, TextAnchor.UpperLeft, TextAlignment.Left,
                    row.Warns ? Tint.Orange : Tint.Grey);
            }
        }

        private void Plot(Trace trace, Tile area, Tint tint)
        {
            _panel!.Drawing.Rectangle(area.Left, area.Bottom, area.Width, area.Height, Tint.Panel);
            trace.Draw(_panel.Drawing, area, _monitor.NowNs, SpanS, tint, 0.003f);
            _panel.Text(trace.Label, area.Left, area.Bottom + area.Height, Line, TextAnchor.UpperLeft, TextAlignment.Left, Tint.White);
        }
    }
}
