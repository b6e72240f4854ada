"""What the last second looked like: means over the tracked slots, shown and never scored."""

import numpy as np
from numpy.typing import NDArray

from attune.empathy.batch import SlotBatch
from attune.empathy.evidence import UNIT

SLOTS = 10
"""Length of the memory: one second."""

_FIELDS = 5


class Recent:
    """Running integer sums of V visitors, so that nothing drifts however long it runs."""

    def __init__(self, visitors: int) -> None:
        self._ring = np.zeros((SLOTS, _FIELDS, visitors), dtype=np.int64)
        self._sums = np.zeros((_FIELDS, visitors), dtype=np.int64)
        self._at = 0

    def observe(
        self, batch: SlotBatch, intensity: NDArray[np.float64], attention: NDArray[np.int64]
    ) -> None:
        """Take in one slot; `intensity` in [0, 1], `attention` in 1/10 000, each (V,)."""
        seen = batch.tracked > 0
        row = self._ring[self._at]
        self._sums -= row
        row[0] = seen
        row[1] = np.where(seen, batch.valence, 0)
        row[2] = np.where(seen, batch.arousal, 0)
        row[3] = np.where(seen, np.rint(UNIT * intensity).astype(np.int64), 0)
        row[4] = np.where(seen, attention, 0)
        self._sums += row
        self._at = (self._at + 1) % SLOTS

    def _mean(self, field: int) -> NDArray[np.float64]:
        mean: NDArray[np.float64] = self._sums[field] / (UNIT * np.maximum(self._sums[0], 1))
        return mean

    @property
    def valence(self) -> NDArray[np.float64]:
        """(V,), in [−1, 1]; 0 where no face was seen, as in the other properties."""
        return self._mean(1)

    @property
    def arousal(self) -> NDArray[np.float64]:
        """(V,), in [−1, 1]."""
        return self._mean(2)

    @property
    def intensity(self) -> NDArray[np.float64]:
        """Distance from the personal neutral, (V,), in [0, 1]."""
        return self._mean(3)

    @property
    def attention(self) -> NDArray[np.float64]:
        """(V,), in [0, 1]."""
        return self._mean(4)
