#nullable enable
using System;
using System.Collections.Generic;
using System.Threading;
using UnityEngine;
using UnityEngine.Events;
using UnityEngine.XR;

namespace Attune.Components
{
    /// <summary>
    /// One visitor after the other in one scene. Nothing leaves the device and no session begins before
    /// <see cref="Begin"/> says what the visitor allowed. Events arrive on the main thread.
    /// </summary>
    [AddComponentMenu("Attune/Attune Session")]
    [DisallowMultipleComponent]
    public sealed class AttuneSession : MonoBehaviour
    {
        /// <summary>Those that are enabled, in all loaded scenes.</summary>
        internal static readonly OpenSessions<AttuneSession> Open = new OpenSessions<AttuneSession>();

        private const long PoseIntervalNs = 33_000_000;

        [SerializeField]
        [Tooltip("None: the story is played with its authored defaults.")]
        private AttuneServer? server = null;

        [SerializeField]
        [Tooltip("A simulated or recorded visitor, played on this device instead of the server above.")]
        private AttuneLocalVisitor? simulatedVisitor = null;

        [SerializeField]
        private AttuneScenario? scenario = null;

        [SerializeField]
        [Tooltip("The visitor's head, for example the main camera. None: no head pose is sent.")]
        private Transform? head = null;

        [SerializeField]
        [Tooltip("Origin of the tracking space, for example the XR rig. None: the world's.")]
        private Transform? trackingSpace = null;

        [SerializeField]
        [Tooltip("The camera of this device that looks at the visitor. None: no frame is sent.")]
        private FrameSource? frames = null;

        [SerializeField]
        [Tooltip("Without frames of this device: the server opens a camera of its own, which looks at the visitor.")]
        private bool serverCamera = false;

        [SerializeField]
        [Tooltip("Which camera, as the server names it; empty: the station's.")]
        private string cameraId = "";

        [SerializeField]
        private UnityEvent<ConnectionState> stateChanged = new UnityEvent<ConnectionState>();

        [SerializeField]
        private UnityEvent<StateUpdate> updated = new UnityEvent<StateUpdate>();

        [SerializeField]
        private UnityEvent<SessionOver> ended = new UnityEvent<SessionOver>();

        private readonly List<ChoicePoint> _choices = new List<ChoicePoint>();
        private AttuneClient? _client;
        private uint _trackingEpoch = 1;
        private long _nextPoseNs;
        private bool _resumes;

        /// <summary>A choice was settled: its branch is to be played.</summary>
        public event Action<ChoiceSettled>? Settled;

        /// <summary>A visitor's session is over for this scene: forget what is kept of them.</summary>
        public event Action? VisitorLeft;

        /// <summary>Null between two visitors.</summary>
        public AttuneClient? Client => _client;

        /// <summary>The choice points that are active now and belong to this session.</summary>
        public IReadOnlyList<ChoicePoint> Choices => _choices;

        /// <summary>What the scene is about right now; attention is measured towards it.</summary>
        public Transform? Focus { get; set; }

        /// <summary>Language of the next visitors, BCP 47; empty: the device's. A Consent Prompt sets the one that it speaks.</summary>
        public string Locale { get; set; } = "";

        /// <summary>The camera of this device; null: it has none.</summary>
        public FrameSource? Frames => frames == null ? null : frames;

        public UnityEvent<ConnectionState> StateChanged => stateChanged;

        public UnityEvent<StateUpdate> Updated => updated;

        public UnityEvent<SessionOver> Ended => ended;

        /// <summary>A visitor begins. What is not listed is not allowed; an empty list plays the same story.</summary>
        /// <param name="participantId">A pseudonym, never a name.</param>
        public void Begin(string participantId, IEnumerable<ConsentScope> consent)
        {
            Finish(EndReason.NextVisitor);
            StationSetup? setup = server == null ? null : Setup(server);
            Begin(participantId, consent, setup, Links(setup));
        }

        /// <summary>A visitor begins whom this device plays, for example a recorded one. Nothing leaves the device.</summary>
        public void Play(string participantId, ILocalVisitor visitor)
        {
            Finish(EndReason.NextVisitor);
            Begin(participantId, Array.Empty<ConsentScope>(), null, new SimulatedLinks(visitor));
        }

        /// <summary>The visitor's session is over for good; the next one begins with a consent of its own.</summary>
        public void Finish(EndReason reason)
        {
            AttuneClient? left = _client;
            _client = null;
            Focus = null;
            if (left != null)
            {
                left.Leave(reason);
                VisitorLeft?.Invoke();
            }
        }

        /// <summary>The tracking space has a new origin: poses before and after cannot be compared.</summary>
        public void NoteRecentre() => _trackingEpoch++;

        internal void Include(ChoicePoint choice) => _choices.Add(choice);

        internal void Exclude(ChoicePoint choice) => _choices.Remove(choice);

        /// <summary>
        /// The headset's name, from which the server takes what of a face to expect; empty: there is none, or none that is known.
        /// </summary>
        private static string HeadsetModel()
        {
            InputDevice worn = InputDevices.GetDeviceAtXRNode(XRNode.Head);
            bool standalone = Application.platform == RuntimePlatform.Android;
            return !worn.isValid ? "" : standalone ? SystemInfo.deviceModel : worn.name ?? "";
        }

