#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Attune.Visitor
{
    /// <summary>What happens when, read from a text file.</summary>
    internal sealed class Story
    {
        private readonly List<(double AtS, string[] Words, string Line)> _events;
        private int _next;

        public Story(IEnumerable<string> lines)
        {
            _events = lines.Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0)
                .Select(Read).OrderBy(happening => happening.AtS).ToList();
        }

        public static Story From(string? path) => new Story(path == null ? Array.Empty<string>() : File.ReadAllLines(path));

        /// <summary>Seconds of the next event; null: the story is over.</summary>
        public double? NextS => _next < _events.Count ? _events[_next].AtS : (double?)null;

        /// <summary>The next event happens; its line.</summary>
        public string Play(AttuneClient client)
        {
            (_, string[] words, string line) = _events[_next++];
            string name = words.Length > 2 ? words[2] : "";
            switch (words[1])
            {
                case "beat":
                    client.Report(new BeatEntered(name, client.NowNs));
                    break;
                case "onset":
                    client.Report(new StimulusOnset(name, client.NowNs));
                    break;
                case "offset":
                    client.Report(new StimulusOffset(name, client.NowNs));
                    break;
                case "choice":
                    client.ReachChoice(name, words[3], TimeSpan.FromSeconds(Number(words[4])));
                    break;
                case "order":
                    client.Order(name, words[3]);
                    break;
                case "choose":
                    client.Choose(name, words[3]);
                    break;
                case "consent":
                    client.ChangeConsent(Arguments.Scopes(name));
                    break;
                case "calibrate":
                    client.Calibrate(Enum.Parse<CalibrationAction>(name + "Baseline", ignoreCase: true));
                    break;
                case "pause":
                    client.Pause(Enum.Parse<PauseReason>(name, ignoreCase: true));
                    break;
                case "resume":
                    client.Resume();
                    break;
                case "end":
                    client.End(EndReason.Finished);
                    break;
                default:
                    throw new ArgumentException($"unknown event in the story: '{line}'");
            }

            return line;
        }

        private static (double AtS, string[] Words, string Line) Read(string line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words.Length >= 2 && !(words[1] == "choice" && words.Length != 5)
                ? (Number(words[0]), words, line)
                : throw new ArgumentException($"expected 'seconds event …', got '{line}'");
        }

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
