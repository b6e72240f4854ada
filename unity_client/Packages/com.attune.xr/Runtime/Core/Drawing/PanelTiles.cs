#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>A rectangle on a panel.</summary>
    public readonly struct Tile
    {
        public Tile(float left, float bottom, float width, float height)
        {
            Left = left;
            Bottom = bottom;
            Width = width;
            Height = height;
        }

        public float Left { get; }

        public float Bottom { get; }

        public float Width { get; }

        public float Height { get; }

        public bool Contains(double x, double y) =>
            x >= Left && x <= Left + Width && y >= Bottom && y <= Bottom + Height;
    }

    /// <summary>Where a ray meets a panel that lies in its own plane z = 0 and is seen from the side of −z.</summary>
    public static class PanelTiles
    {
        /// <param name="origin">In the panel's own space, and likewise the direction.</param>
        /// <returns>Index of the tile; −1: none.</returns>
        public static int Hit(in Vector origin, in Vector direction, IReadOnlyList<Tile> tiles)
        {
            if (Math.Abs(direction.Z) < 1e-9)
            {
                return -1;
            }

            double along = -origin.Z / direction.Z;
            if (along <= 0)
            {
                return -1;
            }

            double x = origin.X + (along * direction.X);
            double y = origin.Y + (along * direction.Y);
            for (int i = 0; i < tiles.Count; i++)
            {
                if (tiles[i].Contains(x, y))
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>Answers below one another, of equal size: no answer is easier to give than another.</summary>
        public static IReadOnlyList<Tile> Column(int count, float centreX, float top, float width, float height, float gap)
        {
            Tile[] tiles = new Tile[count];
            for (int i = 0; i < count; i++)
            {
                tiles[i] = new Tile(centreX - (width / 2), top - ((i + 1) * height) - (i * gap), width, height);
            }

            return tiles;
        }
    }
}
