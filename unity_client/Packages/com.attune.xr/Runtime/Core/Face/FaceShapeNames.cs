#nullable enable
using System;
using System.Collections.Generic;
using System.Linq;

namespace Attune
{
    /// <summary>
    /// The names of what each schema measures, in the order of its values. Left and right are the subject's own.
    /// </summary>
    public static class FaceShapeNames
    {
        /// <summary>
        /// Apple's ARFaceAnchor.BlendShapeLocation, sorted. This is the canonical set: every other schema is mapped
        /// onto it.
        /// </summary>
        public static IReadOnlyList<string> Arkit { get; } = new[]
        {
            "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff",
            "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft",
            "eyeLookDownRight", "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight",
            "eyeLookUpLeft", "eyeLookUpRight", "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight",
            "jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose", "mouthDimpleLeft", "mouthDimpleRight",
            "mouthFrownLeft", "mouthFrownRight", "mouthFunnel", "mouthLeft", "mouthLowerDownLeft",
            "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker", "mouthRight",
            "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft",
            "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
            "noseSneerLeft", "noseSneerRight", "tongueOut",
        };

        // XrFaceExpression2FB of XR_FB_face_tracking2 and XrFaceParameterIndicesANDROID of XR_ANDROID_face_tracking
        // (Khronos, openxr.h) begin alike; prefix, "_FB" and "_ANDROID" are left out here.
        private static readonly string[] Facs =
        {
            "BROW_LOWERER_L", "BROW_LOWERER_R", "CHEEK_PUFF_L", "CHEEK_PUFF_R", "CHEEK_RAISER_L", "CHEEK_RAISER_R",
            "CHEEK_SUCK_L", "CHEEK_SUCK_R", "CHIN_RAISER_B", "CHIN_RAISER_T", "DIMPLER_L", "DIMPLER_R",
            "EYES_CLOSED_L", "EYES_CLOSED_R", "EYES_LOOK_DOWN_L", "EYES_LOOK_DOWN_R", "EYES_LOOK_LEFT_L",
            "EYES_LOOK_LEFT_R", "EYES_LOOK_RIGHT_L", "EYES_LOOK_RIGHT_R", "EYES_LOOK_UP_L", "EYES_LOOK_UP_R",
            "INNER_BROW_RAISER_L", "INNER_BROW_RAISER_R", "JAW_DROP", "JAW_SIDEWAYS_LEFT", "JAW_SIDEWAYS_RIGHT",
            "JAW_THRUST", "LID_TIGHTENER_L", "LID_TIGHTENER_R", "LIP_CORNER_DEPRESSOR_L", "LIP_CORNER_DEPRESSOR_R",
            "LIP_CORNER_PULLER_L", "LIP_CORNER_PULLER_R", "LIP_FUNNELER_LB", "LIP_FUNNELER_LT", "LIP_FUNNELER_RB",
            "LIP_FUNNELER_RT", "LIP_PRESSOR_L", "LIP_PRESSOR_R", "LIP_PUCKER_L", "LIP_PUCKER_R", "LIP_STRETCHER_L",
            "LIP_STRETCHER_R", "LIP_SUCK_LB", "LIP_SUCK_LT", "LIP_SUCK_RB", "LIP_SUCK_RT", "LIP_TIGHTENER_L",
            "LIP_TIGHTENER_R", "LIPS_TOWARD", "LOWER_LIP_DEPRESSOR_L", "LOWER_LIP_DEPRESSOR_R", "MOUTH_LEFT",
            "MOUTH_RIGHT", "NOSE_WRINKLER_L", "NOSE_WRINKLER_R", "OUTER_BROW_RAISER_L", "OUTER_BROW_RAISER_R",
            "UPPER_LID_RAISER_L", "UPPER_LID_RAISER_R", "UPPER_LIP_RAISER_L", "UPPER_LIP_RAISER_R",
        };

        public static IReadOnlyList<string> MetaFb2 { get; } = Facs.Concat(new[]
        {
            "TONGUE_TIP_INTERDENTAL", "TONGUE_TIP_ALVEOLAR", "TONGUE_FRONT_DORSAL_PALATE",
            "TONGUE_MID_DORSAL_PALATE", "TONGUE_BACK_DORSAL_VELAR", "TONGUE_OUT", "TONGUE_RETREAT",
        }).ToArray();

        public static IReadOnlyList<string> AndroidXr { get; } = Facs.Concat(new[]
        {
            "TONGUE_OUT", "TONGUE_LEFT", "TONGUE_RIGHT", "TONGUE_UP", "TONGUE_DOWN",
        }).ToArray();

