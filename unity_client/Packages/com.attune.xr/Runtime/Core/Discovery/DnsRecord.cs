#nullable enable
using System;
using System.Collections.Generic;
using System.Net;

namespace Attune
{
    /// <summary>The kinds of records that finding a service needs.</summary>
    internal enum DnsType
    {
        Address = 1,
        Pointer = 12,
        Text = 16,
        Address6 = 28,
        Service = 33,
    }

    /// <summary>One answer of a DNS message. Dots within a label are written with a backslash before them.</summary>
    internal sealed class DnsRecord
    {
        public DnsRecord(string name, DnsType type, uint lifetimeS)
        {
            Name = name;
            Type = type;
            LifetimeS = lifetimeS;
        }

        public string Name { get; }

        public DnsType Type { get; }

        /// <summary>Nought: what it says holds no longer.</summary>
        public uint LifetimeS { get; }

        /// <summary>Of a pointer or service; otherwise empty.</summary>
        public string Target { get; set; } = "";

        public int Port { get; set; }

        public IPAddress? Address { get; set; }

        public IReadOnlyList<KeyValuePair<string, string>> Texts { get; set; } = Array.Empty<KeyValuePair<string, string>>();
    }
}
