"""Means, shares and correlations with 95 % intervals."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_Z = 1.96


@dataclass(frozen=True, slots=True)
class Estimate:
    """`value` with its 95 % interval and the number of visitors `n` it rests on."""

    value: float
    low: float
    high: float
    n: int


def mean(values: Floats) -> Estimate:
    """Mean of values of independent visitors."""
    centre, half = float(values.mean()), _Z * float(values.std(ddof=1)) / math.sqrt(len(values))
    return Estimate(centre, centre - half, centre + half, len(values))


def correlation(first: Floats, second: Floats) -> Estimate:
    """Pearson's r with Fisher's interval."""
    r = float(np.corrcoef(first, second)[0, 1])
    half = _Z / math.sqrt(len(first) - 3)
    low, high = (math.tanh(math.atanh(r) + sign * half) for sign in (-1, 1))
    return Estimate(r, low, high, len(first))


def largest(values: Floats) -> Estimate:
    """The largest of some absolute differences; it is what was found, not an estimate."""
    top = float(np.abs(values).max())
    return Estimate(top, top, top, len(values))
