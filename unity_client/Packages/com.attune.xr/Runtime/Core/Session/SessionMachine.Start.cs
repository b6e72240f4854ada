#nullable enable
using System.Collections.Generic;

namespace Attune
{
    /// <summary>The first message of every stream, and what a server hears first that knows nothing of the story.</summary>
    internal sealed partial class SessionMachine
    {
        /// <summary>
        /// A server that first answers so long after something happened is told where the story stands instead: what happened
        /// two minutes ago it would refuse.
        /// </summary>
        public const long OldNewsNs = 60_000_000_000;

        private Start StartNow(long nowNs)
        {
            bool inTime = _brokenSinceNs.HasValue && _terms != null
                && nowNs - _brokenSinceNs.Value <= _terms.ResumeWindow.Ticks * 100;
            _resuming = _resumeToken.Length > 0 && inTime;
            if (_resuming)
            {
                return new Start(_request, _clockEpoch, _resumeToken, _lastDecisionId);
            }

            _resumeToken = "";
            _unapplied = null;
            if (_terms == null)
            {
                PrepareFirstNews(nowNs);
            }
            else
            {
                _control.Clear();
                StandingFacts(nowNs);
            }

            return new Start(_request, _consent.Revision, _consent.Scopes, _clockEpoch);
        }

        /// <summary>What happened before the first answer is part of this session; its consent is in the start.</summary>
        private void PrepareFirstNews(long nowNs)
        {
            bool old = IsOldNews(nowNs);
            for (LinkedListNode<Control>? node = _control.First; node != null;)
            {
                LinkedListNode<Control>? next = node.Next;
                bool said = node.Value is ConsentChange || node.Value is SessionPause || node.Value is SessionResume;
                if (said || (old && !(node.Value is Calibration)))
                {
                    _control.Remove(node);
                }

                node = next;
            }

            if (old)
            {
                StandingFacts(nowNs);
            }
        }

        private bool IsOldNews(long nowNs)
        {
            foreach (Control message in _control)
            {
                if (message is SceneEvent happened)
                {
                    return nowNs - happened.TimeNs > OldNewsNs;
                }
            }

            return false;
        }

        /// <summary>A server that knows nothing of this story is told where it stands now, not its past.</summary>
        private void StandingFacts(long nowNs)
        {
            if (_camera != null)
            {
                _control.AddLast(_camera);
            }

            if (_beat != null)
            {
                _control.AddLast(new BeatEntered(_beat.BeatId, nowNs));
            }

            foreach (ChoiceDue due in _choices.Waiting)
            {
                _control.AddLast(new ChoiceDue(due.ChoiceId, due.Occurrence, due.DeadlineNs, nowNs));
            }

            foreach (OperatorChoice order in _choices.Orders)
            {
                _control.AddLast(order);
            }
        }
    }
}
