#nullable enable
using System;
using System.Security.Cryptography;
using System.Text;

namespace Attune
{
    /// <summary>A certificate as text.</summary>
    public static class PemText
    {
        private const string First = "-----BEGIN CERTIFICATE-----";
        private const string Last = "-----END CERTIFICATE-----";

        /// <summary>SHA-256 of the first certificate's DER, lower-case hexadecimal; empty: the text holds none.</summary>
        public static string Sha256(string pem)
        {
            int begin = pem.IndexOf(First, StringComparison.Ordinal);
            int end = pem.IndexOf(Last, StringComparison.Ordinal);
            if (begin < 0 || end < begin)
            {
                return "";
            }

            byte[] der;
            try
            {
                der = Convert.FromBase64String(pem.Substring(begin + First.Length, end - begin - First.Length).Trim());
            }
            catch (FormatException)
            {
                return "";
            }

            using SHA256 digest = SHA256.Create();
            StringBuilder text = new StringBuilder(64);
            foreach (byte one in digest.ComputeHash(der))
            {
                text.Append(one.ToString("x2"));
            }

            return text.ToString();
        }
    }
}
