#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;

namespace Attune
{
    /// <summary>The rows of the five views of a session. Pure: they say what a monitor knows, and nothing else.</summary>
    public static class MonitorViews
    {
        private const float SlowUpdatesHz = 5;
        private const double SlowAgeMs = 150;

        public static IReadOnlyList<Row> Connection(SessionMonitor monitor)
        {
            ClientFigures figures = monitor.Figures;
            if (!monitor.HasVisitor)
            {
                return new[] { new Row("state", "no visitor") };
            }

            bool troubled = figures.State == ConnectionState.Waiting || figures.State == ConnectionState.Ended;
            bool streaming = figures.State == ConnectionState.Streaming;
            List<Row> rows = new List<Row>
            {
                new Row("state", figures.State.ToString(), troubled),
                new Row("round trip", Ms(figures.RoundTrip)),
                new Row("clock offset", $"{Ms(figures.ClockOffset)} ± {Ms(figures.ClockUncertainty)}"),
                new Row("frames sent", $"{figures.FramesSent} ({Hz(monitor.FrameRate)})"),
                new Row("replaced, dropped, unanswered",
                    $"{figures.FramesReplaced}, {figures.FramesDropped}, {figures.AcknowledgementsMissed}", figures.AcknowledgementsMissed > 0),
                new Row("updates", $"{figures.Updates} ({Hz(monitor.UpdateRate)})",
                    streaming && monitor.UpdateRate.Hz > 0 && monitor.UpdateRate.Hz < SlowUpdatesHz),
                new Row("reconnections", Number(figures.Reconnections), figures.Reconnections > 0),
                new Row("late decisions", Number(figures.LateDecisions), figures.LateDecisions > 0),
            };
            if (figures.LastFault.Length > 0)
            {
                rows.Add(new Row("last fault", figures.LastFault, true));
            }

            if (monitor.Terms is SessionReady terms)
            {
                rows.Add(new Row("server", terms.ServerVersion));
                rows.AddRange(Each("model", terms.Models));
                rows.AddRange(Each("calibration", terms.CalibrationProfiles));
            }

            return rows;
        }

        public static IReadOnlyList<Row> Face(SessionMonitor monitor)
        {
            bool played = monitor.Terms != null && monitor.Terms.Played;
            if (monitor.Terms != null && monitor.Terms.AnalysisLocked)
            {
                return new[] { new Row("face", "the server analyses nobody in this session: audience or station are locked", true) };
            }

            if (!played && !monitor.Allows(ConsentScope.Analyse))
            {
                return new[] { new Row("face", "the visitor does not allow analysis") };
            }

            FaceState? face = monitor.Latest?.Face;
            if (face == null || !face.Found)
            {
                return new[] { new Row("face", face == null ? "no frame was looked at" : "none found", face != null) };
            }

            List<Row> rows = new List<Row>
            {
                new Row("age of the frame", $"{Fixed(monitor.Latest!.AgeMs)} ms", monitor.Latest.AgeMs > SlowAgeMs),
                new Row("seen", face.Band.ToString(), face.Band == VisibilityBand.Poor),
                new Row("quality", Share(face.Quality)),
                new Row("headset", Share(face.HeadsetProbability)),
                new Row("pose", face.Pose is HeadAngles pose
                    ? $"yaw {Fixed(pose.YawDeg)}°, pitch {Fixed(pose.PitchDeg)}°, roll {Fixed(pose.RollDeg)}° ({pose.Source})" : "unknown"),
            };
            for (FaceRegion region = FaceRegion.LeftEye; region <= FaceRegion.RightCheek; region++)
            {
                rows.Add(new Row(region.ToString(), Share(face.Visible(region))));
            }

            return rows;
        }

        public static IReadOnlyList<Row> Affect(SessionMonitor monitor)
        {
            EmpathyState? state = monitor.Latest?.Empathy;
            if (state == null)
            {
                return new[] { new Row("ERI", "nothing yet") };
            }

            bool abstains = state.Status != EmpathyStatus.Ok;
            return new[]
            {
                new Row("ERI", abstains ? $"{state.Status}" : $"{Fixed(state.Eri)}  [{Fixed(state.IntervalLow)} … {Fixed(state.IntervalHigh)}]", abstains),
                new Row("confidence", Share(state.Confidence)),
                new Row("affective", Component(state.Affective)),
                new Row("associative", Component(state.Associative)),
                new Row("cognitive", Component(state.Cognitive)),
                new Row("valence, arousal", $"{Signed(state.Valence)}, {Signed(state.Arousal)}"),
                new Row("attention", Share(state.Attention)),
                new Row("baseline", state.BaselineReady ? "ready" : "none: evidence counts half", !state.BaselineReady),
                new Row("distress", state.Distress ? "yes" : "no", state.Distress),
            };
        }

        public static IReadOnlyList<Row> Story(SessionMonitor monitor)
        {
            List<Row> rows = new List<Row>
            {
                new Row("beat", monitor.Latest == null || monitor.Latest.BeatId.Length == 0 ? "none" : monitor.Latest.BeatId),
            };
            rows.AddRange(StoryBoard.Rows(monitor));
            rows.AddRange(Past(monitor));
            return rows;
        }

        /// <summary>What happened, the newest first.</summary>
        public static IReadOnlyList<Row> Past(SessionMonitor monitor)
        {
            List<Row> rows = new List<Row>();
            for (int i = monitor.Story.Count - 1; i >= 0 && rows.Count < 30; i--)
            {
                rows.Add(new Row("", monitor.Story[i]));
            }

            return rows;
        }

        public static IReadOnlyList<Row> Session(SessionMonitor monitor)
        {
            List<Row> rows = new List<Row>();
            for (ConsentScope scope = ConsentScope.Analyse; scope <= ConsentScope.Bystanders; scope++)
            {
                rows.Add(new Row(scope.ToString(), monitor.Allows(scope) ? "allowed" : "not allowed"));
            }

            if (monitor.Terms is SessionReady terms)
            {
                if (terms.AnalysisLocked)
                {
                    rows.Add(new Row("analysis", "locked by the server's settings for this audience or station", true));
                }

                rows.Add(new Row("session", terms.SessionId));
                rows.Add(new Row("scenario", terms.ScenarioSha256.Length > 12 ? terms.ScenarioSha256.Substring(0, 12) + "…" : terms.ScenarioSha256));
            }

            if (monitor.Over is SessionOver over)
            {
                rows.Add(new Row("over", over.Fault == null ? over.Reason.ToString() : $"{over.Reason}: {over.Fault}", over.Fault != null));
            }

            return rows;
        }

        private static IEnumerable<Row> Each(string label, IReadOnlyList<string> values)
        {
            foreach (string value in values)
            {
                yield return new Row(label, value);
            }
        }

        private static string Component(in EmpathyComponent component) =>
            component.Measured ? $"{Signed(component.Value)} ({Share(component.Confidence)})" : "not measured";

        private static string Ms(TimeSpan span) => $"{span.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture)} ms";

        private static string Hz(Rate rate) => $"{Fixed(rate.Hz)} a second";

        private static string Share(float share) => $"{(share * 100).ToString("0", CultureInfo.InvariantCulture)} %";

        private static string Signed(float value) => value.ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

        private static string Fixed(float value) => value.ToString("0.0", CultureInfo.InvariantCulture);

        private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
    }
}
