#nullable enable
using System;
using System.Collections.Generic;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What a visitor is asked, and what is taken for an answer.</summary>
    public sealed class ConsentDialogueTests
    {
        private const int Yes = 0;
        private const int No = 1;
        private const int Back = 2;

        private const ConsentQuestions Everything =
            ConsentQuestions.StoreFeatures | ConsentQuestions.StoreVideo | ConsentQuestions.Research;

        private static ConsentDialogue Answered(ConsentQuestions questions, params int[] answers)
        {
            ConsentDialogue dialogue = new ConsentDialogue(questions);
            foreach (int answer in answers)
            {
                dialogue.Answer(answer);
            }

            return dialogue;
        }

        [Test]
        public void NothingIsAllowedBeforeTheEnd()
        {
            ConsentDialogue dialogue = Answered(Everything, Yes, Yes);
            Assert.That(dialogue.IsOver, Is.False);
            Assert.That(dialogue.Granted, Is.Empty);
        }

        [Test]
        public void RefusingEndsItAtOnceAndAllowsNothing()
        {
            ConsentDialogue dialogue = Answered(Everything, No);
            Assert.That(dialogue.IsOver, Is.True);
            Assert.That(dialogue.Granted, Is.Empty);
            Assert.That(dialogue.ThanksKey, Is.EqualTo(VisitorTexts.ConsentThanksNo));
        }

        [Test]
        public void OnlyWhatWasAnsweredWithYesIsAllowed()
        {
            Assert.That(Answered(ConsentQuestions.AnalyseOnly, Yes).Granted, Is.EqualTo(new[] { ConsentScope.Analyse }));
            Assert.That(
                Answered(Everything, Yes, Yes, No, Yes).Granted,
                Is.EqualTo(new[] { ConsentScope.Analyse, ConsentScope.StoreFeatures, ConsentScope.Research }));
        }

        [Test]
        public void ResearchIsAskedOnlyOfWhoAllowsSomethingToBeStored() =>
            Assert.That(Answered(Everything, Yes, No, No).IsOver, Is.True);

        [Test]
        public void GoingBackTakesTheAnswerBack()
        {
            ConsentDialogue dialogue = Answered(Everything, Yes, Yes, Back, No, No);
            Assert.That(dialogue.Granted, Is.EqualTo(new[] { ConsentScope.Analyse }));
            Assert.That(Answered(Everything, Yes, Back, No).Granted, Is.Empty);
        }

        [Test]
        public void TheFirstPageHasNothingToGoBackTo()
        {
            ConsentDialogue dialogue = new ConsentDialogue(Everything);
            Assert.That(dialogue.Page.AnswerKeys, Has.Count.EqualTo(2));
            Assert.That(() => dialogue.Answer(Back), Throws.InstanceOf<ArgumentOutOfRangeException>());
        }

        [Test]
        public void EveryPageHasTextsInTheTable()
        {
            ConsentDialogue dialogue = new ConsentDialogue(Everything);
            HashSet<string> keys = new HashSet<string>();
            while (!dialogue.IsOver)
            {
                keys.Add(dialogue.Page.TextKey);
                keys.UnionWith(dialogue.Page.AnswerKeys);
                dialogue.Answer(Yes);
            }

            Assert.That(keys, Is.SubsetOf(VisitorTexts.Keys));
        }
    }

    /// <summary>Looking as an answer.</summary>
    public sealed class DwellSelectorTests
    {
        [Test]
        public void ALongEnoughLookSelectsOnce()
        {
            DwellSelector dwell = new DwellSelector(1);
            List<int> selected = new List<int>();
            for (int i = 0; i < 50; i++)
            {
                int one = dwell.Observe(3, 0.1);
                if (one >= 0)
                {
                    selected.Add(one);
                }
            }

            Assert.That(selected, Is.EqualTo(new[] { 3 }));
            Assert.That(dwell.Progress, Is.Zero);
        }

        [Test]
        public void AShortLookSelectsNothing()
        {
            DwellSelector dwell = new DwellSelector(1);
            for (int i = 0; i < 20; i++)
            {
                Assert.That(dwell.Observe(i / 5, 0.1), Is.EqualTo(-1));
            }
        }

        [Test]
        public void ABlinkOfTheTrackingDoesNotBreakALook()
        {
            DwellSelector dwell = new DwellSelector(1);
            dwell.Observe(0, 0.1);
            dwell.Observe(0, 0.7);
            dwell.Observe(-1, 0.05);
            Assert.That(dwell.Progress, Is.EqualTo(0.7f).Within(1e-5f));
            Assert.That(dwell.Observe(0, 0.35), Is.EqualTo(0));
        }

        [Test]
        public void LookingAwayForLongerBeginsAnew()
        {
            DwellSelector dwell = new DwellSelector(1);
            dwell.Observe(0, 0.1);
            dwell.Observe(0, 0.9);
            dwell.Observe(-1, 0.3);
            dwell.Observe(0, 0.1);
            Assert.That(dwell.Observe(0, 0.5), Is.EqualTo(-1));
        }

        [Test]
        public void TheSameLookDoesNotAnswerTheNextQuestion()
        {
            DwellSelector dwell = new DwellSelector(1);
            dwell.Observe(0, 0.1);
            Assert.That(dwell.Observe(0, 1), Is.EqualTo(0));
            Assert.That(dwell.Observe(0, 5), Is.EqualTo(-1));
            dwell.Observe(-1, 0.5);
            dwell.Observe(0, 0.1);
            Assert.That(dwell.Observe(0, 1), Is.EqualTo(0));
        }

        [Test]
        public void WhatIsHeldWhenAQuestionComesUpDoesNotCount()
        {
            DwellSelector dwell = new DwellSelector(1);
            dwell.Observe(1, 0.1);
            dwell.Observe(1, 0.8);
            dwell.Spend();
            Assert.That(dwell.Observe(1, 5), Is.EqualTo(-1));
        }
    }

    /// <summary>What a visitor sees of the camera.</summary>
    public sealed class CameraSignTests
    {
        [Test]
        public void EveryStateHasAFormAndATextOfItsOwn()
        {
            CameraSign[] signs =
            {
                CameraSign.Of(ConnectionState.Streaming, true, false, false),
                CameraSign.Of(ConnectionState.Streaming, false, true, true),
                CameraSign.Of(ConnectionState.Streaming, true, true, false),
                CameraSign.Of(ConnectionState.Streaming, true, true, true),
                CameraSign.Of(ConnectionState.Paused, true, true, true),
            };
            HashSet<SignForm> forms = new HashSet<SignForm>();
            HashSet<string> texts = new HashSet<string>();
            foreach (CameraSign sign in signs)
            {
                Assert.That(forms.Add(sign.Form), Is.True);
                Assert.That(texts.Add(sign.TextKey), Is.True);
                Assert.That(VisitorTexts.Keys, Does.Contain(sign.TextKey));
            }
        }

        [Test]
        public void WithoutCameraServerOrVisitorNothingIsClaimed()
        {
            Assert.That(CameraSign.Of(null, true, true, true).Form, Is.EqualTo(SignForm.Ring));
            Assert.That(CameraSign.Of(ConnectionState.Offline, true, true, true).Form, Is.EqualTo(SignForm.Ring));
            Assert.That(CameraSign.Of(ConnectionState.Ended, true, true, true).Form, Is.EqualTo(SignForm.Ring));
        }

        [Test]
        public void WithdrawingShowsAtOnceWhateverTheConnectionDoes()
        {
            foreach (ConnectionState state in (ConnectionState[])Enum.GetValues(typeof(ConnectionState)))
            {
                Assert.That(CameraSign.Of(state, true, false, false).Form, Is.EqualTo(SignForm.Ring));
            }
        }
    }

    /// <summary>Whether somebody is read right now.</summary>
    public sealed class ReadingWatchTests
    {
        private const long Second = 1_000_000_000;

        [Test]
        public void NothingIsReadBeforeAFrameLeftOrAnAnswerSpeaksOfOne()
        {
            ReadingWatch watch = new ReadingWatch();
            Assert.That(watch.Observe(0, null, 0), Is.False);
            Assert.That(watch.Observe(0, new StateUpdate(), Second), Is.False);
            Assert.That(watch.Observe(1, null, Second), Is.True);
        }

        [Test]
        public void TheServersOwnCameraShowsToo()
        {
            ReadingWatch watch = new ReadingWatch();
            Assert.That(watch.Observe(0, new StateUpdate { Face = new FaceState() }, 0), Is.True);
        }

        [Test]
        public void ItEndsAMomentAfterTheLastFrame()
        {
            ReadingWatch watch = new ReadingWatch();
            StateUpdate last = new StateUpdate { Face = new FaceState() };
            watch.Observe(5, last, 0);
            Assert.That(watch.Observe(5, last, Second), Is.True);
            Assert.That(watch.Observe(5, last, 3 * Second), Is.False);
        }
    }

    /// <summary>Controller, hand and gaze as one.</summary>
    public sealed class PanelInteractionTests
    {
        [Test]
        public void APressSelectsWhatThePointerPointsAt()
        {
            PanelInteraction panel = new PanelInteraction(1);
            panel.Observe(0, 1, false, 0.1);
            Assert.That(panel.Observe(0, 1, true, 0.1), Is.EqualTo(1));
            Assert.That(panel.Observe(0, 1, true, 0.1), Is.EqualTo(-1));
        }

        [Test]
        public void WithoutAPointerAPressSelectsWhatIsLookedAt()
        {
            PanelInteraction panel = new PanelInteraction(1);
            panel.Observe(2, -1, false, 0.1);
            Assert.That(panel.Observe(2, -1, true, 0.1), Is.EqualTo(2));
        }

        [Test]
        public void LookingAloneSelectsToo()
        {
            PanelInteraction panel = new PanelInteraction(1);
            panel.Observe(2, -1, false, 0.1);
            Assert.That(panel.Observe(2, -1, false, 1), Is.EqualTo(2));
        }

        [Test]
        public void APressFromBeforeThePanelIsNoAnswer()
        {
            PanelInteraction panel = new PanelInteraction(1);
            Assert.That(panel.Observe(0, -1, true, 0.1), Is.EqualTo(-1));
            Assert.That(panel.Observe(0, -1, true, 0.1), Is.EqualTo(-1));
        }

        [Test]
        public void ANumberKeySelectsOnceWhateverIsLookedAt()
        {
            PanelInteraction panel = new PanelInteraction(1);
            panel.Observe(0, -1, false, 0.1);
            Assert.That(panel.Observe(0, -1, false, 0.1, 1), Is.EqualTo(1));
            panel.Turn();
            Assert.That(panel.Observe(0, -1, false, 0.1, 1), Is.EqualTo(-1));
            Assert.That(panel.Observe(0, -1, false, 0.1), Is.EqualTo(-1));
            Assert.That(panel.Observe(0, -1, false, 0.1, 1), Is.EqualTo(1));
        }

        [Test]
        public void ANumberKeyFromBeforeThePanelOrItsPageIsNoAnswer()
        {
            PanelInteraction panel = new PanelInteraction(1);
            Assert.That(panel.Observe(-1, -1, false, 0.1, 0), Is.EqualTo(-1));
            Assert.That(panel.Observe(-1, -1, false, 0.1), Is.EqualTo(-1));

            // The page changes by itself in the moment of the press.
            panel.Turn();
            Assert.That(panel.Observe(-1, -1, false, 0.1, 0), Is.EqualTo(-1));
            panel.Observe(-1, -1, false, 0.1);
            Assert.That(panel.Observe(-1, -1, false, 0.1, 0), Is.EqualTo(0));
        }

        [Test]
        public void TheAnswerToOnePageIsNotTheAnswerToTheNext()
        {
            PanelInteraction panel = new PanelInteraction(1);
            panel.Observe(0, -1, false, 0.1);
            Assert.That(panel.Observe(0, -1, true, 0.1), Is.EqualTo(0));
            panel.Turn();
            Assert.That(panel.Observe(0, -1, true, 0.1), Is.EqualTo(-1));
            Assert.That(panel.Observe(0, -1, false, 5), Is.EqualTo(-1));
        }
    }

    /// <summary>Answers on a panel, and the ray that points at them.</summary>
    public sealed class PanelTilesTests
    {
        [Test]
        public void ARayFromTheFrontFindsItsTile()
        {
            IReadOnlyList<Tile> tiles = PanelTiles.Column(3, 0, 0.3f, 0.4f, 0.1f, 0.02f);
            Vector eye = new Vector(0, 0, -1);
            Assert.That(PanelTiles.Hit(eye, new Vector(0, 0.25, 1), tiles), Is.EqualTo(0));
            Assert.That(PanelTiles.Hit(eye, new Vector(0, 0.13, 1), tiles), Is.EqualTo(1));
            Assert.That(PanelTiles.Hit(eye, new Vector(0, 0.01, 1), tiles), Is.EqualTo(2));
            Assert.That(PanelTiles.Hit(eye, new Vector(0, 0.19, 1), tiles), Is.EqualTo(-1));
            Assert.That(PanelTiles.Hit(eye, new Vector(0, 0.25, -1), tiles), Is.EqualTo(-1));
            Assert.That(PanelTiles.Hit(eye, new Vector(1, 0, 0), tiles), Is.EqualTo(-1));
        }

        [Test]
        public void NoAnswerIsLargerThanAnother()
        {
            foreach (Tile tile in PanelTiles.Column(3, 0, 1, 0.4f, 0.1f, 0))
            {
                Assert.That(tile.Width * tile.Height, Is.EqualTo(0.04f).Within(1e-6f));
            }
        }

        [Test]
        public void AnEmptyShareDrawsNothingAndAFullOneTheWholeRing()
        {
            FlatDrawing drawing = new FlatDrawing();
            drawing.Arc(0, 0, 0.5f, 1, 0, Tint.Blue);
            Assert.That(drawing.VertexCount, Is.Zero);
            drawing.Arc(0, 0, 0.5f, 1, 1, Tint.Blue, 16);
            Assert.That(drawing.Indices, Has.Count.EqualTo(16 * 6));
            for (int i = 0; i < drawing.VertexCount; i++)
            {
                double radius = Math.Sqrt((drawing.X(i) * drawing.X(i)) + (drawing.Y(i) * drawing.Y(i)));
                Assert.That(radius, Is.EqualTo(0.5).Within(1e-5).Or.EqualTo(1).Within(1e-5));
            }
        }
    }
}
