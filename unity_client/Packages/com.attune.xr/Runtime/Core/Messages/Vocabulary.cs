#nullable enable

namespace Attune
{
    // The contract's enumerations for code without protobuf: same names, same numbers (a test compares them).

    /// <summary>One thing a visitor may allow. Nothing is implied by anything else.</summary>
    public enum ConsentScope
    {
        /// <summary>Refused.</summary>
        Unspecified = 0,

        /// <summary>Look for the wearer's face and read its expression, in memory.</summary>
        Analyse = 1,

        /// <summary>Store features (at most 10 a second, no absolute head position).</summary>
        StoreFeatures = 2,

        /// <summary>Store the video itself.</summary>
        StoreVideo = 3,

        /// <summary>Use what is stored for research.</summary>
        Research = 4,

        /// <summary>Analyse faces that a pass-through camera sees.</summary>
        Bystanders = 5,
    }

    /// <summary>Where the camera looks.</summary>
    public enum CameraKind
    {
        /// <summary>Refused when a camera is in use.</summary>
        Unspecified = 0,

        /// <summary>It looks at the wearer.</summary>
        External = 1,

        /// <summary>It sits on the headset and looks away from the wearer.</summary>
        PassThrough = 2,
    }

    /// <summary>Where frames come from.</summary>
    public enum VideoSource
    {
        /// <summary>Refused.</summary>
        Unspecified = 0,

        /// <summary>The client sends VideoFrame messages.</summary>
        ClientFrames = 1,

        /// <summary>The server opens the camera named by `camera_id` itself.</summary>
        ServerCamera = 2,

        /// <summary>There is no video; events, headset poses and face weights only.</summary>
        None = 3,
    }

    /// <summary>Why a session stands still.</summary>
    public enum PauseReason
    {
        /// <summary>Allowed; says nothing.</summary>
        Unspecified = 0,

        /// <summary>The headset was taken off.</summary>
        Doffed = 1,

        /// <summary>The application lost focus.</summary>
        Application = 2,

        /// <summary>An operator paused.</summary>
        Operator = 3,
    }

    /// <summary>Why a session ends.</summary>
    public enum EndReason
    {
        /// <summary>Allowed; says nothing.</summary>
        Unspecified = 0,

        /// <summary>The story is over.</summary>
        Finished = 1,

        /// <summary>The visitor stopped.</summary>
        Visitor = 2,

        /// <summary>The next visitor takes the headset.</summary>
        NextVisitor = 3,

        /// <summary>The application closes.</summary>
        Application = 4,

        /// <summary>The server shuts down.</summary>
        ServerShutdown = 5,

        /// <summary>The stream broke and was not resumed in time.</summary>
        Lost = 6,

        /// <summary>The client broke a rule or a limit.</summary>
        Violation = 7,
    }

    /// <summary>What a calibration command asks for.</summary>
    public enum CalibrationAction
    {
        /// <summary>Refused.</summary>
        Unspecified = 0,

        /// <summary>Start learning the visitor's neutral face now.</summary>
        StartBaseline = 1,

        /// <summary>Stop learning and use what there is.</summary>
        FinishBaseline = 2,

        /// <summary>Forget the baseline.</summary>
        ResetBaseline = 3,
    }

    /// <summary>How the bytes of a frame hold its pixels.</summary>
    public enum FrameEncoding
    {
        /// <summary>Refused.</summary>
        Unspecified = 0,

        /// <summary>Baseline or progressive JPEG; EXIF orientation is ignored.</summary>
        Jpeg = 1,

        /// <summary>PNG, 8 bits a channel.</summary>
        Png = 2,

        /// <summary>width × height × 3 bytes, red first, rows top-down, no padding.</summary>
        Rgb24 = 3,

        /// <summary>width × height bytes, rows top-down, no padding.</summary>
        Gray8 = 4,

        /// <summary>width × height bytes of luma, then half as many of interleaved Cb and Cr; both sizes even.</summary>
        Nv12 = 5,
    }

    /// <summary>Where a capture time was taken.</summary>
    public enum CaptureTimeSource
    {
        /// <summary>Refused.</summary>
        Unspecified = 0,

        /// <summary>The sensor's own time stamp.</summary>
        Sensor = 1,

        /// <summary>The moment the frame reached the client.</summary>
        FrameArrival = 2,

        /// <summary>Arrival minus an estimated delay.</summary>
        Estimated = 3,
    }

    /// <summary>Whose faces a frame may show.</summary>
    public enum FrameRole
    {
        /// <summary>Refused.</summary>
        Unspecified = 0,

