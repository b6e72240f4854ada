"""How far chance in one visitor's expression could have moved the index: a block bootstrap.

The expected index is that of the same visitor in the same story on another day. Neighbouring
windows share slow moods, so whole blocks of them are drawn: every draw gives each block of
residuals a random sign and size (a wild block bootstrap), which holds the story fixed.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

COVERAGE = 0.8
"""Share of intervals that should hold the expected index."""

BLOCK_S = 4.0
"""Windows dated within the same stretch of this length are drawn together."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Lower and upper deviation of Σ λ^(t−t_k) c_k e_k at the time of the last window."""

    low: float
    high: float


@lru_cache(maxsize=64)
def _multipliers(draws: int, blocks: int) -> NDArray[np.float64]:
    """Random weights of mean 0 and variance 1, (draws, blocks), the same for the same shape."""
    generator = np.random.default_rng((draws, blocks))
    return generator.standard_normal((draws, blocks))


def spread(
    onset_s: NDArray[np.float64],
    weight: NDArray[np.float64],
    score: NDArray[np.float64],
    draws: int,
) -> Spread:
    """Bootstrap of Σ weight·score over windows with `onset_s`, `weight` (λ^(t−t_k) c_k) and
    `score` e_k, each (W,); (0, 0) without draws or with fewer than two blocks."""
    block = np.floor_divide(onset_s - onset_s.min(), BLOCK_S).astype(np.int64) if len(score) else 0
    names, index = np.unique(block, return_inverse=True)
    if draws == 0 or len(names) < 2:
        return Spread(0.0, 0.0)
    residual = weight * (score - np.average(score, weights=weight))
    blocks = np.bincount(index, weights=residual)
    inflation = np.sqrt(len(names) / (len(names) - 1))
    drawn = _multipliers(draws, len(names)) @ blocks * inflation
    low, high = np.quantile(drawn, [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    return Spread(float(low), float(high))
