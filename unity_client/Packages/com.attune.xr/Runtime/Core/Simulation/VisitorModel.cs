#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>What a simulated visitor shows at one moment.</summary>
    public readonly struct VisitorMoment
    {
        internal VisitorMoment(
            double timeS, double valence, double arousal, double headYawDeg, double headPitchDeg, double offFocusDeg)
        {
            TimeS = timeS;
            Valence = valence;
            Arousal = arousal;
            HeadYawDeg = headYawDeg;
            HeadPitchDeg = headPitchDeg;
            OffFocusDeg = offFocusDeg;
        }

        public double TimeS { get; }

        /// <summary>Visible affect, −1 … 1.</summary>
        public double Valence { get; }

        public double Arousal { get; }

        /// <summary>Positive: to the visitor's left.</summary>
        public double HeadYawDeg { get; }

        /// <summary>Positive: up.</summary>
        public double HeadPitchDeg { get; }

        /// <summary>Angle between the head and the scene's focus.</summary>
        public double OffFocusDeg { get; }
    }

    /// <summary>
    /// How a person of given traits answers a story. The model is that of attune.scenario.visitors, step by step:
    /// a stimulus pulls the visible affect towards a share of what the scene intends, after a delay; around it lie a
    /// resting face, slow wandering, and a head that follows the focus or wanders off. Shared vectors hold both to
    /// the same numbers.
    /// </summary>
    public sealed class VisitorModel
    {
        public const double StepS = 0.05;

        private const double RiseS = 0.35;
        private const double FallS = 0.8;
        private const double WanderS = 2.5;
        private const double TurnS = 0.35;
        private const double SwayDeg = 1.2;
        private const double LookAwayS = 3;

        private static readonly double Rise = 1 - Math.Exp(-StepS / RiseS);
        private static readonly double Fall = 1 - Math.Exp(-StepS / FallS);
        private static readonly double Keep = Math.Exp(-StepS / WanderS);
        private static readonly double Fresh = Math.Sqrt(1 - (Keep * Keep));

        private readonly VisitorTraits _traits;
        private readonly IChance _chance;
        private readonly List<Presentation> _presentations = new List<Presentation>();
        private readonly double[] _wander = new double[4];
        private readonly double[] _draws = new double[4];
        private int _step;
        private double _valence;
        private double _arousal;
        private bool _gone;
        private double _lookYaw;
        private double _lookPitch;
        private double _headYaw;
        private double _headPitch;
        private double _yawSpeed;
        private double _pitchSpeed;

        public VisitorModel(VisitorTraits traits, IChance chance)
        {
            _traits = traits;
            _chance = chance;
        }

        /// <summary>Time of the next step.</summary>
        public double TimeS => _step * StepS;

        /// <summary>A stimulus begins. Of two at once the one that was presented later pulls.</summary>
        public void Present(Presentation presentation) => _presentations.Add(presentation);

        /// <summary>What is shown now; time goes on by <see cref="StepS"/>.</summary>
        public VisitorMoment Step()
        {
            double time = TimeS;
            Draw();
            Answer(time);
            (double focusYaw, double focusPitch) = Focus(time);
            (bool away, double lookYaw, double lookPitch) = Attend();
            Turn(away ? lookYaw : focusYaw, away ? lookPitch : focusPitch);

            double valence = _valence + _traits.RestingValence + _wander[0];
            double arousal = _arousal + _traits.RestingArousal + _wander[1];
            double yaw = _headYaw + _wander[2];
            double pitch = _headPitch + _wander[3];
            Wander();
            _step++;
            return new VisitorMoment(
                time, Clamp(valence, -1, 1), Clamp(arousal, -1, 1), yaw, pitch, AngleDeg(yaw, pitch, focusYaw, focusPitch));
        }

        private static double Clamp(double value, double least, double most) => Math.Max(least, Math.Min(most, value));

        private static double AngleDeg(double yawA, double pitchA, double yawB, double pitchB)
        {
            const double radians = Math.PI / 180;
            double cosine = (Math.Sin(pitchA * radians) * Math.Sin(pitchB * radians))
                + (Math.Cos(pitchA * radians) * Math.Cos(pitchB * radians) * Math.Cos((yawA - yawB) * radians));
            return Math.Acos(Clamp(cosine, -1, 1)) / radians;
        }

        /// <summary>The wandering begins at its first draw; later draws move it when the step is over.</summary>
        private void Draw()
        {
            double affect = _traits.Noise;
            for (int i = 0; i < 4; i++)
            {
                _draws[i] = _chance.Normal() * (i < 2 ? affect : SwayDeg);
            }

            if (_step == 0)
            {
                _draws.CopyTo(_wander, 0);
            }
        }

        /// <summary>An Ornstein-Uhlenbeck process.</summary>
        private void Wander()
        {
            for (int i = 0; i < 4; i++)
            {
                _wander[i] = (Keep * _wander[i]) + (Fresh * _draws[i]);
            }
        }

        /// <summary>A pull towards the shared affect, quick to come and slow to go.</summary>
        private void Answer(double time)
        {
            double since = time - _traits.LatencyS;
            double valence = 0;
            double arousal = 0;
            foreach (Presentation one in _presentations)
            {
                if (since >= one.OnsetS && since < one.EndS)
                {
                    valence = one.Valence;
                    arousal = one.Arousal;
                }
            }

            double rate = valence != 0 || arousal != 0 ? Rise : Fall;
            double left = Clamp(1 - (_traits.FatiguePerMin * time / 60), 0, 1);
            double share = _traits.Empathy * _traits.Expressivity * left;
            _valence += rate * ((share * valence) - _valence);
            _arousal += rate * ((share * arousal) - _arousal);
        }

        /// <summary>The last focus stays until the next.</summary>
        private (double YawDeg, double PitchDeg) Focus(double time)
        {
            Presentation? last = null;
            foreach (Presentation one in _presentations)
            {
                if (time >= one.OnsetS && (last == null || one.OnsetS >= last.OnsetS))
                {
                    last = one;
                }
            }

            return last == null ? (0, 0) : (last.FocusYawDeg, last.FocusPitchDeg);
        }

        /// <summary>Whether the visitor looks elsewhere, and where to.</summary>
        private (bool Away, double YawDeg, double PitchDeg) Attend()
        {
            const double back = StepS / LookAwayS;
            double slip = back * (1 - _traits.Attention) / Math.Max(_traits.Attention, 1e-6);
            double change = _chance.Even();
            double yaw = (_chance.Even() - 0.5) * 80;
            yaw += yaw < 0 ? -14 : 14;
            double pitch = (_chance.Even() - 0.5) * 24;
            if (_step == 0)
            {
                _gone = change > _traits.Attention;
                _lookYaw = yaw;
                _lookPitch = pitch;
            }

            (bool, double, double) now = (_gone, _lookYaw, _lookPitch);
            if (!_gone && change < slip)
            {
                _lookYaw = yaw;
                _lookPitch = pitch;
            }

            _gone = _gone ? !(change < back) : change < slip;
            return now;
        }

        /// <summary>A critically damped pursuit, from rest at the first goal.</summary>
        private void Turn(double goalYaw, double goalPitch)
        {
            if (_step == 0)
            {
                _headYaw = goalYaw;
                _headPitch = goalPitch;
            }

            _yawSpeed += StepS * (((goalYaw - _headYaw) / (TurnS * TurnS)) - (2 * _yawSpeed / TurnS));
            _pitchSpeed += StepS * (((goalPitch - _headPitch) / (TurnS * TurnS)) - (2 * _pitchSpeed / TurnS));
            _headYaw += StepS * _yawSpeed;
            _headPitch += StepS * _pitchSpeed;
        }
    }
}
