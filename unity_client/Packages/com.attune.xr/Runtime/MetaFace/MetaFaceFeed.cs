#nullable enable
using System;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// Sends the face tracking of Meta's headsets. A headset without cameras inside infers it from the voice; that is
    /// said with every value.
    /// </summary>
    [AddComponentMenu("Attune/Meta Face Feed")]
    public sealed class MetaFaceFeed : FaceWeightsFeed
    {
        [SerializeField]
        private OVRFaceExpressions? expressions = null;

        private readonly float[] _values = new float[FaceShapeNames.MetaFb2.Count];

        public override FaceWeightsSchema Schema => FaceWeightsSchema.MetaFb2;

        private void Update()
        {
            if (expressions == null)
            {
                return;
            }

            bool valid = expressions.ValidExpressions;
            if (valid)
            {
                expressions.CopyTo(_values);
            }

            Feed(_values, valid, Source(expressions), Confidence(expressions));
        }

        private static FaceWeightsSource Source(OVRFaceExpressions expressions)
        {
            if (!expressions.TryGetFaceTrackingDataSource(out OVRFaceExpressions.FaceTrackingDataSource source))
            {
                return FaceWeightsSource.Unspecified;
            }

            return source == OVRFaceExpressions.FaceTrackingDataSource.Visual ? FaceWeightsSource.Visual : FaceWeightsSource.Audio;
        }

        /// <summary>Of the half of the face that is known less well.</summary>
        private static float Confidence(OVRFaceExpressions expressions)
        {
            expressions.TryGetWeightConfidence(OVRFaceExpressions.FaceRegionConfidence.Lower, out float lower);
            expressions.TryGetWeightConfidence(OVRFaceExpressions.FaceRegionConfidence.Upper, out float upper);
            return Math.Min(lower, upper);
        }
    }
}
