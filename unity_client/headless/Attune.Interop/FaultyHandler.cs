#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Attune.Interop
{
    /// <summary>
    /// SIMULATED: a handler with the faults that are known of Unity's own. It starts to copy the request body
    /// on the caller's thread and, when that is done, asks for the body once more; its streams read and write synchronously only; a call that is refused, fails in
    /// TLS or is cancelled before the headers never completes; a broken connection looks like a clean end.
    /// </summary>
    internal sealed class FaultyHandler : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _inner;

        public FaultyHandler(HttpMessageHandler inner) => _inner = new HttpMessageInvoker(inner);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
        {
            Channel<byte[]> body = Channel.CreateUnbounded<byte[]>();
            Task copied = request.Content!.CopyToAsync(new WriteOnly(body.Writer));
            _ = copied.ContinueWith(end => End(end, request.Content!, body.Writer), TaskScheduler.Default);

            HttpRequestMessage forwarded = new HttpRequestMessage(request.Method, request.RequestUri)
            {
                Version = request.Version,
                Content = new Forwarded(body.Reader),
            };
            forwarded.Content.Headers.ContentType = request.Content.Headers.ContentType;
            foreach (KeyValuePair<string, IEnumerable<string>> header in request.Headers)
            {
                forwarded.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            try
            {
                HttpResponseMessage answer = await _inner.SendAsync(forwarded, cancellation).ConfigureAwait(false);
                return await Copy(answer).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is HttpRequestException || exception is OperationCanceledException)
            {
                return await new TaskCompletionSource<HttpResponseMessage>().Task.ConfigureAwait(false);
            }
        }

        protected override void Dispose(bool disposing)
        {
            _inner.Dispose();
            base.Dispose(disposing);
        }

        private static void End(Task copied, HttpContent content, ChannelWriter<byte[]> body)
        {
            if (copied.IsCompletedSuccessfully)
            {
                content.ReadAsStreamAsync().ContinueWith(_ => body.TryComplete(), TaskScheduler.Default);
            }
            else
            {
                body.TryComplete(new OperationCanceledException());
            }
        }

        private static async Task<HttpResponseMessage> Copy(HttpResponseMessage answer)
        {
            HttpResponseMessage copy = new HttpResponseMessage(answer.StatusCode) { Version = answer.Version };
            foreach (KeyValuePair<string, IEnumerable<string>> header in answer.Headers)
            {
                copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            Stream stream = await answer.Content.ReadAsStreamAsync().ConfigureAwait(false);
            copy.Content = new StreamContent(new ReadOnly(stream, answer, copy));
            copy.Content.Headers.ContentType = answer.Content.Headers.ContentType;
            return copy;
        }

        private sealed class Forwarded : HttpContent
        {
            private readonly ChannelReader<byte[]> _body;

            public Forwarded(ChannelReader<byte[]> body) => _body = body;

            protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
            {
                await stream.FlushAsync().ConfigureAwait(false);
                await foreach (byte[] part in _body.ReadAllAsync().ConfigureAwait(false))
                {
                    await stream.WriteAsync(part).ConfigureAwait(false);
                    await stream.FlushAsync().ConfigureAwait(false);
                }
            }

            protected override bool TryComputeLength(out long length)
            {
                length = -1;
                return false;
            }
        }

        private abstract class SynchronousStream : Stream
        {
            public override bool CanSeek => false;

            public override long Length => throw new NotSupportedException();

            public override long Position
            {
                get => throw new NotSupportedException();
                set => throw new NotSupportedException();
            }

            public override bool CanRead => false;

            public override bool CanWrite => false;

            public override void Flush()
            {
            }

            public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

            public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

            public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

            public override void SetLength(long value) => throw new NotSupportedException();

            public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellation) =>
                throw new NotSupportedException("only Read");

            public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellation) =>
                throw new NotSupportedException("only Write");
        }

        private sealed class WriteOnly : SynchronousStream
        {
            private readonly ChannelWriter<byte[]> _body;

            public WriteOnly(ChannelWriter<byte[]> body) => _body = body;

            public override bool CanWrite => true;

            public override void Write(byte[] buffer, int offset, int count) =>
                _body.TryWrite(buffer.AsSpan(offset, count).ToArray());
        }

        private sealed class ReadOnly : SynchronousStream
        {
            private readonly Stream _stream;
            private readonly HttpResponseMessage _answer;
            private readonly HttpResponseMessage _copy;

            public ReadOnly(Stream stream, HttpResponseMessage answer, HttpResponseMessage copy)
            {
                _stream = stream;
                _answer = answer;
                _copy = copy;
            }

            public override bool CanRead => true;

            public override int Read(byte[] buffer, int offset, int count)
            {
                int read;
                try
                {
                    read = _stream.Read(buffer, offset, count);
                }
                catch (Exception exception) when (exception is IOException || exception is ObjectDisposedException)
                {
                    return 0;
                }

                if (read == 0)
                {
                    foreach (KeyValuePair<string, IEnumerable<string>> trailer in _answer.TrailingHeaders)
                    {
                        _copy.TrailingHeaders.TryAddWithoutValidation(trailer.Key, trailer.Value);
                    }
                }

                return read;
            }

            protected override void Dispose(bool disposing)
            {
                _answer.Dispose();
                base.Dispose(disposing);
            }
        }
    }
}
