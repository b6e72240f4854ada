#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// Adds a package of a scoped registry to the text of a project's Packages/manifest.json, and leaves the rest of the text as
    /// it is.
    /// </summary>
    public static class ProjectManifest
    {
        public const string Scope = "org.nuget";
        public const string Protobuf = "org.nuget.google.protobuf";

        /// <summary>The version that the package was tested with.</summary>
        public const string ProtobufVersion = "3.25.1";

        /// <param name="registry">Address of a registry that has NuGet's packages for Unity.</param>
        /// <exception cref="FormatException">It cannot be added; the message says what to do instead.</exception>
        public static string WithProtobuf(string manifest, string registry)
        {
            bool usable = Uri.TryCreate(registry, UriKind.Absolute, out Uri address) && address.Scheme == "https";
            if (!usable)
            {
                throw new FormatException($"expected the https:// address of a registry, got '{registry}'");
            }

            if (Contains(manifest, Protobuf))
            {
                throw new FormatException($"the project asks for {Protobuf} already: see the Package Manager for what is wrong with it");
            }

            string text = WithEntry(manifest, "dependencies", '{', '}', $"\"{Protobuf}\": \"{ProtobufVersion}\"");
            if (Contains(text, Scope))
            {
                // A registry for the scope is there; a second one would be an error.
                return text;
            }

            string url = address.AbsoluteUri.TrimEnd('/');
            string entry = $"{{ \"name\": \"NuGet\", \"url\": \"{url}\", \"scopes\": [\"{Scope}\"] }}";
            return Contains(text, "scopedRegistries")
                ? WithEntry(text, "scopedRegistries", '[', ']', entry)
                : text.Insert(text.IndexOf('{') + 1, $"\n  \"scopedRegistries\": [\n    {entry}\n  ],");
        }

        private static bool Contains(string text, string name) => text.IndexOf($"\"{name}\"", StringComparison.Ordinal) >= 0;

        /// <summary>Puts an entry at the beginning of a list or an object.</summary>
        private static string WithEntry(string text, string name, char opens, char closes, string entry)
        {
            int key = text.IndexOf($"\"{name}\"", StringComparison.Ordinal);
            int at = key < 0 ? -1 : key + name.Length + 2;
            at = Expect(text, at, ':');
            at = Expect(text, at, opens);
            if (at < 0)
            {
                throw new FormatException($"expected \"{name}\" in Packages/manifest.json, followed by '{opens}'");
            }

            bool empty = Expect(text, at, closes) >= 0;
            return text.Insert(at, empty ? $"\n    {entry}\n  " : $"\n    {entry},");
        }

        /// <summary>The place behind the character, if it is the next one that is no space; −1: it is not.</summary>
        private static int Expect(string text, int at, char wanted)
        {
            while (at >= 0 && at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            return at >= 0 && at < text.Length && text[at] == wanted ? at + 1 : -1;
        }
    }
}
