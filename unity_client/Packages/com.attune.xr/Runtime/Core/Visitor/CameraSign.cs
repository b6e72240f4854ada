#nullable enable

namespace Attune
{
    /// <summary>The form of the sign that shows what the camera does. Each state has a form of its own.</summary>
    public enum SignForm
    {
        /// <summary>An empty ring: nothing is read.</summary>
        Ring,

        /// <summary>A ring with a dot: allowed, and not in use.</summary>
        RingWithDot,

        /// <summary>A filled disc: read.</summary>
        Disc,

        /// <summary>A filled square inside a ring: read and stored.</summary>
        SquareInRing,

        /// <summary>Two bars: paused.</summary>
        Bars,
    }

    /// <summary>
    /// What a visitor sees of the camera's state: by form, by text and by colour, so that no one of them is needed. The sign
    /// follows what is really done, not what was asked for.
    /// </summary>
    public readonly struct CameraSign
    {
        private CameraSign(SignForm form, string textKey, Tint tint)
        {
            Form = form;
            TextKey = textKey;
            Tint = tint;
        }

        public SignForm Form { get; }

        public string TextKey { get; }

        public Tint Tint { get; }

        /// <param name="state">The client's; null: no visitor is there.</param>
        /// <param name="hasCamera">Whether this session has a camera at all, the server's or the headset's.</param>
        /// <param name="analyse">Whether the visitor allows analysis now.</param>
        /// <param name="store">Whether the visitor allows storing now.</param>
        public static CameraSign Of(ConnectionState? state, bool hasCamera, bool analyse, bool store)
        {
            bool running = state != null && state != ConnectionState.Offline && state != ConnectionState.Ended;
            if (!running || !hasCamera)
            {
                return new CameraSign(SignForm.Ring, state == null ? VisitorTexts.SignOff : VisitorTexts.SignStory, Tint.Grey);
            }

            if (!analyse)
            {
                return new CameraSign(SignForm.Ring, VisitorTexts.SignOff, Tint.Grey);
            }

            if (state == ConnectionState.Paused)
            {
                return new CameraSign(SignForm.Bars, VisitorTexts.SignPaused, Tint.Yellow);
            }

            if (state != ConnectionState.Streaming)
            {
                return new CameraSign(SignForm.RingWithDot, VisitorTexts.SignReady, Tint.Yellow);
            }

            return store
                ? new CameraSign(SignForm.SquareInRing, VisitorTexts.SignStoring, Tint.Orange)
                : new CameraSign(SignForm.Disc, VisitorTexts.SignAnalysing, Tint.Blue);
        }
    }
}
