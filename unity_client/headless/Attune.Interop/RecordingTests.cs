#nullable enable
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>What the server wrote down is what the client saw and sent.</summary>
    [Timeout(600000)]
    public sealed class RecordingTests
    {
        [Test]
        public void TheRecordingAgreesWithTheClient()
        {
            string folder = Directory.CreateTempSubdirectory("attune-recordings-").FullName;
            try
            {
                List<(string Kind, long TimeNs)> sent = new List<(string, long)>();
                ChoiceSettled settled;
                SessionSummary summary;
                ulong[] seen;
                string way;
                using (PythonProcess server = PythonProcess.StartAttune("--recordings", folder, "--record"))
                using (Witness visitor = new Witness(
                    server.PlainAddress, Clip.Frames(), "", null, ConsentScope.Analyse, ConsentScope.StoreFeatures))
                {
                    visitor.AwaitStreaming();
                    visitor.FilmUntilFresh(freshMs: 500, framesPerSecond: 10);
                    BeatEntered beat = new BeatEntered("street", visitor.Client.NowNs);
                    StimulusOnset onset = new StimulusOnset("police-helicopter", visitor.Client.NowNs);
                    visitor.Client.Report(beat);
                    visitor.Client.Report(onset);
                    sent.Add(("beat_entered", beat.TimeNs));
                    sent.Add(("stimulus_onset", onset.TimeNs));
                    visitor.Film(seconds: 2, framesPerSecond: 10);
                    visitor.Client.ReachChoice("after-the-street", "pass-by", TimeSpan.FromSeconds(2));
                    visitor.Film(seconds: 2.5, framesPerSecond: 10);
                    settled = visitor.Await<ChoiceSettled>();
                    summary = visitor.End();
                    ClientFigures figures = visitor.Client.Figures;
                    way = $"{string.Join(", ", visitor.All<ConnectionState>())}; round trip {figures.RoundTrip.TotalMilliseconds:0} ms, "
                        + $"late decisions {figures.LateDecisions}, youngest frame {visitor.All<StateUpdate>().Last().AgeMs:0} ms old";
                    seen = visitor.All<StateUpdate>().Select(update => update.FrameSequence).Where(frame => frame > 0).ToArray();
                }

                JsonElement recorded = Recorded(folder);
                ulong[] frames = Numbers(recorded.GetProperty("frames"));
                Assert.That(frames, Is.Ordered);
                Assert.That(frames.Length, Is.EqualTo((int)summary.FramesAnalysed));
                Assert.That(seen, Is.SubsetOf(frames));
                Assert.That(Numbers(recorded.GetProperty("states")).Where(frame => frame > 0), Is.SubsetOf(frames));

                (string Kind, long TimeNs)[] events = recorded.GetProperty("events").EnumerateArray()
                    .Select(entry => (entry.GetProperty("kind").GetString()!, entry.GetProperty("client_time_ns").GetInt64()))
                    .ToArray();
                Assert.That(events.Select(entry => entry.Kind), Is.EqualTo(new[]
                {
                    "beat_entered", "stimulus_onset", "choice_due", "choice_resolved",
                }));
                Assert.That(events.Take(2), Is.EqualTo(sent));

                Assert.That(settled.By, Is.EqualTo(ResolvedBy.Server), way);
                JsonElement decision = recorded.GetProperty("decisions").EnumerateArray().Single();
                Assert.That(decision.GetProperty("id").GetString(), Is.EqualTo(settled.Decision!.DecisionId));
                Assert.That(decision.GetProperty("branch").GetString(), Is.EqualTo(settled.BranchId));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        private static ulong[] Numbers(JsonElement array) => array.EnumerateArray().Select(number => number.GetUInt64()).ToArray();

        private static JsonElement Recorded(string folder)
        {
            string script = Path.Combine(PythonProcess.Repository, "tests", "unity", "recorded_session.py");
            ProcessStartInfo start = new ProcessStartInfo(PythonProcess.Python(), new[] { script, folder })
            {
                RedirectStandardOutput = true,
            };
            start.Environment["PYTHONPATH"] = Path.Combine(PythonProcess.Repository, "python_server");
            using Process python = Process.Start(start)!;
            string line = python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            return JsonDocument.Parse(line).RootElement;
        }
    }
}
