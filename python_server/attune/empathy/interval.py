"""How far chance in one visitor's expression could have moved the index: a block bootstrap.

The expected index is that of the same visitor in the same story on another day. Three things would
come out differently: what the face does in each window, in blocks because neighbouring windows
share slow moods; the resting expression that the baseline measured; and the range it measured.
Every draw gives each block of residuals, and each of the two errors, a random sign and size (a
wild bootstrap), which holds the story fixed.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

COVERAGE = 0.8
"""Share of intervals that should hold the expected index."""

BLOCK_S = 6.0
"""Windows dated within the same stretch of this length are drawn together."""

MIN_FREEDOM = 2.0
"""Fewest effective degrees of freedom that are reckoned with."""

_NORMAL = 1.2816
"""Quantile of the normal distribution that leaves a tenth above it."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spread:
    """Lower and upper deviation of Σ λ^(t−t_k) c_k e_k at the time of the last window."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of one visitor, each field (W,) float64.

    `weight` is λ^(t−t_k) c_k, `score` e_k, `tilt` (W, 2) how much the score falls for a unit of
    resting (valence, arousal).
    """

    onset_s: Floats
    weight: Floats
    score: Floats
    tilt: Floats


@lru_cache(maxsize=256)
def _multipliers(draws: int, columns: int) -> Floats:
    """Random weights of mean 0 and variance 1, (draws, columns), the same for the same shape."""
    return np.random.default_rng((draws, columns)).standard_normal((draws, columns))


def spread(windows: Windows, rest_error: Floats, range_error: float, draws: int) -> Spread:
    """Bootstrap of Σ weight·score.

    `rest_error` (2,) is the standard error of resting (valence, arousal), `range_error` that of the
    range as a share of itself. With fewer than two blocks any score is possible.
    """
    total, moved = float(windows.weight.sum()), float(windows.weight @ windows.score)
    if draws == 0 or total <= 0:
        return Spread(0.0, 0.0)
    widest = Spread(-total - moved, total - moved)
    begin = windows.onset_s - windows.onset_s.min()
    names, block = np.unique(np.floor_divide(begin, BLOCK_S), return_inverse=True)
    if len(names) < 2:
        return widest
    share = np.bincount(block, weights=windows.weight) / total
    concentration = float(share @ share)
    residual = np.bincount(block, weights=windows.weight * (windows.score - moved / total))
    effects = np.concatenate(
        (
            residual / np.sqrt(1.0 - concentration),
            rest_error * (windows.weight @ windows.tilt),
            [range_error * moved],
        )
    )
    drawn = np.abs(_multipliers(draws, len(effects)) @ effects)
    reach = float(np.quantile(drawn, COVERAGE)) * _small_sample(1.0 / concentration - 1.0)
    return Spread(max(widest.low, -reach), min(widest.high, reach))


def _small_sample(freedom: float) -> float:
    """How much further Student's t reaches than the normal distribution (Cornish and Fisher)."""
    freedom, z = max(freedom, MIN_FREEDOM), _NORMAL
    first = (z**3 + z) / (4 * freedom)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    return (z + first + second) / z
