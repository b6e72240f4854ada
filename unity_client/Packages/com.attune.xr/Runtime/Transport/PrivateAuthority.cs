#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Attune.Transport
{
    /// <summary>
    /// Whether one authority vouches for a server, for handlers that show the server's own certificate and no more
    /// (Unity's CertificateHandler). The authority must have signed it directly: there is no chain to follow.
    /// </summary>
    public sealed class PrivateAuthority
    {
        private const string Begin = "-----BEGIN CERTIFICATE-----";
        private const string End = "-----END CERTIFICATE-----";
        private const string AlternativeNames = "2.5.29.17";

        // Signature algorithms that are accepted, with their hashes; everything else is refused.
        private static readonly Dictionary<string, HashAlgorithmName> Hashes = new Dictionary<string, HashAlgorithmName>
        {
            ["1.2.840.113549.1.1.11"] = HashAlgorithmName.SHA256,
            ["1.2.840.113549.1.1.12"] = HashAlgorithmName.SHA384,
            ["1.2.840.113549.1.1.13"] = HashAlgorithmName.SHA512,
            ["1.2.840.10045.4.3.2"] = HashAlgorithmName.SHA256,
            ["1.2.840.10045.4.3.3"] = HashAlgorithmName.SHA384,
            ["1.2.840.10045.4.3.4"] = HashAlgorithmName.SHA512,
        };

        private readonly X509Certificate2 _authority;

        /// <exception cref="ArgumentException">The text holds no certificate.</exception>
        public PrivateAuthority(string pem)
        {
            int begin = pem.IndexOf(Begin, StringComparison.Ordinal);
            int end = begin < 0 ? -1 : pem.IndexOf(End, begin, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new ArgumentException($"expected a text with '{Begin}' … '{End}'", nameof(pem));
            }

            string body = pem.Substring(begin + Begin.Length, end - begin - Begin.Length);
            try
            {
                _authority = new X509Certificate2(Convert.FromBase64String(body));
            }
            catch (Exception exception) when (exception is CryptographicException || exception is FormatException)
            {
                throw new ArgumentException($"the authority is no certificate: {exception.Message}", exception);
            }
        }

        /// <summary>Why the certificate is not accepted for this host; null: it is.</summary>
        /// <param name="certificate">DER.</param>
        public string? Objection(byte[] certificate, string host, DateTime nowUtc)
        {
            try
            {
                using X509Certificate2 server = new X509Certificate2(certificate);
                if (nowUtc < server.NotBefore.ToUniversalTime() || nowUtc > server.NotAfter.ToUniversalTime())
                {
                    return $"its certificate is valid from {server.NotBefore:u} to {server.NotAfter:u}, not now";
                }

                if (!server.IssuerName.RawData.AsSpan().SequenceEqual(_authority.SubjectName.RawData))
                {
                    return $"its certificate is from '{server.Issuer}', not from '{_authority.Subject}'";
                }

                if (!IsSigned(server.RawData))
                {
                    return "its certificate does not carry the authority's signature";
                }

                return Names(server).Any(name => Fits(name, host)) ? null : $"its certificate is not for {host}";
            }
            catch (Exception exception) when (exception is CryptographicException || exception is FormatException
                || exception is PlatformNotSupportedException || exception is NotSupportedException)
            {
                return $"its certificate could not be checked: {exception.Message}";
            }
        }

        private bool IsSigned(byte[] certificate)
        {
            Der whole = Der.Read(certificate);
            Der[] parts = whole.Children().ToArray();
            if (parts.Length != 3)
            {
                throw new FormatException("expected a certificate of three parts");
            }

            string algorithm = parts[1].Children().First().ObjectIdentifier();
            if (!Hashes.TryGetValue(algorithm, out HashAlgorithmName hash))
            {
                throw new FormatException($"the signature algorithm {algorithm} is not accepted");
            }

            byte[] signed = parts[0].Whole.ToArray();
            byte[] signature = parts[2].BitString().ToArray();
            using RSA? rsa = _authority.GetRSAPublicKey();
            if (rsa != null)
            {
                return rsa.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1);
            }

            using ECDsa? curve = _authority.GetECDsaPublicKey();
            return curve != null && curve.VerifyData(signed, Fixed(signature, (curve.KeySize + 7) / 8), hash);
        }

        /// <summary>Two integers of DER as two numbers of equal length, the form that .NET reads.</summary>
        private static byte[] Fixed(byte[] signature, int size)
        {
            byte[] joined = new byte[2 * size];
            int offset = 0;
            foreach (Der number in Der.Read(signature).Children())
            {
                byte[] value = number.Content.ToArray().SkipWhile(one => one == 0).ToArray();
                if (value.Length > size || offset >= joined.Length)
                {
                    throw new FormatException("the signature does not fit the authority's key");
                }

                value.CopyTo(joined, offset + size - value.Length);
                offset += size;
            }

            return joined;
        }

        private static IEnumerable<string> Names(X509Certificate2 server)
        {
            X509Extension? extension = server.Extensions.Cast<X509Extension>()
                .FirstOrDefault(one => one.Oid != null && one.Oid.Value == AlternativeNames);
            if (extension == null)
            {
                yield break;
            }

            foreach (Der name in Der.Read(extension.RawData).Children())
            {
                if (name.Tag == 0x82)
                {
                    yield return Encoding.ASCII.GetString(name.Content.ToArray());
                }
                else if (name.Tag == 0x87)
                {
                    yield return new IPAddress(name.Content.ToArray()).ToString();
                }
            }
        }

        /// <summary>RFC 6125: a star stands for the whole left-most label and for nothing else.</summary>
        private static bool Fits(string name, string host)
        {
            string asked = host.Trim('[', ']');
            if (name.StartsWith("*.", StringComparison.Ordinal) && !IPAddress.TryParse(asked, out _))
            {
                int dot = asked.IndexOf('.');
                return dot > 0 && string.Equals(name.Substring(1), asked.Substring(dot), StringComparison.OrdinalIgnoreCase);
            }

            return string.Equals(name, asked, StringComparison.OrdinalIgnoreCase);
        }
    }
}
