#nullable enable
using System;

namespace Attune
{
    /// <summary>What makes one simulated visitor differ from another.</summary>
    public sealed class VisitorTraits
    {
        /// <summary>Mirroring gain: 1 goes along with the scene, 0 is not moved, −1 shows the opposite.</summary>
        public double Empathy { get; set; } = 1;

        /// <summary>Scales whatever is shown.</summary>
        public double Expressivity { get; set; } = 1;

        /// <summary>Seconds that pass before a stimulus shows.</summary>
        public double LatencyS { get; set; } = 0.4;

        /// <summary>Affect of the face at rest.</summary>
        public double RestingValence { get; set; }

        public double RestingArousal { get; set; }

        /// <summary>Share of the time spent facing the focus.</summary>
        public double Attention { get; set; } = 0.95;

        /// <summary>Share of the response lost in each minute.</summary>
        public double FatiguePerMin { get; set; } = 0.1;

        /// <summary>Standard deviation of the affect's wandering.</summary>
        public double Noise { get; set; } = 0.05;
    }

    /// <summary>One presentation of a stimulus, with the affect that the scene intends.</summary>
    public sealed class Presentation
    {
        /// <summary>How long a stimulus without an end keeps pulling, seconds.</summary>
        public const double MomentS = 2;

        public Presentation(
            double onsetS, double endS, double valence, double arousal, double focusYawDeg = 0, double focusPitchDeg = 0)
        {
            OnsetS = onsetS;
            EndS = endS;
            Valence = valence;
            Arousal = arousal;
            FocusYawDeg = focusYawDeg;
            FocusPitchDeg = focusPitchDeg;
        }

        public double OnsetS { get; }

        /// <summary>May be moved while it lasts.</summary>
        public double EndS { get; set; }

        public double Valence { get; }

        public double Arousal { get; }

        /// <summary>Direction of the scene's focus; yaw positive to the visitor's left, pitch positive up.</summary>
        public double FocusYawDeg { get; }

        public double FocusPitchDeg { get; }
    }

    /// <summary>Where a simulated visitor's chance comes from.</summary>
    public interface IChance
    {
        /// <summary>Normally distributed, mean 0, standard deviation 1.</summary>
        double Normal();

        /// <summary>Evenly distributed in [0, 1).</summary>
        double Even();
    }

    /// <summary>Chance by a seed: the same visitor every time.</summary>
    public sealed class SeededChance : IChance
    {
        private readonly Random _random;

        public SeededChance(int seed) => _random = new Random(seed);

        public double Even() => _random.NextDouble();

        /// <summary>By Box and Muller.</summary>
        public double Normal() =>
            Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
    }
}
