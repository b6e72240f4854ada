#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Attune
{
    /// <summary>
    /// A server that introduced itself, by a QR code or over the network. It is a claim: nothing is sent to it
    /// before an operator has confirmed it.
    /// </summary>
    public sealed class ServerOffer
    {
        /// <summary>The service that servers announce by mDNS.</summary>
        public const string ServiceType = "_attune._tcp";

        private const string Scheme = "attune:1?";
        private const int LongestStation = 64;

        private ServerOffer(Uri address, string stationId, string authoritySha256)
        {
            Address = address;
            StationId = stationId;
            AuthoritySha256 = authoritySha256;
        }

        public Uri Address { get; }

        /// <summary>Empty: the offer names none.</summary>
        public string StationId { get; }

        /// <summary>Of the authority's certificate (DER), 64 lower-case hexadecimal digits; empty: plain text.</summary>
        public string AuthoritySha256 { get; }

        /// <summary>
        /// Reads the text of a QR code, <c>attune:1?endpoint=https://10.0.0.5:50051&amp;station=hall-3&amp;ca_sha256=…</c>;
        /// values are percent-encoded where they must be.
        /// </summary>
        /// <exception cref="FormatException">It is none, or it holds what must not hang on a wall.</exception>
        public static ServerOffer FromQrCode(string payload)
        {
            if (!payload.StartsWith(Scheme, StringComparison.Ordinal))
            {
                throw new FormatException($"expected a code that begins with {Scheme}, got '{Short(payload)}'");
            }

            Dictionary<string, string> fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string pair in payload.Substring(Scheme.Length).Split('&'))
            {
                int equals = pair.IndexOf('=');
                if (equals <= 0 || !fields.TryAdd(pair.Substring(0, equals), Uri.UnescapeDataString(pair.Substring(equals + 1))))
                {
                    throw new FormatException($"expected name=value, once each, got '{Short(pair)}'");
                }
            }

            return FromFields(fields);
        }

        /// <summary>From the TXT record of an mDNS answer and the address it resolved to.</summary>
        /// <exception cref="FormatException">A value is not what it should be.</exception>
        public static ServerOffer FromTextRecord(string host, int port, IEnumerable<KeyValuePair<string, string>> record)
        {
            Dictionary<string, string> fields = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (KeyValuePair<string, string> entry in record)
            {
                fields[entry.Key] = entry.Value;
            }

            string scheme = fields.ContainsKey("ca_sha256") ? "https" : "http";
            string name = host.Contains(":") && !host.StartsWith("[", StringComparison.Ordinal) ? $"[{host}]" : host;
            fields["endpoint"] = $"{scheme}://{name}:{port.ToString(CultureInfo.InvariantCulture)}";
            return FromFields(fields);
        }

        /// <summary>The text for a QR code.</summary>
        public string ToQrCode()
        {
            StringBuilder text = new StringBuilder(Scheme);
            text.Append("endpoint=").Append(Uri.EscapeDataString(Address.GetLeftPart(UriPartial.Authority)));
            if (StationId.Length > 0)
            {
                text.Append("&station=").Append(Uri.EscapeDataString(StationId));
            }

            if (AuthoritySha256.Length > 0)
            {
                text.Append("&ca_sha256=").Append(AuthoritySha256);
            }

            return text.ToString();
        }

        private static ServerOffer FromFields(Dictionary<string, string> fields)
        {
            foreach (string name in fields.Keys)
            {
                if (name == "token")
                {
                    throw new FormatException("a token does not belong into a code or an announcement: everybody can read those");
                }

                if (name != "endpoint" && name != "station" && name != "ca_sha256")
                {
                    throw new FormatException($"expected endpoint, station or ca_sha256, got '{Short(name)}'");
                }
            }

            fields.TryGetValue("endpoint", out string? endpoint);
            bool parsed = Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? address) && IsPlain(endpoint!, 0x7E)
                && (address!.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
                && address.PathAndQuery == "/" && address.Fragment.Length == 0 && address.UserInfo.Length == 0;
            if (!parsed)
            {
                throw new FormatException($"endpoint: expected an address like https://10.0.0.5:50051, got '{Short(Visible(endpoint ?? ""))}'");
            }

            fields.TryGetValue("ca_sha256", out string? digest);
            bool encrypted = address!.Scheme == Uri.UriSchemeHttps;
            if (encrypted != (digest != null) || (digest != null && !IsDigest(digest)))
            {
                throw new FormatException(
                    "ca_sha256: expected 64 hexadecimal digits with https:// and nothing with http://, got "
                    + (digest == null ? "nothing" : $"'{Short(digest)}'"));
            }

            fields.TryGetValue("station", out string? station);
            if (!IsPlain(station ?? "", char.MaxValue) || (station ?? "").Length > LongestStation)
            {
                throw new FormatException(
                    $"station: expected at most {LongestStation} characters that can be seen, got '{Short(Visible(station!))}'");
            }

            return new ServerOffer(address!, station ?? "", (digest ?? "").ToLowerInvariant());
        }

        private static bool IsDigest(string text)
        {
            foreach (char digit in text)
            {
                if (!Uri.IsHexDigit(digit))
                {
                    return false;
                }
            }

            return text.Length == 64;
        }

        /// <summary>Whether an operator sees what stands there: nothing that hides, turns round or looks like something else.</summary>
        /// <param name="last">The last character that is allowed.</param>
        private static bool IsPlain(string text, int last)
        {
            foreach (char one in text)
            {
                if (one > last || char.IsControl(one) || CharUnicodeInfo.GetUnicodeCategory(one) == UnicodeCategory.Format)
                {
                    return false;
                }
            }

            return true;
        }

        private static string Visible(string text)
        {
            StringBuilder visible = new StringBuilder();
            foreach (char one in text)
            {
                visible.Append(IsPlain(one.ToString(), char.MaxValue) ? one : '\uFFFD');
            }

            return visible.ToString();
        }

        private static string Short(string text) => text.Length <= 40 ? text : text.Substring(0, 40) + "…";
    }

    /// <summary>What an operator has to see before an offered server can be used.</summary>
    public enum OfferTrust
    {
        /// <summary>Its authority is the installed one; the operator may confirm it.</summary>
        KnownAuthority,

        /// <summary>It is not encrypted; the operator may confirm it only by saying so too.</summary>
        PlainText,

        /// <summary>Its authority is not installed here: it cannot be confirmed.</summary>
        UnknownAuthority,
    }

    /// <summary>The desk where offered servers wait for an operator. An offer alone changes nothing.</summary>
    public sealed class OfferDesk
    {
        private readonly string _installedPem;

        /// <param name="installedPem">The authority that was installed on this device; empty: none.</param>
        public OfferDesk(string installedPem) => _installedPem = installedPem;

        /// <summary>Null: nothing waits.</summary>
        public ServerOffer? Waiting { get; private set; }

        /// <summary>Shows an offer. It replaces one that waits, never one that was confirmed.</summary>
        public OfferTrust Show(ServerOffer offer)
        {
            Waiting = offer;
            return Trust(offer);
        }

        public void Refuse() => Waiting = null;

        /// <summary>The operator confirms what is shown.</summary>
        /// <param name="shown">The address that the operator saw: a newer offer is not confirmed by accident.</param>
        /// <param name="plainText">The operator was told that nothing is encrypted, and agreed.</param>
        /// <returns>For attune.json. It holds no token: one for another server does not fit.</returns>
        /// <exception cref="InvalidOperationException">It cannot be confirmed; says why.</exception>
        public SetupValues Confirm(Uri shown, bool plainText = false)
        {
            if (Waiting == null || Waiting.Address != shown)
            {
                throw new InvalidOperationException(
                    $"expected the offer of {shown}, got {(Waiting == null ? "none" : Waiting.Address.ToString())}: show it again");
            }

            OfferTrust trust = Trust(Waiting);
            if (trust == OfferTrust.UnknownAuthority)
            {
                throw new InvalidOperationException(
                    $"the authority {Waiting.AuthoritySha256.Substring(0, 16)}… is not installed on this device: push its "
                    + "certificate as \"ca\" in attune.json first");
            }

            if (trust == OfferTrust.PlainText && !plainText)
            {
                throw new InvalidOperationException("the server is not encrypted, and the operator has not agreed to that");
            }

            SetupValues values = new SetupValues(SetupSource.File)
            {
                [SetupValues.Endpoint] = Waiting.Address.GetLeftPart(UriPartial.Authority),
                [SetupValues.StationId] = Waiting.StationId,
                [SetupValues.Authority] = trust == OfferTrust.KnownAuthority ? _installedPem : "",
            };
            Waiting = null;
            return values;
        }

        private OfferTrust Trust(ServerOffer offer)
        {
            if (offer.AuthoritySha256.Length == 0)
            {
                return OfferTrust.PlainText;
            }

            return PemText.Sha256(_installedPem) == offer.AuthoritySha256
                ? OfferTrust.KnownAuthority : OfferTrust.UnknownAuthority;
        }
    }
}
