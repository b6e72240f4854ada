#nullable enable
using System;

namespace Attune
{
    /// <summary>Where the server is and what it asks for.</summary>
    public sealed class Endpoint
    {
        public Endpoint(Uri address, string token = "", bool insecure = false, string authorityPem = "")
        {
            Address = address;
            Token = token;
            Insecure = insecure;
            AuthorityPem = authorityPem;
        }

        public Uri Address { get; }

        /// <summary>Bearer token; empty: none.</summary>
        public string Token { get; }

        /// <summary>The token may travel over plain text beyond loopback; the server must be told the same.</summary>
        public bool Insecure { get; }

        /// <summary>PEM of the only authority that may vouch for the server; empty: the handler's own roots.</summary>
        public string AuthorityPem { get; }
    }

    /// <summary>
    /// The way to a server that this project has. Core and scene know none by themselves: an assembly that is
    /// compiled only where its HTTP/2 handler is installed provides it when the application starts.
    /// </summary>
    public static class SessionTransport
    {
        private static Func<Endpoint, ISessionLinks>? _open;

        public static bool IsAvailable => _open != null;

        public static void Provide(Func<Endpoint, ISessionLinks> open) => _open = open;

        /// <summary>For a new run in the same process.</summary>
        public static void Forget() => _open = null;

        /// <summary>Null: this project has no way to a server.</summary>
        public static ISessionLinks? Open(Endpoint endpoint) => _open?.Invoke(endpoint);
    }
}