        /// <summary>
        /// XrEyeExpressionHTC, then XrLipExpressionHTC of XR_HTC_facial_tracking (Khronos, openxr.h), without
        /// prefix and "_HTC".
        /// </summary>
        public static IReadOnlyList<string> Htc { get; } = new[]
        {
            "EYE_LEFT_BLINK", "EYE_LEFT_WIDE", "EYE_RIGHT_BLINK", "EYE_RIGHT_WIDE", "EYE_LEFT_SQUEEZE",
            "EYE_RIGHT_SQUEEZE", "EYE_LEFT_DOWN", "EYE_RIGHT_DOWN", "EYE_LEFT_OUT", "EYE_RIGHT_IN", "EYE_LEFT_IN",
            "EYE_RIGHT_OUT", "EYE_LEFT_UP", "EYE_RIGHT_UP", "JAW_RIGHT", "JAW_LEFT", "JAW_FORWARD", "JAW_OPEN",
            "MOUTH_APE_SHAPE", "MOUTH_UPPER_RIGHT", "MOUTH_UPPER_LEFT", "MOUTH_LOWER_RIGHT", "MOUTH_LOWER_LEFT",
            "MOUTH_UPPER_OVERTURN", "MOUTH_LOWER_OVERTURN", "MOUTH_POUT", "MOUTH_SMILE_RIGHT", "MOUTH_SMILE_LEFT",
            "MOUTH_SAD_RIGHT", "MOUTH_SAD_LEFT", "CHEEK_PUFF_RIGHT", "CHEEK_PUFF_LEFT", "CHEEK_SUCK",
            "MOUTH_UPPER_UPRIGHT", "MOUTH_UPPER_UPLEFT", "MOUTH_LOWER_DOWNRIGHT", "MOUTH_LOWER_DOWNLEFT",
            "MOUTH_UPPER_INSIDE", "MOUTH_LOWER_INSIDE", "MOUTH_LOWER_OVERLAY", "TONGUE_LONGSTEP1", "TONGUE_LEFT",
            "TONGUE_RIGHT", "TONGUE_UP", "TONGUE_DOWN", "TONGUE_ROLL", "TONGUE_LONGSTEP2", "TONGUE_UPRIGHT_MORPH",
            "TONGUE_UPLEFT_MORPH", "TONGUE_DOWNRIGHT_MORPH", "TONGUE_DOWNLEFT_MORPH",
        };

        /// <summary>
        /// The first 52 of XrBlendShapeIndexPICO (XR_BS_…_PICO in Pico's OpenXR headers; visemes follow and are
        /// left out), under ARKit's names, which they stand for.
        /// </summary>
        public static IReadOnlyList<string> Pico { get; } = new[]
        {
            "eyeLookDownLeft", "noseSneerLeft", "eyeLookInLeft", "browInnerUp", "browDownRight", "mouthClose",
            "mouthLowerDownRight", "jawOpen", "mouthUpperUpRight", "mouthShrugUpper", "mouthFunnel",
            "eyeLookInRight", "eyeLookDownRight", "noseSneerRight", "mouthRollUpper", "jawRight", "browDownLeft",
            "mouthShrugLower", "mouthRollLower", "mouthSmileLeft", "mouthPressLeft", "mouthSmileRight",
            "mouthPressRight", "mouthDimpleRight", "mouthLeft", "jawForward", "eyeSquintLeft", "mouthFrownLeft",
            "eyeBlinkLeft", "cheekSquintLeft", "browOuterUpLeft", "eyeLookUpLeft", "jawLeft", "mouthStretchLeft",
            "mouthPucker", "eyeLookUpRight", "browOuterUpRight", "cheekSquintRight", "eyeBlinkRight",
            "mouthUpperUpLeft", "mouthFrownRight", "eyeSquintRight", "mouthStretchRight", "cheekPuff",
            "eyeLookOutLeft", "eyeLookOutRight", "eyeWideRight", "eyeWideLeft", "mouthRight", "mouthDimpleLeft",
            "mouthLowerDownLeft", "tongueOut",
        };

        /// <exception cref="ArgumentOutOfRangeException">There is no such schema.</exception>
        public static IReadOnlyList<string> Of(FaceWeightsSchema schema)
        {
            switch (schema)
            {
                case FaceWeightsSchema.Arkit52:
                    return Arkit;
                case FaceWeightsSchema.MetaFb2:
                    return MetaFb2;
                case FaceWeightsSchema.Htc:
                    return Htc;
                case FaceWeightsSchema.Pico:
                    return Pico;
                case FaceWeightsSchema.AndroidXr68:
                    return AndroidXr;
                default:
                    throw new ArgumentOutOfRangeException(nameof(schema), schema, "expected one of the five schemas");
            }
        }
    }
}
