#nullable enable
using System.Collections.Generic;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// Where the server is. What is entered here holds for every device that the application is installed on; a device's own
    /// attune.json, and an intent that starts the application, go before it.
    /// </summary>
    [CreateAssetMenu(menuName = "Attune/Server", fileName = "Attune Server")]
    public sealed class AttuneServer : ScriptableObject
    {
        [SerializeField]
        [Tooltip("http:// for plain text, https:// for TLS, with port.")]
        private string address = "http://127.0.0.1:50051";

        [SerializeField]
        [Tooltip("The headset's place in the exhibition.")]
        private string stationId = "station 1";

        [SerializeField]
        [Tooltip("The server's camera that looks at this place; empty: none.")]
        private string cameraId = "";

        [SerializeField]
        [Tooltip("Who comes to this station. Of pupils and staff the server analyses nothing, unless its settings allow it.")]
        private Audience audience = Audience.Unspecified;

        [SerializeField]
        [Tooltip("Bearer token; empty: none. It is readable in every build.")]
        private string token = "";

        [SerializeField]
        [Tooltip("Sends the token over plain text beyond this device too. The server must be told the same.")]
        private bool insecure = false;

        [SerializeField]
        [Tooltip("PEM of the authority that vouches for the server; none: the handler's own roots.")]
        private TextAsset? authority = null;

        [SerializeField]
        [Tooltip("PEM of what this device shows of itself (mutual TLS); none: nothing. Readable in every build.")]
        private TextAsset? clientCertificate = null;

        [SerializeField]
        [Tooltip("PEM of the key of the client certificate. Readable in every build.")]
        private TextAsset? clientKey = null;

        /// <summary>What this asset says by itself.</summary>
        public SetupValues Values => new SetupValues(SetupSource.Asset)
        {
            [SetupValues.Endpoint] = address,
            [SetupValues.StationId] = stationId,
            [SetupValues.CameraId] = cameraId,
            [SetupValues.Authority] = TextOf(authority),
            [SetupValues.ClientCertificate] = TextOf(clientCertificate),
            [SetupValues.ClientKey] = TextOf(clientKey),
            [SetupValues.Audience] = audience == Audience.Unspecified ? "" : audience.ToString().ToLowerInvariant(),
            [SetupValues.Token] = token,
            [SetupValues.Insecure] = insecure ? "true" : "",
        };

        /// <summary>
        /// What holds on this device now: intent, attune.json, this asset. Read anew at every call, so that a file which is
        /// pushed while the application runs holds from the next visitor on.
        /// </summary>
        public StationSetup Resolve()
        {
            List<string> problems = new List<string>();
            SetupValues file = StationFile.Read(problems);
            return StationSetup.Resolve(new[] { AndroidIntent.Read(), file, Values }, problems.ToArray());
        }

        private static string TextOf(TextAsset? asset) => asset == null ? "" : asset.text;
    }
}
