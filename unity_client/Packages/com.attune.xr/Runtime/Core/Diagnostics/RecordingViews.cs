#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;

namespace Attune
{
    /// <summary>
    /// What somebody who tries a scene on themselves allows. Storing is offered only where there is something to store.
    /// </summary>
    public sealed class OwnConsent
    {
        public bool Analyse { get; set; }

        public bool StoreFeatures { get; set; }

        public bool StoreVideo { get; set; }

        public IReadOnlyList<ConsentScope> Scopes
        {
            get
            {
                List<ConsentScope> scopes = new List<ConsentScope>();
                if (Analyse)
                {
                    scopes.Add(ConsentScope.Analyse);
                    Add(scopes, StoreFeatures, ConsentScope.StoreFeatures);
                    Add(scopes, StoreVideo, ConsentScope.StoreVideo);
                }

                return scopes;
            }
        }

        private static void Add(List<ConsentScope> scopes, bool allowed, ConsentScope scope)
        {
            if (allowed)
            {
                scopes.Add(scope);
            }
        }
    }

    /// <summary>What is kept of a session, and what a recorded one holds.</summary>
    public static class RecordingViews
    {
        /// <summary>What the consent in force makes the server keep. The server may keep less; its summary says so.</summary>
        public static IReadOnlyList<Row> Kept(SessionMonitor monitor)
        {
            if (!monitor.HasVisitor || monitor.Terms == null)
            {
                return new[] { new Row("recording", "no server, so nothing is kept") };
            }

            if (monitor.Terms.Played)
            {
                return new[] { new Row("recording", "the visitor is played on this device, so nothing is kept") };
            }

            List<Row> rows = new List<Row>();
            if (monitor.RecordingStopped is string cause)
            {
                rows.Add(new Row("recording", "stopped: " + cause, true));
            }
            else
            {
                bool video = monitor.Allows(ConsentScope.StoreVideo);
                bool features = monitor.Allows(ConsentScope.StoreFeatures);
                rows.Add(new Row("events and decisions", "kept where the server records at all, without a figure of the face"));
                rows.Add(new Row("features", features ? "kept: ten a second at most, without where the head was" : "not kept"));
                rows.Add(new Row("video", video ? "kept: frames and head poses, other faces blacked out" : "not kept"));
            }

            foreach (string scope in monitor.DeletionOffered)
            {
                rows.Add(new Row("deletion", $"what was stored under {scope} can be deleted: attune sessions delete {monitor.Terms.SessionId}"));
            }

            if (monitor.Summary is SessionSummary summary)
            {
                rows.Add(new Row("stored", summary.Stored ? $"yes, as {monitor.Terms.SessionId}" : "nothing"));
            }

            return rows;
        }

        /// <summary>The scopes to keep when storing under one of them ends.</summary>
        public static ConsentScope[] Without(SessionMonitor monitor, ConsentScope ended)
        {
            List<ConsentScope> kept = new List<ConsentScope>(monitor.Allowed);
            kept.Remove(ended);
            return kept.ToArray();
        }
    }

    /// <summary>A table that was picked to be played again: the session in it, or what is wrong with it.</summary>
    public sealed class PickedReplay
    {
        private PickedReplay(string name, ReplayScript? script, string problem)
        {
            Name = name;
            Script = script;
            Problem = problem;
        }

        public string Name { get; }

        /// <summary>Null: it cannot be played.</summary>
        public ReplayScript? Script { get; }

        /// <summary>Empty: none.</summary>
        public string Problem { get; }

        public string Contents => Script == null
            ? "" : string.Format(
                CultureInfo.InvariantCulture, "{0} states over {1:0.0} s, {2} decisions", Script.States.Count,
                Script.Length.TotalSeconds, Script.Decisions);

        /// <param name="read">The text of the file.</param>
        public static PickedReplay Of(string name, Func<string> read)
        {
            try
            {
                ReplayScript script = ReplayScript.Parse(read());
                bool empty = script.States.Count == 0 && script.Decisions == 0;
                return empty
                    ? new PickedReplay(name, null, "the table holds no line of a session: was anything recorded?")
                    : new PickedReplay(name, script, "");
            }
            catch (FormatException exception)
            {
                return new PickedReplay(name, null, exception.Message);
            }
            catch (System.IO.IOException exception)
            {
                return new PickedReplay(name, null, exception.Message);
            }
        }
    }
}
