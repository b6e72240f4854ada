#nullable enable
using System;
using Attune.Transport;
using Cysharp.Net.Http;
using UnityEngine;
using UnityEngine.Scripting;

// Nothing refers to this assembly; without the attribute a stripped build leaves it out.
[assembly: AlwaysLinkAssembly]

namespace Attune.Handlers
{
    /// <summary>Provides the way to a server over Cysharp's YetAnotherHttpHandler, where it is installed.</summary>
    [Preserve]
    internal static class YetAnotherHttpTransport
    {
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.BeforeSceneLoad)]
        private static void Provide() => SessionTransport.Provide(HttpHandlerKind.YetAnotherHttp, Open);

        private static ISessionLinks Open(Endpoint endpoint)
        {
            YetAnotherHttpHandler handler = new YetAnotherHttpHandler
            {
                // Over plain text nothing else says that the server speaks HTTP/2.
                Http2Only = true,
                Http2KeepAliveInterval = TimeSpan.FromSeconds(60),
                Http2KeepAliveTimeout = TimeSpan.FromSeconds(10),
            };
            if (endpoint.AuthorityPem.Length > 0)
            {
                handler.RootCertificates = endpoint.AuthorityPem;
            }

            if (endpoint.ClientCertificatePem.Length > 0)
            {
                handler.ClientAuthCertificates = endpoint.ClientCertificatePem;
                handler.ClientAuthKey = endpoint.ClientKeyPem;
            }

            return new GrpcSessionLinks(endpoint.Address, handler, endpoint.Token, endpoint.Insecure);
        }
    }
}
