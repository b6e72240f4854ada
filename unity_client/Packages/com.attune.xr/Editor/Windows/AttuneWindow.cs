#nullable enable
using Attune.Components;
using UnityEditor;
using UnityEngine;

namespace Attune.Editing
{
    /// <summary>The session of the running scene: connection, face, affect, story, consent. Opened by its user only.</summary>
    internal sealed class AttuneWindow : EditorWindow
    {
        private static readonly string[] Tabs = { "Connection", "Face", "Affect", "Story", "Session" };

        private readonly SessionMonitor _monitor = new SessionMonitor();
        private readonly FaceTab _face = new FaceTab();
        private readonly StoryTab _story = new StoryTab();
        private readonly SessionTab _sessionTab = new SessionTab();
        private AttuneSession? _session;
        private int _tab;
        private Vector2 _scroll;

        [MenuItem("Window/Attune")]
        private static void Open() => GetWindow<AttuneWindow>("Attune");

        private void OnDisable()
        {
            _face.Forget();
            _monitor.Watch(null);
        }

        private void OnInspectorUpdate()
        {
            if (EditorApplication.isPlaying)
            {
                if (_session == null)
                {
                    _session = FindAnyObjectByType<AttuneSession>();
                }

                LocalNetworkPermission.Refresh();
                AttuneClient? client = _session == null ? null : _session.Client;
                _monitor.Watch(client);
                _face.Watch(client);
            }
            else
            {
                _face.Forget();
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
                    Drawing.Rows(MonitorViews.Connection(_monitor));
                    FrameSource? frames = _session == null ? null : _session.Frames;
                    FrameSourceState? camera = frames == null ? (FrameSourceState?)null : frames.State;
                    Drawing.Rows(PermissionViews.Of(camera, LocalNetworkPermission.State));
                    break;
                case 1:
                    _face.Draw(_monitor);
                    break;
                case 2:
                    AffectTab.Draw(_monitor);
                    break;
                case 3:
                    _story.Draw(_monitor, _session);
                    break;
                default:
                    _sessionTab.Draw(_monitor, _session);
                    break;
            }

            EditorGUILayout.EndScrollView();
        }
    }
}
