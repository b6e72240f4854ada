"""How far chance in one visitor's expression could have moved the index.

The expected index is that of the same visitor in the same story on another day. What would come
out differently is, first, what the face does in each window and how it is read: slow moods and slow
reading errors that neighbouring windows share and that cancel where targets oppose each other;
second, the resting expression that the baseline measured, by the same moods; third, the range it
measured; fourth, how much each window is worth, as attention slips and a face is seen worse.

The size of the moods is estimated from what differs between windows of the same stimulus and
within the neutral exposure. It is reckoned with before the resonance is clipped: windows that all
lie at the clip say nothing about it, but how far beyond the clip they lie says how seldom another
day would fall short of it. The variances add up; Student's t makes the interval. This is a block
bootstrap over windows in closed form, with a smooth edge to the blocks.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

COVERAGE = 0.8
"""Share of intervals that should hold the expected index."""

MOOD_S = 7.0
"""Time in which moods and reading errors are forgotten to 1/e. Chosen, as the four figures below,
on simulated visitors with other seeds than those that `python -m tools.empathy` reports."""

USUAL_MOOD = 0.08
"""Standard deviation of moods, circumplex units, that counts as one observation beforehand."""

USUAL_SLIP = 0.1
"""Standard deviation of a window's worth as a share of the best one."""

USUAL_SLIP_FREEDOM = 4.0
"""Observations that this counts as beforehand."""

MIN_FREEDOM = 2.0
"""Fewest effective degrees of freedom that are reckoned with."""

_NORMAL = 1.2816
"""Quantile of the normal distribution that leaves a tenth above it."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def _normal_nodes() -> Floats:
    """Sixteen equally likely values of mean 0 and variance 1, much as a normal variable has."""
    upper = np.array([0.0784, 0.2372, 0.4023, 0.5791, 0.7764, 1.0100, 1.3180, 1.8627])
    nodes = np.concatenate((-upper[::-1], upper))
    scaled: Floats = nodes / nodes.std()
    return scaled


_NODES = _normal_nodes()


@dataclass(frozen=True, slots=True)
class Spread:
    """Lower and upper deviation of Σ λ^(t−t_k) c_k e_k at the time of the last window."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rest:
    """What a neutral exposure told: `variance` of moods in windows' means (circumplex units
    squared, per axis) with its degrees of `freedom`; the resting value's own variance is
    `error_share` of that of moods, plus `error_variance`. `range_error` is the standard error of
    the range as a share of itself."""

    variance: float
    freedom: float
    error_share: float
    error_variance: float
    range_error: float


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of one visitor, each field (W, …).

    `stimulus` numbers what was shown and `direction` (W, 2) is its ĝ. `potential` is λ^(t−t_k)
    times the window's own weight, `worth` ∈ [0, 1] what quality and attention leave of it.
    `along` is the resonance before it is clipped, `steepness` 1/ρ. The score is `share` of the
    clipped resonance plus `other`.
    """

    onset_s: Floats
    stimulus: Integers
    direction: Floats
    potential: Floats
    worth: Floats
    along: Floats
    steepness: Floats
    share: Floats
    other: Floats


def spread(windows: Windows, rest: Rest, prior_weight: float) -> Spread:
    """How far Σ c·e may lie from what it would be on average over days.

    `prior_weight` is w₀ of the index. With fewer than two windows any score is possible.
    """
    weight = windows.potential * windows.worth
    resonance = np.clip(windows.along, -1.0, 1.0)
    score = windows.share * resonance + windows.other
    total, moved = float(weight.sum()), float(weight @ score)
    if total <= 0:
        return Spread(0.0, 0.0)
    widest = Spread(-total - moved, total - moved)
    if np.count_nonzero(weight) < 2:
        return widest
    kinship = np.exp(-np.abs(windows.onset_s[:, None] - windows.onset_s) / MOOD_S)
    variance, freedom = _moods(windows, weight / total, kinship, rest)
    reach = windows.steepness * math.sqrt(variance)
    clipped = np.clip(windows.along[:, None] + reach[:, None] * _NODES, -1.0, 1.0)
    # How much the expected score grows with the resonance before the clip (Stein's lemma).
    slope = weight * windows.share * (clipped @ _NODES) / len(_NODES) / np.maximum(reach, 1e-12)
    moves = weight * windows.share * clipped.std(axis=1)
    together = kinship * (windows.direction @ windows.direction.T)
    tilt = (slope * windows.steepness) @ windows.direction
    worth_moves = windows.potential * (score - moved / (prior_weight + total))
    scatter = (
        moves @ together @ moves
        + (rest.error_share * variance + rest.error_variance) * (tilt @ tilt)
        + (rest.range_error * (slope @ windows.along)) ** 2
        + _slips(windows) * (worth_moves @ kinship @ worth_moves)
    )
    half = _student(freedom) * math.sqrt(scatter)
    return Spread(max(widest.low, -half), min(widest.high, half))


def _moods(windows: Windows, share: Floats, kinship: Floats, rest: Rest) -> tuple[float, float]:
    """Variance of moods in circumplex units squared, and its degrees of freedom."""
    seen = np.divide(
        windows.along, windows.steepness, out=np.zeros_like(share), where=windows.steepness > 0
    )
    between, freedom = scatter_within(seen, share, windows.stimulus, kinship)
    weights = 1.0 + freedom + rest.freedom
    total = USUAL_MOOD**2 + freedom * between + rest.freedom * rest.variance
    return total / weights, weights


def scatter_within(
    values: Floats, share: Floats, group: Integers, kinship: Floats
) -> tuple[float, float]:
    """Variance of `values` (W,) about the mean of their `group`, with degrees of freedom.

    `share` (W,) are weights, `kinship` (W, W) how much of its chance each value shares with each
    other; what the group's mean takes away is given back (Satterthwaite's freedom).
    """
    same = group[:, None] == group
    product = np.where(same, share[:, None] * share, 0.0)
    group_share = np.maximum(np.where(same, share, 0.0).sum(axis=1), 1e-12)
    form = np.diag(share) - product / group_share[:, None]
    expected = form @ kinship
    trace = float(np.trace(expected))
    if trace < 1e-9:
        return 0.0, 0.0
    return float(values @ form @ values) / trace, trace * trace / float(
        np.sum(expected * expected.T)
    )


def _slips(windows: Windows) -> float:
    """Variance of what windows are worth, from how it differed and from what is usual."""
    best = float(windows.worth.max())
    potential = windows.potential / windows.potential.sum()
    off = windows.worth - potential @ windows.worth
    effective = 1.0 / float(potential @ potential)
    seen = effective * float(potential @ (off * off))
    usual = USUAL_SLIP_FREEDOM * (USUAL_SLIP * best) ** 2
    return (usual + seen) / (USUAL_SLIP_FREEDOM + effective - 1.0)


def _student(freedom: float) -> float:
    """Quantile of Student's t that leaves a tenth above it (Cornish and Fisher)."""
    freedom, z = max(freedom, MIN_FREEDOM), _NORMAL
    first = (z**3 + z) / (4 * freedom)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
    return z + first + second
