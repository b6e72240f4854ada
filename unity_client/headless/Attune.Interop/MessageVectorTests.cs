#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using NUnit.Framework;

namespace Attune.Interop
{
    /// <summary>Python wrote these vectors; C# must find the same in them and write the same bytes.</summary>
    public sealed class MessageVectorTests
    {
        private static readonly Dictionary<string, MessageDescriptor> Known = new[]
        {
            V1.AttuneReflection.Descriptor, V1.ConsentReflection.Descriptor, V1.GeometryReflection.Descriptor,
            V1.RecordingReflection.Descriptor, V1.SessionReflection.Descriptor, V1.StateReflection.Descriptor,
            V1.StoryReflection.Descriptor, V1.VideoReflection.Descriptor,
        }.SelectMany(file => file.MessageTypes).ToDictionary(type => type.FullName);

        public static IEnumerable<TestCaseData> Vectors()
        {
            string text = File.ReadAllText(Path.Combine(PythonProcess.Repository, "protos", "testdata", "messages.json"));
            foreach (JsonElement vector in JsonDocument.Parse(text).RootElement.EnumerateArray())
            {
                string message = vector.GetProperty("message").GetString()!;
                string bytes = vector.GetProperty("bytes").GetString()!;
                string json = vector.GetProperty("json").GetRawText();
                yield return new TestCaseData(message, bytes, json)
                    .SetName($"{message} {vector.GetProperty("choice").GetString()}".Trim());
            }
        }

        [TestCaseSource(nameof(Vectors))]
        public void AMessageFromPythonIsReadAndWrittenAlike(string name, string hex, string json)
        {
            MessageDescriptor descriptor = Known[name];
            byte[] bytes = Convert.FromHexString(hex);
            IMessage read = descriptor.Parser.ParseFrom(bytes);
            Assert.That(Convert.ToHexString(read.ToByteArray()).ToLowerInvariant(), Is.EqualTo(hex));
            Assert.That(read, Is.EqualTo(JsonParser.Default.Parse(json, descriptor)));
        }

        [Test]
        public void EveryMessageHasAVector()
        {
            IEnumerable<string> covered = Vectors().Select(vector => (string)vector.Arguments[0]!).Distinct();
            Assert.That(covered, Is.EquivalentTo(Known.Keys));
        }
    }
}
