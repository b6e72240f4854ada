#nullable enable
using System;
using System.Collections.Generic;
using UnityEngine;
using UnityEngine.Events;

namespace Attune.Components
{
    /// <summary>
    /// Asks a visitor what may be done and begins the session with the answer. It can be answered seated and with one hand,
    /// by controller, hand or gaze alone; every text can be spoken. Refusing begins the same story.
    /// </summary>
    [AddComponentMenu("Attune/Consent Prompt")]
    [RequireComponent(typeof(VisitorInput))]
    public sealed class ConsentPrompt : MonoBehaviour
    {
        private const float Width = 0.9f;
        private const float Height = 0.62f;
        private const float Line = 0.028f;

        [SerializeField]
        private AttuneSession? session = null;

        [SerializeField]
        [Tooltip("None: the English and German that ship, in the device's language.")]
        private VisitorStrings? strings = null;

        [SerializeField]
        [Tooltip("What is asked beyond analysis. What is not asked is not allowed.")]
        private ConsentQuestions questions = ConsentQuestions.AnalyseOnly;

        [SerializeField]
        [Tooltip("Asks when this component is enabled. Otherwise call Ask().")]
        private bool askOnEnable = true;

        [SerializeField]
        [Tooltip("Speaks the texts that have a recording. None: see Spoken.")]
        private AudioSource? voice = null;

        [SerializeField]
        [Tooltip("A text was shown: for a voice of your own. Carries the text in the visitor's language.")]
        private UnityEvent<string> spoken = new UnityEvent<string>();

        [SerializeField]
        [Tooltip("The visitor has answered, and the session has begun: the story starts here.")]
        private UnityEvent answered = new UnityEvent();

        private readonly PanelPlacement _placement = new PanelPlacement(1.3);
        private IReadOnlyList<Tile> _tiles = new Tile[0];
        private FlatPanel? _panel;
        private VisitorInput? _input;
        private ConsentDialogue? _dialogue;
        private PanelInteraction? _interaction;
        private int _highlighted = -1;
        private float _progress;
        private bool _isDrawn;

        public UnityEvent Answered => answered;

        /// <summary>Who the next visitor is: a pseudonym. Empty: a random one.</summary>
        public string ParticipantId { get; set; } = "";

        /// <summary>Asks the next visitor. What the last one allowed is over.</summary>
        public void Ask()
        {
            if (session != null)
            {
                session.Finish(EndReason.NextVisitor);
            }

            _input = GetComponent<VisitorInput>();
            strings = strings == null ? ScriptableObject.CreateInstance<VisitorStrings>() : strings;
            _dialogue = new ConsentDialogue(questions);
            _interaction = new PanelInteraction(_input.Dwell);
            Turn();
        }

        private void OnEnable()
        {
            if (askOnEnable)
            {
                Ask();
            }
        }

        private void OnDisable()
        {
            _panel?.Destroy();
            _panel = null;
            _dialogue = null;
        }

        private void Update()
        {
            if (_dialogue == null)
            {
                return;
            }

            _panel ??= new FlatPanel("Consent", transform);
            _panel.Show(true);
            Place();
            int answer = _input!.Observe(_interaction!, _panel.Transform, _tiles, true);
            if (answer >= 0)
            {
                _dialogue.Answer(answer);
                Turn();
            }

            if (_dialogue != null && _panel != null && (!_isDrawn || IsPointedAtOtherwise()))
            {
                Draw();
            }
        }

        private bool IsPointedAtOtherwise() =>
            _highlighted != _interaction!.Highlighted || Math.Abs(_progress - _interaction.Progress) > 0.01f;

        /// <summary>In front of the visitor's head; without one, where this object is.</summary>
        private void Place()
        {
            Transform? head = _input!.Head;
            if (head == null)
            {
                return;
            }

            Vector3 eyes = head.position;
            Vector3 forward = head.forward;
            _placement.Observe(new Vector(eyes.x, eyes.y, eyes.z), new Vector(forward.x, forward.y, forward.z));
            Vector at = _placement.Position;
            Vector direction = _placement.Direction;
            _panel!.Transform.position = new Vector3((float)at.X, (float)at.Y, (float)at.Z);
            _panel.Transform.rotation = Quaternion.LookRotation(new Vector3((float)direction.X, 0, (float)direction.Z), Vector3.up);
        }

        /// <summary>The next page, or the beginning of the story.</summary>
        private void Turn()
        {
            _interaction!.Turn();
            if (_dialogue!.IsOver)
            {
                Begin(_dialogue);
                return;
            }

            ConsentPage page = _dialogue.Page;
            _tiles = PanelTiles.Column(page.AnswerKeys.Count, 0, 0.02f, 0.5f, 0.08f, 0.015f);
            _isDrawn = false;
            Say(page.TextKey);
        }

        private void Begin(ConsentDialogue dialogue)
        {
            _dialogue = null;
            _panel?.Show(false);
            Say(dialogue.ThanksKey);
            if (session != null)
            {
                string participant = ParticipantId.Length > 0 ? ParticipantId : Guid.NewGuid().ToString("N");
                ParticipantId = "";
                session.Locale = strings!.Locale;
                session.Begin(participant, dialogue.Granted);
            }

            answered.Invoke();
        }

        private void Say(string key)
        {
            AudioClip? clip = strings!.Clip(key);
            if (voice != null && clip != null)
            {
                voice.Stop();
                voice.PlayOneShot(clip);
            }

            spoken.Invoke(strings.Text(key));
        }

        private void Draw()
        {
            ConsentPage page = _dialogue!.Page;
            _isDrawn = true;
            _highlighted = _interaction!.Highlighted;
            _progress = _interaction.Progress;
            _panel!.Begin();
            _panel.Drawing.Rectangle(-Width / 2, -Height / 2, Width, Height, Tint.Dark);
            bool rightToLeft = strings!.IsRightToLeft;
            TextAlignment alignment = rightToLeft ? TextAlignment.Right : TextAlignment.Left;
            TextAnchor corner = rightToLeft ? TextAnchor.UpperRight : TextAnchor.UpperLeft;
            float side = (rightToLeft ? 1 : -1) * ((Width / 2) - 0.04f);
            _panel.Text(strings.Lines(VisitorTexts.ConsentTitle, 40), side, (Height / 2) - 0.03f, Line * 1.3f, corner, alignment, Tint.White);
            _panel.Text(strings.Lines(page.TextKey, 52), side, (Height / 2) - 0.1f, Line, corner, alignment, Tint.White);
            for (int i = 0; i < _tiles.Count; i++)
            {
                AnswerTile.Draw(_panel, _tiles[i], i, strings!.Lines(page.AnswerKeys[i], 30), i == _highlighted, _progress, Line);
            }

            _panel.Text(
                strings.Lines(VisitorTexts.ConsentHow, 70), 0, (-Height / 2) + 0.02f, Line * 0.7f, TextAnchor.LowerCenter,
                TextAlignment.Center, Tint.Grey);
            _panel.End();
        }
    }
}
