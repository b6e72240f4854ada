// Reference stand-ins for an API check; see UnityEngine.cs. From Unity 6.5 on.
#if UNITY_6000_5_OR_NEWER
using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace UnityEngine.Networking
{
    public enum HttpForcedVersion
    {
        NotForced = 0,
        HTTP1_0 = 1,
        HTTP1_1 = 2,
        HTTP2 = 3,
    }

    public class CertificateHandler : IDisposable
    {
        protected CertificateHandler()
        {
        }

        protected virtual bool ValidateCertificate(byte[] certificateData) => throw new NotSupportedException();

        public void Dispose() => throw new NotSupportedException();
    }

    public sealed class UnityHttpMessageHandler : HttpMessageHandler
    {
        public UnityHttpMessageHandler()
        {
        }

        public HttpForcedVersion HttpForcedVersion { get; set; }

        public CertificateHandler CertificateHandler { get; set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage httpRequest, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
#endif
