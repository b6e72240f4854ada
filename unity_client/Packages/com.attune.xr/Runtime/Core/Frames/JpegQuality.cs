#nullable enable
using System;

namespace Attune
{
    /// <summary>
    /// Keeps JPEGs within a server's limit: one that is too large makes the next ones coarser, and they recover
    /// slowly.
    /// </summary>
    internal sealed class JpegQuality
    {
        public const int Lowest = 20;

        // A picture of the same scene varies by about this much.
        private const double Headroom = 0.9;

        private readonly int _wanted;
        private double _quality;

        public JpegQuality(int wanted)
        {
            _wanted = Math.Max(Lowest, Math.Min(100, wanted));
            _quality = _wanted;
        }

        public int Current => (int)_quality;

        public void Observe(int bytes, int mostBytes)
        {
            if (bytes > mostBytes)
            {
                // Size is about proportional to quality in the range in use.
                _quality = Math.Max(Lowest, _quality * Headroom * mostBytes / bytes);
            }
            else if (bytes < Headroom * Headroom * mostBytes)
            {
                _quality = Math.Min(_wanted, _quality + 0.5);
            }
        }
    }
}
