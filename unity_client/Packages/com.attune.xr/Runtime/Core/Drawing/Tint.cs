#nullable enable

namespace Attune
{
    /// <summary>A colour. The named ones differ in lightness too (Okabe and Ito's palette for colour-blind readers).</summary>
    public readonly struct Tint
    {
        public static readonly Tint White = new Tint(245, 245, 245);
        public static readonly Tint Grey = new Tint(150, 150, 150);
        public static readonly Tint Dark = new Tint(24, 26, 30, 235);
        public static readonly Tint Panel = new Tint(52, 56, 64);
        public static readonly Tint Blue = new Tint(86, 180, 233);
        public static readonly Tint Green = new Tint(0, 158, 115);
        public static readonly Tint Yellow = new Tint(240, 228, 66);
        public static readonly Tint Orange = new Tint(230, 159, 0);
        public static readonly Tint Red = new Tint(213, 94, 0);

        public Tint(byte r, byte g, byte b, byte a = 255)
        {
            R = r;
            G = g;
            B = b;
            A = a;
        }

        public byte R { get; }

        public byte G { get; }

        public byte B { get; }

        public byte A { get; }

        public Tint WithAlpha(byte alpha) => new Tint(R, G, B, alpha);
    }
}
