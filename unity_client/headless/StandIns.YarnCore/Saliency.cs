#nullable enable
using System;
using System.Collections.Generic;

namespace Yarn.Saliency
{
    /// <summary>Reference stand-in for an API check: the members of Yarn Spinner 3 in use.</summary>
    public interface IContentSaliencyStrategy
    {
        ContentSaliencyOption? QueryBestContent(IEnumerable<ContentSaliencyOption> content);

        void ContentWasSelected(ContentSaliencyOption content);
    }

    public sealed class ContentSaliencyOption
    {
        public ContentSaliencyOption(string id) => ContentID = id;

        public int FailingConditionValueCount { get; set; }

        public int ComplexityScore { get; set; }

        public string ContentID { get; }
    }
}
