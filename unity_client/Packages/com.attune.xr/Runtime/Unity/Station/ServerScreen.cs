#nullable enable
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// An operator's screen in the scene: the servers that were found, what is known of the one that is laid before the
    /// operator, and the answer. It is answered by pointing or looking and pressing, or by number; looking alone answers
    /// nothing. Put it into a scene that visitors do not reach.
    /// </summary>
    [AddComponentMenu("Attune/Server Screen")]
    [RequireComponent(typeof(ServerFinder))]
    [RequireComponent(typeof(VisitorInput))]
    [DisallowMultipleComponent]
    public sealed class ServerScreen : MonoBehaviour
    {
        private const float Width = 1.1f;
        private const float Height = 0.8f;
        private const float Line = 0.026f;
        private const float LineStep = 0.044f;
        private const int LineWidth = 64;
        private const float LookAgainS = 0.25f;

        [SerializeField]
        [Tooltip("None: the English and German that ship, in the device's language.")]
        private VisitorStrings? strings = null;

        private readonly ServerDialogue _dialogue = new ServerDialogue();
        private ServerFinder? _finder;
        private VisitorInput? _input;
        private PanelInteraction? _interaction;
        private FlatPanel? _panel;
        private Tile[] _tiles = new Tile[0];
        private float _untilLookS;
        private int _highlighted = -1;
        private bool _isDrawn;

        private void OnEnable()
        {
            _finder = GetComponent<ServerFinder>();
            _input = GetComponent<VisitorInput>();
            strings = strings == null ? ScriptableObject.CreateInstance<VisitorStrings>() : strings;

            // No look is ever long enough.
            _interaction = new PanelInteraction(double.MaxValue);
            _untilLookS = 0;
            Turn();
        }

        private void OnDisable()
        {
            _panel?.Destroy();
            _panel = null;
            _isDrawn = false;
        }

        private void Update()
        {
            _panel ??= new FlatPanel("Server screen", transform);
            _untilLookS -= Time.unscaledDeltaTime;
            if (_untilLookS <= 0)
            {
                Look();
            }

            int answer = _input!.Observe(_interaction!, _panel.Transform, _tiles, true);
            if (answer >= 0)
            {
                Do(_dialogue.Answer(answer));
                Turn();
                Look();
            }

            if (!_isDrawn || _highlighted != _interaction!.Highlighted)
            {
                Draw();
            }
        }

        private void Look()
        {
            _untilLookS = LookAgainS;
            bool turned = _dialogue.Observe(new ServerView
            {
                Found = _finder!.Found,
                Waiting = _finder.Waiting,
                Trust = _finder.Trust,
                Permission = _finder.Permission,
                Problem = _finder.Problem,
                Configured = _finder.Configured,
            });
            if (turned)
            {
                Turn();
            }
        }

        private void Do(ServerAnswer answer)
        {
            switch (answer.Step)
            {
                case ServerStep.Show:
                    _finder!.Show(answer.Offer!);
                    break;
                case ServerStep.Confirm:
                    _finder!.Confirm(answer.Offer!.Address, answer.PlainText);
                    break;
                case ServerStep.Refuse:
                    _finder!.Refuse();
                    break;
            }
        }

        /// <summary>Another page: what is held or pointed at now is no answer to it.</summary>
        private void Turn()
        {
            _interaction!.Turn();
            _isDrawn = false;
            _tiles = new Tile[_dialogue.Page.Answers.Count];
            for (int i = 0; i < _tiles.Length; i++)
            {
                _tiles[i] = new Tile(-0.5f, -0.06f - (i * 0.085f), 1, 0.07f);
            }
        }

        private void Draw()
        {
            _isDrawn = true;
            _highlighted = _interaction!.Highlighted;
            ServerPage page = _dialogue.Page;
            bool rightToLeft = strings!.IsRightToLeft;
            TextAlignment alignment = rightToLeft ? TextAlignment.Right : TextAlignment.Left;
            TextAnchor corner = rightToLeft ? TextAnchor.UpperRight : TextAnchor.UpperLeft;
            float side = (rightToLeft ? 1 : -1) * ((Width / 2) - 0.04f);
            _panel!.Begin();
            _panel.Drawing.Rectangle(-Width / 2, -Height / 2, Width, Height, Tint.Dark);
            _panel.Text(strings.Lines(page.TitleKey, 40), side, (Height / 2) - 0.03f, Line * 1.3f, corner, alignment, Tint.White);
            float top = (Height / 2) - 0.09f;
            foreach (ServerLine line in page.Lines)
            {
                string text = Text(line);
                string marked = line.Warns ? "! " + text : text;
                _panel.Text(marked, side, top, Line, corner, alignment, line.Warns ? Tint.Orange : Tint.White);
                top -= LineStep * text.Split('\n').Length;
            }

            for (int i = 0; i < _tiles.Length; i++)
            {
                AnswerTile.Draw(_panel, _tiles[i], i, Text(page.Answers[i]), i == _highlighted, 0, Line);
            }

            _panel.Text(
                strings.Lines(OperatorTexts.How, LineWidth), 0, (-Height / 2) + 0.02f, Line * 0.7f, TextAnchor.LowerCenter,
                TextAlignment.Center, Tint.Grey);
            _panel.End();
        }

        private string Text(ServerLine line) =>
            TextLines.Drawn(line.In(strings!.Table, strings.Locale), LineWidth, strings.IsRightToLeft);
    }
}
