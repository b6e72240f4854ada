#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>What the scene, the visitor and the device do.</summary>
    internal sealed partial class SessionMachine
    {
        /// <summary>Whether a frame that is made now would be sent soon: spares a source its readback.</summary>
        public bool WantsFrame(FrameRole role, long nowNs)
        {
            float most = _terms?.MaxFrameRateHz ?? 0;
            bool tooSoon = most > 0 && nowNs - _lastOfferedNs < 0.9e9 / most;
            return State == ConnectionState.Streaming && _consent.Allows(role) && !tooSoon && _mailbox.HasCredit(nowNs);
        }

        /// <summary>Whether a camera may be open for such frames: their consent is given, and they have a way to go.</summary>
        public bool MayFilm(FrameRole role) =>
            !_offline && State != ConnectionState.Ended && !_ending.HasValue && _consent.Allows(role);

        /// <summary>Takes the buffer over in every case.</summary>
        /// <param name="takenUnder">Revision of the consent under which it was taken; null: the one in force.</param>
        public FrameOutcome Offer(FrameBuffer frame, long nowNs, uint? takenUnder = null)
        {
            bool stale = takenUnder.HasValue && takenUnder.Value != _consent.Revision;
            FrameOutcome outcome = stale ? FrameOutcome.NoConsent : Judge(frame);
            if (outcome != FrameOutcome.Accepted)
            {
                _pool.Return(frame);
                return outcome;
            }

            _lastCaptureNs = frame.Info.CaptureTimeNs;
            _lastOfferedNs = nowNs;
            frame.Sequence = ++_frameSequence;
            frame.ConsentRevision = _consent.Revision;
            Preview?.Take(frame);
            return _mailbox.Put(frame) ? FrameOutcome.ReplacedOlder : FrameOutcome.Accepted;
        }

        public void Report(in HeadsetPose pose)
        {
            if (State == ConnectionState.Streaming)
            {
                _pose = pose;
            }
        }

        /// <summary>Only the newest waits; nothing does without consent to analyse.</summary>
        public void Report(FaceWeights weights)
        {
            if (State == ConnectionState.Streaming && _consent.Allows(ConsentScope.Analyse))
            {
                _weights.PutIn(weights);
            }
        }

        public void Report(CameraModel camera)
        {
            _camera = camera;
            Enqueue(camera);
        }

        public void Report(SceneEvent happened)
        {
            if (happened is ChoiceDue || happened is ChoiceResolved)
            {
                throw new ArgumentException("choices are reached and chosen, not reported");
            }

            if (happened is BeatEntered beat)
            {
                _beat = beat;
            }

            Enqueue(happened);
        }

        public void Calibrate(CalibrationAction action) => Enqueue(new Calibration(action));

        /// <summary>The occurrence that begins. One that still waits is settled with its default first.</summary>
        public uint ReachChoice(string choiceId, string defaultBranch, long deadlineNs, long nowNs)
        {
            ChoiceResolved? abandoned = _choices.Abandon(choiceId, nowNs);
            if (abandoned != null)
            {
                Settled(abandoned, null);
            }

            ChoiceDue due = _choices.Begin(choiceId, defaultBranch, deadlineNs, nowNs);
            Enqueue(due);
            ObeyWithoutServer(choiceId, nowNs);
            return due.Occurrence;
        }

        /// <summary>
        /// An operator wants a branch, now or when the choice is reached. The server decides so; where none listens, the
        /// branch is played as soon as the choice waits.
        /// </summary>
        /// <returns>The occurrence that it is for.</returns>
        public uint Order(string choiceId, string branchId, long nowNs)
        {
            OperatorChoice order = _choices.Order(choiceId, branchId);
            Enqueue(order);
            ObeyWithoutServer(choiceId, nowNs);
            return order.Occurrence;
        }

        private void ObeyWithoutServer(string choiceId, long nowNs)
        {
            ChoiceResolved? resolved = _welcomed ? null : _choices.Obey(choiceId, nowNs);
            if (resolved != null)
            {
                Settled(resolved, null);
            }
        }

        /// <summary>Settles the choices whose deadline has passed; <see cref="Next"/> does so too.</summary>
        public void SettleDue(long nowNs)
        {
            for (ChoiceResolved? due = _choices.Expire(nowNs); due != null; due = _choices.Expire(nowNs))
            {
                Settled(due, null);
            }
        }

        /// <summary>False: the choice is settled already, or was not reached.</summary>
        public bool Choose(string choiceId, string branchId, long nowNs)
        {
            ChoiceResolved? resolved = _choices.Choose(choiceId, branchId, nowNs);
            if (resolved != null)
            {
                Settled(resolved, null);
            }

            return resolved != null;
        }

        /// <summary>Holds from now on: a frame that waits is thrown away, and no later one leaves without leave.</summary>
        public void ChangeConsent(IEnumerable<ConsentScope> scopes)
        {
            _consent.Change(scopes);
            _mailbox.Empty();
            Preview?.Forget();
            _weights.Empty();
            if (_unapplied != null)
            {
                _control.Remove(_unapplied);
            }

            _unapplied = new ConsentChange(_consent.Revision, _consent.Scopes);
            Enqueue(_unapplied);
        }

        public void Pause(PauseReason reason, long nowNs, DateTime utcNow)
        {
            if (_paused || State == ConnectionState.Ended)
            {
                return;
            }

            _paused = true;
            _pausedNs = nowNs;
            _pausedUtc = utcNow;
            _mailbox.Empty();
            Preview?.Forget();
            _weights.Empty();
            _pose = null;
            if (!_offline)
            {
                Enqueue(new SessionPause(reason));
                Enter(ConnectionState.Paused);
            }
        }

        /// <summary>Goes on, or ends the session for good when the pause was longer than the server waits.</summary>
        public void Resume(long nowNs, DateTime utcNow)
        {
            if (!_paused || State == ConnectionState.Ended)
            {
                return;
            }

            _paused = false;
            if (_offline)
            {
                return;
            }

            TimeSpan measured = Span(nowNs - _pausedNs);
            TimeSpan slept = utcNow - _pausedUtc;
            TimeSpan paused = measured > slept ? measured : slept;
            if (_terms != null && paused > _terms.ResumeWindow)
            {
                End(EndReason.Lost, null, "the pause was longer than the server keeps a session: the next one is a new visitor's");
                return;
            }

            _clockEpoch++;
            _retryNs = nowNs;
            DateWhatWaits((slept - measured).Ticks * 100);
            Enqueue(new SessionResume());
            if (_welcomed)
            {
                _lastHeardNs = nowNs;
                RelateClocksAnew(nowNs);
            }

            Enter(_welcomed ? ConnectionState.Synchronising : _linkOpen ? ConnectionState.Connecting : ConnectionState.Waiting);
        }

        public void RequestEnd(EndReason reason)
        {
            _ending = _ending ?? reason;
            _mailbox.Empty();
            Preview?.Forget();
        }

        /// <summary>Ends at once, whatever was agreed.</summary>
        public void Abandon(EndReason reason) => End(_ending ?? reason, null, "");

        /// <summary>Something went wrong that nobody foresaw. The session is over; the story goes on.</summary>
        public void Fail(Exception exception) =>
            End(EndReason.Lost, LinkFault.Internal, $"the client failed: {exception.GetType().Name}: {exception.Message}");

        private FrameOutcome Judge(FrameBuffer frame)
        {
            if (!_consent.Allows(frame.Info.Role))
            {
                return FrameOutcome.NoConsent;
            }

            if (State != ConnectionState.Streaming || _ending.HasValue)
            {
                return FrameOutcome.NotStreaming;
            }

            if (frame.Length > _terms!.MaxFrameBytes)
            {
                return FrameOutcome.TooLarge;
            }

            return frame.Info.CaptureTimeNs > _lastCaptureNs ? FrameOutcome.Accepted : FrameOutcome.OutOfOrder;
        }
    }
}
