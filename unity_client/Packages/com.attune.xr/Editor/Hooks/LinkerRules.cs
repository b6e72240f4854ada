#nullable enable
using System.IO;
using UnityEditor.Build;
using UnityEditor.Build.Reporting;
using UnityEditor.UnityLinker;

namespace Attune.Editing
{
    /// <summary>
    /// Tells Unity's linker what is only reached by reflection. A link.xml inside a package is not read, so
    /// that the rules are written when a build asks for them.
    /// </summary>
    internal sealed class LinkerRules : IUnityLinkerProcessor
    {
        // Protobuf's descriptors look up the properties of messages by name.
        private const string Xml =
            "<linker>\n"
            + "  <assembly fullname=\"Attune.Protocol\" preserve=\"all\" ignoreIfMissing=\"1\" />\n"
            + "  <assembly fullname=\"Google.Protobuf\" preserve=\"all\" ignoreIfMissing=\"1\" />\n"
            + "</linker>\n";

        public int callbackOrder => 0;

        public string GenerateAdditionalLinkXmlFile(BuildReport report, UnityLinkerBuildPipelineData data)
        {
            string path = Path.GetFullPath(Path.Combine("Temp", "Attune", "link.xml"));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, Xml);
            return path;
        }
    }
}
