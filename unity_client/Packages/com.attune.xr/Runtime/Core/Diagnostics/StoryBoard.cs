#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;

namespace Attune
{
    /// <summary>A choice as a scene has it, for when no server tells how it stands.</summary>
    public sealed class SceneChoice
    {
        public SceneChoice(string choiceId, string defaultBranch, IReadOnlyList<string> branches)
        {
            ChoiceId = choiceId;
            DefaultBranch = defaultBranch;
            Branches = branches;
        }

        public string ChoiceId { get; }

        public string DefaultBranch { get; }

        public IReadOnlyList<string> Branches { get; }
    }

    /// <summary>One branch that an operator can take.</summary>
    public readonly struct BranchCard
    {
        public BranchCard(string branchId, string reason, float? progress, bool ordered)
        {
            BranchId = branchId;
            Reason = reason;
            Progress = progress;
            Ordered = ordered;
        }

        public string BranchId { get; }

        /// <summary>How it stands, in words.</summary>
        public string Reason { get; }

        /// <summary>Share of its dwell time that has passed, 0 … 1; null: it has none.</summary>
        public float? Progress { get; }

        /// <summary>An operator wants it already.</summary>
        public bool Ordered { get; }
    }

    /// <summary>One choice, with a button for every branch.</summary>
    public sealed class ChoiceCard
    {
        internal ChoiceCard(string choiceId, string moment, IReadOnlyList<BranchCard> branches)
        {
            ChoiceId = choiceId;
            Moment = moment;
            Branches = branches;
        }

        public string ChoiceId { get; }

        /// <summary>Whether it is due, and what keeps evidence from deciding.</summary>
        public string Moment { get; }

        public IReadOnlyList<BranchCard> Branches { get; }
    }

    /// <summary>
    /// The choices that an operator can decide now: those that the server tells of, with its live reasons, and those that only
    /// the scene knows.
    /// </summary>
    public static class StoryBoard
    {
        public static IReadOnlyList<ChoiceCard> Cards(SessionMonitor monitor, IReadOnlyList<SceneChoice> scene)
        {
            List<ChoiceCard> cards = new List<ChoiceCard>();
            HashSet<string> told = new HashSet<string>(StringComparer.Ordinal);
            if (monitor.Latest != null)
            {
                foreach (ChoiceOutlook outlook in monitor.Latest.Outlook)
                {
                    told.Add(outlook.ChoiceId);
                    cards.Add(Of(outlook, Authored(scene, outlook.ChoiceId)));
                }
            }

            if (monitor.HasVisitor)
            {
                foreach (SceneChoice choice in scene)
                {
                    if (told.Add(choice.ChoiceId))
                    {
                        cards.Add(Of(choice));
                    }
                }
            }

            return cards;
        }

        /// <summary>The same as lines, for panels without buttons.</summary>
        public static IReadOnlyList<Row> Rows(SessionMonitor monitor)
        {
            List<Row> rows = new List<Row>();
            foreach (ChoiceCard card in Cards(monitor, Array.Empty<SceneChoice>()))
            {
                rows.Add(new Row(card.ChoiceId, card.Moment));
                foreach (BranchCard branch in card.Branches)
                {
                    rows.Add(new Row("    " + branch.BranchId, branch.Reason, branch.Ordered));
                }
            }

            return rows;
        }

        private static SceneChoice? Authored(IReadOnlyList<SceneChoice> scene, string choiceId)
        {
            foreach (SceneChoice choice in scene)
            {
                if (choice.ChoiceId == choiceId)
                {
                    return choice;
                }
            }

            return null;
        }

        /// <summary>A simulated server tells of the branches that it may propose; the others are the scene's.</summary>
        private static ChoiceCard Of(ChoiceOutlook outlook, SceneChoice? authored)
        {
            string moment = outlook.Occurrence == 0 ? "ahead" : outlook.Occurrence == 1 ? "due" : $"due, time {outlook.Occurrence}";
            if (outlook.CoolDownS > 0)
            {
                moment += $"; cools down for {Seconds(outlook.CoolDownS)}";
            }

            List<BranchCard> branches = new List<BranchCard>();
            foreach (BranchOutlook branch in outlook.Branches)
            {
                float? progress = branch.DwellS > 0 ? Math.Min(1, branch.DweltS / branch.DwellS) : (float?)null;
                branches.Add(new BranchCard(
                    branch.BranchId, Words(branch), progress, branch.Standing == BranchStanding.Ordered));
            }

            foreach (BranchCard branch in authored == null ? Array.Empty<BranchCard>() : Of(authored).Branches)
            {
                if (!branches.Exists(told => told.BranchId == branch.BranchId))
                {
                    branches.Add(branch);
                }
            }

            return new ChoiceCard(outlook.ChoiceId, moment, branches);
        }

        private static ChoiceCard Of(SceneChoice choice)
        {
            BranchCard[] branches = new BranchCard[choice.Branches.Count];
            for (int i = 0; i < branches.Length; i++)
            {
                string id = choice.Branches[i];
                branches[i] = new BranchCard(id, id == choice.DefaultBranch ? "the scene's default" : "", null, false);
            }

            return new ChoiceCard(choice.ChoiceId, "in this scene; no server tells how it stands", branches);
        }

        private static string Words(in BranchOutlook branch) => branch.Standing switch
        {
            BranchStanding.Met => branch.DwellS > 0 ? $"met for {Seconds(branch.DweltS)}" : "met",
            BranchStanding.DwellNotMet => $"holds for {Seconds(branch.DweltS)} of {Seconds(branch.DwellS)}",
            BranchStanding.BelowEnter => "the signal is not past its threshold",
            BranchStanding.LowConfidence => "not enough evidence",
            BranchStanding.IsDefault => "default",
            BranchStanding.OnlyOperator => "only an operator takes it",
            BranchStanding.Ordered => "ordered by an operator",
            _ => "a reason that this version does not know",
        };

        private static string Seconds(float seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
    }
}
