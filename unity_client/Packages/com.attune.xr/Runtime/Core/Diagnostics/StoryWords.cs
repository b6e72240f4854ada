#nullable enable

namespace Attune
{
    /// <summary>Words for whoever builds or runs a story. Visitors read the string table instead.</summary>
    public static class StoryWords
    {
        /// <summary>Who settled a choice, and why.</summary>
        public static string Of(ChoiceSettled settled)
        {
            if (settled.By == ResolvedBy.Operator)
            {
                return "an operator chose";
            }

            if (settled.By == ResolvedBy.LocalDefault || settled.Decision == null)
            {
                return "authored default: no decision came in time";
            }

            return settled.Decision.Reason switch
            {
                DecisionReason.Evidence => "the evidence met the condition",
                DecisionReason.LowConfidence => "authored default: not enough evidence",
                DecisionReason.Deadline => "authored default: no condition held for long enough",
                DecisionReason.Distress => "the distress guard",
                DecisionReason.Operator => "an operator chose",
                DecisionReason.CoolDown => "authored default: the choice is cooling down",
                DecisionReason.NoConsent => "authored default: nothing may be analysed",
                _ => "no reason was given",
            };
        }
    }
}
