#nullable enable
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>The simulated visitor shows what Python's shows, for the same traits, story and draws of chance.</summary>
    public sealed class VisitorVectorTests
    {
        [TestCase(0)]
        [TestCase(1)]
        [TestCase(2)]
        public void AVisitorBehavesAsInPython(int index)
        {
            string path = Path.Combine(PythonProcess.Repository, "protos", "testdata", "visitors.json");
            JsonElement vector = JsonDocument.Parse(File.ReadAllText(path)).RootElement[index];
            VisitorModel model = new VisitorModel(Traits(vector.GetProperty("traits")), new Replayed(vector));
            foreach (JsonElement pull in vector.GetProperty("story").EnumerateArray())
            {
                model.Present(new Presentation(
                    Number(pull, "onset_s"), Number(pull, "end_s"), Number(pull, "valence"), Number(pull, "arousal"),
                    Number(pull, "focus_yaw_deg"), Number(pull, "focus_pitch_deg")));
            }

            int steps = 0;
            foreach (double[] expected in Rows(vector, "valence_arousal_yaw_pitch_off_focus"))
            {
                VisitorMoment shown = model.Step();
                Assert.That(shown.Valence, Is.EqualTo(expected[0]).Within(1e-6), $"valence at step {steps}");
                Assert.That(shown.Arousal, Is.EqualTo(expected[1]).Within(1e-6), $"arousal at step {steps}");
                Assert.That(shown.HeadYawDeg, Is.EqualTo(expected[2]).Within(1e-4), $"yaw at step {steps}");
                Assert.That(shown.HeadPitchDeg, Is.EqualTo(expected[3]).Within(1e-4), $"pitch at step {steps}");
                Assert.That(shown.OffFocusDeg, Is.EqualTo(expected[4]).Within(1e-3), $"off focus at step {steps}");
                steps++;
            }

            Assert.That(steps, Is.EqualTo(180));
        }

        private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

        private static VisitorTraits Traits(JsonElement traits) => new VisitorTraits
        {
            Empathy = Number(traits, "empathy"),
            Expressivity = Number(traits, "expressivity"),
            LatencyS = Number(traits, "latency_s"),
            RestingValence = Number(traits, "resting_valence"),
            RestingArousal = Number(traits, "resting_arousal"),
            Attention = Number(traits, "attention"),
            FatiguePerMin = Number(traits, "fatigue_per_min"),
            Noise = Number(traits, "noise"),
        };

        private static IEnumerable<double[]> Rows(JsonElement vector, string name) => vector.GetProperty(name)
            .EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray());

        /// <summary>The draws that Python made.</summary>
        private sealed class Replayed : IChance
        {
            private readonly Queue<double> _normal;
            private readonly Queue<double> _even;

            public Replayed(JsonElement vector)
            {
                _normal = new Queue<double>(Rows(vector, "normal").SelectMany(row => row));
                _even = new Queue<double>(Rows(vector, "even").SelectMany(row => row));
            }

            public double Normal() => _normal.Dequeue();

            public double Even() => _even.Dequeue();
        }
    }
}
