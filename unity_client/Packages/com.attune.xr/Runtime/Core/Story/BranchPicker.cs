#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>A piece of a written story that could come next.</summary>
    public readonly struct StoryCandidate
    {
        public StoryCandidate(string id, bool possible, int weight)
        {
            Id = id;
            Possible = possible;
            Weight = weight;
        }

        public string Id { get; }

        /// <summary>None of its conditions fails.</summary>
        public bool Possible { get; }

        /// <summary>How specific its conditions are: the more, the better it fits.</summary>
        public int Weight { get; }
    }

    /// <summary>Chooses what comes next: the settled branch where there is one, else what fits best.</summary>
    public static class BranchPicker
    {
        /// <summary>
        /// The position of the candidate; −1: none is possible. A candidate belongs to a branch whose identifier is
        /// the last part of its own (<c>after_street.come-close</c>).
        /// </summary>
        public static int Pick(IReadOnlyList<StoryCandidate> candidates, string branchId)
        {
            int best = -1;
            bool bestIsBranch = false;
            for (int i = 0; i < candidates.Count; i++)
            {
                StoryCandidate one = candidates[i];
                bool isBranch = branchId.Length > 0 && EndsWithPart(one.Id, branchId);
                bool better = best < 0 || (isBranch && !bestIsBranch)
                    || (isBranch == bestIsBranch && one.Weight > candidates[best].Weight);
                if (one.Possible && better)
                {
                    best = i;
                    bestIsBranch = isBranch;
                }
            }

            return best;
        }

        private static bool EndsWithPart(string id, string part)
        {
            if (!id.EndsWith(part, StringComparison.Ordinal))
            {
                return false;
            }

            int before = id.Length - part.Length - 1;
            return before < 0 || id[before] == '.' || id[before] == '/' || id[before] == ':';
        }
    }
}
