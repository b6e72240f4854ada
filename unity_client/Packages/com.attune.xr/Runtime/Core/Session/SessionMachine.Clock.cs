#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>How this device's clock is related to the server's, and what waits until it is.</summary>
    internal sealed partial class SessionMachine
    {
        /// <summary>How long what the scene says waits for the answers that date it.</summary>
        public const long MostHeldNs = PingIntervalNs;

        /// <summary>The same for a goodbye, behind which nobody wants to wait.</summary>
        public const long MostHeldAtEndNs = 100_000_000;

        /// <summary>A wall clock and a monotonic one that differ by less may have been read at different moments.</summary>
        public const long ShortestSleepNs = 100_000_000;

        /// <summary>No clock drifts so far between two pings: the device slept, and nobody said so.</summary>
        public const long LeastJumpNs = 1_000_000_000;

        private uint _clockEpoch = 1;
        private uint _firstPingOfEpoch;
        private long _sentOffsetNs;
        private long? _holdUntilNs;
        private Control? _underWay;

        /// <summary>Whether something waits for the clocks to be related.</summary>
        private bool IsHolding => _holdUntilNs.HasValue && _control.Count > 0;

        private void RelateClocksAnew(long nowNs)
        {
            _clock.Reset();
            _firstPingOfEpoch = _pingId + 1;
            _pingsOwed = ClockSync.PingsPerEpoch;
            _holdUntilNs = nowNs + MostHeldNs;
        }

        private void Relate(Pong pong, long nowNs)
        {
            if (pong.Id < _firstPingOfEpoch)
            {
                // This device's clock may have stood still since it asked.
                return;
            }

            if (_clock.Readings >= ClockSync.PingsPerEpoch && _clock.Contradicts(pong, nowNs, LeastJumpNs))
            {
                _clockEpoch++;
                _mailbox.Empty();
                RelateClocksAnew(nowNs);
                Enter(_paused ? ConnectionState.Paused : ConnectionState.Synchronising);
                return;
            }

            _clock.Observe(pong, nowNs);
            bool first = _clock.Readings == ClockSync.PingsPerEpoch;
            bool moved = _clock.Readings > ClockSync.PingsPerEpoch
                && Math.Abs(_clock.OffsetNs - _sentOffsetNs) > 1_000_000 + _clock.UncertaintyNs;
            if (first || moved)
            {
                TellClocks();
            }

            if (first && !_paused)
            {
                Enter(ConnectionState.Streaming);
            }
        }

        private void TellClocks()
        {
            _holdUntilNs = null;
            _sentOffsetNs = _clock.OffsetNs;
            _urgent.Enqueue(new ClockEstimate(_clockEpoch, _clock.OffsetNs, _clock.UncertaintyNs));
        }

        /// <summary>
        /// What the scene says goes after the estimate by which the server dates it. Consent, pauses and their ends bear no
        /// time of this device and wait for nothing; null: nothing may go now.
        /// </summary>
        private Control? NextOfControl()
        {
            if (!IsHolding)
            {
                return _control.First?.Value;
            }

            foreach (Control message in _control)
            {
                if (message is ConsentChange || message is SessionPause || message is SessionResume)
                {
                    return message;
                }
            }

            return null;
        }

        /// <summary>A server that leaves pings unanswered holds the story's messages up no longer than this.</summary>
        private void StopWaitingForClock(long nowNs)
        {
            if (_holdUntilNs.HasValue && _ending.HasValue)
            {
                _holdUntilNs = Math.Min(_holdUntilNs.Value, nowNs + MostHeldAtEndNs);
            }

            if (!_holdUntilNs.HasValue || nowNs < _holdUntilNs.Value || !_welcomed)
            {
                return;
            }

            _holdUntilNs = null;
            if (_clock.Readings > 0)
            {
                TellClocks();
            }
        }

        /// <summary>
        /// The estimate to come is for a clock that stood still while the device slept. What was said before and still waits is
        /// put back by that time; deadlines are this device's and stay.
        /// </summary>
        private void DateWhatWaits(long sleptNs)
        {
            if (sleptNs < ShortestSleepNs)
            {
                return;
            }

            for (LinkedListNode<Control>? node = _control.First; node != null; node = node.Next)
            {
                // One that is being written keeps its identity, by which it is known as written.
                if (node.Value is SceneEvent happened && !ReferenceEquals(happened, _underWay))
                {
                    node.Value = happened.At(happened.TimeNs - sleptNs);
                }
            }
        }
    }
}
