#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;

namespace Attune
{
    /// <summary>How one schema maps onto the canonical set: each shape is the mean of one or more of its values.</summary>
    public sealed class FaceMapping
    {
        private static readonly Dictionary<FaceWeightsSchema, FaceMapping> All =
            new[]
            {
                new FaceMapping(FaceWeightsSchema.Arkit52, FaceShapeNames.Arkit.Select(Same)),
                new FaceMapping(FaceWeightsSchema.Pico, FaceShapeNames.Arkit.Select(Same)),
                new FaceMapping(FaceWeightsSchema.MetaFb2, FacsTerms()),
                new FaceMapping(FaceWeightsSchema.AndroidXr68, FacsTerms()),
                new FaceMapping(FaceWeightsSchema.Htc, HtcTerms()),
            }.ToDictionary(mapping => mapping.Schema);

        private readonly int[][] _sources = new int[FaceShapeNames.Arkit.Count][];

        private FaceMapping(FaceWeightsSchema schema, IEnumerable<Term> terms)
        {
            Schema = schema;
            string[] names = FaceShapeNames.Of(schema).ToArray();
            for (int i = 0; i < _sources.Length; i++)
            {
                _sources[i] = Array.Empty<int>();
            }

            foreach (Term term in terms)
            {
                _sources[(int)term.Shape] = Array.ConvertAll(term.Names, name => Index(names, name));
            }
        }

        public FaceWeightsSchema Schema { get; }

        /// <exception cref="ArgumentOutOfRangeException">There is no such schema.</exception>
        public static FaceMapping Of(FaceWeightsSchema schema) =>
            All.TryGetValue(schema, out FaceMapping? mapping)
                ? mapping : throw new ArgumentOutOfRangeException(nameof(schema), schema, "expected one of the five schemas");

        /// <summary>Whether the schema measures it. A shape that it does not is unknown, not 0.</summary>
        public bool Measures(FaceShape shape) => _sources[(int)shape].Length > 0;

        /// <summary>Which values of the schema make up a shape, by their position.</summary>
        public IReadOnlyList<int> SourcesOf(FaceShape shape) => _sources[(int)shape];

        /// <summary>The canonical values; NaN where the schema measures none, and everywhere when they are not valid.</summary>
        /// <param name="canonical">One a shape.</param>
        public void Apply(FaceWeights weights, float[] canonical)
        {
            if (weights.Schema != Schema || canonical.Length != _sources.Length)
            {
                throw new ArgumentException(
                    $"expected weights of {Schema} and room for {_sources.Length}, got {weights.Schema} and {canonical.Length}");
            }

            for (int shape = 0; shape < _sources.Length; shape++)
            {
                int[] sources = _sources[shape];
                float sum = 0;
                foreach (int source in sources)
                {
                    sum += weights.Values[source];
                }

                bool known = weights.IsValid && sources.Length > 0;
                canonical[shape] = known ? Math.Max(0, Math.Min(1, sum / sources.Length)) : float.NaN;
            }
        }

        private static int Index(string[] names, string name)
        {
            int index = Array.IndexOf(names, name);
            return index >= 0 ? index : throw new ArgumentException($"the schema has no '{name}'");
        }

        private static Term Same(string name, int index) => new Term((FaceShape)index, name);

        /// <summary>A pair of shapes, for names that end in the side.</summary>
        private static IEnumerable<Term> Both(FaceShape left, string name) => new[]
        {
            new Term(left, name + "_L"),
            new Term(left + 1, name + "_R"),
        };

        /// <summary>
        /// FACS-based expressions after Meta's and Google's descriptions of them. An eye that looks to the subject's
        /// left looks outwards when it is the left one and inwards when it is the right one.
        /// </summary>
        private static IEnumerable<Term> FacsTerms() => new[]
        {
            Both(FaceShape.BrowDownLeft, "BROW_LOWERER"),
            Both(FaceShape.BrowOuterUpLeft, "OUTER_BROW_RAISER"),
            Both(FaceShape.CheekSquintLeft, "CHEEK_RAISER"),
            Both(FaceShape.EyeBlinkLeft, "EYES_CLOSED"),
            Both(FaceShape.EyeLookDownLeft, "EYES_LOOK_DOWN"),
            Both(FaceShape.EyeLookUpLeft, "EYES_LOOK_UP"),
            Both(FaceShape.EyeSquintLeft, "LID_TIGHTENER"),
            Both(FaceShape.EyeWideLeft, "UPPER_LID_RAISER"),
            Both(FaceShape.MouthDimpleLeft, "DIMPLER"),
            Both(FaceShape.MouthFrownLeft, "LIP_CORNER_DEPRESSOR"),
            Both(FaceShape.MouthLowerDownLeft, "LOWER_LIP_DEPRESSOR"),
            Both(FaceShape.MouthPressLeft, "LIP_PRESSOR"),
            Both(FaceShape.MouthSmileLeft, "LIP_CORNER_PULLER"),
            Both(FaceShape.MouthStretchLeft, "LIP_STRETCHER"),
            Both(FaceShape.MouthUpperUpLeft, "UPPER_LIP_RAISER"),
            Both(FaceShape.NoseSneerLeft, "NOSE_WRINKLER"),
            new[]
            {
                new Term(FaceShape.EyeLookOutLeft, "EYES_LOOK_LEFT_L"),
                new Term(FaceShape.EyeLookInRight, "EYES_LOOK_LEFT_R"),
                new Term(FaceShape.EyeLookInLeft, "EYES_LOOK_RIGHT_L"),
                new Term(FaceShape.EyeLookOutRight, "EYES_LOOK_RIGHT_R"),
                new Term(FaceShape.BrowInnerUp, "INNER_BROW_RAISER_L", "INNER_BROW_RAISER_R"),
                new Term(FaceShape.CheekPuff, "CHEEK_PUFF_L", "CHEEK_PUFF_R"),
                new Term(FaceShape.JawForward, "JAW_THRUST"),
                new Term(FaceShape.JawLeft, "JAW_SIDEWAYS_LEFT"),
                new Term(FaceShape.JawRight, "JAW_SIDEWAYS_RIGHT"),
                new Term(FaceShape.JawOpen, "JAW_DROP"),
                new Term(FaceShape.MouthClose, "LIPS_TOWARD"),
                new Term(FaceShape.MouthFunnel, "LIP_FUNNELER_LB", "LIP_FUNNELER_LT", "LIP_FUNNELER_RB", "LIP_FUNNELER_RT"),
                new Term(FaceShape.MouthLeft, "MOUTH_LEFT"),
                new Term(FaceShape.MouthRight, "MOUTH_RIGHT"),
                new Term(FaceShape.MouthPucker, "LIP_PUCKER_L", "LIP_PUCKER_R"),
                new Term(FaceShape.MouthRollLower, "LIP_SUCK_LB", "LIP_SUCK_RB"),
                new Term(FaceShape.MouthRollUpper, "LIP_SUCK_LT", "LIP_SUCK_RT"),
                new Term(FaceShape.MouthShrugLower, "CHIN_RAISER_B"),
                new Term(FaceShape.MouthShrugUpper, "CHIN_RAISER_T"),
                new Term(FaceShape.TongueOut, "TONGUE_OUT"),
            },
        }.SelectMany(terms => terms);

