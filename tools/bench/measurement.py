"""One figure with the budget it is held against."""

from dataclasses import dataclass

import numpy as np

from attune.errors import SessionError

WARM_UP = 30
"""Frames at the beginning that are not counted: the tracker is still being made."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """`value` in `unit`; with a `budget` it should be at most that, or at least (`at_least`)."""

    part: str
    what: str
    value: float
    unit: str
    budget: float | None = None
    at_least: bool = False

    @property
    def verdict(self) -> str:
        """``within``, ``over`` or nothing without a budget."""
        if self.budget is None:
            return ""
        kept = self.value >= self.budget if self.at_least else self.value <= self.budget
        return "within" if kept else "over"


def percentiles(
    part: str, what: str, samples_ms: list[float], budgets: dict[int, float]
) -> list[Measurement]:
    """Median, 95th and 99th percentile of `samples_ms`, with budgets by percentile.

    Raises `SessionError` where there are none: nothing was analysed.
    """
    if not samples_ms:
        raise SessionError(f"{part}: no frame was analysed; run it for longer (--seconds)")
    names = {50: "median", 95: "p95", 99: "p99"}
    return [
        Measurement(
            part, f"{what}, {name}", float(np.percentile(samples_ms, q)), "ms", budgets.get(q)
        )
        for q, name in names.items()
    ]


def settled(samples: list[float]) -> list[float]:
    """The samples without the warm-up, which is never more than a third of them."""
    return samples[min(WARM_UP, len(samples) // 3) :]
