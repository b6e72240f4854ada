"""The fixed-point record of one 100 ms slot: all that the empathy index and the director consume.

Live and replay build the same integers, so that decisions made from them are equal on every
machine.
"""

from dataclasses import dataclass

UNIT = 10_000
"""Fixed-point unit: an integer of 10 000 stands for 1.0."""

ANGLE_UNKNOWN = -1
"""`focus_angle_cdeg` where no focus was authored or no head direction is known."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one slot of capture time showed.

    `slot` counts 100 ms slots of session time. `valence` and `arousal` are means over the slot's
    frames in 1/10 000, −10 000 … 10 000. `quality` is q in 1/10 000 (0 without a tracked face).
    `tracked` is 1 where at least one frame of the slot had a tracked face, else 0.
    `probabilities` are class means in 1/10 000 in the order of the session's labels (empty without
    a face). `focus_angle_cdeg` is the angle between head direction and the scene's focus in
    hundredths of a degree, 0 … 18 000, or `ANGLE_UNKNOWN`. `band` is 0 full, 1 lower face, 2 poor.
    `frames` is the number of frames that were analysed in the slot.
    """

    slot: int
    valence: int
    arousal: int
    quality: int
    tracked: int
    probabilities: tuple[int, ...]
    focus_angle_cdeg: int
    band: int
    frames: int

    @classmethod
    def empty(cls, slot: int) -> "Evidence":
        """A slot in which nothing was seen."""
        return cls(slot, 0, 0, 0, 0, (), ANGLE_UNKNOWN, 2, 0)
