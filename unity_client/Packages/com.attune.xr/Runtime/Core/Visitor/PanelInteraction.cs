#nullable enable

namespace Attune
{
    /// <summary>
    /// One panel's input, the same for controller, hand and gaze: what is pointed at can be pressed, or looked at until
    /// the ring is full. A press that began before the panel came up, or before its page changed, does not count.
    /// </summary>
    public sealed class PanelInteraction
    {
        private readonly DwellSelector _dwell;
        private bool _wasPressed = true;

        // Null: what is held now does not count.
        private int? _key;

        public PanelInteraction(double dwellS) => _dwell = new DwellSelector(dwellS);

        /// <summary>The tile that is pointed at; −1: none.</summary>
        public int Highlighted { get; private set; } = -1;

        /// <summary>How full the ring is, 0 … 1.</summary>
        public float Progress => _dwell.Progress;

        /// <param name="gaze">Tile in front of the head; −1: none.</param>
        /// <param name="pointer">Tile that controller or hand points at; −1: none. It goes before the gaze.</param>
        /// <param name="key">Tile that was called by its number on a keyboard or switch; −1: none. It is selected at once.</param>
        /// <param name="pressed">Whether a trigger, pinch or key is held.</param>
        /// <returns>The tile that is selected now; −1: none.</returns>
        public int Observe(int gaze, int pointer, bool pressed, double elapsedS, int key = -1)
        {
            Highlighted = pointer >= 0 ? pointer : gaze;
            int dwelled = _dwell.Observe(Highlighted, elapsedS);
            bool pressing = pressed && !_wasPressed;
            _wasPressed = pressed;
            bool calling = key >= 0 && _key.HasValue && key != _key.Value;
            _key = key;
            int selected = calling ? key : pressing && Highlighted >= 0 ? Highlighted : dwelled;
            if (selected >= 0)
            {
                _dwell.Spend();
            }

            return selected;
        }

        /// <summary>The page changed: what is held or looked at now is no answer to the new one.</summary>
        public void Turn()
        {
            _wasPressed = true;
            _key = null;
            _dwell.Spend();
        }
    }
}
