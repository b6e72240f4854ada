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


def share(values: Floats) -> Estimate:
    """Mean of the shares, each in [0, 1], of independent visitors, with Wilson's interval: that of
    a share which all of them have, or none, has a width too. Where visitors' shares are no mere
    yes or no, it is wider than it need be."""
    n, centre = len(values), float(values.mean())
    spread = _Z * math.sqrt(centre * (1 - centre) / n + _Z**2 / (4 * n * n))
    low, high = ((centre + _Z**2 / (2 * n) + sign * spread) / (1 + _Z**2 / n) for sign in (-1, 1))
    return Estimate(centre, max(0.0, low), min(1.0, high), n)


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
