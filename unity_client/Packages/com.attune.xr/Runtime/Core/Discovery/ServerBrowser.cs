#nullable enable
using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Attune
{
    /// <summary>
    /// Looks for servers on the local network by multicast DNS while it lives. It asks from a port of its own, so that
    /// answers come to this device alone and no multicast has to be received. It finds and tells; an operator decides.
    /// </summary>
    public sealed class ServerBrowser : IDisposable
    {
        private const int LongestMessage = 9000;
        private const double FirstPauseS = 1;
        private const double LongestPauseS = 10;

        private static readonly IPEndPoint Everybody = new IPEndPoint(IPAddress.Parse("224.0.0.251"), 5353);

        private readonly object _gate = new object();
        private readonly ServiceDirectory _directory = new ServiceDirectory();
        private readonly IClock _clock;
        private readonly IPEndPoint _asked;
        private readonly Socket _socket;
        private readonly Thread _thread;
        private string _fault = "";
        private volatile bool _stopping;

        /// <exception cref="SocketException">There is no network to ask on.</exception>
        public ServerBrowser()
            : this(Everybody, SystemClock.Instance)
        {
        }

        internal ServerBrowser(IPEndPoint asked, IClock clock)
        {
            _asked = asked;
            _clock = clock;
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                _socket.Bind(new IPEndPoint(IPAddress.Any, 0));
            }
            catch (SocketException)
            {
                _socket.Dispose();
                throw;
            }

            _thread = new Thread(Browse) { Name = "Attune browse", IsBackground = true };
            _thread.Start();
        }

        /// <summary>Who answered of late. Any thread.</summary>
        public IReadOnlyList<FoundServer> Found
        {
            get
            {
                lock (_gate)
                {
                    return _directory.Found(_clock.NowNs);
                }
            }
        }

        /// <summary>Why asking failed the last time; empty: it did not. Any thread.</summary>
        public string Fault
        {
            get
            {
                lock (_gate)
                {
                    return _fault;
                }
            }
        }

        internal bool IsBrowsing => _thread.IsAlive;

        public void Dispose()
        {
            _stopping = true;
            _socket.Dispose();
            _thread.Join(500);
        }

        private void Browse()
        {
            byte[] message = new byte[LongestMessage];
            double pauseS = FirstPauseS;
            while (!_stopping)
            {
                Ask();
                long askAgainNs = _clock.NowNs + (long)(pauseS * 1e9);
                pauseS = Math.Min(LongestPauseS, pauseS * 2);
                while (!_stopping && _clock.NowNs < askAgainNs)
                {
                    Listen(message);
                }
            }
        }

        private void Ask()
        {
            string fault = "";
            try
            {
                byte[] query;
                lock (_gate)
                {
                    query = DnsMessage.Query((ushort)(_clock.NowNs & 0xFFFF), _directory.Questions());
                }

                _socket.SendTo(query, _asked);
            }
            catch (Exception exception) when (exception is SocketException || exception is ObjectDisposedException)
            {
                // No network, or none yet: it is asked again.
                fault = exception.Message;
            }

            lock (_gate)
            {
                _fault = _stopping ? "" : fault;
            }
        }

        private void Listen(byte[] message)
        {
            try
            {
                if (!_socket.Poll(100_000, SelectMode.SelectRead))
                {
                    return;
                }

                EndPoint sender = new IPEndPoint(IPAddress.Any, 0);
                int length = _socket.ReceiveFrom(message, ref sender);
                IReadOnlyList<DnsRecord> records = DnsMessage.Answers(new ReadOnlySpan<byte>(message, 0, length));
                lock (_gate)
                {
                    _directory.Hear(records, _clock.NowNs);
                }
            }
            catch (FormatException)
            {
                // Anybody can send anything to a port.
            }
            catch (Exception exception) when (exception is SocketException || exception is ObjectDisposedException)
            {
                // A refused question or a longer message is nobody's answer; a closed socket ends the loop.
                Thread.Sleep(_stopping ? 0 : 100);
            }
        }
    }
}
