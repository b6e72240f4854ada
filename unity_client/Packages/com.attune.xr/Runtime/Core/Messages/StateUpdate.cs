#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>Everything known after one frame, or after one slot when there are none. A newer one replaces it.</summary>
    public sealed class StateUpdate : ServerMessage
    {
        public ulong Sequence { get; internal set; }

        /// <summary>0: it rests on no frame.</summary>
        public ulong FrameSequence { get; internal set; }

        /// <summary>On the client's clock; 0: none.</summary>
        public long CaptureTimeNs { get; internal set; }

        /// <summary>Capture to sending, milliseconds.</summary>
        public float AgeMs { get; internal set; }

        public long SessionTimeNs { get; internal set; }

        /// <summary>Null: no frame was looked at.</summary>
        public FaceState? Face { get; internal set; }

        /// <summary>Null: no face.</summary>
        public ExpressionState? Expression { get; internal set; }

        public EmpathyState Empathy { get; internal set; } = new EmpathyState();

        /// <summary>Empty before the first beat.</summary>
        public string BeatId { get; internal set; } = "";

        /// <summary>The choices that are due, then the one of the current beat while it is not. Empty: no server's story.</summary>
        public IReadOnlyList<ChoiceOutlook> Outlook { get; internal set; } = Array.Empty<ChoiceOutlook>();

        /// <summary>Faces of bystanders, under their own consent only.</summary>
        public IReadOnlyList<FaceState> Bystanders { get; internal set; } = Array.Empty<FaceState>();
    }

    /// <summary>What was seen of a face in one frame; boxes in pixels of the upright image.</summary>
    public sealed class FaceState
    {
        private readonly float[] _visible = new float[10];

        /// <summary>The rest is empty when no face was found.</summary>
        public bool Found { get; internal set; }

        public float BoxXPx { get; internal set; }

        public float BoxYPx { get; internal set; }

        public float BoxWidthPx { get; internal set; }

        public float BoxHeightPx { get; internal set; }

        public VisibilityBand Band { get; internal set; }

        /// <summary>That a headset covers the eyes, 0 … 1.</summary>
        public float HeadsetProbability { get; internal set; }

        public float Quality { get; internal set; }

        /// <summary>Null: unknown.</summary>
        public HeadAngles? Pose { get; internal set; }

        /// <summary>0 hidden … 1 fully visible; left and right are the subject's own.</summary>
        public float Visible(FaceRegion region) => _visible[(int)region];

        internal void SetVisible(FaceRegion region, float visible)
        {
            if ((int)region < _visible.Length)
            {
                _visible[(int)region] = visible;
            }
        }
    }

    /// <summary>
    /// Orientation of the head as the camera sees it, degrees. Positive yaw: the subject turns to their own
    /// left; pitch: looks up; roll: tilts to their own left shoulder.
    /// </summary>
    public readonly struct HeadAngles
    {
        public HeadAngles(float yawDeg, float pitchDeg, float rollDeg, PoseSource source)
        {
            YawDeg = yawDeg;
            PitchDeg = pitchDeg;
            RollDeg = rollDeg;
            Source = source;
        }

        public float YawDeg { get; }

        public float PitchDeg { get; }

        public float RollDeg { get; }

        public PoseSource Source { get; }
    }

    /// <summary>What the face expressed in one frame.</summary>
    public sealed class ExpressionState
    {
        private readonly float[] _probabilities = new float[9];

        /// <summary>−1 unpleasant … 1 pleasant.</summary>
        public float Valence { get; internal set; }

        /// <summary>−1 calm … 1 excited.</summary>
        public float Arousal { get; internal set; }

        /// <summary>0: nothing is known.</summary>
        public float Reliability { get; internal set; }

        /// <summary>Distance from neutral, 0 … 1.</summary>
        public float Intensity { get; internal set; }

        /// <summary>The model is not sure enough for the most probable class to be named.</summary>
        public bool Withheld { get; internal set; }

        /// <summary>Calibrated; 0 for a class that the model does not know.</summary>
        public float Probability(Emotion emotion) => _probabilities[(int)emotion];

        internal void SetProbability(Emotion emotion, float probability)
        {
            if ((int)emotion < _probabilities.Length)
            {
                _probabilities[(int)emotion] = probability;
            }
        }
    }

    /// <summary>One component of the index; −1 … 1 with a confidence of 0 … 1.</summary>
    public readonly struct EmpathyComponent
    {
        public EmpathyComponent(bool measured, float value, float confidence)
        {
            Measured = measured;
            Value = value;
            Confidence = confidence;
        }

        public bool Measured { get; }

        public float Value { get; }

        public float Confidence { get; }
    }

    /// <summary>
    /// The Expressive Resonance Index: how the visible expression goes with what the scene intends, while the
    /// visitor attends to it. Not a measure of a person's empathy.
    /// </summary>
    public sealed class EmpathyState
    {
        /// <summary>0 … 100; 50: neutral or no evidence.</summary>
        public float Eri { get; internal set; } = 50;

        public float Confidence { get; internal set; }

        public EmpathyStatus Status { get; internal set; } = EmpathyStatus.Abstain;

        /// <summary>Ends of the 80 % interval.</summary>
        public float IntervalLow { get; internal set; }

        public float IntervalHigh { get; internal set; } = 100;

        public EmpathyComponent Affective { get; internal set; }

        public EmpathyComponent Associative { get; internal set; }

        public EmpathyComponent Cognitive { get; internal set; }

        public float Valence { get; internal set; }

        public float Arousal { get; internal set; }

        public float Intensity { get; internal set; }

        /// <summary>To the focus, during the last second, 0 … 1.</summary>
        public float Attention { get; internal set; }

        public bool BaselineReady { get; internal set; }

        public bool Distress { get; internal set; }
    }
}
