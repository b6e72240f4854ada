#nullable enable
using System;
using Unity.Collections;
using UnityEngine;
using UnityEngine.Experimental.Rendering;
using UnityEngine.Rendering;

namespace Attune.Components
{
    /// <summary>
    /// A camera of this device: reads its texture back without blocking, and lets another thread make frames of it.
    /// Nothing is read while the consent in force allows no frame, or while the server has no room for one.
    /// </summary>
    public abstract class FrameSource : SceneMarker
    {
        private const int MostReadbacks = 2;

        [SerializeField]
        [Range(1, 30)]
        private float framesPerSecond = 15;

        [SerializeField]
        [Tooltip("JPEG for pictures up to the size below; GRAY8 and NV12 up to 320 × 240 only, without any garbage.")]
        private FrameEncoding encoding = FrameEncoding.Jpeg;

        [SerializeField]
        [Min(2)]
        private int largestWidth = 640;

        [SerializeField]
        [Min(2)]
        private int largestHeight = 480;

        [SerializeField]
        [Range(20, 100)]
        [Tooltip("Of JPEG. It is lowered by itself while frames are larger than the server takes.")]
        private int quality = 80;

        [SerializeField]
        [Tooltip("How far the camera is turned: the clockwise turn that makes its picture upright.")]
        private UprightTurn turn = UprightTurn.None;

        [SerializeField]
        [Tooltip("The picture is a mirror image, as a selfie camera shows it.")]
        private bool mirrored = false;

        [SerializeField]
        [Tooltip("The first row of the texture is the highest of the picture; Unity's textures begin with the lowest.")]
        private bool topDown = false;

        private FrameWorker? _worker;
        private CaptureSchedule _schedule = new CaptureSchedule(1);
        private ReadbackLedger _ledger = new ReadbackLedger(MostReadbacks);
        private Readback[] _readbacks = Array.Empty<Readback>();
        private bool _holds;

        public FrameSourceState State { get; private set; } = FrameSourceState.Off;

        public FrameWorkerFigures Figures => _worker == null ? default : _worker.Figures;

        /// <summary>Where the camera looks.</summary>
        public virtual CameraKind CameraKind => CameraKind.External;

        /// <summary>Whose faces its frames may show.</summary>
        public virtual FrameRole Role => FrameRole.Wearer;

        /// <summary>A JPEG encoder that any thread may call; Unity's own by default.</summary>
        public static JpegEncoder Encoder { get; set; } = Encode;

        private protected override bool TakesTheOnlySession => false;

        /// <summary>Whether the camera may be used; asks when nobody asked yet.</summary>
        protected virtual FrameSourceState Prepare() => FrameSourceState.Running;

        /// <summary>The picture of now; null: there is none yet. Called once before every readback.</summary>
        protected abstract Texture? Picture();

        /// <summary>Whether the texture shows another picture than at the last readback.</summary>
        protected abstract bool IsFresh { get; }

        /// <summary>Lets go of camera and texture; no readback works on it any more.</summary>
        protected virtual void Release()
        {
        }

        /// <summary>What is known of the picture of now, beside its pixels.</summary>
        protected virtual void Describe(AttuneClient client, ref FrameInfo info)
        {
            info.CaptureTimeNs = client.NowNs;
            info.CaptureTimeSource = CaptureTimeSource.FrameArrival;
        }

        /// <summary>The camera in pixels of the texture; null: unknown. The same object while nothing changes.</summary>
        protected virtual CameraModel? Camera => null;

        /// <summary>Further turn that the device declares, degrees clockwise.</summary>
        protected virtual int DeviceTurnDeg => 0;

        /// <summary>Whether the device declares its rows to be the other way round.</summary>
        protected virtual bool DeviceUpsideDown => false;

        private static byte[] Encode(byte[] rgba, FrameSize size, int quality) => ImageConversion.EncodeArrayToJPG(
            rgba, GraphicsFormat.R8G8B8A8_SRGB, (uint)size.WidthPx, (uint)size.HeightPx, (uint)size.WidthPx * 4, quality);

        /// <summary>For a new run in the same process.</summary>
        internal static void ForgetEncoder() => Encoder = Encode;

        /// <summary>Only what a server takes can be chosen.</summary>
        private void OnValidate()
        {
            if (encoding != FrameEncoding.Gray8 && encoding != FrameEncoding.Nv12)
            {
                encoding = FrameEncoding.Jpeg;
                return;
            }

            largestWidth = Math.Min(largestWidth, FrameSettings.LargestRaw.WidthPx);
            largestHeight = Math.Min(largestHeight, FrameSettings.LargestRaw.HeightPx);
        }

