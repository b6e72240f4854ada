#nullable enable

namespace Attune
{
    /// <summary>
    /// Turns looking, or holding a button, into one selection: a target has to be held for a while without a break.
    /// After a selection the target has to be left once before it can be selected again, so that a question which
    /// takes the place of another is not answered by the same look.
    /// </summary>
    public sealed class DwellSelector
    {
        private readonly double _dwellS;
        private readonly double _graceS;
        private int _target = -1;
        private double _heldS;
        private double _awayS;
        private bool _spent;

        /// <param name="dwellS">Seconds that a target has to be held.</param>
        /// <param name="graceS">Shorter looks away, such as a tremor or a blink of the tracking, do not count.</param>
        public DwellSelector(double dwellS, double graceS = 0.15)
        {
            _dwellS = dwellS;
            _graceS = graceS;
        }

        /// <summary>The target that is held now; −1: none.</summary>
        public int Target => _spent ? -1 : _target;

        /// <summary>0 … 1.</summary>
        public float Progress => _spent || _target < 0 ? 0 : (float)System.Math.Min(1, _heldS / _dwellS);

        /// <summary>Some time went by with this target held; −1: none.</summary>
        /// <returns>The target that is selected now; −1: none.</returns>
        public int Observe(int target, double elapsedS)
        {
            if (target != _target)
            {
                _awayS += elapsedS;
                if (target < 0 && _target >= 0 && _awayS < _graceS)
                {
                    return -1;
                }

                _target = target;
                _heldS = 0;
                _awayS = 0;
                _spent = false;
                return -1;
            }

            _awayS = 0;
            _heldS += elapsedS;
            if (_target < 0 || _spent || _heldS < _dwellS)
            {
                return -1;
            }

            _spent = true;
            return _target;
        }

        /// <summary>What is held now does not count; it has to be left first.</summary>
        public void Spend()
        {
            _heldS = 0;
            _spent = _target >= 0;
        }
    }
}
