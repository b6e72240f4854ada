"""The One Euro filter (Casiez, Roussel and Vogel, CHI 2012): smooth when still, quick when moving.

Cut-off = min_cutoff + beta·|filtered speed|; each step uses the real time since the last one, so
10 and 60 samples a second of the same movement come out alike.
"""

import math

from attune.timeline import seconds


def smoothing_factor(cutoff_hz: float, dt_s: float) -> float:
    """Return α ∈ (0, 1] of a first-order low-pass: α = r/(r + 1), r = 2π·cutoff·dt."""
    r = 2 * math.pi * cutoff_hz * dt_s
    return r / (r + 1)


class OneEuroFilter:
    """One Euro filter of a scalar signal.

    `min_cutoff_hz` sets the smoothing at rest, `beta` (Hz per unit/s) how fast it yields to
    movement, `derivative_cutoff_hz` smooths the speed. Times are int nanoseconds.
    """

    def __init__(
        self, min_cutoff_hz: float = 1.0, beta: float = 0.0, derivative_cutoff_hz: float = 1.0
    ) -> None:
        self._min_cutoff_hz = min_cutoff_hz
        self._beta = beta
        self._derivative_cutoff_hz = derivative_cutoff_hz
        self._time_ns: int | None = None
        self._value = 0.0
        self._speed = 0.0

    def reset(self) -> None:
        """Forget the past; the next sample passes unchanged."""
        self._time_ns = None
        self._speed = 0.0

    def step(self, value: float, time_ns: int) -> float:
        """Return the filtered value; a sample not later than the last one changes nothing."""
        if self._time_ns is None:
            self._time_ns, self._value = time_ns, value
            return value
        dt_s = seconds(time_ns - self._time_ns)
        if dt_s <= 0:
            return self._value
        speed = (value - self._value) / dt_s
        self._speed += smoothing_factor(self._derivative_cutoff_hz, dt_s) * (speed - self._speed)
        cutoff = self._min_cutoff_hz + self._beta * abs(self._speed)
        self._value += smoothing_factor(cutoff, dt_s) * (value - self._value)
        self._time_ns = time_ns
        return self._value
