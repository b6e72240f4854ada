#nullable enable
using System;

namespace Attune
{
    /// <summary>What face weights rest on, when the headset is known.</summary>
    public static class FaceProvenance
    {
        /// <summary>
        /// A Quest 3 and a Quest 3S have no camera inside: what they report is inferred from the voice, whatever the
        /// runtime calls it. A headset that does not say what it measured from is not believed to have seen anything.
        /// </summary>
        /// <param name="headset">Its name, as the system gives it.</param>
        /// <param name="reported">What the runtime says; Unspecified: nothing.</param>
        public static FaceWeightsSource Of(string headset, FaceWeightsSource reported)
        {
            bool blind = headset.IndexOf("Quest 3", StringComparison.OrdinalIgnoreCase) >= 0
                || headset.IndexOf("Quest 2", StringComparison.OrdinalIgnoreCase) >= 0;
            return blind || reported == FaceWeightsSource.Unspecified ? FaceWeightsSource.Audio : reported;
        }
    }
}
