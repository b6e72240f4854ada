#nullable enable
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Text;

namespace Attune
{
    /// <summary>
    /// What was heard of Attune servers, and what is still to be asked. Forgets what nobody repeated, and keeps to a
    /// bound however much is sent. Not thread-safe.
    /// </summary>
    internal sealed class ServiceDirectory
    {
        public const string Service = ServerOffer.ServiceType + ".local";

        private const int MostRecords = 256;
        private const int MostServers = 32;
        private const int MostQuestions = 16;
        private const double ForgottenAfterS = 35;

        private static readonly string[] Fields = { "station", "ca_sha256", "token" };

        private readonly List<(DnsRecord Record, long HeardNs)> _heard = new List<(DnsRecord, long)>();

        public void Hear(IReadOnlyList<DnsRecord> records, long nowNs)
        {
            Forget(nowNs);
            foreach (DnsRecord record in records)
            {
                _heard.RemoveAll(known => IsReplaced(known.Record, record));
                if (record.LifetimeS > 0 && _heard.Count < MostRecords && IsOfUse(record))
                {
                    _heard.Add((record, nowNs));
                }
            }
        }

        /// <summary>Who is there: what cannot be used is listed with the reason.</summary>
        public IReadOnlyList<FoundServer> Found(long nowNs)
        {
            Forget(nowNs);
            List<FoundServer> found = new List<FoundServer>();
            foreach (string instance in Instances())
            {
                DnsRecord? service = Find(instance, DnsType.Service);
                DnsRecord? texts = Find(instance, DnsType.Text);
                IPAddress? address = service == null ? null : AddressOf(service.Target);
                if (service != null && texts != null && address != null)
                {
                    found.Add(Server(instance, service, texts, address));
                }
            }

            return found;
        }

        /// <summary>The service, and what its answers left open.</summary>
        public IReadOnlyList<(string Name, DnsType Type)> Questions()
        {
            List<(string Name, DnsType Type)> questions = new List<(string Name, DnsType Type)> { (Service, DnsType.Pointer) };
            foreach (string instance in Instances())
            {
                DnsRecord? service = Find(instance, DnsType.Service);
                if (service == null)
                {
                    questions.Add((instance, DnsType.Service));
                }
                else if (AddressOf(service.Target) == null)
                {
                    questions.Add((service.Target, DnsType.Address));
                }

                if (Find(instance, DnsType.Text) == null)
                {
                    questions.Add((instance, DnsType.Text));
                }
            }

            return questions.GetRange(0, Math.Min(questions.Count, MostQuestions));
        }

        private static FoundServer Server(string instance, DnsRecord service, DnsRecord texts, IPAddress address)
        {
            string name = Shown(instance.Substring(0, instance.Length - Service.Length - 1));
            List<KeyValuePair<string, string>> known = new List<KeyValuePair<string, string>>();
            foreach (KeyValuePair<string, string> text in texts.Texts)
            {
                // Others are for other readers (RFC 6763).
                if (Array.IndexOf(Fields, text.Key) >= 0)
                {
                    known.Add(text);
                }
            }

            try
            {
                return new FoundServer(name, ServerOffer.FromTextRecord(address.ToString(), service.Port, known), "");
            }
            catch (FormatException fault)
            {
                return new FoundServer(name, null, fault.Message);
            }
        }

        /// <summary>For people: without what could make one name look like another.</summary>
        private static string Shown(string name)
        {
            StringBuilder shown = new StringBuilder();
            foreach (char one in name.Replace("\\.", ".").Replace("\\\\", "\\"))
            {
                bool plain = !char.IsControl(one) && CharUnicodeInfo.GetUnicodeCategory(one) != UnicodeCategory.Format;
                shown.Append(plain ? one : '\uFFFD');
            }

            return shown.ToString();
        }

        private IEnumerable<string> Instances()
        {
            List<string> instances = new List<string>();
            foreach ((DnsRecord record, long _) in _heard)
            {
                if (record.Type == DnsType.Pointer && instances.Count < MostServers)
                {
                    instances.Add(record.Target);
                }
            }

            return instances;
        }

        /// <summary>An IPv4 address where there is one: a link-local IPv6 address is none without its interface.</summary>
        private IPAddress? AddressOf(string host)
        {
            IPAddress? address6 = Find(host, DnsType.Address6)?.Address;
            return Find(host, DnsType.Address)?.Address ?? (address6 == null || address6.IsIPv6LinkLocal ? null : address6);
        }

        private DnsRecord? Find(string name, DnsType type)
        {
            foreach ((DnsRecord record, long _) in _heard)
            {
                if (record.Type == type && DnsMessage.Same(record.Name, name))
                {
                    return record;
                }
            }

            return null;
        }

        /// <summary>A service whose target is the root is not to be had (RFC 2782), and nobody can be asked for its address.</summary>
        private static bool IsOfUse(DnsRecord record) => record.Type != DnsType.Pointer
            ? record.Type != DnsType.Service || record.Target.Length > 0
            : (DnsMessage.Same(record.Name, Service) && record.Target.Length > Service.Length + 1
                && record.Target.EndsWith("." + Service, StringComparison.OrdinalIgnoreCase));

        private static bool IsReplaced(DnsRecord known, DnsRecord by) => known.Type == by.Type && DnsMessage.Same(known.Name, by.Name)
            && (known.Type != DnsType.Pointer || DnsMessage.Same(known.Target, by.Target));

        private void Forget(long nowNs) => _heard.RemoveAll(known => nowNs - known.HeardNs > ForgottenAfterS * 1e9);
    }
}
