#nullable enable
using System;
using System.Linq;
using System.Xml.Linq;
using Attune.Editing;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>The permissions of an Android build.</summary>
    public sealed class AndroidManifestTests
    {
        // As Unity 2022.3 writes it for a headset, with what another package added.
        private const string Manifest = @"<?xml version=""1.0"" encoding=""utf-8""?>
<manifest xmlns:android=""http://schemas.android.com/apk/res/android"" xmlns:tools=""http://schemas.android.com/tools"">
  <!-- kept -->
  <application android:extractNativeLibs=""true"">
    <activity android:name=""com.unity3d.player.UnityPlayerActivity"" android:theme=""@style/UnityThemeSelector"" android:exported=""true"">
      <intent-filter>
        <action android:name=""android.intent.action.MAIN"" />
        <category android:name=""android.intent.category.LAUNCHER"" />
        <category android:name=""com.oculus.intent.category.VR"" />
      </intent-filter>
      <meta-data android:name=""unityplayer.UnityActivity"" android:value=""true"" />
    </activity>
    <meta-data android:name=""com.oculus.supportedDevices"" android:value=""quest3"" tools:replace=""android:value"" />
  </application>
  <uses-feature android:glEsVersion=""0x00030000"" />
  <uses-feature android:name=""android.hardware.vr.headtracking"" android:required=""true"" android:version=""1"" />
  <uses-permission android:name=""com.oculus.permission.FACE_TRACKING"" />
</manifest>";

        private static readonly XNamespace Android = "http://schemas.android.com/apk/res/android";

        private static string[] PermissionsOf(string manifest) => XDocument.Parse(manifest).Root!
            .Elements("uses-permission").Select(one => (string)one.Attribute(Android + "name")!).ToArray();

        [Test]
        public void ASceneWithoutCameraAsksForTheNetworkAlone()
        {
            string[] permissions = PermissionsOf(AndroidManifest.With(Manifest, AndroidFeatures.None));
            Assert.That(permissions, Is.EquivalentTo(new[]
            {
                "com.oculus.permission.FACE_TRACKING", "android.permission.INTERNET",
            }));
        }

        [TestCase(AndroidFeatures.Camera, "android.permission.CAMERA")]
        [TestCase(AndroidFeatures.PassThrough, "android.permission.CAMERA,horizonos.permission.HEADSET_CAMERA")]
        [TestCase(AndroidFeatures.FaceTracking, "com.oculus.permission.FACE_TRACKING,android.permission.FACE_TRACKING")]
        [TestCase(AndroidFeatures.LocalNetwork, "android.permission.ACCESS_LOCAL_NETWORK")]
        public void AFeatureBringsItsOwnPermissionsAndNoOthers(AndroidFeatures features, string expected)
        {
            string[] brought = AndroidManifest.Permissions(features).Except(AndroidManifest.Permissions(AndroidFeatures.None)).ToArray();
            Assert.That(brought, Is.EqualTo(expected.Split(',')));
        }

        [Test]
        public void WhatIsDeclaredAlreadyIsNotDeclaredTwice()
        {
            const AndroidFeatures all = (AndroidFeatures)15;
            string once = AndroidManifest.With(Manifest, all);
            Assert.That(AndroidManifest.With(once, all), Is.EqualTo(once));
            Assert.That(PermissionsOf(once), Is.Unique);
        }

        [Test]
        public void TheRestOfTheManifestStaysAsItWas()
        {
            XElement before = XDocument.Parse(Manifest).Root!;
            XElement after = XDocument.Parse(AndroidManifest.With(Manifest, AndroidFeatures.PassThrough)).Root!;
            Assert.That(after.Element("application")!.ToString(), Is.EqualTo(before.Element("application")!.ToString()));
            Assert.That(after.Nodes().OfType<XComment>().Single().Value, Is.EqualTo(" kept "));
            Assert.That(AndroidManifest.With(Manifest, AndroidFeatures.None), Does.StartWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>"));
        }

        [Test]
        public void AHeadsetWithoutACameraStillGetsTheStory()
        {
            XElement camera = XDocument.Parse(AndroidManifest.With(Manifest, AndroidFeatures.Camera)).Root!
                .Elements("uses-feature").Single(one => (string?)one.Attribute(Android + "name") == "android.hardware.camera");
            Assert.That((string?)camera.Attribute(Android + "required"), Is.EqualTo("false"));
        }

        [TestCase("no xml", "no XML")]
        [TestCase("<project/>", "<project>")]
        public void SomethingElseThanAManifestIsNamed(string text, string named)
        {
            FormatException fault = Assert.Throws<FormatException>(() => AndroidManifest.With(text, AndroidFeatures.None))!;
            Assert.That(fault.Message, Does.Contain(named));
        }
    }

    /// <summary>Which features a build uses.</summary>
    public sealed class FeaturesInUseTests
    {
        private const string Runtime = "Packages/com.attune.xr/Runtime/";

        [Test]
        public void AFeatureIsInUseWhenAScenesDependenciesHoldItsScript()
        {
            string[] dependencies = { "Assets/Scene.unity", Runtime + "Unity/Frames/WebCamFrameSource.cs", Runtime + "Unity/AttuneServer.cs" };
            Assert.That(FeaturesInUse.Of(dependencies), Is.EqualTo(AndroidFeatures.Camera | AndroidFeatures.LocalNetwork));
        }

        [Test]
        public void ASimulatedSceneUsesNothing() =>
            Assert.That(FeaturesInUse.Of(new[] { Runtime + "Unity/AttuneSession.cs" }), Is.EqualTo(AndroidFeatures.None));

        [Test]
        public void AScriptOfTheSameNameElsewhereIsNotMeant() =>
            Assert.That(FeaturesInUse.Of(new[] { "Assets/WebCamFrameSource.cs" }), Is.EqualTo(AndroidFeatures.None));
    }
}
