#nullable enable
using System;

namespace Attune
{
    /// <summary>The visitor as variables of a story engine whose names may hold neither dash nor dot.</summary>
    public static class StoryVariables
    {
        /// <summary>
        /// What a variable stands for: a float, for <c>known</c> and <c>distress</c> a bool, and for a choice the text
        /// of its branch. False: the name is not one of these.
        /// </summary>
        public static bool TryRead(StoryValues values, string name, string prefix, string branchPrefix, out object? value)
        {
            value = null;
            if (name.StartsWith(branchPrefix, StringComparison.Ordinal))
            {
                string choice = name.Substring(branchPrefix.Length);
                string branch = values.Branch(choice);
                value = branch.Length > 0 ? branch : values.Branch(choice.Replace('_', '-'));
            }
            else if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                string word = name.Substring(prefix.Length);
                foreach (string known in StoryValues.Names)
                {
                    if (known == word)
                    {
                        float number = values.Number(known);
                        value = known == "known" || known == "distress" ? (object)(number > 0) : number;
                    }
                }
            }

            return value != null;
        }
    }
}
