#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Attune.Tests
{
    public sealed class FaceMappingTests
    {
        private static readonly FaceWeightsSchema[] Schemas =
        {
            FaceWeightsSchema.Arkit52, FaceWeightsSchema.MetaFb2, FaceWeightsSchema.Htc, FaceWeightsSchema.Pico,
            FaceWeightsSchema.AndroidXr68,
        };

        private static readonly FaceShape[] Shapes = (FaceShape[])Enum.GetValues(typeof(FaceShape));

        [TestCase(FaceWeightsSchema.Arkit52, 52)]
        [TestCase(FaceWeightsSchema.MetaFb2, 70)]
        [TestCase(FaceWeightsSchema.Htc, 51)]
        [TestCase(FaceWeightsSchema.Pico, 52)]
        [TestCase(FaceWeightsSchema.AndroidXr68, 68)]
        public void ASchemaHasAsManyNamesAsTheContractSays(FaceWeightsSchema schema, int count)
        {
            Assert.That(FaceShapeNames.Of(schema).Distinct().Count(), Is.EqualTo(count));
        }

        [Test]
        public void TheCanonicalSetIsArkitsInAlphabeticalOrder()
        {
            string[] names = Array.ConvertAll(Shapes, shape => char.ToLowerInvariant(shape.ToString()[0]) + shape.ToString().Substring(1));
            Assert.That(FaceShapeNames.Arkit, Is.EqualTo(names));
            Assert.That(names, Is.EqualTo(names.OrderBy(name => name, StringComparer.Ordinal).ToArray()));
        }

        [TestCase(FaceWeightsSchema.Arkit52, "")]
        [TestCase(FaceWeightsSchema.Pico, "")]
        [TestCase(FaceWeightsSchema.MetaFb2, "")]
        [TestCase(FaceWeightsSchema.AndroidXr68, "")]
        [TestCase(
            FaceWeightsSchema.Htc,
            "BrowDownLeft BrowDownRight BrowInnerUp BrowOuterUpLeft BrowOuterUpRight CheekSquintLeft CheekSquintRight "
            + "MouthDimpleLeft MouthDimpleRight MouthPressLeft MouthPressRight MouthShrugUpper MouthStretchLeft "
            + "MouthStretchRight NoseSneerLeft NoseSneerRight")]
        public void WhatASchemaDoesNotMeasureIsUnknown(FaceWeightsSchema schema, string missing)
        {
            float[] canonical = Map(schema, Repeat(schema, 0.5f));
            IEnumerable<string> unknown = Shapes.Where(shape => float.IsNaN(canonical[(int)shape])).Select(shape => shape.ToString());
            Assert.That(string.Join(" ", unknown), Is.EqualTo(missing));
        }

        [TestCase(FaceWeightsSchema.MetaFb2)]
        [TestCase(FaceWeightsSchema.Htc)]
        [TestCase(FaceWeightsSchema.Pico)]
        [TestCase(FaceWeightsSchema.AndroidXr68)]
        public void RestIsRestAndNothingLeavesTheRange(FaceWeightsSchema schema)
        {
            foreach (float level in new[] { 0f, 0.25f, 1f })
            {
                foreach (float value in Map(schema, Repeat(schema, level)).Where(value => !float.IsNaN(value)))
                {
                    Assert.That(value, Is.EqualTo(level).Within(1e-6f));
                }
            }
        }

        [Test]
        public void ARisingValueLowersNoShapeAndNoTwoShapesShareOne()
        {
            foreach (FaceWeightsSchema schema in Schemas)
            {
                HashSet<int> used = new HashSet<int>();
                foreach (int source in Shapes.SelectMany(shape => FaceMapping.Of(schema).SourcesOf(shape)))
                {
                    Assert.That(used.Add(source), Is.True, $"{schema}: {FaceShapeNames.Of(schema)[source]}");
                    float[] values = Repeat(schema, 0);
                    values[source] = 1;
                    float[] canonical = Map(schema, values);
                    Assert.That(canonical.Count(value => value > 0), Is.EqualTo(1));
                    Assert.That(canonical.Count(value => value < 0), Is.Zero);
                }
            }
        }

        [Test]
        public void AMirroredFaceGivesTheMirroredShapes()
        {
            foreach (FaceWeightsSchema schema in Schemas)
            {
                IReadOnlyList<string> names = FaceShapeNames.Of(schema);
                Random random = new Random(7);
                float[] face = names.Select(_ => (float)random.NextDouble()).ToArray();
                float[] mirrored = new float[face.Length];
                for (int i = 0; i < face.Length; i++)
                {
                    int twin = names.ToList().IndexOf(Twin(names[i]));
                    mirrored[twin < 0 ? i : twin] = face[i];
                }

                float[] seen = Map(schema, face);
                float[] seenMirrored = Map(schema, mirrored);
                foreach (FaceShape shape in Shapes.Where(one => FaceMapping.Of(schema).Measures(one)))
                {
                    FaceShape twin = (FaceShape)Enum.Parse(typeof(FaceShape), Twin(shape.ToString()));
                    Assert.That(seenMirrored[(int)twin], Is.EqualTo(seen[(int)shape]).Within(1e-6f), $"{schema}: {shape}");
                }
            }
        }

        [TestCase(FaceWeightsSchema.MetaFb2, "EYES_LOOK_LEFT_L", FaceShape.EyeLookOutLeft)]
        [TestCase(FaceWeightsSchema.MetaFb2, "EYES_LOOK_LEFT_R", FaceShape.EyeLookInRight)]
        [TestCase(FaceWeightsSchema.AndroidXr68, "EYES_LOOK_RIGHT_R", FaceShape.EyeLookOutRight)]
        [TestCase(FaceWeightsSchema.MetaFb2, "LIP_CORNER_PULLER_R", FaceShape.MouthSmileRight)]
        [TestCase(FaceWeightsSchema.Htc, "MOUTH_SAD_LEFT", FaceShape.MouthFrownLeft)]
        [TestCase(FaceWeightsSchema.Htc, "EYE_RIGHT_IN", FaceShape.EyeLookInRight)]
        [TestCase(FaceWeightsSchema.Pico, "browDownLeft", FaceShape.BrowDownLeft)]
        public void AValueRaisesTheShapeThatItNames(FaceWeightsSchema schema, string name, FaceShape shape)
        {
            float[] values = Repeat(schema, 0);
            values[FaceShapeNames.Of(schema).ToList().IndexOf(name)] = 0.8f;
            Assert.That(Map(schema, values)[(int)shape], Is.EqualTo(0.8f).Within(1e-6f));
        }

        // Positions as the vendors' headers number them.
        [TestCase(FaceWeightsSchema.MetaFb2, "JAW_DROP", 24)]
        [TestCase(FaceWeightsSchema.MetaFb2, "LIPS_TOWARD", 50)]
        [TestCase(FaceWeightsSchema.MetaFb2, "UPPER_LIP_RAISER_R", 62)]
        [TestCase(FaceWeightsSchema.MetaFb2, "TONGUE_OUT", 68)]
        [TestCase(FaceWeightsSchema.AndroidXr68, "TONGUE_OUT", 63)]
        [TestCase(FaceWeightsSchema.AndroidXr68, "TONGUE_DOWN", 67)]
        [TestCase(FaceWeightsSchema.Htc, "EYE_RIGHT_UP", 13)]
        [TestCase(FaceWeightsSchema.Htc, "JAW_RIGHT", 14)]
        [TestCase(FaceWeightsSchema.Htc, "MOUTH_LOWER_OVERLAY", 39)]
        [TestCase(FaceWeightsSchema.Pico, "eyeLookDownLeft", 0)]
        [TestCase(FaceWeightsSchema.Pico, "tongueOut", 51)]
        public void ANameStandsWhereTheVendorPutIt(FaceWeightsSchema schema, string name, int position)
        {
            Assert.That(FaceShapeNames.Of(schema)[position], Is.EqualTo(name));
        }

        [Test]
        public void InvalidWeightsAreUnknownAltogether()
        {
            FaceWeights weights = new FaceWeights(FaceWeightsSchema.Arkit52) { IsValid = false };
            float[] canonical = new float[52];
            FaceMapping.Of(FaceWeightsSchema.Arkit52).Apply(weights, canonical);
            Assert.That(canonical.Count(float.IsNaN), Is.EqualTo(52));
        }

        [TestCase("Oculus Quest 3", FaceWeightsSource.Visual, FaceWeightsSource.Audio)]
        [TestCase("Meta Quest 3S", FaceWeightsSource.Unspecified, FaceWeightsSource.Audio)]
        [TestCase("Oculus Quest Pro", FaceWeightsSource.Visual, FaceWeightsSource.Visual)]
        [TestCase("Oculus Quest Pro", FaceWeightsSource.Audio, FaceWeightsSource.Audio)]
        [TestCase("Pico 4 Pro", FaceWeightsSource.Visual, FaceWeightsSource.Visual)]
        [TestCase("Pico 4 Pro", FaceWeightsSource.Unspecified, FaceWeightsSource.Audio)]
        public void AHeadsetWithoutCamerasInsideHasHeardAndNotSeen(string headset, FaceWeightsSource reported, FaceWeightsSource source)
        {
            Assert.That(FaceProvenance.Of(headset, reported), Is.EqualTo(source));
        }

        private static string Twin(string name)
        {
            (string, string)[] sides =
            {
                ("EYES_LOOK_LEFT_L", "EYES_LOOK_RIGHT_R"), ("EYES_LOOK_LEFT_R", "EYES_LOOK_RIGHT_L"),
                ("Left", "Right"), ("LEFT", "RIGHT"), ("_LB", "_RB"), ("_LT", "_RT"),
            };
            foreach ((string left, string right) in sides)
            {
                if (name.Contains(left) || name.Contains(right))
                {
                    return name.Contains(left) ? name.Replace(left, right) : name.Replace(right, left);
                }
            }

            return name.EndsWith("_L", StringComparison.Ordinal) ? name.Substring(0, name.Length - 1) + "R"
                : name.EndsWith("_R", StringComparison.Ordinal) ? name.Substring(0, name.Length - 1) + "L" : name;
        }

        private static float[] Repeat(FaceWeightsSchema schema, float value) =>
            FaceShapeNames.Of(schema).Select(_ => value).ToArray();

        private static float[] Map(FaceWeightsSchema schema, float[] values)
        {
            FaceWeights weights = new FaceWeights(schema) { IsValid = true };
            values.CopyTo(weights.Values, 0);
            float[] canonical = new float[52];
            FaceMapping.Of(schema).Apply(weights, canonical);
            return canonical;
        }
    }
}
