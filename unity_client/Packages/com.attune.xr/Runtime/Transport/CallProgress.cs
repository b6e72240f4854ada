#nullable enable
using System;
using System.Diagnostics;
using System.IO;
using System.Net.Http;
using System.Threading;

namespace Attune.Transport
{
    /// <summary>
    /// How far a call is, for the threads that wait for it: the handler's stream for the request, the headers of
    /// the answer, the end. Of several ends the first counts. Handlers may never answer, so that every wait has
    /// a limit of its own.
    /// </summary>
    internal sealed class CallProgress
    {
        private readonly object _gate = new object();
        private readonly Stopwatch _age = Stopwatch.StartNew();
        private readonly GrpcLimits _limits;
        private readonly string _peer;
        private Stream? _requestStream;
        private HttpResponseMessage? _response;
        private TimeSpan? _firstWritten;
        private GrpcStatus? _status;
        private Exception? _cause;
        private GrpcMetadata _trailers = new GrpcMetadata();

        public CallProgress(GrpcLimits limits, string peer)
        {
            _limits = limits;
            _peer = peer;
        }

        /// <summary>Null: the server has not begun to answer.</summary>
        public HttpResponseMessage? Response
        {
            get
            {
                lock (_gate)
                {
                    return _response;
                }
            }
        }

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

        public void RequestStreamOpened(Stream stream)
        {
            lock (_gate)
            {
                _requestStream = stream;
                Monitor.PulseAll(_gate);
            }
        }

        /// <summary>False: the call is over already, and nobody will read the answer.</summary>
        public bool ResponseBegan(HttpResponseMessage response)
        {
            lock (_gate)
            {
                if (_status.HasValue)
                {
                    return false;
                }

                _response = response;
                Monitor.PulseAll(_gate);
                return true;
            }
        }

        /// <summary>From the first message on the server has a limited time to begin its answer.</summary>
        public void Written()
        {
            lock (_gate)
            {
                if (!_firstWritten.HasValue)
                {
                    _firstWritten = _age.Elapsed;
                    Monitor.PulseAll(_gate);
                }
            }
        }

        /// <summary>The answer may still say why the call ended; without one this is the reason.</summary>
        public void NoteCause(Exception exception)
        {
            lock (_gate)
            {
                _cause = _cause ?? exception;
            }
        }

        /// <summary>The call is over. False: it was before.</summary>
        public bool Settle(GrpcStatus status, Exception? cause, GrpcMetadata? trailers = null)
        {
            lock (_gate)
            {
                if (_status.HasValue)
                {
                    return false;
                }

                _cause = _cause ?? cause;
                _trailers = trailers ?? _trailers;
                _status = status;
                Monitor.PulseAll(_gate);
                return true;
            }
        }

        /// <summary>The end that counts, as an exception; null: OK, or not over.</summary>
        public GrpcException? Failure()
        {
            lock (_gate)
            {
                return !_status.HasValue || _status.Value.Code == GrpcStatusCode.Ok
                    ? null : new GrpcException(_status.Value, _trailers, _cause);
            }
        }

        /// <summary>Null: the call is over, or the answer came before the request was wanted.</summary>
        public Stream? WaitForRequestStream()
        {
            lock (_gate)
            {
                while (!_status.HasValue && _requestStream == null && _response == null)
                {
                    if (!WaitUntil(_limits.ConnectTimeout))
                    {
                        Settle(NoConnection(), null);
                    }
                }

                return _status.HasValue ? null : _requestStream;
            }
        }

        /// <exception cref="GrpcException">The call ended before.</exception>
        public HttpResponseMessage WaitForResponse()
        {
            lock (_gate)
            {
                while (!_status.HasValue && _response == null)
                {
                    if (_firstWritten.HasValue)
                    {
                        if (!WaitUntil(_firstWritten.Value + _limits.FirstHeaderTimeout))
                        {
                            Settle(NoHeaders(), null);
                        }
                    }
                    else if (_requestStream != null)
                    {
                        Monitor.Wait(_gate);
                    }
                    else if (!WaitUntil(_limits.ConnectTimeout))
                    {
                        Settle(NoConnection(), null);
                    }
                }

                return Failure() is GrpcException failure ? throw failure : _response!;
            }
        }

        private GrpcStatus NoConnection() => new GrpcStatus(
            GrpcStatusCode.Unavailable, $"no connection to {_peer} within {_limits.ConnectTimeout.TotalSeconds:0.#} s");

        private GrpcStatus NoHeaders() => new GrpcStatus(
            GrpcStatusCode.Unavailable,
            $"the server did not begin to answer within {_limits.FirstHeaderTimeout.TotalSeconds:0.#} s");

        /// <summary>False: the call is older than that.</summary>
        private bool WaitUntil(TimeSpan age)
        {
            TimeSpan left = age - _age.Elapsed;
            return left > TimeSpan.Zero && (Monitor.Wait(_gate, left) || _age.Elapsed < age);
        }
    }
}
