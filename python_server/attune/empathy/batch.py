"""One slot of evidence of many visitors at once: the same integers as `Evidence`, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attune.empathy.evidence import ANGLE_UNKNOWN, Evidence

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SlotBatch:
    """Slot `slot` of V visitors; every array is (V,) int64 with the units of `Evidence`."""

    slot: int
    valence: Integers
    arousal: Integers
    quality: Integers
    tracked: Integers
    focus_angle_cdeg: Integers
    band: Integers

    @classmethod
    def of(cls, evidence: Sequence[Evidence]) -> "SlotBatch":
        """The records of V visitors for one slot."""
        slots = {one.slot for one in evidence}
        if len(slots) != 1:
            raise ValueError(f"expected records of one slot, got slots {sorted(slots)}")

        def column(name: str) -> Integers:
            values: list[Any] = [getattr(one, name) for one in evidence]
            return np.array(values, dtype=np.int64)

        return cls(
            slots.pop(),
            column("valence"),
            column("arousal"),
            column("quality"),
            column("tracked"),
            column("focus_angle_cdeg"),
            column("band"),
        )

    @classmethod
    def empty(cls, slot: int, visitors: int) -> "SlotBatch":
        """A slot in which no visitor was seen."""
        nothing = np.zeros(visitors, dtype=np.int64)
        return cls(
            slot,
            nothing,
            nothing,
            nothing,
            nothing,
            np.full(visitors, ANGLE_UNKNOWN, dtype=np.int64),
            np.full(visitors, 2, dtype=np.int64),
        )

    def only(self, visitor: int) -> "SlotBatch":
        """The part of one visitor, as a batch of one."""
        pick = slice(visitor, visitor + 1)
        return SlotBatch(
            self.slot,
            self.valence[pick],
            self.arousal[pick],
            self.quality[pick],
            self.tracked[pick],
            self.focus_angle_cdeg[pick],
            self.band[pick],
        )

    @property
    def visitors(self) -> int:
        """V."""
        return int(self.valence.shape[0])