        /// <summary>HTC's trackers see no brows, cheeks and nose, and not how firmly the lips are pressed or stretched.</summary>
        private static IEnumerable<Term> HtcTerms() => new[]
        {
            new Term(FaceShape.EyeBlinkLeft, "EYE_LEFT_BLINK"),
            new Term(FaceShape.EyeBlinkRight, "EYE_RIGHT_BLINK"),
            new Term(FaceShape.EyeWideLeft, "EYE_LEFT_WIDE"),
            new Term(FaceShape.EyeWideRight, "EYE_RIGHT_WIDE"),
            new Term(FaceShape.EyeSquintLeft, "EYE_LEFT_SQUEEZE"),
            new Term(FaceShape.EyeSquintRight, "EYE_RIGHT_SQUEEZE"),
            new Term(FaceShape.EyeLookDownLeft, "EYE_LEFT_DOWN"),
            new Term(FaceShape.EyeLookDownRight, "EYE_RIGHT_DOWN"),
            new Term(FaceShape.EyeLookUpLeft, "EYE_LEFT_UP"),
            new Term(FaceShape.EyeLookUpRight, "EYE_RIGHT_UP"),
            new Term(FaceShape.EyeLookOutLeft, "EYE_LEFT_OUT"),
            new Term(FaceShape.EyeLookOutRight, "EYE_RIGHT_OUT"),
            new Term(FaceShape.EyeLookInLeft, "EYE_LEFT_IN"),
            new Term(FaceShape.EyeLookInRight, "EYE_RIGHT_IN"),
            new Term(FaceShape.JawForward, "JAW_FORWARD"),
            new Term(FaceShape.JawLeft, "JAW_LEFT"),
            new Term(FaceShape.JawRight, "JAW_RIGHT"),
            new Term(FaceShape.JawOpen, "JAW_OPEN"),
            new Term(FaceShape.MouthClose, "MOUTH_APE_SHAPE"),
            new Term(FaceShape.MouthLeft, "MOUTH_UPPER_LEFT", "MOUTH_LOWER_LEFT"),
            new Term(FaceShape.MouthRight, "MOUTH_UPPER_RIGHT", "MOUTH_LOWER_RIGHT"),
            new Term(FaceShape.MouthFunnel, "MOUTH_UPPER_OVERTURN", "MOUTH_LOWER_OVERTURN"),
            new Term(FaceShape.MouthPucker, "MOUTH_POUT"),
            new Term(FaceShape.MouthSmileLeft, "MOUTH_SMILE_LEFT"),
            new Term(FaceShape.MouthSmileRight, "MOUTH_SMILE_RIGHT"),
            new Term(FaceShape.MouthFrownLeft, "MOUTH_SAD_LEFT"),
            new Term(FaceShape.MouthFrownRight, "MOUTH_SAD_RIGHT"),
            new Term(FaceShape.CheekPuff, "CHEEK_PUFF_LEFT", "CHEEK_PUFF_RIGHT"),
            new Term(FaceShape.MouthUpperUpLeft, "MOUTH_UPPER_UPLEFT"),
            new Term(FaceShape.MouthUpperUpRight, "MOUTH_UPPER_UPRIGHT"),
            new Term(FaceShape.MouthLowerDownLeft, "MOUTH_LOWER_DOWNLEFT"),
            new Term(FaceShape.MouthLowerDownRight, "MOUTH_LOWER_DOWNRIGHT"),
            new Term(FaceShape.MouthRollUpper, "MOUTH_UPPER_INSIDE"),
            new Term(FaceShape.MouthRollLower, "MOUTH_LOWER_INSIDE"),
            new Term(FaceShape.MouthShrugLower, "MOUTH_LOWER_OVERLAY"),
            new Term(FaceShape.TongueOut, "TONGUE_LONGSTEP1", "TONGUE_LONGSTEP2"),
        };

        private readonly struct Term
        {
            public Term(FaceShape shape, params string[] names)
            {
                Shape = shape;
                Names = names;
            }

            public FaceShape Shape { get; }

            public string[] Names { get; }
        }
    }
}
