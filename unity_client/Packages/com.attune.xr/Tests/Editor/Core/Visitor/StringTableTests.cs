#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What a visitor reads.</summary>
    public sealed class StringTableTests
    {
        [Test]
        public void EveryTextShipsInEnglishAndGerman()
        {
            StringTable table = new StringTable();
            Assert.That(table.Missing("en"), Is.Empty);
            Assert.That(table.Missing("de"), Is.Empty);
            foreach (string key in VisitorTexts.Keys)
            {
                bool sameWord = table.Text(key, "de") == table.Text(key, "en");
                Assert.That(sameWord, Is.False, $"{key} is not translated");
            }
        }

        [Test]
        public void EveryConstantIsAKeyOfTheTable()
        {
            string[] constants = typeof(VisitorTexts).GetFields()
                .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToArray();
            Assert.That(VisitorTexts.Keys, Is.EquivalentTo(constants));
        }

        [Test]
        public void WhatOperatorsReadShipsInEnglishAndGermanToo()
        {
            StringTable table = new StringTable();
            string[] constants = typeof(OperatorTexts).GetFields()
                .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToArray();
            Assert.That(OperatorTexts.Keys, Is.EquivalentTo(constants));
            foreach (string key in OperatorTexts.Keys)
            {
                Assert.That(table.Text(key, "de"), Is.Not.EqualTo(table.Text(key, "en")), $"{key} is not translated");
            }

            Assert.That(table.Unknown, Is.Empty);
        }

        [Test]
        public void ARegionTakesItsLanguageAndAnUnknownLanguageEnglish()
        {
            StringTable table = new StringTable();
            Assert.That(table.Text(VisitorTexts.ConsentYes, "de-CH"), Is.EqualTo("Ja"));
            Assert.That(table.Text(VisitorTexts.ConsentYes, "de_AT"), Is.EqualTo("Ja"));
            Assert.That(table.Text(VisitorTexts.ConsentYes, "fi"), Is.EqualTo("Yes"));
            Assert.That(table.Text(VisitorTexts.ConsentYes, ""), Is.EqualTo("Yes"));
            Assert.That(table.Unknown, Is.Empty);
        }

        [Test]
        public void ATableOfOnesOwnLiesOverTheShippedOne()
        {
            StringTable table = new StringTable();
            table.Lay("{\"de\": {\"consent.yes\": \"Gern\"}, \"de-CH\": {\"consent.no\": \"Nei\"}, \"he\": {\"consent.yes\": \"כן\"}}");
            Assert.That(table.Text(VisitorTexts.ConsentYes, "de-CH"), Is.EqualTo("Gern"));
            Assert.That(table.Text(VisitorTexts.ConsentNo, "de-CH"), Is.EqualTo("Nei"));
            Assert.That(table.Text(VisitorTexts.ConsentNo, "de"), Is.EqualTo("Nein"));
            Assert.That(table.Text(VisitorTexts.ConsentYes, "he"), Is.EqualTo("כן"));
            Assert.That(table.Missing("he"), Has.Count.EqualTo(VisitorTexts.Keys.Count() - 1).And.No.Member("consent.yes"));
        }

        [Test]
        public void AKeyThatNobodyKnowsIsShownAndNoted()
        {
            StringTable table = new StringTable();
            Assert.That(table.Text("house.rules", "de"), Is.EqualTo("[house.rules]"));
            Assert.That(table.Unknown, Is.EqualTo(new[] { "house.rules" }));
        }

        [TestCase("{\"de\": \"x\"}", "'de': expected an object of texts")]
        [TestCase("{\"de\": {\"consent.yes\": true}}", "'de', 'consent.yes': expected a text")]
        public void ABadTableChangesNothing(string json, string said)
        {
            StringTable table = new StringTable();
            FormatException fault = Assert.Throws<FormatException>(() => table.Lay(json))!;
            Assert.That(fault.Message, Does.Contain(said));
            Assert.That(table.Text(VisitorTexts.ConsentYes, "de"), Is.EqualTo("Ja"));
        }

        [TestCase("ar-EG", true)]
        [TestCase("he", true)]
        [TestCase("fa_IR", true)]
        [TestCase("de", false)]
        [TestCase("en-GB", false)]
        public void LanguagesKnowTheirDirection(string locale, bool rightToLeft) =>
            Assert.That(StringTable.IsRightToLeft(locale), Is.EqualTo(rightToLeft));
    }

    /// <summary>Lines as plain 3D text draws them.</summary>
    public sealed class TextLinesTests
    {
        [Test]
        public void WordsAreNotBroken()
        {
            Assert.That(TextLines.Wrap("one two three", 7), Is.EqualTo(new[] { "one two", "three" }));
            Assert.That(TextLines.Wrap("a extraordinarily b", 4), Is.EqualTo(new[] { "a", "extraordinarily", "b" }));
            Assert.That(TextLines.Wrap("a\nb", 10), Is.EqualTo(new[] { "a", "b" }));
        }

        [Test]
        public void LeftToRightTextIsDrawnAsItIs() =>
            Assert.That(TextLines.Drawn("one two", 20, false), Is.EqualTo("one two"));

        [TestCase("אבג", "גבא")]
        [TestCase("אב 123 גד", "דג 123 בא")]
        [TestCase("אב (גד)", "(דג) בא")]
        [TestCase("אב Attune 2.0 גד", "דג Attune 2.0 בא")]
        [TestCase("אב!", "!בא")]
        [TestCase("שָׁ", "שָׁ")]
        public void RightToLeftTextIsDrawnFromTheRight(string text, string drawn) =>
            Assert.That(TextLines.Drawn(text, 40, true), Is.EqualTo(drawn));

        [Test]
        public void LinesAreBrokenBeforeTheyAreTurned() =>
            Assert.That(TextLines.Drawn("אב גד הו", 5, true), Is.EqualTo("דג בא\nוה"));
    }
}
