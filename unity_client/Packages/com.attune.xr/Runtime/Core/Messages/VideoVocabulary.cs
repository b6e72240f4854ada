#nullable enable

namespace Attune
{
    // The contract's enumerations for code without protobuf: same names, same numbers (a test compares them).

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
