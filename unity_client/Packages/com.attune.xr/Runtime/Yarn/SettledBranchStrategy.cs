#nullable enable
using System.Collections.Generic;
using Yarn.Saliency;

namespace Attune.Components
{
    /// <summary>
    /// Yarn Spinner's choice among the nodes or lines of a group: the one that bears the settled branch's name, else
    /// the most specific one whose conditions hold. Give it to <c>DialogueRunner.Dialogue.ContentSaliencyStrategy</c>.
    /// </summary>
    public sealed class SettledBranchStrategy : IContentSaliencyStrategy
    {
        private readonly StoryValues _values;
        private readonly string _choiceId;
        private readonly List<StoryCandidate> _candidates = new List<StoryCandidate>();
        private readonly List<ContentSaliencyOption> _options = new List<ContentSaliencyOption>();

        /// <param name="choiceId">The choice whose branch decides.</param>
        public SettledBranchStrategy(StoryValues values, string choiceId)
        {
            _values = values;
            _choiceId = choiceId;
        }

        public ContentSaliencyOption? QueryBestContent(IEnumerable<ContentSaliencyOption> content)
        {
            _candidates.Clear();
            _options.Clear();
            foreach (ContentSaliencyOption option in content)
            {
                _options.Add(option);
                _candidates.Add(new StoryCandidate(
                    option.ContentID, option.FailingConditionValueCount == 0, option.ComplexityScore));
            }

            int best = BranchPicker.Pick(_candidates, _values.Branch(_choiceId));
            return best < 0 ? null : _options[best];
        }

        /// <summary>Nothing is kept: the same story gives the same content again.</summary>
        public void ContentWasSelected(ContentSaliencyOption content)
        {
        }
    }
}
