#nullable enable
using System;
using System.Collections.Generic;
using System.Net;

namespace Attune
{
    /// <summary>What is wrong with an endpoint, before anybody connects to it. Inspectors show the same sentences.</summary>
    public static class EndpointCheck
    {
        private const string Certificate = "-----BEGIN CERTIFICATE-----";

        /// <summary>What no handler could connect to, a sentence each.</summary>
        public static IReadOnlyList<string> Findings(Endpoint endpoint)
        {
            List<string> findings = new List<string>();
            bool plain = endpoint.Address.Scheme == "http";
            if (!plain && endpoint.Address.Scheme != "https")
            {
                findings.Add($"expected an http:// or https:// address, got '{endpoint.Address}'");
            }

            if (plain && endpoint.Token.Length > 0 && !endpoint.Insecure && !IsLoopback(endpoint.Address))
            {
                findings.Add($"a token would travel readable to {endpoint.Address.Host}: use https://, or say insecure on both sides");
            }

            if (!CanTravel(endpoint.Token))
            {
                findings.Add("the token holds characters that cannot be sent: expected printable ASCII on one line");
            }

            bool certificate = endpoint.ClientCertificatePem.Length > 0;
            if (certificate != endpoint.ClientKeyPem.Length > 0)
            {
                findings.Add("a client certificate and its key belong together: give both or none");
            }

            if (plain && (certificate || endpoint.AuthorityPem.Length > 0))
            {
                findings.Add("certificates mean nothing over plain text: use https:// or leave them out");
            }

            AddUnlessPem(findings, "the authority", endpoint.AuthorityPem);
            AddUnlessPem(findings, "the client certificate", endpoint.ClientCertificatePem);
            return findings;
        }

        /// <summary>What this handler could not connect to, a sentence each.</summary>
        public static IReadOnlyList<string> Findings(Endpoint endpoint, HttpHandlerKind kind)
        {
            List<string> findings = new List<string>(Findings(endpoint));
            HttpHandlerProfile handler = HttpHandlers.Of(kind);
            if (endpoint.ClientCertificatePem.Length > 0 && handler.MutualTls == Trial.Impossible)
            {
                findings.Add(
                    $"{handler.Name} cannot show a client certificate: install YetAnotherHttpHandler, or let the server ask for a token");
            }

            return findings;
        }

        public static bool IsLoopback(Uri address) =>
            address.Host == "localhost"
            || (IPAddress.TryParse(address.Host.Trim('[', ']'), out IPAddress ip) && IPAddress.IsLoopback(ip));

        /// <summary>Whether a header carries the text unchanged.</summary>
        private static bool CanTravel(string text)
        {
            foreach (char one in text)
            {
                if (one < ' ' || one > '~')
                {
                    return false;
                }
            }

            return true;
        }

        private static void AddUnlessPem(List<string> findings, string what, string text)
        {
            if (text.Length > 0 && PemText.Sha256(text).Length == 0)
            {
                findings.Add($"{what} is not in PEM, or was cut off: expected a text with '{Certificate}' and its end");
            }
        }
    }
}
