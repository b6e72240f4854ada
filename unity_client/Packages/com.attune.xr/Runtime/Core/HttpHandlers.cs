#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>What carries HTTP/2. Of several that a project has, the one that comes first here is used.</summary>
    public enum HttpHandlerKind
    {
        /// <summary>.NET's own; Unity has none that speaks HTTP/2.</summary>
        Sockets,

        /// <summary>Cysharp's YetAnotherHttpHandler.</summary>
        YetAnotherHttp,

        /// <summary>UnityHttpMessageHandler of Unity 6.5 and later.</summary>
        UnityHttp,
    }

    /// <summary>How far a handler's way of connecting was tried.</summary>
    public enum Trial
    {
        /// <summary>The handler cannot do it.</summary>
        Impossible,

        /// <summary>Compiled against stand-ins; nobody has run it.</summary>
        Compiled,

        /// <summary>Run through a handler that imitates its known faults.</summary>
        Simulated,

        /// <summary>Run against a server.</summary>
        Tested,
    }

    /// <summary>What one handler can do. The table in the documentation is compared with this one.</summary>
    public sealed class HttpHandlerProfile
    {
        internal HttpHandlerProfile(
            HttpHandlerKind kind, string name, string needs, Trial plainText, Trial privateAuthority, Trial mutualTls, Trial token)
        {
            Kind = kind;
            Name = name;
            Needs = needs;
            PlainText = plainText;
            PrivateAuthority = privateAuthority;
            MutualTls = mutualTls;
            Token = token;
        }

        public HttpHandlerKind Kind { get; }

        public string Name { get; }

        /// <summary>Where it is to be had.</summary>
        public string Needs { get; }

        /// <summary>HTTP/2 without TLS (h2c).</summary>
        public Trial PlainText { get; }

        /// <summary>TLS with a server whose certificate a private authority vouches for.</summary>
        public Trial PrivateAuthority { get; }

        /// <summary>TLS in which this device shows a certificate too.</summary>
        public Trial MutualTls { get; }

        /// <summary>A bearer token.</summary>
        public Trial Token { get; }
    }

    /// <summary>What each handler can do.</summary>
    public static class HttpHandlers
    {
        public static IReadOnlyList<HttpHandlerProfile> All { get; } = new[]
        {
            new HttpHandlerProfile(
                HttpHandlerKind.Sockets, "SocketsHttpHandler", ".NET, not Unity",
                Trial.Tested, Trial.Tested, Trial.Tested, Trial.Tested),
            new HttpHandlerProfile(
                HttpHandlerKind.YetAnotherHttp, "YetAnotherHttpHandler", "Unity 2022.3 and later, version 1.11.5 and later",
                Trial.Compiled, Trial.Compiled, Trial.Compiled, Trial.Compiled),
            new HttpHandlerProfile(
                HttpHandlerKind.UnityHttp, "UnityHttpMessageHandler", "Unity 6.5 and later",
                Trial.Simulated, Trial.Compiled, Trial.Impossible, Trial.Simulated),
        };

        public static HttpHandlerProfile Of(HttpHandlerKind kind)
        {
            foreach (HttpHandlerProfile profile in All)
            {
                if (profile.Kind == kind)
                {
                    return profile;
                }
            }

            throw new ArgumentOutOfRangeException(nameof(kind), kind, "no handler of this kind is known");
        }
    }
}
