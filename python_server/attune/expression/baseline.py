"""A person's resting expression: time-weighted median and spread over a neutral exposure.

It serves (valence, arousal) as well as any other feature that is measured at the same times.
Weights are integer nanoseconds, so that the result does not depend on the order of summation.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.timeline import NS_PER_S

MAD_TO_SD = 1.4826
"""Standard deviation of a normal distribution whose median absolute deviation is 1."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """`median` and `mad` (median absolute deviation) are (D,) float64 in the units of the values;
    `seconds` of tracked exposure they rest on."""

    median: NDArray[np.float64]
    mad: NDArray[np.float64]
    seconds: float

    @property
    def spread(self) -> NDArray[np.float64]:
        """Robust standard deviation, (D,)."""
        return self.mad * MAD_TO_SD


def measure_baseline(values: NDArray[np.float64], weights_ns: NDArray[np.int64]) -> Baseline:
    """Baseline of `values` (T, D), each of which stood for `weights_ns` (T,) nanoseconds.

    Raises ValueError for other shapes or where no time was tracked at all.
    """
    if values.ndim != 2 or weights_ns.shape != values.shape[:1]:
        raise ValueError(
            f"expected values (T, D) and weights (T,), got {values.shape} and {weights_ns.shape}"
        )
    total = int(weights_ns.sum())
    if total <= 0:
        raise ValueError("a baseline needs some tracked time, got none")
    median = weighted_median(values, weights_ns)
    mad = weighted_median(np.abs(values - median), weights_ns)
    return Baseline(median, mad, total / NS_PER_S)


def weighted_median(values: NDArray[np.float64], weights: NDArray[np.int64]) -> NDArray[np.float64]:
    """Median of each column of `values` (T, D) under integer `weights` (T,), (D,) float64.

    Where half of the weight lies exactly between two values, their mean.
    """
    order = np.argsort(values, axis=0, kind="stable")
    ordered = np.take_along_axis(values, order, axis=0)
    reached = np.cumsum(weights[order], axis=0)
    total = int(weights.sum())
    columns = np.arange(values.shape[1])
    lower = np.argmax(2 * reached >= total, axis=0)
    upper = np.argmax(2 * reached > total, axis=0)
    middle: NDArray[np.float64] = 0.5 * (ordered[lower, columns] + ordered[upper, columns])
    return middle
