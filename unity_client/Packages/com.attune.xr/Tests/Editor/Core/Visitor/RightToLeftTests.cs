#nullable enable
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>Arabic letters are joined, and lines put into drawing order, for text components that do neither.</summary>
    public sealed class RightToLeftTests
    {
        // Words as Unicode's charts of the presentation forms spell them: code points, in reading order.
        [TestCase("\u0628", "\uFE8F", TestName = "A letter alone")]
        [TestCase("\u0628\u0628\u0628", "\uFE91\uFE92\uFE90", TestName = "First, middle and last form")]
        [TestCase("\u0633\u0644\u0627\u0645", "\uFEB3\uFEFC\uFEE1", TestName = "Salaam: lam and alef become one")]
        [TestCase("\u0644\u0627", "\uFEFB", TestName = "Lam and alef alone")]
        [TestCase("\u0627\u0644\u0623\u0648\u0644", "\uFE8D\uFEF7\uFEED\uFEDD", TestName = "Nothing joins behind an alef or a waw")]
        [TestCase("\u0643\u0627\u0645\u064A\u0631\u0627", "\uFEDB\uFE8E\uFEE3\uFEF4\uFEAE\uFE8D", TestName = "Camera")]
        [TestCase("\u0645\u062D\u0645\u0651\u062F", "\uFEE3\uFEA4\uFEE4\u0651\uFEAA", TestName = "A mark comes not between two letters")]
        [TestCase("\u0644\u064E\u0627", "\uFEFB\u064E", TestName = "A mark between lam and alef is kept")]
        [TestCase("\u067E\u0646\u062C", "\uFB58\uFEE8\uFE9E", TestName = "Persian")]
        [TestCase("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "\uFEE3\uFBFD\uFEA7\uFEEE\uFE8D\uFEEB\uFEE2", TestName = "A non-joiner parts two letters")]
        [TestCase("\u0640\u0647\u200D", "\u0640\uFEEC", TestName = "Tatweel and joiner join")]
        [TestCase("\u0628 \u0628", "\uFE8F \uFE8F", TestName = "A space parts words")]
        [TestCase("\u0628\u0621\u0628", "\uFE8F\u0621\uFE8F", TestName = "Hamza joins to nothing")]
        [TestCase("\u05D0b", "\u05D0b", TestName = "Other scripts stay")]
        public void ArabicLettersTakeTheFormThatTheirNeighboursAsk(string text, string joined) =>
            Assert.That(ArabicForms.Joined(text), Is.EqualTo(joined));

        [TestCase("אבג", "גבא")]
        [TestCase("אב 50% גד", "דג 50% בא")]
        [TestCase("אב 1,234.5 גד", "דג 1,234.5 בא")]
        [TestCase("אב 10 20 גד", "דג 20 10 בא", TestName = "Two numbers are two runs")]
        [TestCase("אב Gallery 10 20 גד", "דג Gallery 10 20 בא", TestName = "Numbers behind a Latin word belong to it")]
        [TestCase("אב (Attune) גד", "דג (Attune) בא")]
        [TestCase("אב Attune (Unity) גד", "דג Attune (Unity) בא", TestName = "Brackets go with what they hold and follow")]
        [TestCase("אב (גד)!", "!(דג) בא")]
        [TestCase("אב \"Attune\"?", "?\"Attune\" בא")]
        [TestCase("Attune: אב", "בא :Attune")]
        [TestCase("\u0627\u0628 1/2", "1/2 \u0628\u0627", TestName = "A stroke behind Arabic stays in its number")]
        [TestCase("אב \U0001F600 גד", "דג \U0001F600 בא", TestName = "A pair of surrogates stays together")]
        [TestCase("שָׁלוֹם", "םוֹלשָׁ", TestName = "Marks stay behind their letters")]
        [TestCase("אב\u200F.", ".בא", TestName = "Invisible marks of direction are not drawn")]
        public void ALineIsDrawnFromTheRight(string text, string drawn) =>
            Assert.That(VisualOrder.Of(text), Is.EqualTo(drawn));

        [Test]
        public void AnArabicAnswerIsJoinedBrokenAndTurned()
        {
            // "With camera" and "Without camera".
            Assert.That(
                TextLines.Drawn("\u0628\u0643\u0627\u0645\u064A\u0631\u0627\n\u0628\u0644\u0627 \u0643\u0627\u0645\u064A\u0631\u0627", 40, true),
                Is.EqualTo("\uFE8D\uFEAE\uFEF4\uFEE3\uFE8E\uFEDC\uFE91\n\uFE8D\uFEAE\uFEF4\uFEE3\uFE8E\uFEDB \uFEFC\uFE91"));
        }

        [Test]
        public void ATextThatFellBackToEnglishStaysEnglish() =>
            Assert.That(TextLines.Drawn("Before we begin (2).", 40, true), Is.EqualTo("Before we begin (2)."));
    }
}
