#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// What a headset's own face tracking measured, under the names of its schema. Filled again and again, so that
    /// it allocates once.
    /// </summary>
    public sealed class FaceWeights
    {
        public FaceWeights(FaceWeightsSchema schema)
        {
            Schema = schema;
            Values = new float[FaceShapeNames.Of(schema).Count];
        }

        public FaceWeightsSchema Schema { get; }

        /// <summary>One a name of the schema, 0 … 1.</summary>
        public float[] Values { get; }

        /// <summary>On the client's clock.</summary>
        public long TimeNs { get; set; }

        /// <summary>Whether the runtime calls the values valid.</summary>
        public bool IsValid { get; set; }

        public FaceWeightsSource Source { get; set; }

        /// <summary>As the runtime reports it, 0 … 1; 0 when it reports none.</summary>
        public float Confidence { get; set; }

        /// <summary>
        /// Becomes a copy. Values just outside 0 … 1, as some runtimes give them, are brought inside; one that is no
        /// number makes the whole invalid.
        /// </summary>
        /// <exception cref="ArgumentException">It has another schema.</exception>
        public void Take(FaceWeights other)
        {
            if (other.Schema != Schema)
            {
                throw new ArgumentException($"expected weights of {Schema}, got {other.Schema}", nameof(other));
            }

            TimeNs = other.TimeNs;
            Source = other.Source;
            IsValid = other.IsValid;
            Confidence = Inside(other.Confidence);
            for (int i = 0; i < Values.Length; i++)
            {
                IsValid &= !float.IsNaN(other.Values[i]) && !float.IsInfinity(other.Values[i]);
                Values[i] = Inside(other.Values[i]);
            }
        }

        private static float Inside(float value) => value > 0 ? Math.Min(1, value) : 0;
    }

    /// <summary>The newest weights until they are sent. Two buffers: one waits while one is on its way.</summary>
    internal sealed class WeightsSlot
    {
        private FaceWeights? _waiting;
        private FaceWeights? _sending;
        private bool _full;

        public void PutIn(FaceWeights weights)
        {
            if (_waiting == null || _waiting.Schema != weights.Schema)
            {
                _waiting = new FaceWeights(weights.Schema);
            }

            _waiting.Take(weights);
            _full = true;
        }

        /// <summary>Null: there is nothing new. What is taken stays as it is until the next call.</summary>
        public FaceWeights? TakeOut()
        {
            if (!_full)
            {
                return null;
            }

            FaceWeights? taken = _waiting;
            _waiting = _sending;
            _sending = taken;
            _full = false;
            return taken;
        }

        public void Empty() => _full = false;
    }
}
