#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Attune.Visitor
{
    /// <summary>Everything that happens to a client, one JSON line each.</summary>
    internal sealed class SessionLog
    {
        private readonly TextWriter _lines;
        private readonly long _beginNs;
        private readonly AttuneClient _client;

        public SessionLog(AttuneClient client, TextWriter lines)
        {
            _client = client;
            _lines = lines;
            _beginNs = client.NowNs;
            client.StateChanged += state => Write("state", ("state", state.ToString()));
            client.Ready += ready => Write(
                "ready", ("session", ready.SessionId), ("resumed", ready.Resumed), ("server", ready.ServerVersion),
                ("locked", ready.AnalysisLocked));
            client.Updated += update => Write(
                "update", ("sequence", update.Sequence), ("frame", update.FrameSequence), ("age_ms", update.AgeMs),
                ("since_capture_ms", update.CaptureTimeNs == 0 ? 0 : (client.NowNs - update.CaptureTimeNs) / 1e6),
                ("face", update.Face?.Found ?? false), ("eri", update.Empathy.Eri), ("beat", update.BeatId),
                ("outlook", string.Join("; ", update.Outlook.Select(Named))));
            client.Settled += settled => Write(
                "settled", ("choice", settled.ChoiceId), ("occurrence", settled.Occurrence), ("branch", settled.BranchId),
                ("by", settled.By.ToString()), ("decision", settled.Decision?.DecisionId ?? ""),
                ("reason", settled.Decision?.Reason.ToString() ?? ""));
            client.ConsentApplied += applied => Write(
                "consent", ("revision", applied.Revision), ("last_analysed", applied.LastAnalysedFrameSequence));
            client.CalibrationProgressed += progress => Write(
                "calibration", ("fraction", progress.Fraction), ("in_force", progress.InForce));
            client.Noticed += notice => Write(
                "notice", ("code", notice.Code.ToString()), ("parameters", string.Join(", ", notice.Parameters)));
            client.Summarised += summary => Write(
                "summary", ("reason", summary.Reason.ToString()), ("received", summary.FramesReceived),
                ("analysed", summary.FramesAnalysed), ("dropped", summary.FramesDropped),
                ("with_face", summary.FramesWithFace), ("decisions", summary.Decisions));
            client.Ended += over => Write("ended", ("reason", over.Reason.ToString()), ("detail", over.Detail));
        }

        private static string Named(ChoiceOutlook outlook) =>
            $"{outlook.ChoiceId}#{outlook.Occurrence} "
            + string.Join(", ", outlook.Branches.Select(branch => $"{branch.BranchId} {branch.Standing}"));

        public void Played(string line) => Write("story", ("line", line));

        public void Figures()
        {
            ClientFigures figures = _client.Figures;
            Write(
                "figures", ("frames_sent", figures.FramesSent), ("frames_replaced", figures.FramesReplaced),
                ("frames_analysed", figures.FramesAnalysed), ("frames_dropped", figures.FramesDropped),
                ("acks_missed", figures.AcknowledgementsMissed), ("updates", figures.Updates),
                ("round_trip_ms", figures.RoundTrip.TotalMilliseconds), ("reconnections", figures.Reconnections),
                ("late_decisions", figures.LateDecisions), ("last_fault", figures.LastFault));
        }

        private void Write(string what, params (string Name, object Value)[] values)
        {
            Dictionary<string, object> line = new Dictionary<string, object>
            {
                ["t_s"] = Math.Round((_client.NowNs - _beginNs) / 1e9, 4),
                ["event"] = what,
            };
            foreach ((string name, object value) in values)
            {
                line[name] = value;
            }

            _lines.WriteLine(JsonSerializer.Serialize(line));
            _lines.Flush();
        }
    }
}
