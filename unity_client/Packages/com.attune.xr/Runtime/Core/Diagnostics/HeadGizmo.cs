#nullable enable
using System;

namespace Attune
{
    /// <summary>An axis of the head as the camera sees it: from the middle to a point in −1 … 1, x to the right, y up.</summary>
    public readonly struct GizmoAxis
    {
        public GizmoAxis(float x, float y, float towardsCamera)
        {
            X = x;
            Y = y;
            TowardsCamera = towardsCamera;
        }

        public float X { get; }

        public float Y { get; }

        /// <summary>1: points at the camera, −1: away from it.</summary>
        public float TowardsCamera { get; }
    }

    /// <summary>The axes of a head in the unmirrored image, by the contract's signs.</summary>
    public readonly struct HeadGizmo
    {
        private HeadGizmo(GizmoAxis left, GizmoAxis up, GizmoAxis nose)
        {
            Left = left;
            Up = up;
            Nose = nose;
        }

        /// <summary>To the subject's own left ear.</summary>
        public GizmoAxis Left { get; }

        /// <summary>To the top of the head.</summary>
        public GizmoAxis Up { get; }

        /// <summary>Where the nose points.</summary>
        public GizmoAxis Nose { get; }

        /// <summary>R = Ry(yaw) · Rx(−pitch) · Rz(−roll), x right, y up, z towards the camera.</summary>
        public static HeadGizmo Of(in HeadAngles angles)
        {
            (double sy, double cy) = Turn(angles.YawDeg);
            (double sp, double cp) = Turn(-angles.PitchDeg);
            (double sr, double cr) = Turn(-angles.RollDeg);
            return new HeadGizmo(
                Axis((cy * cr) + (sy * sp * sr), cp * sr, (-sy * cr) + (cy * sp * sr)),
                Axis((-cy * sr) + (sy * sp * cr), cp * cr, (sy * sr) + (cy * sp * cr)),
                Axis(sy * cp, -sp, cy * cp));
        }

        private static (double Sine, double Cosine) Turn(float degrees) =>
            (Math.Sin(degrees * Math.PI / 180), Math.Cos(degrees * Math.PI / 180));

        private static GizmoAxis Axis(double x, double y, double z) => new GizmoAxis((float)x, (float)y, (float)z);
    }

    /// <summary>Where the regions of a face lie in a drawing of 1 × 1 that looks at the camera.</summary>
    public static class FaceMap
    {
        /// <summary>The subject's left is on the right, as in an unmirrored image.</summary>
        public static Tile Of(FaceRegion region) => region switch
        {
            FaceRegion.LeftBrow => new Tile(0.55f, 0.8f, 0.3f, 0.07f),
            FaceRegion.RightBrow => new Tile(0.15f, 0.8f, 0.3f, 0.07f),
            FaceRegion.LeftEye => new Tile(0.58f, 0.65f, 0.24f, 0.1f),
            FaceRegion.RightEye => new Tile(0.18f, 0.65f, 0.24f, 0.1f),
            FaceRegion.Nose => new Tile(0.44f, 0.42f, 0.12f, 0.28f),
            FaceRegion.LeftCheek => new Tile(0.64f, 0.32f, 0.2f, 0.24f),
            FaceRegion.RightCheek => new Tile(0.16f, 0.32f, 0.2f, 0.24f),
            FaceRegion.Mouth => new Tile(0.36f, 0.2f, 0.28f, 0.1f),
            FaceRegion.Chin => new Tile(0.38f, 0.03f, 0.24f, 0.12f),
            _ => default,
        };
    }
}
