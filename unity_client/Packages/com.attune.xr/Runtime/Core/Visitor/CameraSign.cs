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
        /// <param name="reads">Whether frames were read during the last moments; see <see cref="ReadingWatch"/>.</param>
        /// <param name="analyse">Whether the visitor allows analysis now.</param>
        /// <param name="store">Whether the visitor allows storing now.</param>
        public static CameraSign Of(ConnectionState? state, bool reads, bool analyse, bool store)
        {
            if (state == null || !analyse)
            {
                return new CameraSign(SignForm.Ring, VisitorTexts.SignOff, Tint.Grey);
            }

            if (state == ConnectionState.Offline || state == ConnectionState.Ended)
            {
                return new CameraSign(SignForm.Ring, VisitorTexts.SignStory, Tint.Grey);
            }

            if (state == ConnectionState.Paused)
            {
                return new CameraSign(SignForm.Bars, VisitorTexts.SignPaused, Tint.Yellow);
            }

            if (!reads)
            {
                return new CameraSign(SignForm.RingWithDot, VisitorTexts.SignReady, Tint.Yellow);
            }

            return store
                ? new CameraSign(SignForm.SquareInRing, VisitorTexts.SignStoring, Tint.Orange)
                : new CameraSign(SignForm.Disc, VisitorTexts.SignAnalysing, Tint.Blue);
        }
    }
}