        private void OnEnable()
        {
            if (_ledger.Outstanding > 0)
            {
                // It was off for a moment only: the readbacks still work on the picture, and the consent will say what holds.
                _ledger.Reopen();
                _holds = true;
            }
            else
            {
                // A camera that was left on in the scene is off until a consent opens it.
                Release();
                _ledger = new ReadbackLedger(MostReadbacks);
            }

            _worker = new FrameWorker(
                new FrameSettings { Encoding = encoding, Box = new FrameSize(largestWidth, largestHeight), Quality = quality },
                Encoder);
            _schedule = new CaptureSchedule(framesPerSecond);
            _readbacks = new Readback[MostReadbacks];
            for (int i = 0; i < MostReadbacks; i++)
            {
                _readbacks[i] = new Readback(_worker, _ledger);
            }
        }

        private void OnDisable()
        {
            State = FrameSourceState.Off;
            _holds = false;
            _worker?.Dispose();
            _worker = null;
            _ledger.Close(Release);
        }

        private void Update()
        {
            AttuneClient? client = Client;
            State = StateWith(client);
            if (State != FrameSourceState.Running && State != FrameSourceState.Starting)
            {
                LetGo();
                return;
            }

            _holds = true;

            long now = client!.NowNs;
            if (IsFresh && _schedule.IsDue(now) && client.WantsFrame(Role))
            {
                Texture? picture = Picture();
                State = picture == null ? FrameSourceState.Starting : FrameSourceState.Running;
                if (picture != null && Read(picture, client))
                {
                    _schedule.Take(now);
                }
            }
        }

        /// <summary>The camera is closed with the consent that opened it, once no readback works on its picture any more.</summary>
        private void LetGo()
        {
            if (_holds && _ledger.Outstanding == 0)
            {
                _holds = false;
                Release();
            }
        }

        private FrameSourceState StateWith(AttuneClient? client)
        {
            if (client == null)
            {
                return FrameSourceState.Off;
            }

            ConsentScope needed = Role == FrameRole.Bystanders ? ConsentScope.Bystanders : ConsentScope.Analyse;
            if (!client.Allows(needed))
            {
                return FrameSourceState.NoConsent;
            }

            if (!client.MayFilm(Role))
            {
                return FrameSourceState.Off;
            }

            return SystemInfo.supportsAsyncGPUReadback ? Prepare() : FrameSourceState.Unsupported;
        }

        /// <summary>Time and pose are taken with the readback, so that they belong to the same picture.</summary>
        private bool Read(Texture picture, AttuneClient client)
        {
            Readback? free = Array.Find(_readbacks, one => !one.IsBusy);
            if (free == null || !_ledger.TryBegin())
            {
                return false;
            }

            FrameInfo info = new FrameInfo
            {
                Role = Role,
                RotationDeg = ((int)turn + DeviceTurnDeg) % 360,
                Mirrored = mirrored,
            };
            Describe(client, ref info);
            free.Begin(client, info, Camera, bottomUp: topDown == DeviceUpsideDown);
            AsyncGPUReadback.Request(picture, 0, TextureFormat.RGBA32, free.Done);
            return true;
        }

        /// <summary>One readback on its way; used again and again, so that it allocates nothing.</summary>
        private sealed class Readback
        {
            private readonly FrameWorker _worker;
            private readonly ReadbackLedger _ledger;
            private AttuneClient? _client;
            private FrameInfo _info;
            private CameraModel? _camera;
            private uint _consent;
            private bool _bottomUp;

            public Readback(FrameWorker worker, ReadbackLedger ledger)
            {
                _worker = worker;
                _ledger = ledger;
                Done = OnDone;
            }

            public Action<AsyncGPUReadbackRequest> Done { get; }

            public bool IsBusy => _client != null;

            public void Begin(AttuneClient client, in FrameInfo info, CameraModel? camera, bool bottomUp)
            {
                _client = client;
                _info = info;
                _camera = camera;
                _consent = client.ConsentRevision;
                _bottomUp = bottomUp;
            }

            private void OnDone(AsyncGPUReadbackRequest request)
            {
                AttuneClient client = _client!;
                _client = null;
                bool wanted = _ledger.End();
                if (!wanted || request.hasError)
                {
                    return;
                }

                FrameSize size = new FrameSize(request.width, request.height);
                PixelBuffer pixels = _worker.Rent(size);
                NativeArray<byte>.Copy(request.GetData<byte>(), 0, pixels.Bytes, 0, 4 * size.WidthPx * size.HeightPx);
                pixels.Info = _info;
                pixels.Camera = _camera;
                pixels.ConsentRevision = _consent;
                pixels.BottomUp = _bottomUp;
                _worker.Submit(pixels, client);
            }
        }
    }

    /// <summary>How far a camera is turned.</summary>
    public enum UprightTurn
    {
        None = 0,
        Clockwise = 90,
        HalfTurn = 180,
        CounterClockwise = 270,
    }
}
