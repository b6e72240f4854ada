#nullable enable
using System;
using UnityEngine;

namespace Attune.Components
{
    /// <summary>
    /// Sends what a headset's own face tracking measures, in its own schema. A vendor's script derives from it, or
    /// calls <see cref="Feed"/>; values leave with the visitor's consent to analyse only.
    /// </summary>
    [AddComponentMenu("Attune/Face Weights Feed")]
    [DisallowMultipleComponent]
    public class FaceWeightsFeed : SceneMarker
    {
        [SerializeField]
        [Tooltip("Whose names the values follow.")]
        private FaceWeightsSchema schema = FaceWeightsSchema.Arkit52;

        [SerializeField]
        [Range(1, 30)]
        private float timesPerSecond = 15;

        private FaceWeights? _weights;
        private float[] _canonical = Array.Empty<float>();
        private CaptureSchedule? _schedule;

        // Unity makes a new text of it at every look.
        private string? _headset;

        /// <summary>Whose names the values follow.</summary>
        public virtual FaceWeightsSchema Schema => schema;

        /// <summary>What was measured last; null: nothing yet.</summary>
        public FaceWeights? Latest => _weights;

        /// <summary>The same under ARKit's names, NaN where it is unknown.</summary>
        public float[] Canonical => _canonical;

        private protected override bool TakesTheOnlySession => false;

        /// <param name="values">One a name of the schema, 0 … 1. Copied.</param>
        /// <param name="confidence">0 when the runtime reports none.</param>
        public void Feed(float[] values, bool valid, FaceWeightsSource reported, float confidence)
        {
            AttuneClient? client = Client;
            FaceWeights weights = Prepared(client);
            Array.Copy(values, weights.Values, weights.Values.Length);
            weights.IsValid = valid;
            weights.Source = FaceProvenance.Of(_headset ??= SystemInfo.deviceModel, reported);
            weights.Confidence = confidence;
            FaceMapping.Of(Schema).Apply(weights, _canonical);
            if (client != null && _schedule!.IsDue(client.NowNs))
            {
                _schedule.Take(client.NowNs);
                client.Report(weights);
            }
        }

        private FaceWeights Prepared(AttuneClient? client)
        {
            if (_weights == null || _weights.Schema != Schema)
            {
                _weights = new FaceWeights(Schema);
                _canonical = new float[FaceShapeNames.Arkit.Count];
                _schedule = new CaptureSchedule(timesPerSecond);
            }

            _weights.TimeNs = client == null ? 0 : client.NowNs;
            return _weights;
        }
    }
}
