#nullable enable
using System;
using System.Collections.Generic;
using Attune.Components;
using UnityEditor;
using UnityEngine;

namespace Attune.Editing
{
    /// <summary>The session of the running scene: connection, face, affect, story, consent. Opened by its user only.</summary>
    internal sealed class AttuneWindow : EditorWindow
    {
        private const float PlotHeight = 70;
        private const double SpanS = 60;

        // Where an affect counts as strong; the band between is drawn lighter.
        private const float Strong = 0.5f;

        private static readonly string[] Tabs = { "Connection", "Face", "Affect", "Story", "Session" };

        private readonly SessionMonitor _monitor = new SessionMonitor();
        private AttuneSession? _session;
        private int _tab;
        private Vector2 _scroll;
        private string _choice = "";
        private string _branch = "";
        private string _said = "";

        [MenuItem("Window/Attune")]
        private static void Open() => GetWindow<AttuneWindow>("Attune");

        private void OnDisable() => _monitor.Watch(null);

        private void OnInspectorUpdate()
        {
            if (EditorApplication.isPlaying)
            {
                if (_session == null)
                {
                    _session = FindAnyObjectByType<AttuneSession>();
                }

                _monitor.Watch(_session == null ? null : _session.Client);
            }
            else
            {
                _monitor.Watch(null);
            }

            Repaint();
        }

        private void OnGUI()
        {
            _tab = GUILayout.Toolbar(_tab, Tabs);
            if (!EditorApplication.isPlaying)
            {
                EditorGUILayout.HelpBox("Press Play: this window shows the session of the running scene.", MessageType.Info);
                return;
            }

            _scroll = EditorGUILayout.BeginScrollView(_scroll);
            switch (_tab)
            {
                case 0:
                    Rows(MonitorViews.Connection(_monitor));
                    break;
                case 1:
                    Rows(MonitorViews.Face(_monitor));
                    Head();
                    break;
                case 2:
                    Rows(MonitorViews.Affect(_monitor));
                    Plot(_monitor.Eri, 43, 57, Tint.Blue);
                    Plot(_monitor.Valence, -Strong, Strong, Tint.Green);
                    Plot(_monitor.Arousal, -Strong, Strong, Tint.Orange);
                    Plot(_monitor.Attention, 0, Strong, Tint.Yellow);
                    break;
                case 3:
                    Choose();
                    Rows(MonitorViews.Story(_monitor));
                    break;
                default:
                    Rows(MonitorViews.Session(_monitor));
                    Consent();
                    break;
            }

            EditorGUILayout.EndScrollView();
        }

        private static void Rows(IReadOnlyList<Row> rows)
        {
            foreach (Row row in rows)
            {
                EditorGUILayout.LabelField(row.Warns ? "! " + row.Label : row.Label, row.Value);
            }
        }

        /// <summary>The head's direction as a point in a square: the middle looks into the camera.</summary>
        private void Head()
        {
            HeadAngles? pose = _monitor.Latest?.Face?.Pose;
            Rect area = GUILayoutUtility.GetRect(120, 120);
            Rect square = new Rect(area.x, area.y, 120, 120);
            EditorGUI.DrawRect(square, Colour(Tint.Panel));
            EditorGUI.DrawRect(new Rect(square.x + 59, square.y, 2, 120), Colour(Tint.Dark));
            EditorGUI.DrawRect(new Rect(square.x, square.y + 59, 120, 2), Colour(Tint.Dark));
            if (pose is HeadAngles angles)
            {
                // As in the image: a head that turns to its own left moves to the right.
                float x = Mathf.Clamp(angles.YawDeg / 60, -1, 1) * 55;
                float y = Mathf.Clamp(-angles.PitchDeg / 60, -1, 1) * 55;
                EditorGUI.DrawRect(new Rect(square.x + 56 + x, square.y + 56 + y, 8, 8), Colour(Tint.Blue));
            }
        }

        /// <summary>A trace with the band between two thresholds; faint where little is known.</summary>
        private void Plot(Trace trace, float bandFrom, float bandTo, Tint tint)
        {
            EditorGUILayout.LabelField(trace.Label);
            Rect area = GUILayoutUtility.GetRect(200, PlotHeight);
            EditorGUI.DrawRect(area, Colour(Tint.Dark));
            float top = area.y + ((1 - trace.Share(bandTo)) * PlotHeight);
            float bottom = area.y + ((1 - trace.Share(bandFrom)) * PlotHeight);
            EditorGUI.DrawRect(new Rect(area.x, top, area.width, bottom - top), Colour(Tint.Panel));
            for (int i = 0; i < trace.Count; i++)
            {
                TracePoint point = trace[i];
                float age = (float)((_monitor.NowNs - point.TimeNs) / (SpanS * 1e9));
                if (age <= 1)
                {
                    byte alpha = (byte)(60 + (195 * Mathf.Clamp(point.Confidence, 0, 1)));
                    float y = area.y + ((1 - trace.Share(point.Value)) * PlotHeight);
                    EditorGUI.DrawRect(new Rect(area.x + ((1 - age) * area.width), y - 1, 2, 2), Colour(tint.WithAlpha(alpha)));
                }
            }
        }

        private void Choose()
        {
            EditorGUILayout.LabelField("Operator: settle a choice that is waiting");
            _choice = EditorGUILayout.TextField("choice", _choice);
            _branch = EditorGUILayout.TextField("branch", _branch);
            if (GUILayout.Button("Choose") && _session != null && _session.Client is AttuneClient client)
            {
                _said = client.Choose(_choice, _branch) ? "settled" : $"'{_choice}' does not wait for a branch now";
            }

            EditorGUILayout.LabelField(_said);
        }

        private void Consent()
        {
            if (_session == null || !(_session.Client is AttuneClient client))
            {
                return;
            }

            EditorGUILayout.HelpBox(
                "Only a visitor can allow something. Here consent can be withdrawn on a visitor's behalf.", MessageType.Info);
            if (GUILayout.Button("Withdraw everything"))
            {
                client.ChangeConsent();
            }

            if (GUILayout.Button("Restart the baseline"))
            {
                client.Calibrate(CalibrationAction.StartBaseline);
            }

            if (GUILayout.Button("End this visitor's session"))
            {
                _session.Finish(EndReason.Application);
            }
        }

        private static Color Colour(Tint tint) => new Color(tint.R / 255f, tint.G / 255f, tint.B / 255f, tint.A / 255f);
    }
}
