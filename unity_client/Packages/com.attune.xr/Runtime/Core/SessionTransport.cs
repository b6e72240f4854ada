#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;

namespace Attune
{
    /// <summary>
    /// The ways to a server that this project has. Core and scene know none by themselves: an assembly that is
    /// compiled only where its HTTP/2 handler is installed provides it when the application starts.
    /// </summary>
    public static class SessionTransport
    {
        private static readonly SortedDictionary<HttpHandlerKind, Func<Endpoint, ISessionLinks>> Ways =
            new SortedDictionary<HttpHandlerKind, Func<Endpoint, ISessionLinks>>();

        /// <summary>The one that is preferred comes first.</summary>
        public static IReadOnlyList<HttpHandlerKind> Available => Ways.Keys.ToArray();

        /// <param name="open">Throws an ArgumentException when it cannot use what the endpoint says.</param>
        public static void Provide(HttpHandlerKind kind, Func<Endpoint, ISessionLinks> open) => Ways[kind] = open;

        /// <summary>For a new run in the same process.</summary>
        public static void Forget() => Ways.Clear();

        /// <summary>Null: there is no way to this server, and <paramref name="objection"/> says why.</summary>
        public static ISessionLinks? Open(Endpoint endpoint, out string objection)
        {
            objection = "this project has no HTTP/2 handler; the package's documentation says which one to install";
            foreach (KeyValuePair<HttpHandlerKind, Func<Endpoint, ISessionLinks>> way in Ways)
            {
                IReadOnlyList<string> findings = EndpointCheck.Findings(endpoint, way.Key);
                try
                {
                    if (findings.Count == 0)
                    {
                        return way.Value(endpoint);
                    }

                    objection = string.Join("; ", findings);
                }
                catch (ArgumentException fault)
                {
                    objection = fault.Message;
                }
                catch (Exception fault)
                {
                    // The outermost guard of other people's handlers: one whose native part is missing must not stop the story.
                    objection = $"{HttpHandlers.Of(way.Key).Name} cannot be used here: {fault.GetType().Name}: {fault.Message}";
                }
            }

            return null;
        }
    }
}
