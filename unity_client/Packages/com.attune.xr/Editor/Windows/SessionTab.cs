#nullable enable
using System.IO;
using Attune.Components;
using UnityEditor;
using UnityEngine;

namespace Attune.Editing
{
    /// <summary>What the visitor allows and the server keeps, sessions of one's own to record, and recorded ones to play again.</summary>
    internal sealed class SessionTab
    {
        private readonly OwnConsent _own = new OwnConsent { Analyse = true };
        private PickedReplay? _replay;

        public void Draw(SessionMonitor monitor, AttuneSession? session)
        {
            Drawing.Rows(MonitorViews.Session(monitor));
            Drawing.Rows(RecordingViews.Kept(monitor));
            if (session == null)
            {
                EditorGUILayout.HelpBox("There is no Attune Session in this scene.", MessageType.Info);
                return;
            }

            if (session.Client is AttuneClient client)
            {
                Running(monitor, session, client);
            }

            Record(session);
            Replay(session);
        }

        private static void Running(SessionMonitor monitor, AttuneSession session, AttuneClient client)
        {
            EditorGUILayout.HelpBox(
                "Only a visitor can allow something. Here consent can be withdrawn on a visitor's behalf.", MessageType.Info);
            Withdraw(monitor, client, ConsentScope.StoreVideo, "Stop keeping video");
            Withdraw(monitor, client, ConsentScope.StoreFeatures, "Stop keeping features");
            if (monitor.Allowed.Count > 0 && GUILayout.Button("Withdraw everything"))
            {
                client.ChangeConsent();
            }

            if (GUILayout.Button("Restart the baseline"))
            {
                client.Calibrate(CalibrationAction.StartBaseline);
            }

            if (GUILayout.Button("End this visitor's session"))
            {
                session.Finish(EndReason.Application);
            }
        }

        private static void Withdraw(SessionMonitor monitor, AttuneClient client, ConsentScope scope, string text)
        {
            if (monitor.Allows(scope) && GUILayout.Button(text))
            {
                client.ChangeConsent(RecordingViews.Without(monitor, scope));
            }
        }

        /// <summary>Whoever builds a scene can be its visitor, and records nobody else.</summary>
        private void Record(AttuneSession session)
        {
            EditorGUILayout.LabelField("Record a session of your own", "I am in front of the camera, and I allow:");
            bool analysed = _own.Analyse;
            _own.Analyse = GUILayout.Toggle(analysed, "analysis of my face, in memory");
            if (analysed)
            {
                _own.StoreFeatures = GUILayout.Toggle(_own.StoreFeatures, "that the server keeps features");
                _own.StoreVideo = GUILayout.Toggle(_own.StoreVideo, "that the server keeps the video");
            }

            if (GUILayout.Button("Begin as this visitor"))
            {
                session.Begin("developer", _own.Scopes);
            }
        }

        private void Replay(AttuneSession session)
        {
            EditorGUILayout.LabelField("Play a recorded session", "a table that `attune sessions table` has written");
            PickedReplay? picked = _replay;
            if (GUILayout.Button("Choose a table…"))
            {
                string path = EditorUtility.OpenFilePanel("A session's table", "", "csv");
                if (path.Length > 0)
                {
                    _replay = PickedReplay.Of(Path.GetFileName(path), () => File.ReadAllText(path));
                }
            }

            if (picked == null)
            {
                return;
            }

            if (picked.Script == null)
            {
                EditorGUILayout.HelpBox($"{picked.Name}: {picked.Problem}", MessageType.Error);
                return;
            }

            EditorGUILayout.LabelField(picked.Name, picked.Contents);
            if (GUILayout.Button("Play it in this scene"))
            {
                session.Play("replay", new ReplayVisitor(picked.Script));
            }
        }
    }
}
