#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>
    /// What the editor window and the panel in the headset show of a session: it listens to one client after the other and
    /// keeps the last minutes. Everything of a visitor goes with the visitor.
    /// </summary>
    public sealed class SessionMonitor
    {
        private const int MostStory = 100;

        private readonly List<string> _story = new List<string>();
        private readonly List<string> _deletionOffered = new List<string>();
        private AttuneClient? _client;

        public Trace Eri { get; } = new Trace("ERI", 0, 100);

        public Trace Valence { get; } = new Trace("valence", -1, 1);

        public Trace Arousal { get; } = new Trace("arousal", -1, 1);

        public Trace Attention { get; } = new Trace("attention", 0, 1);

        public Rate FrameRate { get; } = new Rate();

        public Rate UpdateRate { get; } = new Rate();

        public ClientFigures Figures { get; private set; } = new ClientFigures { LastFault = "" };

        /// <summary>Null: no visitor is there.</summary>
        public StateUpdate? Latest { get; private set; }

        public SessionReady? Terms { get; private set; }

        public SessionOver? Over { get; private set; }

        /// <summary>Null: the session goes on, or ended without one.</summary>
        public SessionSummary? Summary { get; private set; }

        /// <summary>Why the server keeps nothing more; null: it did not stop.</summary>
        public string? RecordingStopped { get; private set; }

        /// <summary>Scopes that were withdrawn, of which something is stored.</summary>
        public IReadOnlyList<string> DeletionOffered => _deletionOffered;

        /// <summary>Beats, choices and notices, the oldest first.</summary>
        public IReadOnlyList<string> Story => _story;

        public bool HasVisitor => _client != null;

        public long NowNs { get; private set; }

        /// <summary>The consent scopes in force.</summary>
        public IReadOnlyList<ConsentScope> Allowed { get; private set; } = Array.Empty<ConsentScope>();

        public bool Allows(ConsentScope scope)
        {
            foreach (ConsentScope allowed in Allowed)
            {
                if (allowed == scope)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Looks at this client from now on; null: at none. Call it once a rendered frame, or as often as one shows.</summary>
        public void Watch(AttuneClient? client)
        {
            if (!ReferenceEquals(client, _client))
            {
                Detach();
                Attach(client);
            }

            if (client != null)
            {
                Observe(client.Figures, client.NowNs);
                Allowed = AllowedBy(client);
            }
        }

        /// <summary>Figures of the client at a time on its clock.</summary>
        public void Observe(in ClientFigures figures, long nowNs)
        {
            NowNs = nowNs;
            Figures = figures;
            FrameRate.Observe(figures.FramesSent, nowNs);
            UpdateRate.Observe(figures.Updates, nowNs);
        }

        public void Observe(StateUpdate update)
        {
            string beat = Latest == null ? "" : Latest.BeatId;
            Latest = update;
            long time = _client == null ? NowNs : _client.NowNs;
            NowNs = time;
            EmpathyState empathy = update.Empathy;
            Eri.Add(new TracePoint(time, empathy.Eri, empathy.Confidence));
            float reliability = update.Expression == null ? 0 : update.Expression.Reliability;
            Valence.Add(new TracePoint(time, empathy.Valence, reliability));
            Arousal.Add(new TracePoint(time, empathy.Arousal, reliability));
            Attention.Add(new TracePoint(time, empathy.Attention, update.Face == null ? 0 : 1));
            if (update.BeatId != beat && update.BeatId.Length > 0)
            {
                Tell($"beat {update.BeatId}");
            }
        }

        public void Observe(ChoiceSettled settled)
        {
            Tell($"{settled.ChoiceId} → {settled.BranchId} ({StoryWords.Of(settled)})");
            if (settled.Decision is BranchDecision decision)
            {
                foreach (KeyValuePair<string, string> other in decision.WhyNot)
                {
                    Tell($"    not {other.Key}: {other.Value}");
                }
            }
        }

        public void Observe(Notice notice)
        {
            List<string> parameters = new List<string>();
            foreach (KeyValuePair<string, string> parameter in notice.Parameters)
            {
                parameters.Add($"{parameter.Key} {parameter.Value}");
            }

            if (notice.Code == NoticeCode.RecordingStopped)
            {
                RecordingStopped = notice.Parameters.TryGetValue("cause", out string? cause) ? cause : "no cause was given";
            }
            else if (notice.Code == NoticeCode.DeletionOffered && notice.Parameters.TryGetValue("scope", out string? scope))
            {
                _deletionOffered.Add(scope);
            }

            Tell($"notice {notice.Code}{(parameters.Count > 0 ? ": " : "")}{string.Join(", ", parameters)}");
        }

        public void Observe(SessionReady terms) => Terms = terms;

        public void Observe(SessionSummary summary) => Summary = summary;

        public void Observe(SessionOver over)
        {
            Over = over;
            Tell($"over: {over.Reason}{(over.Detail.Length > 0 ? ", " : "")}{over.Detail}");
        }

        private void Attach(AttuneClient? client)
        {
            _client = client;
            if (client != null)
            {
                client.Updated += Observe;
                client.Settled += Observe;
                client.Noticed += Observe;
                client.Ready += Observe;
                client.Summarised += Observe;
                client.Ended += Observe;
            }
        }

        private void Detach()
        {
            if (_client != null)
            {
                _client.Updated -= Observe;
                _client.Settled -= Observe;
                _client.Noticed -= Observe;
                _client.Ready -= Observe;
                _client.Summarised -= Observe;
                _client.Ended -= Observe;
            }

            _client = null;
            Latest = null;
            Terms = null;
            Over = null;
            Summary = null;
            RecordingStopped = null;
            _deletionOffered.Clear();
            Allowed = Array.Empty<ConsentScope>();
            Figures = new ClientFigures { LastFault = "" };
            _story.Clear();
            Eri.Clear();
            Valence.Clear();
            Arousal.Clear();
            Attention.Clear();
        }

        private static IReadOnlyList<ConsentScope> AllowedBy(AttuneClient client)
        {
            List<ConsentScope> allowed = new List<ConsentScope>();
            for (ConsentScope scope = ConsentScope.Analyse; scope <= ConsentScope.Bystanders; scope++)
            {
                if (client.Allows(scope))
                {
                    allowed.Add(scope);
                }
            }

            return allowed;
        }

        private void Tell(string line)
        {
            if (_story.Count == MostStory)
            {
                _story.RemoveAt(0);
            }

            _story.Add(line);
        }
    }
}
