#nullable enable

namespace Attune
{
    /// <summary>A point or direction in Unity's axes (x right, y up, z forward), metres.</summary>
    public readonly struct Vector
    {
        public Vector(double x, double y, double z)
        {
            X = x;
            Y = y;
            Z = z;
        }

        public double X { get; }

        public double Y { get; }

        public double Z { get; }
    }

    /// <summary>A pose in the tracking space: Unity's axes, metres, unit quaternion.</summary>
    public readonly struct Pose
    {
        public Pose(Vector position, double qx, double qy, double qz, double qw)
        {
            Position = position;
            Qx = qx;
            Qy = qy;
            Qz = qz;
            Qw = qw;
        }

        public Vector Position { get; }

        public double Qx { get; }

        public double Qy { get; }

        public double Qz { get; }

        public double Qw { get; }
    }
}
