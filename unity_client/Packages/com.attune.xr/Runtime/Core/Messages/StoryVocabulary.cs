#nullable enable

namespace Attune
{
    // The contract's enumerations for code without protobuf: same names, same numbers (a test compares them).

    /// <summary>Who settled a choice.</summary>
    public enum ResolvedBy
    {
        /// <summary>Refused.</summary>
        Unspecified = 0,

        /// <summary>The server's decision was played.</summary>
        Server = 1,

        /// <summary>The scene took the authored default.</summary>
        LocalDefault = 2,

        /// <summary>An operator chose.</summary>
        Operator = 3,
    }

    /// <summary>Why a branch was proposed.</summary>
    public enum DecisionReason
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,

        /// <summary>The evidence met the author's condition.</summary>
        Evidence = 1,

        /// <summary>Not enough evidence: the authored default.</summary>
        LowConfidence = 2,

        /// <summary>The deadline came before a condition had held long enough: the authored default.</summary>
        Deadline = 3,

        /// <summary>The distress guard lowered the authored intensity or took the default.</summary>
        Distress = 4,

        /// <summary>An operator chose.</summary>
        Operator = 5,

        /// <summary>The choice is cooling down: the authored default.</summary>
        CoolDown = 6,

        /// <summary>Nothing may be analysed: the authored default.</summary>
        NoConsent = 7,
    }
}
