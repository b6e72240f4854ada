#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>
    /// The set-up of one station, value by value from the highest source that says something: intent extra, then
    /// file, then asset. A secret never travels to an address that came from a source above its own, and neither does
    /// the permission to do without encryption: whoever can start the application could otherwise have the token sent
    /// to a server of their choice.
    /// </summary>
    public sealed class StationSetup
    {
        private readonly Dictionary<string, SetupSource> _sources = new Dictionary<string, SetupSource>();
        private readonly List<string> _problems = new List<string>();

        private StationSetup()
        {
        }

        /// <summary>Null: there is none, or none that can be used; the story is played with its defaults.</summary>
        public Endpoint? Endpoint { get; private set; }

        public string StationId { get; private set; } = "";

        /// <summary>Camera of the server's that looks at this station; empty: none.</summary>
        public string CameraId { get; private set; } = "";

        /// <summary>Who comes to this station.</summary>
        public Audience Audience { get; private set; }

        /// <summary>Sentences for whoever sets stations up: what was expected, what came, and from where.</summary>
        public IReadOnlyList<string> Problems => _problems;

        /// <summary>Where a value came from.</summary>
        public SetupSource SourceOf(string name) =>
            _sources.TryGetValue(name, out SetupSource source) ? source : SetupSource.None;

        /// <param name="sources">In any order; at most one of a kind.</param>
        /// <param name="unreadable">Sentences about sources that could not be read; they count as silent.</param>
        public static StationSetup Resolve(IEnumerable<SetupValues> sources, params string[] unreadable)
        {
            List<SetupValues> ranked = new List<SetupValues>(sources);
            ranked.Sort((one, other) => other.Source.CompareTo(one.Source));
            StationSetup setup = new StationSetup();
            setup._problems.AddRange(unreadable);

            string address = setup.Take(ranked, SetupValues.Endpoint, SetupSource.Asset);
            SetupSource from = setup.SourceOf(SetupValues.Endpoint);
            string token = setup.Take(ranked, SetupValues.Token, from);
            bool insecure = setup.Flag(setup.Take(ranked, SetupValues.Insecure, from));
            string certificate = setup.Take(ranked, SetupValues.ClientCertificate, from);
            string key = setup.Take(ranked, SetupValues.ClientKey, from);
            string authority = setup.Take(ranked, SetupValues.Authority, SetupSource.Asset);
            setup.StationId = setup.Take(ranked, SetupValues.StationId, SetupSource.Asset);
            setup.CameraId = setup.Take(ranked, SetupValues.CameraId, SetupSource.Asset);
            setup.Audience = setup.Protected(ranked, setup.ListenTo(setup.Take(ranked, SetupValues.Audience, SetupSource.Asset)));
            if (setup.StationId.Length == 0)
            {
                setup._problems.Add("station_id: expected the headset's place in the exhibition, got nothing");
            }

            Uri? uri = setup.Parse(address);
            if (uri != null)
            {
                // An authority may come from below the endpoint: it can only say no. Over plain text there is none.
                bool plain = uri.Scheme == Uri.UriSchemeHttp;
                setup.Accept(new Endpoint(uri, token, insecure, plain ? "" : authority, certificate, key));
            }

            return setup;
        }

        private string Take(List<SetupValues> ranked, string name, SetupSource least)
        {
            foreach (SetupValues values in ranked)
            {
                if (!(values[name] is string value))
                {
                    continue;
                }

                if (values.Source >= least)
                {
                    _sources[name] = values.Source;
                    return value.Trim();
                }

                _problems.Add(
                    $"{name}: the one of the {Named(values.Source)} is not used, because the endpoint is the "
                    + $"{Named(least)}'s; expected it beside the endpoint");
                return "";
            }

            return "";
        }

        private Audience ListenTo(string value)
        {
            switch (value)
            {
                case "":
                    return Audience.Unspecified;
                case "public":
                    return Audience.Public;
                case "school":
                    return Audience.School;
                case "staff":
                    return Audience.Staff;
                default:
                    _problems.Add(
                        $"audience: expected public, school or staff, got '{value}' from the {Where(SetupValues.Audience)}; "
                        + "until that is right, it counts as school");
                    return Audience.School;
            }
        }

        /// <summary>Whoever can start the application cannot make visitors of pupils or staff.</summary>
        private Audience Protected(List<SetupValues> ranked, Audience audience)
        {
            if (audience != Audience.Public || SourceOf(SetupValues.Audience) != SetupSource.Intent)
            {
                return audience;
            }

            List<SetupValues> trusted = ranked.FindAll(values => values.Source < SetupSource.Intent);
            Audience below = ListenTo(Take(trusted, SetupValues.Audience, SetupSource.Asset));
            if (below != Audience.School && below != Audience.Staff)
            {
                return audience;
            }

            _problems.Add(
                $"audience: the intent's 'public' is not used, because the {Where(SetupValues.Audience)} says "
                + $"'{below.ToString().ToLowerInvariant()}'; change it there");
            return below;
        }

        private bool Flag(string value)
        {
            if (value != "" && value != "true" && value != "false")
            {
                _problems.Add($"insecure: expected true or false, got '{value}' from the {Where(SetupValues.Insecure)}");
            }

            return value == "true";
        }

        private Uri? Parse(string address)
        {
            if (address.Length == 0)
            {
                return null;
            }

            bool parsed = Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
                && (uri!.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
                && uri.Host.Length > 0 && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0;
            if (!parsed)
            {
                // This goes into the log, where a password does not belong.
                int at = address.LastIndexOf('@');
                string got = at < 0 ? address : "…" + address.Substring(at);
                _problems.Add(
                    $"endpoint: expected an address like https://192.168.1.20:50051, got '{got}' "
                    + $"from the {Where(SetupValues.Endpoint)}");
            }

            return parsed ? uri : null;
        }

        private void Accept(Endpoint endpoint)
        {
            IReadOnlyList<string> findings = EndpointCheck.Findings(endpoint);
            foreach (string finding in findings)
            {
                _problems.Add($"endpoint {endpoint.Address} from the {Where(SetupValues.Endpoint)}: {finding}");
            }

            Endpoint = findings.Count == 0 ? endpoint : null;
        }

        private string Where(string name) => Named(SourceOf(name));

        private static string Named(SetupSource source) => source switch
        {
            SetupSource.Intent => "intent",
            SetupSource.File => "file " + SetupValues.FileName,
            SetupSource.Asset => "asset",
            _ => "defaults",
        };
    }
}
