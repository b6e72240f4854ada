"""How much of the evidence counts, by the angle between head direction and the scene's focus."""

import math

import numpy as np
from numpy.typing import NDArray

from attune.empathy.evidence import ANGLE_UNKNOWN, UNIT

FREE_DEG = 15.0
"""Up to this angle attention is whole."""

WIDTH_DEG = 20.0
"""Beyond it, attention falls as a Gaussian of this width."""


def attention_at(angle_deg: float) -> float:
    """A = exp(−(max(0, θ − 15°)/20°)²), in [0, 1]."""
    return math.exp(-((max(0.0, angle_deg - FREE_DEG) / WIDTH_DEG) ** 2))


# Fixed point, so that the last bit of an exponential function can move no decision.
_TABLE = np.array([round(UNIT * attention_at(cdeg / 100)) for cdeg in range(18_001)], np.int64)


def attention_units(angle_cdeg: NDArray[np.int64]) -> NDArray[np.int64]:
    """Attention in 1/10 000 for angles in hundredths of a degree; whole where it is unknown."""
    known = _TABLE[np.clip(angle_cdeg, 0, 18_000)]
    return np.where(angle_cdeg == ANGLE_UNKNOWN, UNIT, known)
