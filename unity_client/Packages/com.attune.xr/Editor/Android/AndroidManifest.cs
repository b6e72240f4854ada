#nullable enable
using System;
using System.Collections.Generic;
using System.Xml.Linq;

namespace Attune.Editing
{
    /// <summary>Adds the permissions of the features in use to a manifest, and touches nothing else in it.</summary>
    public static class AndroidManifest
    {
        private static readonly XNamespace Android = "http://schemas.android.com/apk/res/android";

        /// <summary>The permissions that features need. INTERNET always.</summary>
        public static IReadOnlyList<string> Permissions(AndroidFeatures features)
        {
            List<string> permissions = new List<string> { "android.permission.INTERNET" };
            if ((features & (AndroidFeatures.Camera | AndroidFeatures.PassThrough)) != 0)
            {
                permissions.Add("android.permission.CAMERA");
            }

            if (features.HasFlag(AndroidFeatures.PassThrough))
            {
                permissions.Add("horizonos.permission.HEADSET_CAMERA");
            }

            if (features.HasFlag(AndroidFeatures.FaceTracking))
            {
                permissions.Add("com.oculus.permission.FACE_TRACKING");
                permissions.Add("android.permission.FACE_TRACKING");
            }

            if (features.HasFlag(AndroidFeatures.LocalNetwork))
            {
                permissions.Add("android.permission.ACCESS_LOCAL_NETWORK");
            }

            return permissions;
        }

        /// <summary>
        /// A manifest with what was missing. Hardware that a permission implies is declared as not required, so that a denial
        /// or a headset without it still gets the story.
        /// </summary>
        /// <exception cref="FormatException">The text is no Android manifest.</exception>
        public static string With(string manifest, AndroidFeatures features)
        {
            XDocument document = Parsed(manifest);
            XElement root = document.Root!;
            HashSet<string> declared = Names(root, "uses-permission");
            foreach (string permission in Permissions(features))
            {
                if (declared.Add(permission))
                {
                    root.Add(new XElement("uses-permission", new XAttribute(Android + "name", permission)));
                }
            }

            if ((features & (AndroidFeatures.Camera | AndroidFeatures.PassThrough)) != 0
                && Names(root, "uses-feature").Add("android.hardware.camera"))
            {
                root.Add(new XElement(
                    "uses-feature", new XAttribute(Android + "name", "android.hardware.camera"),
                    new XAttribute(Android + "required", "false")));
            }

            string declaration = document.Declaration == null ? "" : document.Declaration + Environment.NewLine;
            return declaration + document + Environment.NewLine;
        }

        private static XDocument Parsed(string manifest)
        {
            XDocument document;
            try
            {
                document = XDocument.Parse(manifest);
            }
            catch (System.Xml.XmlException fault)
            {
                throw new FormatException($"expected an Android manifest, got no XML: {fault.Message}", fault);
            }

            return document.Root!.Name == "manifest"
                ? document : throw new FormatException($"expected <manifest>, got <{document.Root.Name}>");
        }

        private static HashSet<string> Names(XElement root, string element)
        {
            HashSet<string> names = new HashSet<string>(StringComparer.Ordinal);
            foreach (XElement one in root.Elements(element))
            {
                names.Add((string?)one.Attribute(Android + "name") ?? "");
            }

            return names;
        }
    }
}
