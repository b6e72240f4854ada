#nullable enable
using UnityEngine;
using UnityEngine.Events;

namespace Attune.Components
{
    /// <summary>
    /// Shows what the camera does, by form, text and colour, and stops it: by looking at the sign, by pointing at it and
    /// pressing, or by <see cref="Stop"/>. After a stop no further frame leaves; the story goes on.
    /// </summary>
    [AddComponentMenu("Attune/Camera Sign")]
    [RequireComponent(typeof(VisitorInput))]
    public sealed class CameraSignView : MonoBehaviour
    {
        private const float Radius = 0.03f;
        private const float Line = 0.02f;

        private static readonly Tile[] Area = { new Tile(-0.06f, -0.06f, 0.44f, 0.12f) };

        [SerializeField]
        private AttuneSession? session = null;

        [SerializeField]
        [Tooltip("None: the English and German that ship, in the device's language.")]
        private VisitorStrings? strings = null;

        [SerializeField]
        [Tooltip("Speaks that the camera was stopped, where there is a recording.")]
        private AudioSource? voice = null;

        [SerializeField]
        [Tooltip("The visitor stopped the camera. Carries the text in the visitor's language.")]
        private UnityEvent<string> stopped = new UnityEvent<string>();

        private AttuneClient? _client;
        private StateUpdate? _latest;
        private ReadingWatch _watch = new ReadingWatch();
        private FlatPanel? _panel;
        private VisitorInput? _input;
        private PanelInteraction? _interaction;
        private string _shown = "";
        private float _progress = -1;
        private int _highlighted = -1;

        /// <summary>Withdraws every consent. Nothing that is captured afterwards leaves the device.</summary>
        public void Stop()
        {
            if (_client == null || !_client.Allows(ConsentScope.Analyse))
            {
                return;
            }

            _client.ChangeConsent();
            AudioClip? clip = strings!.Clip(VisitorTexts.StopDone);
            if (voice != null && clip != null)
            {
                voice.PlayOneShot(clip);
            }

            stopped.Invoke(strings.Text(VisitorTexts.StopDone));
        }

        private void OnEnable()
        {
            _input = GetComponent<VisitorInput>();
            _interaction = new PanelInteraction(_input.Dwell + 0.5);
            strings = strings == null ? ScriptableObject.CreateInstance<VisitorStrings>() : strings;
        }

        private void OnDisable()
        {
            Follow(null);
            _panel?.Destroy();
            _panel = null;
            _shown = "";
        }

        private void LateUpdate()
        {
            Follow(session == null ? null : session.Client);
            bool analyse = _client != null && _client.Allows(ConsentScope.Analyse);
            bool store = _client != null && (_client.Allows(ConsentScope.StoreFeatures) || _client.Allows(ConsentScope.StoreVideo));
            ConnectionState? state = null;
            bool reads = false;
            if (_client != null)
            {
                ClientFigures figures = _client.Figures;
                state = figures.State;
                reads = _watch.Observe(figures.FramesSent, _latest, _client.NowNs);
            }

            _panel ??= new FlatPanel("Camera sign", transform);
            if (analyse && _input!.Observe(_interaction!, _panel.Transform, Area, false) == 0)
            {
                Stop();
                analyse = false;
            }

            Draw(CameraSign.Of(state, reads, analyse, store), analyse);
        }

        private void Follow(AttuneClient? client)
        {
            if (ReferenceEquals(client, _client))
            {
                return;
            }

            if (_client != null)
            {
                _client.Updated -= Keep;
            }

            _client = client;
            _latest = null;
            _watch = new ReadingWatch();
            if (client != null)
            {
                client.Updated += Keep;
            }
        }

        private void Keep(StateUpdate update) => _latest = update;

        private void Draw(in CameraSign sign, bool canStop)
        {
            float progress = canStop ? _interaction!.Progress : 0;
            int highlighted = canStop ? _interaction!.Highlighted : -1;
            if (sign.TextKey == _shown && progress == _progress && highlighted == _highlighted)
            {
                return;
            }

            _shown = sign.TextKey;
            _progress = progress;
            _highlighted = highlighted;
            _panel!.Begin();
            _panel.Drawing.Rectangle(Area[0].Left, Area[0].Bottom, Area[0].Width, Area[0].Height, Tint.Dark);
            _panel.Drawing.Sign(sign, 0, 0, Radius);
            _panel.Drawing.Arc(0, 0, Radius * 1.2f, Radius * 1.45f, progress, Tint.White);
            string key = highlighted == 0 ? VisitorTexts.Stop : sign.TextKey;
            TextAlignment alignment = strings!.IsRightToLeft ? TextAlignment.Right : TextAlignment.Left;
            _panel.Text(strings.Lines(key, 24), 0.07f, 0, Line, TextAnchor.MiddleLeft, alignment, Tint.White);
            _panel.End();
        }
    }
}
