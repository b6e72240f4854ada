#nullable enable
using System;

namespace Attune
{
    /// <summary>Where the server is and what it asks for.</summary>
    public sealed class Endpoint
    {
        public Endpoint(
            Uri address, string token = "", bool insecure = false, string authorityPem = "",
            string clientCertificatePem = "", string clientKeyPem = "")
        {
            Address = address;
            Token = token;
            Insecure = insecure;
            AuthorityPem = authorityPem;
            ClientCertificatePem = clientCertificatePem;
            ClientKeyPem = clientKeyPem;
        }

        public Uri Address { get; }

        /// <summary>Bearer token; empty: none.</summary>
        public string Token { get; }

        /// <summary>The token may travel over plain text beyond loopback; the server must be told the same.</summary>
        public bool Insecure { get; }

        /// <summary>PEM of the only authority that may vouch for the server; empty: the handler's own roots.</summary>
        public string AuthorityPem { get; }

        /// <summary>PEM of what this device shows of itself (mutual TLS); empty: nothing.</summary>
        public string ClientCertificatePem { get; }

        /// <summary>PEM of the key of <see cref="ClientCertificatePem"/>.</summary>
        public string ClientKeyPem { get; }
    }
}
