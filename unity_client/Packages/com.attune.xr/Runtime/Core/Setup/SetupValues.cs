#nullable enable
using System;
using System.Collections.Generic;
using System.Text;

namespace Attune
{
    /// <summary>Where a value of a station's set-up came from. A higher one wins.</summary>
    public enum SetupSource
    {
        /// <summary>Nobody said anything.</summary>
        None,

        /// <summary>The asset that was built into the application.</summary>
        Asset,

        /// <summary>attune.json in the application's data folder, pushed by adb or device management.</summary>
        File,

        /// <summary>An extra of the Android intent that started the application.</summary>
        Intent,
    }

    /// <summary>What one source says about a station. What it does not mention is left to the sources below.</summary>
    public sealed class SetupValues
    {
        public const string Endpoint = "endpoint";
        public const string StationId = "station_id";
        public const string CameraId = "camera_id";
        public const string Authority = "ca";
        public const string ClientCertificate = "client_certificate";
        public const string ClientKey = "client_key";
        public const string Token = "token";
        public const string Insecure = "insecure";
        public const string Audience = "audience";

        /// <summary>An intent extra is named by this and the value's name.</summary>
        public const string IntentPrefix = "attune.";

        /// <summary>Name of the file in the application's data folder.</summary>
        public const string FileName = "attune.json";

        /// <summary>Every name that a source may give a value to.</summary>
        public static readonly IReadOnlyList<string> Names = new[]
        {
            Endpoint, StationId, CameraId, Authority, ClientCertificate, ClientKey, Token, Insecure, Audience,
        };

        private readonly Dictionary<string, string> _values = new Dictionary<string, string>(StringComparer.Ordinal);

        public SetupValues(SetupSource source) => Source = source;

        public SetupSource Source { get; }

        /// <summary>Null: this source says nothing about it. An empty text counts as nothing.</summary>
        public string? this[string name]
        {
            get => _values.TryGetValue(name, out string? value) ? value : null;
            set
            {
                if (string.IsNullOrEmpty(value))
                {
                    _values.Remove(name);
                }
                else
                {
                    _values[name] = value;
                }
            }
        }

        /// <summary>Reads attune.json.</summary>
        /// <exception cref="FormatException">The file is not what it should be: says where, what was expected, what came.</exception>
        public static SetupValues FromJson(string text)
        {
            SetupValues values = new SetupValues(SetupSource.File);
            foreach (KeyValuePair<string, object> member in JsonText.ReadObject(text))
            {
                if (Array.IndexOf((string[])Names, member.Key) < 0)
                {
                    throw new FormatException(
                        $"'{member.Key}' is no value of a station: expected one of {string.Join(", ", Names)}");
                }

                bool wantsFlag = member.Key == Insecure;
                values[member.Key] = member.Value switch
                {
                    bool flag when wantsFlag => flag ? "true" : "false",
                    string said when !wantsFlag => said,
                    _ => throw new FormatException(
                        $"'{member.Key}': expected {(wantsFlag ? "true or false" : "a text in quotation marks")}, "
                        + $"got {Named(member.Value)}"),
                };
            }

            return values;
        }

        /// <summary>Reads the extras of an Android intent.</summary>
        /// <param name="extra">The text of an extra by its name; null: there is none.</param>
        public static SetupValues FromIntent(Func<string, string?> extra)
        {
            SetupValues values = new SetupValues(SetupSource.Intent);
            foreach (string name in Names)
            {
                values[name] = extra(IntentPrefix + name);
            }

            return values;
        }

        /// <summary>The text of attune.json.</summary>
        public string ToJson()
        {
            StringBuilder text = new StringBuilder("{");
            foreach (string name in Names)
            {
                if (this[name] is string value)
                {
                    text.Append(text.Length > 1 ? "," : "").Append("\n  \"").Append(name).Append("\": ");
                    text.Append(name == Insecure ? value : Quoted(value));
                }
            }

            return text.Append("\n}\n").ToString();
        }

        /// <summary>
        /// These values after an operator confirmed another server. What was meant for the old one alone, token and client
        /// certificate and the leave to do without encryption, is not taken along.
        /// </summary>
        /// <param name="confirmed">What <see cref="OfferDesk.Confirm"/> returned.</param>
        public SetupValues MovedTo(SetupValues confirmed)
        {
            SetupValues moved = new SetupValues(Source);
            foreach (string name in Names)
            {
                bool ofTheServer = name == Token || name == ClientCertificate || name == ClientKey || name == Insecure;
                moved[name] = confirmed[name] ?? (ofTheServer || name == Authority ? null : this[name]);
            }

            return moved;
        }

        private static string Quoted(string value)
        {
            StringBuilder quoted = new StringBuilder("\"");
            foreach (char one in value)
            {
                bool escaped = one == '"' || one == '\\' || one < ' ';
                quoted.Append(!escaped ? one.ToString() : one < ' ' ? $"\\u{(int)one:x4}" : $"\\{one}");
            }

            return quoted.Append('"').ToString();
        }

        private static string Named(object value) => value switch
        {
            bool flag => flag ? "true" : "false",
            string said => $"the text '{said}'",
            _ => "an object",
        };
    }
}
