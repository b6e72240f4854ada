#nullable enable
using System;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>Where the server is, as an asset.</summary>
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

        public string StationId => stationId;

        /// <exception cref="FormatException">The address is none.</exception>
        public Endpoint Endpoint => Uri.TryCreate(address, UriKind.Absolute, out Uri parsed)
            ? new Endpoint(parsed, token, insecure, TextOf(authority), TextOf(clientCertificate), TextOf(clientKey))
            : throw new FormatException($"'{address}' is no address: expected for example http://192.168.1.20:50051");

        private static string TextOf(TextAsset? asset) => asset == null ? "" : asset.text;
    }
}
