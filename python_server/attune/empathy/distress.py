"""The distress guard: unpleasant and aroused for five seconds, on enough evidence."""

import numpy as np
from numpy.typing import NDArray

from attune.timeline import NS_PER_S, SLOT_NS

VALENCE_BELOW = -0.5
AROUSAL_ABOVE = 0.5
HOLD_SLOTS = 5 * NS_PER_S // SLOT_NS
"""Slots for which the signs must last before the guard holds, and be gone before it lets go."""

MIN_CONFIDENCE = 0.25


class DistressGuard:
    """Whether each of V visitors shows signs of distress; `observe` once a slot."""

    def __init__(self, visitors: int) -> None:
        self.holds = np.zeros(visitors, dtype=bool)
        """Whether the guard holds, (V,) bool."""
        self._against = np.zeros(visitors, dtype=np.int64)

    def observe(
        self,
        valence: NDArray[np.float64],
        arousal: NDArray[np.float64],
        confidence: NDArray[np.float64],
    ) -> None:
        """Affect means of the last second and the index's confidence, each (V,).

        A visitor whose face was not seen has (0, 0), which is no sign of distress.
        """
        signs = (
            (valence < VALENCE_BELOW) & (arousal > AROUSAL_ABOVE) & (confidence >= MIN_CONFIDENCE)
        )
        self._against = np.where(signs != self.holds, self._against + 1, 0)
        turn = self._against >= HOLD_SLOTS
        self.holds = self.holds ^ turn
        self._against[turn] = 0
