#nullable enable
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Attune
{
    /// <summary>The two threads of a client, and its end.</summary>
    public sealed partial class AttuneClient
    {
        /// <summary>
        /// Says goodbye if the server listens, and lets go of it in any case. Takes at most
        /// <see cref="DisposeTimeout"/>, waits for no work on the main thread, and no event follows it.
        /// </summary>
        public void Dispose()
        {
            ISessionLink? link;
            lock (_gate)
            {
                if (_disposed)
                {
                    return;
                }

                _disposed = true;
                _outlet.Close();
                _machine.RequestEnd(EndReason.Application);
                Monitor.PulseAll(_gate);
                long until = SystemClock.Instance.NowNs + 200_000_000;
                while (_sender != null && _machine.State != ConnectionState.Ended)
                {
                    long leftMs = (until - SystemClock.Instance.NowNs) / 1_000_000;
                    if (leftMs <= 0)
                    {
                        break;
                    }

                    Monitor.Wait(_gate, (int)leftMs);
                }

                _machine.Abandon(EndReason.Application);
                _stopping = true;
                link = _link;
                Monitor.PulseAll(_gate);
            }

            _watch?.Dispose();
            link?.Abort();
            _sender?.Join(125);
            _receiver?.Join(125);
            _links?.Dispose();
            lock (Started)
            {
                Started.Remove(this);
            }

            _gone = true;
        }

        /// <summary>
        /// Lets go of this visitor without making the caller wait: no event follows the return, and the goodbye
        /// is said by another thread.
        /// </summary>
        public void Leave(EndReason reason)
        {
            lock (_gate)
            {
                _outlet.Close();
                _machine.RequestEnd(reason);
                Monitor.PulseAll(_gate);
            }

            ThreadPool.QueueUserWorkItem(_ => Dispose());
        }

        /// <summary>
        /// Disposes every client of this process that is still running, side by side: for an editor that is about
        /// to throw its code away. Waits for those that are being disposed elsewhere too.
        /// </summary>
        public static void DisposeAll()
        {
            AttuneClient[] running;
            lock (Started)
            {
                running = Started.ToArray();
            }

            if (running.Length == 0)
            {
                return;
            }

            Parallel.ForEach(running, client => client.Dispose());
            SpinWait.SpinUntil(() => Array.TrueForAll(running, client => client._gone), DisposeTimeout);
        }

        private void SendLoop()
        {
            while (true)
            {
                Step step;
                ISessionLink? link;
                lock (_gate)
                {
                    if (_stopping)
                    {
                        return;
                    }

                    long now = _clock.NowNs;
                    step = _machine.Next(now);
                    link = _link;
                    _inStep = step.Kind != StepKind.Wait;
                    if (step.Kind == StepKind.Wait)
                    {
                        // Whoever waits for the end of the session can see it now.
                        Monitor.PulseAll(_gate);
                        Rest(step.UntilNs - now);
                    }
                }

                if (step.Kind != StepKind.Wait)
                {
                    TakeOrFail(step, link);
                }
            }
        }

        /// <summary>
        /// A step lasts as long as its peer likes: until a server that cannot be reached is given up, or one that takes nothing
        /// takes it. Choices and a silent server wait for neither.
        /// </summary>
        private void Watch()
        {
            ISessionLink? lost;
            lock (_gate)
            {
                if (!_inStep || _stopping)
                {
                    return;
                }

                long now = _clock.NowNs;
                _machine.SettleDue(now);
                lost = _link != null && _machine.GivesUp(now) ? _link : null;
            }

            lost?.Abort();
        }

        /// <summary>The outermost guard of the sending thread: its death would take the defaults with it.</summary>
        private void TakeOrFail(in Step step, ISessionLink? link)
        {
            try
            {
                Take(step, link);
            }
            catch (Exception exception)
            {
                lock (_gate)
                {
                    _machine.Fail(exception);
                }
            }
        }

        /// <summary>Rounded up, so that a step is never asked for just before it is due.</summary>
        private void Rest(long ns)
        {
            if (ns > 0)
            {
                long ms = Math.Min((ns / 1_000_000) + 1, 60_000);
                Monitor.Wait(_gate, (int)ms);
            }
        }

        private void Take(in Step step, ISessionLink? link)
        {
            if (step.Kind == StepKind.Open)
            {
                ISessionLink opened = _links!.Open();
                lock (_gate)
                {
                    if (!_stopping)
                    {
                        _link = opened;
                        Monitor.PulseAll(_gate);
                        return;
                    }
                }

                // Nobody receives from it any more, and nobody else knows it.
                opened.Dispose();
                return;
            }

            bool written = link != null;
            try
            {
                if (step.Kind == StepKind.Close)
                {
                    link?.Abort();
                }
                else if (step.Message != null)
                {
                    link?.Send(step.Message);
                }
                else if (step.Frame != null)
                {
                    link?.Send(step.Frame);
                }
                else if (step.Weights != null)
                {
                    link?.Send(step.Weights);
                }
                else
                {
                    link?.Send(step.Pose);
                }
            }
            catch (LinkException)
            {
                // The receiving thread is told the same, with the server's reason.
                written = false;
            }

            lock (_gate)
            {
                if (step.Frame != null)
                {
                    _machine.Sent(step.Frame, written);
                }

                if (written && step.Message != null)
                {
                    _machine.Sent(step.Message);
                }

                if (!written && ReferenceEquals(link, _link))
                {
                    _machine.WritingFailed();
                }
            }
        }

        private void ReceiveLoop()
        {
            while (true)
            {
                ISessionLink link;
                lock (_gate)
                {
                    while (_link == null && !_stopping)
                    {
                        Monitor.Wait(_gate);
                    }

                    if (_link == null)
                    {
                        return;
                    }

                    link = _link;
                }

                LinkException? fault = Receive(link);
                lock (_gate)
                {
                    _link = null;
                    _machine.Broken(fault, _clock.NowNs);
                    Monitor.PulseAll(_gate);
                }

                link.Dispose();
            }
        }

        /// <summary>Until the stream ends; null: it ended well.</summary>
        private LinkException? Receive(ISessionLink link)
        {
            try
            {
                for (ServerMessage? message = link.Receive(); message != null; message = link.Receive())
                {
                    lock (_gate)
                    {
                        _machine.Received(message, _clock.NowNs);
                        Monitor.PulseAll(_gate);
                    }
                }

                return null;
            }
            catch (LinkException fault)
            {
                return fault;
            }
            catch (Exception exception)
            {
                // The outermost guard of the receiving thread.
                lock (_gate)
                {
                    _machine.Fail(exception);
                }

                return null;
            }
        }
    }
}
