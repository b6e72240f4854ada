#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Attune.Interop
{
    /// <summary>A TCP proxy with the bandwidth and delay of a bad wireless link, which can be cut and mended.</summary>
    internal sealed class SlowLink : IDisposable
    {
        private readonly TcpListener _listener = new TcpListener(IPAddress.Loopback, 0);
        private readonly List<TcpClient> _ends = new List<TcpClient>();
        private readonly int _target;
        private readonly double _bytesPerSecond;
        private readonly TimeSpan _delay;

        /// <param name="oneWay">Delay of each direction.</param>
        public SlowLink(int target, double bitsPerSecond, TimeSpan oneWay)
        {
            _target = target;
            _bytesPerSecond = bitsPerSecond / 8;
            _delay = oneWay;
            _listener.Server.ReceiveBufferSize = 8192;
            _listener.Start();
            _ = Task.Run(Accept);
        }

        public Uri Address => new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

        /// <summary>Every connection breaks; new ones are possible at once.</summary>
        public void Cut()
        {
            lock (_ends)
            {
                foreach (TcpClient end in _ends)
                {
                    end.Client.Close(0);
                }

                _ends.Clear();
            }
        }

        public void Dispose()
        {
            _listener.Stop();
            Cut();
        }

        private async Task Accept()
        {
            try
            {
                while (true)
                {
                    TcpClient near = await _listener.AcceptTcpClientAsync();
                    TcpClient far = new TcpClient { NoDelay = true };
                    await far.ConnectAsync(IPAddress.Loopback, _target);
                    near.NoDelay = true;
                    lock (_ends)
                    {
                        _ends.Add(near);
                        _ends.Add(far);
                    }

                    _ = Carry(near.GetStream(), far.GetStream());
                    _ = Carry(far.GetStream(), near.GetStream());
                }
            }
            catch (Exception exception) when (exception is SocketException || exception is ObjectDisposedException)
            {
                // The link was taken down, or the server is not there.
            }
        }

        private async Task Carry(Stream from, Stream to)
        {
            Channel<(byte[] Bytes, long DueNs)> onTheWay = Channel.CreateUnbounded<(byte[], long)>();
            Task arriving = Arrive(onTheWay.Reader, to);
            byte[] part = new byte[1400];
            long freeNs = 0;
            try
            {
                for (int read = await from.ReadAsync(part); read > 0; read = await from.ReadAsync(part))
                {
                    freeNs = Math.Max(freeNs, SystemClock.Instance.NowNs) + (long)(read / _bytesPerSecond * 1e9);
                    await Until(freeNs);
                    onTheWay.Writer.TryWrite((part.AsSpan(0, read).ToArray(), freeNs + (_delay.Ticks * 100)));
                }
            }
            catch (Exception exception) when (exception is IOException || exception is ObjectDisposedException)
            {
                // Cut.
            }

            onTheWay.Writer.TryComplete();
            await arriving;
        }

        private static async Task Arrive(ChannelReader<(byte[] Bytes, long DueNs)> onTheWay, Stream to)
        {
            try
            {
                await foreach ((byte[] bytes, long dueNs) in onTheWay.ReadAllAsync())
                {
                    await Until(dueNs);
                    await to.WriteAsync(bytes);
                }
            }
            catch (Exception exception) when (exception is IOException || exception is ObjectDisposedException)
            {
                // Cut.
            }
        }

        private static async Task Until(long dueNs)
        {
            long leftMs = (dueNs - SystemClock.Instance.NowNs) / 1_000_000;
            if (leftMs > 0)
            {
                await Task.Delay((int)leftMs, CancellationToken.None);
            }
        }
    }
}
