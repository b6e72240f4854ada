#nullable enable
using System.Collections.Generic;
using Attune.Components;
using UnityEditor;
using UnityEngine;

namespace Attune.Editing
{
    /// <summary>The beat, the choices with their live reasons and a button for every branch, and what happened before.</summary>
    internal sealed class StoryTab
    {
        private const float BarHeight = 18;

        private readonly List<SceneChoice> _scene = new List<SceneChoice>();
        private string _said = "";

        public void Draw(SessionMonitor monitor, AttuneSession? session)
        {
            AttuneClient? client = session == null ? null : session.Client;
            string beat = monitor.Latest == null ? "" : monitor.Latest.BeatId;
            EditorGUILayout.LabelField("beat", beat.Length == 0 ? "none" : beat);
            if (monitor.Latest != null && monitor.Latest.Empathy.Distress)
            {
                EditorGUILayout.LabelField("! distress", "the calmest branch is taken, unless an operator wants another");
            }

            IReadOnlyList<ChoiceCard> cards = StoryBoard.Cards(monitor, Authored(session));
            foreach (ChoiceCard card in cards)
            {
                EditorGUILayout.LabelField(card.ChoiceId, card.Moment);
                foreach (BranchCard branch in card.Branches)
                {
                    Branch(client, card, branch);
                }
            }

            if (cards.Count == 0)
            {
                EditorGUILayout.LabelField("choices", "none in this beat");
            }

            EditorGUILayout.LabelField(_said);
            Drawing.Rows(MonitorViews.Past(monitor));
        }

        private void Branch(AttuneClient? client, ChoiceCard card, in BranchCard branch)
        {
            GUILayout.BeginHorizontal();
            EditorGUI.ProgressBar(GUILayoutUtility.GetRect(180, BarHeight), branch.Progress ?? 0, $"{branch.BranchId}: {branch.Reason}");
            bool taken = GUILayout.Button(branch.Ordered ? "Ordered" : "Take this branch", GUILayout.Width(120));
            GUILayout.EndHorizontal();
            if (taken && client != null)
            {
                uint occurrence = client.Order(card.ChoiceId, branch.BranchId);
                _said = $"ordered: {card.ChoiceId} → {branch.BranchId}{(occurrence == 1 ? "" : $", time {occurrence}")}";
            }
        }

        private IReadOnlyList<SceneChoice> Authored(AttuneSession? session)
        {
            _scene.Clear();
            if (session != null)
            {
                foreach (ChoicePoint choice in session.Choices)
                {
                    _scene.Add(choice.Authored);
                }
            }

            return _scene;
        }
    }
}
