#nullable enable
using System;
using System.Net.Http;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;

namespace Attune.DotNet
{
    /// <summary>.NET's own HTTP/2 handler, set up for gRPC.</summary>
    public static class SocketsHandler
    {
        /// <param name="authority">The only CA that may vouch for the server; null: the system's store.</param>
        /// <param name="client">Certificate with private key for mutual TLS; null: none.</param>
        public static HttpMessageHandler Create(X509Certificate2? authority = null, X509Certificate2? client = null)
        {
            SocketsHttpHandler handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                KeepAlivePingDelay = TimeSpan.FromSeconds(60),
                KeepAlivePingTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            };
            if (authority != null)
            {
                X509ChainPolicy policy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                };
                policy.CustomTrustStore.Add(authority);
                handler.SslOptions.CertificateChainPolicy = policy;
            }

            if (client != null)
            {
                handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(client, null, offline: true);
            }

            return new ExactVersion(handler);
        }

        /// <summary>Without it a request over plain text goes out as HTTP/1.1.</summary>
        private sealed class ExactVersion : DelegatingHandler
        {
            public ExactVersion(HttpMessageHandler inner)
                : base(inner)
            {
            }

            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
            {
                request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
                return base.SendAsync(request, cancellation);
            }
        }
    }
}
