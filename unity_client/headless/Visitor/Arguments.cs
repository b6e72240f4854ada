#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Attune.Visitor
{
    /// <summary>What was asked for on the command line.</summary>
    internal sealed class Arguments
    {
        public const string Help = @"Visitor: a headless visitor that plays a story against an Attune server.

  --server URL         http://127.0.0.1:50051 or https://… (default http://127.0.0.1:50051)
  --station NAME       the headset's place (default: visitor)
  --scenario ID        a scenario that the server knows
  --sha256 HEX         of the scenario's file
  --consent A,B        analyse, store_features, store_video, research, bystanders (default: none)
  --audience NAME      public, school or staff (default: not said, which means public)
  --frames FOLDER      JPEG files, sent in the order of their names, again and again
  --fps N              frames a second (default 15)
  --story FILE         what happens when; one event a line, '#' begins a comment:
                         0.0 beat hall
                         1.0 onset toddler-laughing        3.0 offset toddler-laughing
                         6.0 choice after-the-street pass-by 2.3
                         7.0 choose after-the-street come-close
                         5.0 order after-the-street come-close     (an operator, through the server)
                         8.0 consent analyse,research      9.0 consent none
                         9.5 calibrate start               (start, finish or reset)
                         9.8 pause doffed                  9.9 resume
                         12.0 end
  --token TEXT         bearer token; --insecure sends it over plain text beyond loopback too
  --ca FILE            PEM of the only authority that may vouch for the server
  --certificate FILE   PEM of this client, with --key FILE (mutual TLS)
  --bench-frames       only measure what it costs to make frames of pictures, and end

Prints one JSON line for everything that happens. Ends with 0 when the session ended well.";

        private readonly Dictionary<string, string> _values = new Dictionary<string, string>();

        public Arguments(string[] words)
        {
            string[] known = Help.Split('\n').Select(line => line.Trim().Split(' ')[0])
                .Where(word => word.StartsWith("--", StringComparison.Ordinal))
                .Concat(new[] { "--insecure", "--key" }).ToArray();
            for (int i = 0; i < words.Length; i++)
            {
                if (!known.Contains(words[i]))
                {
                    throw new ArgumentException($"unknown option '{words[i]}'; known are {string.Join(", ", known)}");
                }

                bool flag = words[i] == "--insecure";
                if (!flag && i + 1 == words.Length)
                {
                    throw new ArgumentException($"{words[i]} needs a value");
                }

                _values[words[i]] = flag ? "yes" : words[++i];
            }
        }

        public Uri Server => new Uri(Text("--server", "http://127.0.0.1:50051"));

        public string Token => Text("--token", "");

        public bool Insecure => _values.ContainsKey("--insecure");

        public string? Authority => Path("--ca");

        public string? Certificate => Path("--certificate");

        public string? Key => Path("--key");

        public string? Frames => Path("--frames");

        public string? Story => Path("--story");

        public double FramesPerSecond => double.Parse(Text("--fps", "15"), CultureInfo.InvariantCulture);

        public ConsentScope[] Consent => Scopes(Text("--consent", "none"));

        public SessionRequest Request => new SessionRequest
        {
            StationId = Text("--station", "visitor"),
            ParticipantId = Guid.NewGuid().ToString("N"),
            ScenarioId = Text("--scenario", ""),
            ScenarioSha256 = Text("--sha256", ""),
            Audience = Enum.Parse<Audience>(Text("--audience", "unspecified"), ignoreCase: true),
            VideoSource = Frames == null ? VideoSource.None : VideoSource.ClientFrames,
            CameraKind = Frames == null ? CameraKind.Unspecified : CameraKind.External,
        };

        public static ConsentScope[] Scopes(string names) => names == "none"
            ? Array.Empty<ConsentScope>()
            : names.Split(',').Select(name => Enum.Parse<ConsentScope>(name.Replace("_", ""), ignoreCase: true)).ToArray();

        private string Text(string name, string otherwise) => _values.GetValueOrDefault(name, otherwise);

        private string? Path(string name)
        {
            string? path = _values.GetValueOrDefault(name);
            if (path != null && !File.Exists(path) && !Directory.Exists(path))
            {
                throw new ArgumentException($"{name} {path}: there is no such file or folder");
            }

            return path;
        }
    }
}
