#nullable enable
using System;

namespace Attune
{
    /// <summary>A simulated visitor that was asked for.</summary>
    public readonly struct AskedVisitor
    {
        public AskedVisitor(int seed, VisitorTraits traits)
        {
            Seed = seed;
            Traits = traits;
        }

        public int Seed { get; }

        public VisitorTraits Traits { get; }
    }

    /// <summary>
    /// The messages between a scene and a Python program over an ML-Agents side channel. Each begins with the version of
    /// this form and its kind.
    /// </summary>
    public static class BridgeMessages
    {
        public const int Version = 1;

        /// <summary>Identifier of the side channel on both sides.</summary>
        public static readonly Guid Channel = new Guid("6a0f4c9e-0d1b-4c55-9d6f-3f3a7c1b52e8");

        private const int StateKind = 1;
        private const int ChoiceKind = 2;
        private const int OverKind = 3;
        private const int VisitorKind = 16;

        public static byte[] State(StateUpdate update)
        {
            EmpathyState state = update.Empathy;
            return Begun(StateKind).Int32((int)state.Status).Float32(state.Eri).Float32(state.Confidence)
                .Float32(state.Valence).Float32(state.Arousal).Float32(state.Intensity).Float32(state.Attention)
                .Text(update.BeatId).ToArray();
        }

        public static byte[] Choice(ChoiceSettled settled) => Begun(ChoiceKind).Text(settled.ChoiceId)
            .Int32((int)settled.Occurrence).Text(settled.BranchId).Int32((int)settled.By).ToArray();

        /// <summary>The story of this visitor is over.</summary>
        public static byte[] Over(int seed) => Begun(OverKind).Int32(seed).ToArray();

        /// <exception cref="FormatException">It is no such message; says what was expected.</exception>
        public static AskedVisitor ReadVisitor(byte[] message)
        {
            BridgeReader reader = new BridgeReader(message);
            int version = reader.Int32();
            int kind = reader.Int32();
            if (version != Version || kind != VisitorKind)
            {
                throw new FormatException($"expected version {Version}, kind {VisitorKind} (visitor), got {version}, {kind}");
            }

            int seed = reader.Int32();
            VisitorTraits traits = new VisitorTraits
            {
                Empathy = reader.Float32(),
                Expressivity = reader.Float32(),
                LatencyS = reader.Float32(),
                RestingValence = reader.Float32(),
                RestingArousal = reader.Float32(),
                Attention = reader.Float32(),
                FatiguePerMin = reader.Float32(),
                Noise = reader.Float32(),
            };
            reader.End();
            return new AskedVisitor(seed, traits);
        }

        private static BridgeWriter Begun(int kind) => new BridgeWriter().Int32(Version).Int32(kind);
    }
}
