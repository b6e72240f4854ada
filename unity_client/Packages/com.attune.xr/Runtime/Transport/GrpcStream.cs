#nullable enable
using System;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Google.Protobuf;

namespace Attune.Transport
{
    /// <summary>
    /// One call. One thread writes, one thread reads, both block; any thread may cancel or dispose.
    /// How the call ended is always told by <see cref="Read"/>: it throws unless the end was OK.
    /// </summary>
    public sealed class GrpcStream<TRequest, TResponse> : IDisposable
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        private readonly CancellationTokenSource _cancel = new CancellationTokenSource();
        private readonly MessageParser<TResponse> _parser;
        private readonly int _maxReceiveBytes;
        private readonly HttpRequestMessage _request;
        private readonly RequestBody _body;
        private readonly CallProgress _progress;
        private readonly Timer? _deadline;
        private int _disposed;

        // Held while the request's stream is in use.
        private readonly object _writing = new object();
        private bool _completed;

        // The writing thread's.
        private byte[] _outgoing = new byte[4096];

        // The reading thread's.
        private MessageReader<TResponse>? _reader;

        internal GrpcStream(
            HttpMessageInvoker invoker, HttpRequestMessage request, MessageParser<TResponse> parser, GrpcLimits limits,
            TimeSpan? deadline)
        {
            _parser = parser;
            _maxReceiveBytes = limits.MaxReceiveBytes;
            _request = request;
            _progress = new CallProgress(limits, request.RequestUri!.Authority);
            _body = new RequestBody(_progress.RequestStreamOpened);
            request.Content = _body;
            if (deadline.HasValue)
            {
                TimeSpan due = deadline.Value > TimeSpan.Zero ? deadline.Value : TimeSpan.Zero;
                _deadline = new Timer(_ => OnDeadline(), null, due, Timeout.InfiniteTimeSpan);
            }

            Task<HttpResponseMessage> answer;
            try
            {
                answer = invoker.SendAsync(request, _cancel.Token);
            }
            catch (Exception exception) when (GrpcWire.IsTransportFailure(exception))
            {
                answer = Task.FromException<HttpResponseMessage>(exception);
            }

            answer.ContinueWith(
                OnAnswer, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        /// <summary>What the server sent before its first message; empty until then.</summary>
        public GrpcMetadata Headers { get; private set; } = new GrpcMetadata();

        /// <summary>What the server sent after its last message; empty until the end.</summary>
        public GrpcMetadata Trailers => _progress.Trailers;

        /// <summary>
        /// Sends a message. Blocks while the peer takes no more. False: the call is over, and
        /// <see cref="Read"/> tells how.
        /// </summary>
        public bool Write(TRequest message)
        {
            if (_completed)
            {
                throw new InvalidOperationException("a call takes no message after CompleteWriting");
            }

            Stream? stream = _progress.WaitForRequestStream();
            if (stream == null)
            {
                return false;
            }

            int size = message.CalculateSize();
            if (_outgoing.Length < size + GrpcWire.PrefixBytes)
            {
                _outgoing = new byte[(size + GrpcWire.PrefixBytes) * 3 / 2];
            }

            GrpcWire.WritePrefix(_outgoing, size);
            message.WriteTo(_outgoing.AsSpan(GrpcWire.PrefixBytes, size));
            try
            {
                lock (_writing)
                {
                    stream.Write(_outgoing, 0, size + GrpcWire.PrefixBytes);
                    stream.Flush();
                }
            }
            catch (Exception exception) when (GrpcWire.IsTransportFailure(exception))
            {
                _progress.NoteCause(exception);
                return false;
            }

            _progress.Written();
            return true;
        }

        /// <summary>Says that no message follows (half-close). The answer can still be read.</summary>
        public void CompleteWriting()
        {
            _progress.WaitForRequestStream();
            lock (_writing)
            {
                _completed = true;
            }

            _progress.Written();
            _body.Finish();
        }

        /// <summary>The next message; null: the server ended the call with OK.</summary>
        /// <exception cref="GrpcException">The call ended otherwise.</exception>
        public TResponse? Read()
        {
            try
            {
                _reader = _reader ?? OpenAnswer();
                TResponse? message = _reader.Read();
                if (message == null)
                {
                    Finish();
                }

                return message;
            }
            catch (UnreadableMessageException exception)
            {
                throw Fail(exception.Code, exception.Message, exception);
            }
            catch (EndOfStreamException exception)
            {
                Finish();
                throw new GrpcException(
                    new GrpcStatus(GrpcStatusCode.Internal, "the stream ended within a message"), Trailers, exception);
            }
            catch (Exception exception) when (GrpcWire.IsTransportFailure(exception))
            {
                throw Fail(GrpcStatusCode.Unavailable, $"the connection broke: {GrpcWire.Explain(exception)}", exception);
            }
            catch (InvalidOperationException) when (_progress.Failure() is GrpcException)
            {
                // A pipe that was let go of calls it a mistake to be read once more.
                throw _progress.Failure()!;
            }
        }

        /// <summary>Ends the call from this side; a blocked read or write returns at once.</summary>
        public void Cancel() => Settle(new GrpcStatus(GrpcStatusCode.Cancelled, "cancelled by the caller"), null);

        public void Dispose()
        {
            Cancel();
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                _deadline?.Dispose();
                Release();
                _request.Dispose();
            }
        }

        private void OnAnswer(Task<HttpResponseMessage> answer)
        {
            if (answer.Status != TaskStatus.RanToCompletion)
            {
                Exception cause = answer.Exception?.InnerException ?? new OperationCanceledException("the handler gave up");
                Settle(new GrpcStatus(GrpcStatusCode.Unavailable, $"no connection: {GrpcWire.Explain(cause)}"), cause);
            }
            else if (!_progress.ResponseBegan(answer.Result))
            {
                answer.Result.Dispose();
            }
        }

        private void OnDeadline() =>
            Settle(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the deadline of the call passed"), null);

        private MessageReader<TResponse> OpenAnswer()
        {
            FlushHeaders();
            HttpResponseMessage response = _progress.WaitForResponse();
            Headers = GrpcMetadata.From(response.Headers);
            GrpcStatus? early = GrpcWire.StatusIn(Headers);
            if (early.HasValue && early.Value.Code != GrpcStatusCode.Ok)
            {
                throw Fail(early.Value.Code, early.Value.Detail, null, Headers);
            }

            GrpcStatus? objection = GrpcWire.Objection(response);
            if (objection.HasValue)
            {
                throw Fail(objection.Value.Code, objection.Value.Detail, null);
            }

            Stream stream = response.Content.ReadAsStreamAsync().GetAwaiter().GetResult();
            string encoding = Headers.Text("grpc-encoding") ?? "identity";
            return new MessageReader<TResponse>(stream, _parser, encoding, _maxReceiveBytes);
        }

        /// <summary>Handlers may keep the headers back until the first message; a reader must not wait for that.</summary>
        private void FlushHeaders()
        {
            Stream? stream = _progress.WaitForRequestStream();
            if (stream == null || !Monitor.TryEnter(_writing))
            {
                return;
            }

            try
            {
                if (!_completed)
                {
                    stream.Flush();
                }
            }
            catch (Exception exception) when (GrpcWire.IsTransportFailure(exception))
            {
                _progress.NoteCause(exception);
            }
            finally
            {
                Monitor.Exit(_writing);
            }
        }

        /// <summary>The body ended: returns after OK in the trailers, throws after everything else.</summary>
        private void Finish()
        {
            GrpcMetadata trailers = GrpcMetadata.From(_progress.Response!.TrailingHeaders);
            GrpcStatus end = GrpcWire.StatusIn(trailers) ?? GrpcWire.StatusIn(Headers)
                ?? new GrpcStatus(GrpcStatusCode.Unavailable, "the stream ended without a status: the connection was lost");
            Settle(end, null, trailers);
            GrpcException? failure = _progress.Failure();
            if (failure != null)
            {
                throw failure;
            }
        }

        /// <summary>Ends the call; the exception to throw, which tells the end that was first.</summary>
        private GrpcException Fail(GrpcStatusCode code, string detail, Exception? cause, GrpcMetadata? trailers = null)
        {
            GrpcStatus status = new GrpcStatus(code, detail);
            Settle(status, cause, trailers);
            return _progress.Failure() ?? new GrpcException(status, Trailers, cause);
        }

        private void Settle(GrpcStatus status, Exception? cause, GrpcMetadata? trailers = null)
        {
            if (_progress.Settle(status, cause, trailers))
            {
                Release();
            }
        }

        /// <summary>Lets go of the connection. Never inside a lock: handlers run callbacks in here.</summary>
        private void Release()
        {
            _cancel.Cancel();
            _body.Abandon();
            _progress.Response?.Dispose();
        }
    }
}
