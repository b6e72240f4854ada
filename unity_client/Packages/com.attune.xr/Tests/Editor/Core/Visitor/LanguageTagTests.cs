#nullable enable
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class LanguageTagTests
    {
        [TestCase("de", "de")]
        [TestCase("de-CH", "de-CH")]
        [TestCase("de_CH", "de-CH")]
        [TestCase(" zh-Hant-TW ", "zh-Hant-TW")]
        [TestCase("", "en")]
        [TestCase("Deutsch (Schweiz)", "en")]
        [TestCase("d", "en")]
        [TestCase("de-", "en")]
        [TestCase("-de", "en")]
        [TestCase("de-überlang", "en")]
        [TestCase("a0-b", "en")]
        public void OnlyATagThatAServerTakesIsSent(string typed, string sent) =>
            Assert.That(LanguageTag.Of(typed), Is.EqualTo(sent));
    }
}
