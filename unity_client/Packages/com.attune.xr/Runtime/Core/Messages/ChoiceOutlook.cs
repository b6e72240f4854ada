#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>How a branch stands before its choice is decided. The contract has words for them, and may gain some.</summary>
    public enum BranchStanding
    {
        /// <summary>A newer server's word that this client does not know.</summary>
        Unknown,

        /// <summary>Its condition holds: it would be proposed now.</summary>
        Met,

        /// <summary>Its condition holds, not yet for long enough.</summary>
        DwellNotMet,

        /// <summary>Its signal is not past the threshold.</summary>
        BelowEnter,

        /// <summary>Too little is known of the visitor.</summary>
        LowConfidence,

        /// <summary>Taken when nothing else is.</summary>
        IsDefault,

        /// <summary>Has no condition: only an operator takes it.</summary>
        OnlyOperator,

        /// <summary>An operator wants it.</summary>
        Ordered,
    }

    /// <summary>How near one branch is to being proposed.</summary>
    public readonly struct BranchOutlook
    {
        private static readonly string[] Words =
        {
            "", "met", "dwell_not_met", "below_enter", "low_confidence", "is_default", "only_operator", "ordered",
        };

        public BranchOutlook(string branchId, BranchStanding standing, float dweltS = 0, float dwellS = 0)
        {
            BranchId = branchId;
            Standing = standing;
            DweltS = dweltS;
            DwellS = dwellS;
        }

        public string BranchId { get; }

        public BranchStanding Standing { get; }

        /// <summary>How long its condition has held.</summary>
        public float DweltS { get; }

        /// <summary>How long it must hold; 0: it has no condition.</summary>
        public float DwellS { get; }

        /// <summary>The contract's word.</summary>
        internal static BranchStanding StandingOf(string word)
        {
            int index = word.Length == 0 ? 0 : Array.IndexOf(Words, word);
            return index < 0 ? BranchStanding.Unknown : (BranchStanding)index;
        }
    }

    /// <summary>What would become of a choice if it fell due now.</summary>
    public sealed class ChoiceOutlook
    {
        public ChoiceOutlook(string choiceId, uint occurrence, float coolDownS, IReadOnlyList<BranchOutlook> branches)
        {
            ChoiceId = choiceId;
            Occurrence = occurrence;
            CoolDownS = coolDownS;
            Branches = branches;
        }

        public string ChoiceId { get; }

        /// <summary>As in <see cref="ChoiceSettled"/>; 0: it is not due yet.</summary>
        public uint Occurrence { get; }

        /// <summary>For so many seconds earlier adaptation keeps evidence from deciding; 0: none.</summary>
        public float CoolDownS { get; }

        /// <summary>In the author's order.</summary>
        public IReadOnlyList<BranchOutlook> Branches { get; }
    }
}