        /// <summary>The camera looks at the wearer of the headset.</summary>
        Wearer = 1,

        /// <summary>The camera looks away from the wearer (pass-through): its faces never feed the wearer's state.</summary>
        Bystanders = 2,
    }

    /// <summary>What became of the frames up to a sequence.</summary>
    public enum FrameDisposition
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,

        /// <summary>The face was looked for; an Update follows or was replaced by a newer one.</summary>
        Analysed = 1,

        /// <summary>A newer frame took its place, or the session is paused or has no consent to analyse.</summary>
        Dropped = 2,

        /// <summary>The frame could not be used; a Notice says why.</summary>
        Refused = 3,
    }

    /// <summary>Who settled a choice.</summary>
    public enum ResolvedBy
    {
        /// <summary>Refused.</summary>
        Unspecified = 0,

        /// <summary>The server's decision was played.</summary>
        Server = 1,

        /// <summary>The scene took the authored default.</summary>
        LocalDefault = 2,

        /// <summary>An operator chose.</summary>
        Operator = 3,
    }

    /// <summary>Why a branch was proposed.</summary>
    public enum DecisionReason
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,

        /// <summary>The evidence met the author's condition.</summary>
        Evidence = 1,

        /// <summary>Not enough evidence: the authored default.</summary>
        LowConfidence = 2,

        /// <summary>The deadline came before a condition had held long enough: the authored default.</summary>
        Deadline = 3,

        /// <summary>The distress guard lowered the authored intensity or took the default.</summary>
        Distress = 4,

        /// <summary>An operator chose.</summary>
        Operator = 5,

        /// <summary>The choice is cooling down: the authored default.</summary>
        CoolDown = 6,

        /// <summary>Nothing may be analysed: the authored default.</summary>
        NoConsent = 7,
    }

    /// <summary>Something the client should know; never only prose.</summary>
    public enum NoticeCode
    {
        /// <summary>Never sent.</summary>
        Unspecified = 0,

        /// <summary>A frame was refused; parameters: sequence, code, detail.</summary>
        FrameRefused = 1,

        /// <summary>An event was refused; parameters: code, detail.</summary>
        EventRefused = 2,

        /// <summary>The client's scenario is another one than the server's; the story runs on local defaults. Parameters: expected, received.</summary>
        ScenarioMismatch = 3,

        /// <summary>No personal baseline: evidence counts half.</summary>
        NoBaseline = 4,

        /// <summary>The recording stopped; the session goes on. Parameters: cause.</summary>
        RecordingStopped = 5,

        /// <summary>The server's camera stopped delivering frames; it is tried again. Parameters: camera, cause.</summary>
        CameraLost = 6,

        /// <summary>The server's camera delivers frames again. Parameters: camera.</summary>
        CameraBack = 7,

        /// <summary>Frames arrive faster than the limit; some are dropped unseen. Parameters: limit_hz.</summary>
        FrameRateLimited = 8,

        /// <summary>The server shuts down soon. Parameters: seconds.</summary>
        ShuttingDown = 9,

        /// <summary>A message other than a frame or event was refused. Parameters: code, detail.</summary>
        InputRefused = 10,

        /// <summary>Consent to store was withdrawn; what is stored can be deleted. Parameters: session_id, scope.</summary>
        DeletionOffered = 11,

        /// <summary>Analysis failed on a frame; the session goes on. Parameters: sequence.</summary>
        AnalysisFailed = 12,
    }

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

    /// <summary>Whose names the values of face weights follow.</summary>
    public enum FaceWeightsSchema
    {
        /// <summary>Refused.</summary>
        Unspecified = 0,

        /// <summary>ARKit's 52 blend shapes, in alphabetical order of their names.</summary>
        Arkit52 = 1,

        /// <summary>XR_FB_face_tracking2, 70 values in the order of its enumeration.</summary>
        MetaFb2 = 2,

        /// <summary>XR_HTC_facial_tracking, 14 eye then 37 lip values.</summary>
        Htc = 3,

        /// <summary>Pico's 52 values in the order of its enumeration.</summary>
        Pico = 4,

        /// <summary>XR_ANDROID_face_tracking, 68 values in the order of its enumeration.</summary>
        AndroidXr68 = 5,
    }

    /// <summary>What a headset's face weights were measured from.</summary>
    public enum FaceWeightsSource
    {
        /// <summary>Refused.</summary>
        Unspecified = 0,

        /// <summary>Cameras in the headset.</summary>
        Visual = 1,

        /// <summary>Inferred from the voice; no evidence of expression.</summary>
        Audio = 2,
    }
}
