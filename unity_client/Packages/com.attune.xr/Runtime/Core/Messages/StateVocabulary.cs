#nullable enable

namespace Attune
{
    // The contract's enumerations for code without protobuf: same names, same numbers (a test compares them).

    /// <summary>A class of expression.</summary>
    public enum Emotion
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,

        /// <summary>Anger.</summary>
        Angry = 1,

        /// <summary>Disgust.</summary>
        Disgust = 2,

        /// <summary>Fear.</summary>
        Fear = 3,

        /// <summary>Happiness.</summary>
        Happy = 4,

        /// <summary>Sadness.</summary>
        Sad = 5,

        /// <summary>Surprise.</summary>
        Surprise = 6,

        /// <summary>No visible emotion.</summary>
        Neutral = 7,

        /// <summary>Contempt.</summary>
        Contempt = 8,
    }

    /// <summary>A region of the face; left and right are the subject's own.</summary>
    public enum FaceRegion
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,

        /// <summary>Left eye.</summary>
        LeftEye = 1,

        /// <summary>Right eye.</summary>
        RightEye = 2,

        /// <summary>Left brow.</summary>
        LeftBrow = 3,

        /// <summary>Right brow.</summary>
        RightBrow = 4,

        /// <summary>Nose.</summary>
        Nose = 5,

        /// <summary>Mouth.</summary>
        Mouth = 6,

        /// <summary>Chin.</summary>
        Chin = 7,

        /// <summary>Left cheek.</summary>
        LeftCheek = 8,

        /// <summary>Right cheek.</summary>
        RightCheek = 9,
    }

    /// <summary>What calibration distinguishes.</summary>
    public enum VisibilityBand
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,

        /// <summary>The whole face is seen.</summary>
        Full = 1,

        /// <summary>A headset or mask hides the eyes.</summary>
        LowerFace = 2,

        /// <summary>Too little is seen.</summary>
        Poor = 3,
    }

    /// <summary>Which measurement a head pose rests on.</summary>
    public enum PoseSource
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,

        /// <summary>Landmarks in the image.</summary>
        Landmarks = 1,

        /// <summary>The tracker's own matrix.</summary>
        TrackerMatrix = 2,

        /// <summary>The headset's tracking alone.</summary>
        Headset = 3,

        /// <summary>Image and headset together.</summary>
        Fused = 4,
    }

    /// <summary>Whether the empathy state may be acted on.</summary>
    public enum EmpathyStatus
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,

        /// <summary>There is enough evidence.</summary>
        Ok = 1,

        /// <summary>Not enough evidence.</summary>
        Abstain = 2,

        /// <summary>The session is paused; evidence stands still.</summary>
        Paused = 3,
    }
}
