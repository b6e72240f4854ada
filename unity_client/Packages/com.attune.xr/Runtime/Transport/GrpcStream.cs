#nullable enable
using System;
using System.Diagnostics;
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
        private readonly object _gate = new object();
        private readonly CancellationTokenSource _cancel = new CancellationTokenSource();
        private readonly Stopwatch _age = Stopwatch.StartNew();
        private readonly MessageParser<TResponse> _parser;
        private readonly GrpcLimits _limits;
        private readonly HttpRequestMessage _request;
        private readonly RequestBody _body;
        private readonly Timer? _deadline;

        // Guarded by _gate.
        private Stream? _requestStream;
        private HttpResponseMessage? _response;
        private TimeSpan? _firstWritten;
        private GrpcStatus? _status;
        private Exception? _cause;
        private GrpcMetadata _trailers = new GrpcMetadata();
        private bool _disposed;

        // Guarded by _writing, which is never taken inside _gate.
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
            _limits = limits;
            _request = request;
            _body = new RequestBody(OnRequestStream);
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
                OnResponse, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        /// <summary>What the server sent before its first message; empty until then.</summary>
        public GrpcMetadata Headers { get; private set; } = new GrpcMetadata();

        /// <summary>What the server sent after its last message; empty until the end.</summary>
        public GrpcMetadata Trailers
        {
            get
            {
                lock (_gate)
                {
                    return _trailers;
                }
            }
        }

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

            Stream? stream = WaitForRequestStream();
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
                NoteCause(exception);
                return false;
            }

            NoteFirstWritten();
            return true;
        }

        /// <summary>Says that no message follows (half-close). The answer can still be read.</summary>
        public void CompleteWriting()
        {
            WaitForRequestStream();
            lock (_writing)
            {
                _completed = true;
            }

            NoteFirstWritten();
            _body.Finish();
        }

        /// <summary>The next message; null: the server ended the call with OK.</summary>
        /// <exception cref="GrpcException">The call ended otherwise.</exception>
        public TResponse? Read()
        {
            try
            {
                if (_reader == null)
                {
                    _reader = OpenResponse();
                }

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
        }

        /// <summary>Ends the call from this side; a blocked read or write returns at once.</summary>
        public void Cancel() => Settle(new GrpcStatus(GrpcStatusCode.Cancelled, "cancelled by the caller"), null);

        public void Dispose()
        {
            Cancel();
            lock (_gate)
            {
                if (_disposed)
                {
                    return;
                }

                _disposed = true;
            }

            _deadline?.Dispose();
            Release();
            _request.Dispose();
        }

        private void OnRequestStream(Stream stream)
        {
            lock (_gate)
            {
                _requestStream = stream;
                Monitor.PulseAll(_gate);
            }
        }

        private void OnResponse(Task<HttpResponseMessage> answer)
        {
            if (answer.Status != TaskStatus.RanToCompletion)
            {
                Exception cause = answer.Exception?.GetBaseException() ?? new OperationCanceledException("the handler gave up");
                string detail = GrpcWire.Explain(answer.Exception?.InnerException ?? cause);
                Settle(new GrpcStatus(GrpcStatusCode.Unavailable, $"no connection: {detail}"), cause);
                return;
            }

            bool late;
            lock (_gate)
            {
                late = _status.HasValue;
                if (!late)
                {
                    _response = answer.Result;
                    Monitor.PulseAll(_gate);
                }
            }

            if (late)
            {
                answer.Result.Dispose();
            }
        }

        private void OnDeadline() =>
            Settle(new GrpcStatus(GrpcStatusCode.DeadlineExceeded, "the deadline of the call passed"), null);

        private void NoteFirstWritten()
        {
            lock (_gate)
            {
                _firstWritten = _firstWritten ?? _age.Elapsed;
                Monitor.PulseAll(_gate);
            }
        }

        /// <summary>Null: the call is over, or the answer came before the request was wanted.</summary>
        private Stream? WaitForRequestStream()
        {
            lock (_gate)
            {
                while (true)
                {
                    if (_status.HasValue)
                    {
                        return null;
                    }

                    if (_requestStream != null)
                    {
                        return _requestStream;
                    }

                    if (_response != null)
                    {
                        return null;
                    }

                    if (!WaitUntil(_limits.ConnectTimeout))
                    {
                        SettleLocked(NoConnection());
                    }
                }
            }
        }

        private MessageReader<TResponse> OpenResponse()
        {
            FlushHeaders();
            HttpResponseMessage response = WaitForResponse();
            Headers = GrpcMetadata.From(response.Headers);
            GrpcStatus? early = GrpcWire.StatusIn(Headers);
            if (early.HasValue && early.Value.Code != GrpcStatusCode.Ok)
            {
                lock (_gate)
                {
                    _trailers = Headers;
                }

                throw Fail(early.Value.Code, early.Value.Detail);
            }

            GrpcStatus? objection = GrpcWire.Objection(response);
            if (objection.HasValue)
            {
                throw Fail(objection.Value.Code, objection.Value.Detail);
            }

            Stream stream = response.Content.ReadAsStreamAsync().GetAwaiter().GetResult();
            string encoding = Headers.Text("grpc-encoding") ?? "identity";
            return new MessageReader<TResponse>(stream, _parser, encoding, _limits.MaxReceiveBytes);
        }

        /// <summary>Handlers may keep the headers back until the first message; a reader must not wait for that.</summary>
        private void FlushHeaders()
        {
            Stream? stream = WaitForRequestStream();
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
                NoteCause(exception);
            }
            finally
            {
                Monitor.Exit(_writing);
            }
        }

        /// <summary>The answer may still say why the call ended; without one this is the reason.</summary>
        private void NoteCause(Exception exception)
        {
            lock (_gate)
            {
                _cause = _cause ?? exception;
            }
        }

        private HttpResponseMessage WaitForResponse()
        {
            lock (_gate)
            {
                while (true)
                {
                    if (_status.HasValue)
                    {
                        throw new GrpcException(_status.Value, _trailers, _cause);
                    }

                    if (_response != null)
                    {
                        return _response;
                    }

                    if (_firstWritten.HasValue)
                    {
                        if (!WaitUntil(_firstWritten.Value + _limits.FirstHeaderTimeout))
                        {
                            SettleLocked(new GrpcStatus(
                                GrpcStatusCode.Unavailable,
                                $"the server did not begin to answer within {_limits.FirstHeaderTimeout.TotalSeconds:0.#} s"));
                        }
                    }
                    else if (_requestStream != null)
                    {
                        Monitor.Wait(_gate);
                    }
                    else if (!WaitUntil(_limits.ConnectTimeout))
                    {
                        SettleLocked(NoConnection());
                    }
                }
            }
        }

        private GrpcStatus NoConnection() => new GrpcStatus(
            GrpcStatusCode.Unavailable, $"no connection to {_request.RequestUri!.Authority} within {_limits.ConnectTimeout.TotalSeconds:0.#} s");

        private bool WaitUntil(TimeSpan age)
        {
            TimeSpan left = age - _age.Elapsed;
            return left > TimeSpan.Zero && (Monitor.Wait(_gate, left) || _age.Elapsed < age);
        }

        /// <summary>The body ended: returns after OK in the trailers, throws after everything else.</summary>
        private void Finish()
        {
            GrpcMetadata trailers = GrpcMetadata.From(_response!.TrailingHeaders);
            lock (_gate)
            {
                if (!_status.HasValue)
                {
                    _trailers = trailers;
                }
            }

            GrpcStatus end = GrpcWire.StatusIn(trailers) ?? GrpcWire.StatusIn(Headers)
                ?? new GrpcStatus(GrpcStatusCode.Unavailable, "the stream ended without a status: the connection was lost");
            Settle(end, null);
            lock (_gate)
            {
                if (_status!.Value.Code != GrpcStatusCode.Ok)
                {
                    throw new GrpcException(_status.Value, _trailers, _cause);
                }
            }
        }

        /// <summary>Ends the call; the exception to throw, which tells the end that was first.</summary>
        private GrpcException Fail(GrpcStatusCode code, string detail, Exception? cause = null)
        {
            Settle(new GrpcStatus(code, detail), cause);
            lock (_gate)
            {
                return new GrpcException(_status!.Value, _trailers, _cause);
            }
        }

        private void Settle(GrpcStatus status, Exception? cause)
        {
            lock (_gate)
            {
                if (_status.HasValue)
                {
                    return;
                }

                _cause = _cause ?? cause;
                SettleLocked(status);
            }

            Release();
        }

        private void SettleLocked(GrpcStatus status)
        {
            _status = status;
            Monitor.PulseAll(_gate);
        }

        /// <summary>Lets go of the connection. Outside the gate: handlers run callbacks in here.</summary>
        private void Release()
        {
            HttpResponseMessage? response;
            lock (_gate)
            {
                response = _response;
            }

            _cancel.Cancel();
            _body.Abandon();
            response?.Dispose();
        }
    }
}
