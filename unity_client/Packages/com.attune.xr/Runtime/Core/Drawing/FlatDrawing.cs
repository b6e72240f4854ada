#nullable enable
using System;
using System.Collections.Generic;

namespace Attune
{
    /// <summary>
    /// Coloured shapes in a plane as triangles, painted in the order in which they were added. Units are whatever the
    /// panel's are; x to the right, y up. Cleared and filled again it allocates nothing.
    /// </summary>
    public sealed class FlatDrawing
    {
        private readonly List<float> _xy = new List<float>();
        private readonly List<Tint> _tints = new List<Tint>();
        private readonly List<int> _indices = new List<int>();

        public int VertexCount => _tints.Count;

        /// <summary>Three a triangle.</summary>
        public IReadOnlyList<int> Indices => _indices;

        public float X(int vertex) => _xy[2 * vertex];

        public float Y(int vertex) => _xy[(2 * vertex) + 1];

        public Tint TintOf(int vertex) => _tints[vertex];

        public void Clear()
        {
            _xy.Clear();
            _tints.Clear();
            _indices.Clear();
        }

        public void Rectangle(float left, float bottom, float width, float height, Tint tint) =>
            Quad(left, bottom, left + width, bottom, left + width, bottom + height, left, bottom + height, tint);

        public void Disc(float x, float y, float radius, Tint tint, int sides = 32) => Arc(x, y, 0, radius, 1, tint, sides);

        /// <summary>Part of a ring, from the top clockwise.</summary>
        /// <param name="inner">Radius of the hole; 0: a disc.</param>
        /// <param name="share">0 … 1 of the whole turn.</param>
        public void Arc(float x, float y, float inner, float outer, float share, Tint tint, int sides = 32)
        {
            int steps = Math.Max(1, (int)Math.Ceiling(sides * Math.Min(1, share)));
            double turn = 2 * Math.PI * Math.Max(0, Math.Min(1, share)) / steps;
            for (int i = 0; i < steps && share > 0; i++)
            {
                float sinA = (float)Math.Sin(turn * i);
                float cosA = (float)Math.Cos(turn * i);
                float sinB = (float)Math.Sin(turn * (i + 1));
                float cosB = (float)Math.Cos(turn * (i + 1));
                Quad(
                    x + (inner * sinA), y + (inner * cosA), x + (outer * sinA), y + (outer * cosA),
                    x + (outer * sinB), y + (outer * cosB), x + (inner * sinB), y + (inner * cosB), tint);
            }
        }

        public void Line(float x1, float y1, float x2, float y2, float thickness, Tint tint)
        {
            float dx = x2 - x1;
            float dy = y2 - y1;
            float length = (float)Math.Sqrt((dx * dx) + (dy * dy));
            if (length > 0)
            {
                float nx = -dy / length * thickness / 2;
                float ny = dx / length * thickness / 2;
                Quad(x1 + nx, y1 + ny, x1 - nx, y1 - ny, x2 - nx, y2 - ny, x2 + nx, y2 + ny, tint);
            }
        }

        /// <summary>The sign of the camera's state, of this radius around a point.</summary>
        public void Sign(in CameraSign sign, float x, float y, float radius)
        {
            float hole = radius * 0.78f;
            switch (sign.Form)
            {
                case SignForm.Disc:
                    Disc(x, y, radius, sign.Tint);
                    break;
                case SignForm.Bars:
                    Rectangle(x - (radius * 0.7f), y - radius, radius * 0.5f, radius * 2, sign.Tint);
                    Rectangle(x + (radius * 0.2f), y - radius, radius * 0.5f, radius * 2, sign.Tint);
                    break;
                default:
                    Arc(x, y, hole, radius, 1, sign.Tint);
                    if (sign.Form == SignForm.RingWithDot)
                    {
                        Disc(x, y, radius * 0.3f, sign.Tint);
                    }
                    else if (sign.Form == SignForm.SquareInRing)
                    {
                        Rectangle(x - (radius * 0.45f), y - (radius * 0.45f), radius * 0.9f, radius * 0.9f, sign.Tint);
                    }

                    break;
            }
        }

        private void Quad(
            float x1, float y1, float x2, float y2, float x3, float y3, float x4, float y4, Tint tint)
        {
            int first = _tints.Count;
            Vertex(x1, y1, tint);
            Vertex(x2, y2, tint);
            Vertex(x3, y3, tint);
            Vertex(x4, y4, tint);
            _indices.Add(first);
            _indices.Add(first + 1);
            _indices.Add(first + 2);
            _indices.Add(first);
            _indices.Add(first + 2);
            _indices.Add(first + 3);
        }

        private void Vertex(float x, float y, Tint tint)
        {
            _xy.Add(x);
            _xy.Add(y);
            _tints.Add(tint);
        }
    }
}
