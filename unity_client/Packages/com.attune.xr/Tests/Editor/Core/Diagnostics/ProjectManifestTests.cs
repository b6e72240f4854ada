#nullable enable
using System;
using NUnit.Framework;

namespace Attune.Tests
{
    /// <summary>What the editor's button writes into a project.</summary>
    public sealed class ProjectManifestTests
    {
        private const string Registry = "https://registry.example";

        [Test]
        public void AProjectWithoutRegistriesGetsOneForTheScopeAlone()
        {
            string text = ProjectManifest.WithProtobuf("{\n  \"dependencies\": {\n    \"com.attune.xr\": \"0.1.0\"\n  }\n}\n", Registry + "/");
            Assert.That(text, Is.EqualTo(
                "{\n  \"scopedRegistries\": [\n"
                + "    { \"name\": \"NuGet\", \"url\": \"https://registry.example\", \"scopes\": [\"org.nuget\"] }\n  ],\n"
                + "  \"dependencies\": {\n    \"org.nuget.google.protobuf\": \"3.25.1\",\n    \"com.attune.xr\": \"0.1.0\"\n  }\n}\n"));
        }

        [Test]
        public void OtherRegistriesStay()
        {
            string text = ProjectManifest.WithProtobuf(
                "{ \"dependencies\": {}, \"scopedRegistries\": [ { \"name\": \"a\", \"url\": \"b\", \"scopes\": [\"c\"] } ] }", Registry);
            Assert.That(text, Is.EqualTo(
                "{ \"dependencies\": {\n    \"org.nuget.google.protobuf\": \"3.25.1\"\n  }, \"scopedRegistries\": [\n"
                + "    { \"name\": \"NuGet\", \"url\": \"https://registry.example\", \"scopes\": [\"org.nuget\"] },"
                + " { \"name\": \"a\", \"url\": \"b\", \"scopes\": [\"c\"] } ] }"));
        }

        [Test]
        public void ARegistryForTheScopeIsNotAddedTwice()
        {
            string manifest = "{ \"dependencies\": { }, \"scopedRegistries\": [ { \"scopes\": [ \"org.nuget\" ] } ] }";
            string text = ProjectManifest.WithProtobuf(manifest, Registry);
            Assert.That(text, Does.Not.Contain(Registry));
            Assert.That(text, Does.Contain("\"org.nuget.google.protobuf\": \"3.25.1\""));
        }

        [TestCase("{ \"dependencies\": {} }", "http://registry.example", "https://")]
        [TestCase("{ \"dependencies\": {} }", "", "https://")]
        [TestCase("{ \"dependencies\": { \"org.nuget.google.protobuf\": \"3.20.0\" } }", Registry, "already")]
        [TestCase("{}", Registry, "\"dependencies\"")]
        public void WhatCannotBeAddedIsSaid(string manifest, string registry, string said)
        {
            FormatException fault = Assert.Throws<FormatException>(() => ProjectManifest.WithProtobuf(manifest, registry))!;
            Assert.That(fault.Message, Does.Contain(said));
        }
    }
}
