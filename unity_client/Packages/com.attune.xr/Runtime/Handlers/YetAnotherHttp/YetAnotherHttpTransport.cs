#nullable enable
using System;
using Attune.Transport;
using Cysharp.Net.Http;
using UnityEngine;
using UnityEngine.Scripting;

namespace Attune.Handlers
{
    /// <summary>Provides the way to a server over Cysharp's YetAnotherHttpHandler, where it is installed.</summary>
    [Preserve]
    internal static class YetAnotherHttpTransport
    {
        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.SubsystemRegistration)]
        private static void Forget() => SessionTransport.Forget();

        [RuntimeInitializeOnLoadMethod(RuntimeInitializeLoadType.BeforeSceneLoad)]
        private static void Provide() => SessionTransport.Provide(Open);

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

            return new GrpcSessionLinks(endpoint.Address, handler, endpoint.Token, endpoint.Insecure);
        }
    }
}
