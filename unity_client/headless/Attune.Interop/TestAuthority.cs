#nullable enable
using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Attune.Interop
{
    /// <summary>A private authority for one test, with a server's certificate for localhost and a client's.</summary>
    internal sealed class TestAuthority : IDisposable
    {
        public TestAuthority()
        {
            Folder = Directory.CreateTempSubdirectory("attune-tls-").FullName;
            Certificate = SelfSigned();
            X509Certificate2 server = Issue("localhost");
            Client = X509CertificateLoader.LoadPkcs12(Issue("headset-1").Export(X509ContentType.Pfx), null);
            System.IO.File.WriteAllText(File("ca.crt"), Certificate.ExportCertificatePem());
            System.IO.File.WriteAllText(File("server.crt"), server.ExportCertificatePem());
            System.IO.File.WriteAllText(File("server.key"), server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        }

        /// <summary>Holds ca.crt, server.crt and server.key.</summary>
        public string Folder { get; }

        public X509Certificate2 Certificate { get; }

        public X509Certificate2 Client { get; }

        public string File(string name) => Path.Combine(Folder, name);

        public void Dispose() => Directory.Delete(Folder, recursive: true);

        private static X509Certificate2 SelfSigned()
        {
            ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new CertificateRequest("CN=a museum's authority", key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
            return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        }

        private X509Certificate2 Issue(string name)
        {
            ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            CertificateRequest request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
            SubjectAlternativeNameBuilder names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
            byte[] serial = RandomNumberGenerator.GetBytes(8);
            return request
                .Create(Certificate, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(12), serial)
                .CopyWithPrivateKey(key);
        }
    }
}
