#nullable enable
using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;

namespace Attune.Transport
{
    /// <summary>
    /// Body of a streaming request. It hands the handler's stream over and returns at once, because a
    /// handler may call it on the main thread; the body ends when <see cref="Finish"/> is called. Only the first
    /// stream counts: a handler may ask again for what it has sent already.
    /// </summary>
    internal sealed class RequestBody : HttpContent
    {
        private Action<Stream>? _opened;

        private readonly TaskCompletionSource<bool> _finished =
            new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);

        public RequestBody(Action<Stream> opened)
        {
            _opened = opened;
            Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        }

        /// <summary>The body is complete: a half-close.</summary>
        public void Finish() => _finished.TrySetResult(true);

        /// <summary>The body was given up; the peer must not take it for a complete one.</summary>
        public void Abandon() => _finished.TrySetCanceled();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            Action<Stream>? opened = Interlocked.Exchange(ref _opened, null);
            opened?.Invoke(stream);
            return _finished.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
