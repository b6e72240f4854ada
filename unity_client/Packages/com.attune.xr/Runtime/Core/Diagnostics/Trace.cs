#nullable enable
using System;

namespace Attune
{
    /// <summary>One point of a trace.</summary>
    public readonly struct TracePoint
    {
        public TracePoint(long timeNs, float value, float confidence)
        {
            TimeNs = timeNs;
            Value = value;
            Confidence = confidence;
        }

        public long TimeNs { get; }

        public float Value { get; }

        public float Confidence { get; }
    }

    /// <summary>The last values of one quantity; the oldest goes first. Allocates only once.</summary>
    public sealed class Trace
    {
        private readonly TracePoint[] _points;
        private int _first;

        public Trace(string label, float least, float most, int capacity = 600)
        {
            Label = label;
            Least = least;
            Most = most;
            _points = new TracePoint[capacity];
        }

        public string Label { get; }

        /// <summary>Lower end of the scale.</summary>
        public float Least { get; }

        /// <summary>Upper end of the scale.</summary>
        public float Most { get; }

        public int Count { get; private set; }

        /// <summary>From the oldest to the newest.</summary>
        public TracePoint this[int index] => index >= 0 && index < Count
            ? _points[(_first + index) % _points.Length]
            : throw new ArgumentOutOfRangeException(nameof(index), $"expected 0 … {Count - 1}, got {index}");

        public void Add(in TracePoint point)
        {
            _points[(_first + Count) % _points.Length] = point;
            if (Count < _points.Length)
            {
                Count++;
            }
            else
            {
                _first = (_first + 1) % _points.Length;
            }
        }

        public void Clear()
        {
            _first = 0;
            Count = 0;
        }

        /// <summary>Where a value lies between the ends of the scale, 0 … 1.</summary>
        public float Share(float value) => Math.Max(0, Math.Min(1, (value - Least) / (Most - Least)));

        /// <summary>Draws the last seconds; where nothing is known the line is faint.</summary>
        /// <param name="spanS">Seconds that the width stands for; its right end is now.</param>
        public void Draw(FlatDrawing drawing, in Tile area, long nowNs, double spanS, Tint tint, float thickness)
        {
            for (int i = 1; i < Count; i++)
            {
                TracePoint a = this[i - 1];
                TracePoint b = this[i];
                float xA = 1 - (float)((nowNs - a.TimeNs) / (spanS * 1e9));
                float xB = 1 - (float)((nowNs - b.TimeNs) / (spanS * 1e9));
                if (xA >= 0 && xB <= 1)
                {
                    byte alpha = (byte)(60 + (195 * Math.Max(0, Math.Min(1, b.Confidence))));
                    drawing.Line(
                        area.Left + (xA * area.Width), area.Bottom + (Share(a.Value) * area.Height),
                        area.Left + (xB * area.Width), area.Bottom + (Share(b.Value) * area.Height), thickness, tint.WithAlpha(alpha));
                }
            }
        }
    }
}
