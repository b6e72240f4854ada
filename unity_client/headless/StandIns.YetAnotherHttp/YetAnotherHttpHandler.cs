#nullable enable
using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Cysharp.Net.Http
{
    /// <summary>Reference stand-in for an API check: the members of version 1.11.5 that this package uses.</summary>
    public class YetAnotherHttpHandler : HttpMessageHandler
    {
        public bool? Http2Only { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public string? RootCertificates { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public string? ClientAuthCertificates { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public string? ClientAuthKey { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public TimeSpan? Http2KeepAliveInterval { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public TimeSpan? Http2KeepAliveTimeout { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
