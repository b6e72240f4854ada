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

    /// <summary>
    /// Who is in the headset, as far as the law of emotion recognition asks. Expressions of pupils and of staff are not
    /// analysed unless the server's settings allow it.
    /// </summary>
    public enum Audience
    {
        /// <summary>A visitor of one's own accord.</summary>
        Unspecified = 0,

        /// <summary>A visitor of one's own accord.</summary>
        Public = 1,

        /// <summary>A pupil or student in a session of their school.</summary>
        School = 2,

        /// <summary>Somebody at work, or in training for it.</summary>
        Staff = 3,
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

        /// <summary>Consent to analyse was given, but the session is locked. Parameters: audience, setting.</summary>
        AnalysisLocked = 13,
    }
}
