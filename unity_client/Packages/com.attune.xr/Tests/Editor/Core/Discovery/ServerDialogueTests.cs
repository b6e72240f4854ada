#nullable enable
using System;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What an operator is shown of found servers, and what an answer asks for.</summary>
    public sealed class ServerDialogueTests
    {
        private const string Digest = "ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc";

        private static readonly StringTable Texts = new StringTable();

        private static FoundServer Found(int number) => new FoundServer($"Hall {number}", Plain(number), "");

        private static ServerOffer Plain(int number) => ServerOffer.FromQrCode($"attune:1?endpoint=http://10.0.0.{number}:50051");

        private static ServerOffer Encrypted() =>
            ServerOffer.FromQrCode($"attune:1?endpoint=https://10.0.0.9:50051&station=hall%203&ca_sha256={Digest}");

        private static ServerView Listing(int servers) => new ServerView
        {
            Permission = PermissionState.Granted,
            Found = Enumerable.Range(1, servers).Select(Found).ToArray(),
        };

        private static ServerDialogue Showing(ServerView view)
        {
            ServerDialogue dialogue = new ServerDialogue();
            dialogue.Observe(view);
            return dialogue;
        }

        private static string Read(ServerPage page) =>
            string.Join("\n", page.Lines.Concat(page.Answers).Select(line => line.In(Texts, "en")));

        [Test]
        public void AFoundServerIsLaidBeforeTheOperatorAndNotUsed()
        {
            ServerView view = Listing(2);
            ServerAnswer answer = Showing(view).Answer(1);
            Assert.That(answer.Step, Is.EqualTo(ServerStep.Show));
            Assert.That(answer.Offer, Is.SameAs(view.Found[1].Offer));
        }

        [Test]
        public void EveryServerIsReachedAndThenTheFirstOnesAgain()
        {
            ServerDialogue dialogue = Showing(Listing(7));
            string seen = "";
            for (int page = 0; page < 4; page++)
            {
                seen += string.Join(" ", dialogue.Page.Answers.Where(answer => answer.Key.Length == 0).Select(answer => answer.Value[5])) + "|";
                Assert.That(dialogue.Answer(dialogue.Page.Answers.Count - 1).Step, Is.EqualTo(ServerStep.None));
            }

            Assert.That(seen, Is.EqualTo("1 2 3|4 5 6|7|1 2 3|"));
        }

        [Test]
        public void AServerThatCannotBeUsedIsNamedWithItsReasonAndCannotBeChosen()
        {
            ServerView view = Listing(0);
            view.Found = new[] { new FoundServer("Hall", null, "a token does not belong there") };
            ServerPage page = Showing(view).Page;
            Assert.That(page.Answers, Is.Empty);
            Assert.That(Read(page), Does.Contain("Hall (a token does not belong there)"));
        }

        [Test]
        public void AnOfferOfTheInstalledAuthorityIsShownWithAllThatIsKnownOfIt()
        {
            ServerOffer offer = Encrypted();
            ServerDialogue dialogue = Showing(new ServerView { Waiting = offer, Trust = OfferTrust.KnownAuthority });
            string page = Read(dialogue.Page);
            Assert.That(page, Does.Contain("https://10.0.0.9:50051").And.Contain("hall 3").And.Contain(Digest.Substring(0, 16)));
            Assert.That(page, Does.Contain("installed on this device"));
            ServerAnswer yes = dialogue.Answer(0);
            Assert.That(yes.Step, Is.EqualTo(ServerStep.Confirm));
            Assert.That(yes.Offer, Is.SameAs(offer));
            Assert.That(yes.PlainText, Is.False);
            Assert.That(dialogue.Answer(1).Step, Is.EqualTo(ServerStep.Refuse));
        }

        [Test]
        public void WithoutEncryptionTheAnswerItselfSaysSo()
        {
            ServerDialogue dialogue = Showing(new ServerView { Waiting = Plain(5), Trust = OfferTrust.PlainText });
            Assert.That(dialogue.Page.Lines.Where(line => line.Warns).Select(line => line.Key), Is.EqualTo(new[] { OperatorTexts.PlainText }));
            Assert.That(dialogue.Page.Answers[0].Key, Is.EqualTo(OperatorTexts.YesPlain));
            Assert.That(dialogue.Answer(0).PlainText, Is.True);
        }

        [Test]
        public void AnUnknownAuthorityCanOnlyBeRefused()
        {
            ServerDialogue dialogue = Showing(new ServerView { Waiting = Encrypted(), Trust = OfferTrust.UnknownAuthority });
            Assert.That(dialogue.Page.Answers.Single().Key, Is.EqualTo(OperatorTexts.No));
            Assert.That(dialogue.Answer(0).Step, Is.EqualTo(ServerStep.Refuse));
        }

        [Test]
        public void APageTurnsOnlyWhenItReadsOtherwise()
        {
            ServerDialogue dialogue = Showing(Listing(2));
            Assert.That(dialogue.Observe(Listing(2)), Is.False);
            Assert.That(dialogue.Observe(Listing(3)), Is.True);
            ServerView shown = Listing(3);
            shown.Waiting = Plain(3);
            shown.Trust = OfferTrust.PlainText;
            Assert.That(dialogue.Observe(shown), Is.True);
            shown.Waiting = Plain(4);
            Assert.That(dialogue.Observe(shown), Is.True);
            Assert.That(dialogue.Answer(0).Offer, Is.SameAs(shown.Waiting));
        }

        [Test]
        public void ConfiguredServerPermissionAndProblemsAreSaid()
        {
            ServerView view = Listing(0);
            Assert.That(Read(Showing(view).Page), Does.Contain("default branches").And.Contain("No server has answered"));
            view.Configured = "https://10.0.0.9:50051";
            view.Permission = PermissionState.Asking;
            view.Problem = "attune.json cannot be written";
            ServerPage page = Showing(view).Page;
            Assert.That(Read(page), Does.StartWith("From the next visitor on: https://10.0.0.9:50051\n"));
            Assert.That(Read(page), Does.Contain("The system is asking"));
            Assert.That(Read(page), Does.Not.Contain("No server has answered"));
            Assert.That(page.Lines.Where(line => line.Warns).Select(line => line.Value), Is.EqualTo(new[] { "attune.json cannot be written" }));
        }

        [Test]
        public void AnAnswerThatIsNotOnThePageIsAnError()
        {
            ServerDialogue dialogue = Showing(Listing(1));
            Assert.That(() => dialogue.Answer(1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => dialogue.Answer(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }

        [Test]
        public void WhatIsConfirmedOnTheScreenIsWhatTheDeskConfirms()
        {
            OfferDesk desk = new OfferDesk("");
            ServerDialogue dialogue = Showing(Listing(2));
            OfferTrust trust = desk.Show(dialogue.Answer(0).Offer!);
            dialogue.Observe(new ServerView { Waiting = desk.Waiting, Trust = trust });
            ServerAnswer yes = dialogue.Answer(0);
            Assert.That(desk.Confirm(yes.Offer!.Address, yes.PlainText)["endpoint"], Is.EqualTo("http://10.0.0.1:50051"));
        }
    }
}
