#nullable enable
using System;
using System.Collections.Generic;
using System.Threading;

namespace Attune
{
    /// <summary>A JPEG of pixels: four bytes each, rows bottom-up, the array exactly as long as the picture.</summary>
    public delegate byte[] JpegEncoder(byte[] rgba, FrameSize size, int quality);

    /// <summary>What a frame worker did. A copy.</summary>
    public struct FrameWorkerFigures
    {
        /// <summary>Frames handed to the client.</summary>
        public long Offered { get; internal set; }

        /// <summary>Pictures that a newer one pushed out before they were encoded.</summary>
        public long Replaced { get; internal set; }

        /// <summary>Frames that the client did not take.</summary>
        public long Refused { get; internal set; }

        /// <summary>Pictures that could not be encoded.</summary>
        public long Failed { get; internal set; }

        /// <summary>Bytes of the last frame.</summary>
        public int LastBytes { get; internal set; }

        /// <summary>Why the last one failed; empty: none did.</summary>
        public string LastFault { get; internal set; }
    }

    /// <summary>
    /// Makes pictures into frames on a thread of its own, always from the newest. What is submitted comes back to
    /// the pool by itself. GRAY8 and NV12 allocate nothing; JPEG one array, its own.
    /// </summary>
    public sealed class FrameWorker : IDisposable
    {
        private const int Kept = 4;

        private readonly object _gate = new object();
        private readonly Stack<PixelBuffer> _free = new Stack<PixelBuffer>(Kept);
        private readonly FrameMaker _maker;
        private readonly Thread _thread;
        private PixelBuffer? _waiting;
        private AttuneClient? _waitingFor;
        private FrameWorkerFigures _figures;
        private bool _stopping;

        // The worker thread's.
        private AttuneClient? _toldCamera;
        private CameraModel? _camera;

        /// <param name="encode">Called on the worker's thread; may be null where the encoding is not JPEG.</param>
        public FrameWorker(FrameSettings settings, JpegEncoder? encode)
        {
            _maker = new FrameMaker(settings, encode);
            _figures.LastFault = "";
            _thread = new Thread(Loop) { Name = "Attune frames", IsBackground = true };
            _thread.Start();
        }

        public FrameWorkerFigures Figures
        {
            get
            {
                lock (_gate)
                {
                    return _figures;
                }
            }
        }

        /// <summary>A buffer for one picture; submit it or give it back.</summary>
        public PixelBuffer Rent(FrameSize size)
        {
            PixelBuffer? buffer = null;
            lock (_gate)
            {
                if (_free.Count > 0)
                {
                    buffer = _free.Pop();
                }
            }

            buffer = buffer ?? new PixelBuffer();
            buffer.Fit(size);
            return buffer;
        }

        public void Return(PixelBuffer buffer)
        {
            lock (_gate)
            {
                Keep(buffer);
            }
        }

        /// <summary>Encodes the picture and offers it to the client, unless a newer one comes first.</summary>
        public void Submit(PixelBuffer picture, AttuneClient client)
        {
            lock (_gate)
            {
                if (_stopping)
                {
                    return;
                }

                if (_waiting != null)
                {
                    _figures.Replaced++;
                    Keep(_waiting);
                }

                _waiting = picture;
                _waitingFor = client;
                Monitor.PulseAll(_gate);
            }
        }

        /// <summary>No frame follows. Takes no longer than the frame that is being encoded, and 500 ms at most.</summary>
        public void Dispose()
        {
            lock (_gate)
            {
                _stopping = true;
                _waiting = null;
                _waitingFor = null;
                Monitor.PulseAll(_gate);
            }

            _thread.Join(500);
        }

        private void Loop()
        {
            while (true)
            {
                PixelBuffer picture;
                AttuneClient client;
                lock (_gate)
                {
                    while (_waiting == null && !_stopping)
                    {
                        Monitor.Wait(_gate);
                    }

                    if (_stopping)
                    {
                        return;
                    }

                    picture = _waiting!;
                    client = _waitingFor!;
                    _waiting = null;
                    _waitingFor = null;
                }

                MakeOrFail(picture, client);
            }
        }

        /// <summary>The outermost guard of the thread: one picture's fault must not end the others.</summary>
        private void MakeOrFail(PixelBuffer picture, AttuneClient client)
        {
            string fault = "";
            FrameOutcome? outcome = null;
            try
            {
                outcome = Make(picture, client);
            }
            catch (Exception exception)
            {
                fault = $"{exception.GetType().Name}: {exception.Message}";
            }

            lock (_gate)
            {
                Keep(picture);
                bool taken = outcome == FrameOutcome.Accepted || outcome == FrameOutcome.ReplacedOlder;
                _figures.Offered += taken ? 1 : 0;
                _figures.Refused += outcome.HasValue && !taken ? 1 : 0;
                if (fault.Length > 0)
                {
                    _figures.Failed++;
                    _figures.LastFault = fault;
                }
            }
        }

        private FrameOutcome Make(PixelBuffer picture, AttuneClient client)
        {
            FrameBuffer frame = client.Rent(_maker.Begin(picture, client.MaxFrameBytes));
            _maker.Finish(picture, frame);
            Tell(picture.Camera, _maker.Size, client);
            lock (_gate)
            {
                _figures.LastBytes = frame.Length;
            }

            return client.Offer(frame, picture.ConsentRevision);
        }

        /// <summary>Before the first frame that the camera model is for, and again when it changes.</summary>
        private void Tell(CameraModel? camera, FrameSize size, AttuneClient client)
        {
            if (camera == null || (ReferenceEquals(camera, _camera) && ReferenceEquals(client, _toldCamera)))
            {
                return;
            }

            _camera = camera;
            _toldCamera = client;
            client.Report(PinholeScaling.Resized(camera, size));
        }

        private void Keep(PixelBuffer buffer)
        {
            if (_free.Count < Kept && !_stopping)
            {
                _free.Push(buffer);
            }
        }
    }
}