        private void Begin(string participantId, IEnumerable<ConsentScope> consent, StationSetup? setup, ISessionLinks? links)
        {
            if (!CanRun())
            {
                links?.Dispose();
                return;
            }

            SessionRequest request = new SessionRequest
            {
                StationId = string.IsNullOrEmpty(setup?.StationId) ? "none" : setup!.StationId,
                ParticipantId = participantId,
                Locale = LanguageTag.Of(Locale.Length > 0 ? Locale : VisitorStrings.DeviceLocale),
                HeadsetModel = HeadsetModel(),
                ScenarioId = scenario == null ? "" : scenario.Id,
                ScenarioSha256 = scenario == null ? "" : scenario.Sha256,
                VideoSource = frames != null ? VideoSource.ClientFrames : serverCamera ? VideoSource.ServerCamera : VideoSource.None,
                CameraKind = frames != null ? frames.CameraKind : serverCamera ? CameraKind.External : CameraKind.Unspecified,
                CameraId = string.IsNullOrEmpty(setup?.CameraId) ? cameraId : setup!.CameraId,
                Audience = setup == null ? Audience.Unspecified : setup.Audience,
            };
            AttuneClient client = new AttuneClient(links, request, consent, SynchronizationContext.Current);
            client.StateChanged += stateChanged.Invoke;
            client.Updated += updated.Invoke;
            client.Ended += ended.Invoke;
            client.Settled += settled => Settled?.Invoke(settled);
            _client = client;
            client.Start();
        }

        /// <summary>Where not, the story is played with its defaults, and the console says why.</summary>
        private bool CanRun()
        {
            if (!gameObject.activeInHierarchy || !enabled)
            {
                // Nothing would tell when it goes, and the session would outlive its scene.
                Debug.LogError($"Attune: '{name}' is disabled and begins no session; the story is played with its defaults.", this);
                return false;
            }

            if (Application.platform == RuntimePlatform.WebGLPlayer)
            {
                Debug.LogWarning("Attune: a browser has no threads for a session; the story is played with its defaults.", this);
                return false;
            }

            return true;
        }

        /// <summary>What holds for this visitor; read anew for each, and what is wrong with it is said.</summary>
        private StationSetup Setup(AttuneServer asset)
        {
            StationSetup setup = asset.Resolve();
            foreach (string problem in setup.Problems)
            {
                Debug.LogError($"Attune: {problem}", this);
            }

            return setup;
        }

        private ISessionLinks? Links(StationSetup? setup)
        {
            if (simulatedVisitor != null)
            {
                return PlayedHere(simulatedVisitor);
            }

            if (setup?.Endpoint == null)
            {
                return null;
            }

            ISessionLinks? links = SessionTransport.Open(setup.Endpoint, out string objection);
            if (links == null)
            {
                Debug.LogWarning($"Attune: the story is played with its defaults: {objection}.", this);
            }

            return links;
        }

        private ISessionLinks? PlayedHere(AttuneLocalVisitor visitor)
        {
            try
            {
                return new SimulatedLinks(visitor.Begin());
            }
            catch (FormatException exception)
            {
                Debug.LogError($"Attune: {visitor.name} cannot be played: {exception.Message}", this);
                return null;
            }
        }

        private void LateUpdate()
        {
            if (_client == null || head == null || _client.NowNs < _nextPoseNs)
            {
                return;
            }

            _nextPoseNs = _client.NowNs + PoseIntervalNs;
            Quaternion turn = trackingSpace == null ? Quaternion.identity : Quaternion.Inverse(trackingSpace.rotation);
            Quaternion orientation = turn * head.rotation;
            Pose pose = new Pose(
                InTrackingSpace(head.position), orientation.x, orientation.y, orientation.z, orientation.w);
            Vector? focus = Focus == null ? (Vector?)null : InTrackingSpace(Focus.position);
            _client.Report(new HeadsetPose(_client.NowNs, pose, _trackingEpoch, focus));
        }

        private Vector InTrackingSpace(Vector3 world)
        {
            Vector3 local = trackingSpace == null ? world : trackingSpace.InverseTransformPoint(world);
            return new Vector(local.x, local.y, local.z);
        }

        private void OnApplicationPause(bool pauseStatus)
        {
            if (pauseStatus)
            {
                // A pause that somebody began before, an operator for example, is theirs to end.
                _resumes |= _client != null && _client.Figures.State != ConnectionState.Paused;
                _client?.Pause(PauseReason.Application);
            }
            else if (_resumes)
            {
                _resumes = false;
                _client?.Resume();
            }
        }

        private void OnEnable() => Open.Add(this);

        /// <summary>Also before a domain reload and at the end of play mode: no thread may outlive either.</summary>
        private void OnDisable()
        {
            AttuneClient? left = _client;
            _client = null;
            Focus = null;
            if (left != null)
            {
                left.Dispose();
                VisitorLeft?.Invoke();
            }

            Open.Remove(this);
        }
    }
}
