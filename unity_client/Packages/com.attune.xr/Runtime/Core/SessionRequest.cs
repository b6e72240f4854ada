#nullable enable
using System;

namespace Attune
{
    /// <summary>What a session is asked to be. Values are read once, when the client starts.</summary>
    public sealed class SessionRequest
    {
        public const uint ProtocolVersion = 1;

        /// <summary>The headset's place in the exhibition.</summary>
        public string StationId { get; set; } = "";

        /// <summary>Pseudonym of the visitor; never a name.</summary>
        public string ParticipantId { get; set; } = "";

        /// <summary>Language of the visitor, BCP 47.</summary>
        public string Locale { get; set; } = "en";

        /// <summary>A scenario that the server knows; empty: none.</summary>
        public string ScenarioId { get; set; } = "";

        /// <summary>Of the scenario's file, lower-case hexadecimal.</summary>
        public string ScenarioSha256 { get; set; } = "";

        /// <summary>The whole scenario file instead of its name; empty: by name.</summary>
        public string InlineScenario { get; set; } = "";

        public VideoSource VideoSource { get; set; } = VideoSource.None;

        public string CameraId { get; set; } = "";

        public CameraKind CameraKind { get; set; } = CameraKind.Unspecified;

        /// <summary>Empty: unknown.</summary>
        public string HeadsetModel { get; set; } = "";

        /// <summary>Who is in the headset. Stays for the session.</summary>
        public Audience Audience { get; set; }

        /// <summary>0: one a frame.</summary>
        public float UpdateRateHz { get; set; }

        internal SessionRequest Checked()
        {
            if (StationId.Length == 0)
            {
                throw new ArgumentException("a session needs a StationId: the headset's place in the exhibition");
            }

            if (VideoSource == VideoSource.Unspecified)
            {
                throw new ArgumentException("VideoSource must be ClientFrames, ServerCamera or None");
            }

            if (VideoSource != VideoSource.None && CameraKind == CameraKind.Unspecified)
            {
                throw new ArgumentException("CameraKind must say where the camera looks: External or PassThrough");
            }

            return (SessionRequest)MemberwiseClone();
        }
    }
}
