#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>Which questions a house asks. Analysis is always asked for first, and nothing else without it.</summary>
    [Flags]
    public enum ConsentQuestions
    {
        AnalyseOnly = 0,
        StoreFeatures = 1,
        StoreVideo = 2,

        /// <summary>Asked only of who allowed something to be stored.</summary>
        Research = 4,
    }

    /// <summary>One page of the consent dialogue: a text and its answers, as keys of the string table.</summary>
    public readonly struct ConsentPage
    {
        internal ConsentPage(ConsentScope scope, string textKey, string yesKey, string noKey, bool hasBack)
        {
            Scope = scope;
            TextKey = textKey;
            AnswerKeys = hasBack ? new[] { yesKey, noKey, VisitorTexts.ConsentBack } : new[] { yesKey, noKey };
        }

        public ConsentScope Scope { get; }

        public string TextKey { get; }

        /// <summary>Yes, no, and on all pages but the first: back.</summary>
        public IReadOnlyList<string> AnswerKeys { get; }
    }

    /// <summary>
    /// Asks a visitor what may be done, one question a page. Nothing is allowed unless it was answered with yes; no answer
    /// is highlighted beforehand; waiting answers nothing. Refusing the first question ends the dialogue at once, and the
    /// same story begins.
    /// </summary>
    public sealed class ConsentDialogue
    {
        private readonly ConsentQuestions _questions;
        private readonly List<ConsentScope> _asked = new List<ConsentScope>();
        private readonly List<ConsentScope> _granted = new List<ConsentScope>();

        public ConsentDialogue(ConsentQuestions questions)
        {
            _questions = questions;
            _asked.Add(ConsentScope.Analyse);
        }

        public bool IsOver { get; private set; }

        /// <summary>What was allowed; final when the dialogue is over.</summary>
        public IReadOnlyList<ConsentScope> Granted => IsOver ? _granted : (IReadOnlyList<ConsentScope>)Array.Empty<ConsentScope>();

        public ConsentPage Page => PageOf(_asked[_asked.Count - 1], _asked.Count > 1);

        /// <summary>What to say when it is over.</summary>
        public string ThanksKey => _granted.Contains(ConsentScope.Analyse) ? VisitorTexts.ConsentThanks : VisitorTexts.ConsentThanksNo;

        /// <param name="answer">Index into the page's answers.</param>
        public void Answer(int answer)
        {
            if (IsOver || answer < 0 || answer >= Page.AnswerKeys.Count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(answer), IsOver ? "the dialogue is over" : $"expected 0 … {Page.AnswerKeys.Count - 1}, got {answer}");
            }

            if (answer == 2)
            {
                _asked.RemoveAt(_asked.Count - 1);
                _granted.Remove(_asked[_asked.Count - 1]);
                return;
            }

            ConsentScope asked = _asked[_asked.Count - 1];
            if (answer == 0)
            {
                _granted.Add(asked);
            }

            ConsentScope next = Next(asked);
            if (next == ConsentScope.Unspecified)
            {
                IsOver = true;
            }
            else
            {
                _asked.Add(next);
            }
        }

        private ConsentScope Next(ConsentScope asked)
        {
            if (!_granted.Contains(ConsentScope.Analyse))
            {
                return ConsentScope.Unspecified;
            }

            if (asked < ConsentScope.StoreFeatures && _questions.HasFlag(ConsentQuestions.StoreFeatures))
            {
                return ConsentScope.StoreFeatures;
            }

            if (asked < ConsentScope.StoreVideo && _questions.HasFlag(ConsentQuestions.StoreVideo))
            {
                return ConsentScope.StoreVideo;
            }

            bool stored = _granted.Contains(ConsentScope.StoreFeatures) || _granted.Contains(ConsentScope.StoreVideo);
            return asked < ConsentScope.Research && stored && _questions.HasFlag(ConsentQuestions.Research)
                ? ConsentScope.Research : ConsentScope.Unspecified;
        }

        private static ConsentPage PageOf(ConsentScope scope, bool hasBack)
        {
            string text = scope switch
            {
                ConsentScope.Analyse => VisitorTexts.ConsentAnalyse,
                ConsentScope.StoreFeatures => VisitorTexts.ConsentStoreFeatures,
                ConsentScope.StoreVideo => VisitorTexts.ConsentStoreVideo,
                _ => VisitorTexts.ConsentResearch,
            };
            return scope == ConsentScope.Analyse
                ? new ConsentPage(scope, text, VisitorTexts.ConsentAnalyseYes, VisitorTexts.ConsentAnalyseNo, hasBack)
                : new ConsentPage(scope, text, VisitorTexts.ConsentYes, VisitorTexts.ConsentNo, hasBack);
        }
    }
}
