#nullable enable
using System;
using System.Threading;
using Unity.Collections;
using UnityEngine;
using UnityEngine.Rendering;

namespace Attune.Components
{
    /// <summary>
    /// Measures on this device what frames cost in every encoding, with Unity's JPEG encoder, and prints a table to the
    /// console once. For building, not for visitors: put it into an empty scene, and look into logcat on a headset.
    /// </summary>
    [AddComponentMenu("Attune/Frame Benchmark")]
    [DisallowMultipleComponent]
    public sealed class FrameBenchmark : MonoBehaviour
    {
        [SerializeField]
        [Tooltip("A picture of a face as the camera gives it; none: a made-up one of 1280 × 960.")]
        private Texture? picture = null;

        [SerializeField]
        [Range(20, 1000)]
        private int rounds = 200;

        private volatile string _table = "";
        private bool _printed;

        private void OnEnable()
        {
            _printed = false;
            _table = "";
            if (picture == null || !SystemInfo.supportsAsyncGPUReadback)
            {
                FrameSize size = new FrameSize(1280, 960);
                Measure(FrameBench.MadeUp(size), size, "a made-up picture");
                return;
            }

            AsyncGPUReadback.Request(picture, 0, TextureFormat.RGBA32, OnRead);
        }

        private void Update()
        {
            if (_table.Length > 0 && !_printed)
            {
                _printed = true;
                Debug.Log(_table);
            }
        }

        private void OnRead(AsyncGPUReadbackRequest request)
        {
            if (request.hasError)
            {
                Debug.LogWarning("Attune: the picture could not be read back; nothing was measured", this);
                return;
            }

            FrameSize size = new FrameSize(request.width, request.height);
            byte[] pixels = new byte[4 * size.WidthPx * size.HeightPx];
            NativeArray<byte>.Copy(request.GetData<byte>(), 0, pixels, 0, pixels.Length);
            Measure(pixels, size, "the given picture");
        }

        /// <summary>On a thread of its own, as frames are made; what other threads allocate meanwhile counts as well.</summary>
        private void Measure(byte[] pixels, FrameSize size, string what)
        {
            string device = SystemInfo.deviceModel;
            JpegEncoder encode = FrameSource.Encoder;
            int pictures = rounds;
            Thread thread = new Thread(() => _table = Measured(pixels, size, encode, pictures, $"{device}, {what}"))
            {
                Name = "Attune frame benchmark",
                IsBackground = true,
            };
            thread.Start();
        }

        /// <summary>The outermost guard of the thread: an encoder that fails here is what the table is to say.</summary>
        private static string Measured(byte[] pixels, FrameSize size, JpegEncoder encode, int pictures, string where)
        {
            try
            {
                string table = FrameBench.Table(pixels, size, encode, () => GC.GetTotalMemory(false), null, pictures);
                return $"Attune frames: {where}, one thread, {pictures} pictures each, wall-clock time\n\n{table}";
            }
            catch (Exception exception)
            {
                return $"Attune frames: {where}: {exception.GetType().Name}: {exception.Message}";
            }
        }
    }
}
