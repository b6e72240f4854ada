#nullable enable
using System.Threading;
using Attune.Transport;
using UnityEngine;
using UnityEngine.Networking;
using UnityEngine.Scripting;

// Nothing refers to this assembly; without the attribute a stripped build leaves it out.
[assembly: AlwaysLinkAssembly]

namespace Attune.Handlers
{
    /// <summary>Provides the way to a server over the handler that Unity 6.5 and later bring themselves.</summary>
    [Preserve]
    internal static class UnityHttpTransport
    {
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.BeforeSceneLoad)]
        private static void Provide()
        {
            // This runs on the main thread, the only one on which Unity's requests may be given up.
            SynchronizationContext main = SynchronizationContext.Current;
            SessionTransport.Provide(HttpHandlerKind.UnityHttp, endpoint => Open(endpoint, main));
        }

        private static ISessionLinks Open(Endpoint endpoint, SynchronizationContext main)
        {
            UnityHttpMessageHandler handler = new UnityHttpMessageHandler { HttpForcedVersion = HttpForcedVersion.HTTP2 };
            if (endpoint.AuthorityPem.Length > 0)
            {
                handler.CertificateHandler =
                    new AuthorityCheck(new PrivateAuthority(endpoint.AuthorityPem), endpoint.Address.Host);
            }

            return new GrpcSessionLinks(
                endpoint.Address, new CancellationOnContext(handler, main), endpoint.Token, endpoint.Insecure);
        }

        /// <summary>Accepts a server for which the one authority vouches, and no other.</summary>
        private sealed class AuthorityCheck : CertificateHandler
        {
            private readonly PrivateAuthority _authority;
            private readonly string _host;

            public AuthorityCheck(PrivateAuthority authority, string host)
            {
                _authority = authority;
                _host = host;
            }

            protected override bool ValidateCertificate(byte[] certificateData)
            {
                string? objection = _authority.Objection(certificateData, _host, System.DateTime.UtcNow);
                if (objection != null)
                {
                    Debug.LogWarning($"Attune: {_host} is not trusted: {objection}.");
                }

                return objection == null;
            }
        }
    }
}
