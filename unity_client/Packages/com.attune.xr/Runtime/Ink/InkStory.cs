#nullable enable
using System;
using Ink.Runtime;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// Binds an ink story to the visitor. In ink:
    /// <code>
    /// EXTERNAL attune_beat(id)        // ~ attune_beat("hall")
    /// EXTERNAL attune(name)           // {attune("eri") > 60: …}
    /// EXTERNAL attune_branch(choice)  // {attune_branch("after-the-street") == "come-close": …}
    /// </code>
    /// Values are those of the beat's beginning: ink looks ahead, and must not see them change between two lines.
    /// </summary>
    [AddComponentMenu("Attune/Ink Story")]
    public sealed class InkStory : StoryListener
    {
        /// <summary>Call it once for every story, before its first line.</summary>
        public void Bind(Story story)
        {
            // An action: ink stops looking ahead before it.
            story.BindExternalFunction("attune_beat", (Action<string>)EnterBeat, lookaheadSafe: false);

            // Pure functions of frozen values.
            story.BindExternalFunction("attune", (Func<string, object>)(name => Values.Number(name)), lookaheadSafe: true);

            // A settled choice does not change any more; before that it is the empty text.
            story.BindExternalFunction("attune_branch", (Func<string, object>)Values.Branch, lookaheadSafe: true);
        }
    }
}
