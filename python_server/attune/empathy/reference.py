"""What a visitor's expression is compared with: their own baseline, or the population's.

The personal range ρ_i² = (n₀ρ_pop² + n·s_i²)/(n₀ + n), never below ½ρ_pop, shrinks the spread s_i
that n seconds of neutral exposure showed towards the population's.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.config import EmpathySettings
from attune.empathy.batch import SlotBatch
from attune.empathy.evidence import UNIT
from attune.empathy.interval import MOOD_S, Rest, scatter_within
from attune.empathy.population import Population
from attune.expression.baseline import Baseline, measure_baseline
from attune.timeline import NS_PER_S, SLOT_NS, nanoseconds, slot_start_ns

MIN_TRACKED_SHARE = 0.5
"""A baseline needs a tracked face for this share of the exposure."""

MIN_RANGE_SHARE = 0.5
"""The personal range is never below this share of the population's."""

BLOCK_S = 3.0
"""Stretch of a neutral exposure after which a mood is taken to be a new one."""

MEDIAN_TO_MEAN = 1.3
"""How much less certain the median of slowly varying affect is than its mean."""


class PersonalReference:
    """Median and range of V visitors; the population's until a baseline is in force."""

    def __init__(self, settings: EmpathySettings, population: Population, visitors: int) -> None:
        self._settings = settings
        self._population = population
        self._visitors = visitors
        self.reset()

    def reset(self) -> None:
        """Forget the baseline and any exposure that is under way."""
        self.ready = np.zeros(self._visitors, dtype=bool)
        """Whose own baseline is in force, (V,) bool."""
        self._median = np.zeros((self._visitors, 2))
        self._range_share = np.ones(self._visitors)
        self._range_error = np.full(self._visitors, self._population.range_spread)
        self._moods: dict[int, Moods] = {}
        self._start_ns: int | None = None
        self._end_ns = 0
        self._last_ns = 0
        self._slots: list[SlotBatch] = []

    def start(self, time_ns: int) -> None:
        """A neutral exposure begins; the one before it stays in force until this one is done."""
        self._start_ns = time_ns
        self._last_ns = time_ns
        self._end_ns = time_ns + nanoseconds(self._settings.baseline_s)
        self._slots = []

    def finish(self, time_ns: int) -> None:
        """The exposure ends; the baseline is in force once the last slot before has closed."""
        if self._start_ns is not None:
            self._end_ns = min(self._end_ns, time_ns)

    def resume(self, since_ns: int, paused_ns: int) -> None:
        """A pause that began at `since_ns` is over; an exposure under way then lasts as much
        longer."""
        if self._start_ns is not None and self._end_ns > since_ns:
            self._start_ns += paused_ns
            self._end_ns += paused_ns

    @property
    def running(self) -> bool:
        """Whether an exposure is under way."""
        return self._start_ns is not None

    @property
    def progress(self) -> float:
        """Share of the shortest sufficient exposure that has passed, [0, 1]; 1 when none runs and
        every visitor has a baseline."""
        if self._start_ns is None:
            return float(bool(self.ready.all()))
        passed = min(self._last_ns, self._end_ns) - self._start_ns
        return min(1.0, max(0.0, passed / nanoseconds(self._settings.baseline_min_s)))

    def observe(self, batch: SlotBatch) -> None:
        """Take in one slot; slots that lie only partly in the exposure are left out."""
        if self._start_ns is None:
            return
        start_ns = slot_start_ns(batch.slot)
        self._last_ns = start_ns + SLOT_NS
        if start_ns >= self._start_ns and self._last_ns <= self._end_ns:
            self._slots.append(batch)
        if self._last_ns >= self._end_ns:
            self._conclude(self._end_ns - self._start_ns)

    def _conclude(self, exposure_ns: int) -> None:
        slots, self._slots, self._start_ns = self._slots, [], None
        if exposure_ns < nanoseconds(self._settings.baseline_min_s) or not slots:
            return
        tracked = np.array([slot.tracked for slot in slots]) > 0
        affect = (
            np.array([(slot.valence, slot.arousal) for slot in slots]).transpose(0, 2, 1) / UNIT
        )
        usual = self._population.range[np.array([slot.band for slot in slots])]
        enough = tracked.sum(axis=0) * SLOT_NS >= MIN_TRACKED_SHARE * exposure_ns
        for visitor in np.flatnonzero(enough):
            seen = tracked[:, visitor]
            times = np.full(int(seen.sum()), SLOT_NS, dtype=np.int64)
            rest = measure_baseline(affect[seen, visitor], times)
            scaled = (affect[seen, visitor] - rest.median) / usual[seen, visitor, None]
            self._median[visitor] = rest.median
            spread = measure_baseline(scaled, times)
            self._range_share[visitor], self._range_error[visitor] = self._share(spread)
            self._moods[visitor] = moods(affect[seen, visitor], self._settings.window_s)
            self.ready[visitor] = True

    def _share(self, scaled: Baseline) -> tuple[float, float]:
        """ρ_i / ρ_pop from the spread of affect in units of ρ_pop, and its relative error."""
        valence, arousal = (float(one) for one in scaled.spread)
        own = scaled.seconds * 0.5 * (valence * valence + arousal * arousal)
        prior = self._population.shrinkage_s
        share = math.sqrt((prior + own) / (prior + scaled.seconds))
        if share <= MIN_RANGE_SHARE:
            return MIN_RANGE_SHARE, 0.0
        # A variance from b blocks in two dimensions is known to a share of √(1/b) of itself.
        error = 0.5 * own / (prior + own) * math.sqrt(BLOCK_S / scaled.seconds)
        return share, error

    def rest(self, visitor: int) -> Rest:
        """How far the resting values and the range of one visitor may be off."""
        range_error = float(self._range_error[visitor])
        known = self._moods.get(visitor)
        if known is None:
            return Rest(0.0, 0.0, 0.0, self._population.rest_spread**2, range_error)
        share = MEDIAN_TO_MEAN**2 * known.mean_share
        return Rest(known.variance, known.freedom, share, 0.0, range_error)

    def deviation(self, batch: SlotBatch) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(valence, arousal) minus the resting values, each (V,) float64 in circumplex units."""
        usual = self._population.median[batch.band]
        rest = np.where(self.ready[:, None], self._median, usual)
        return batch.valence / UNIT - rest[:, 0], batch.arousal / UNIT - rest[:, 1]

    def range(self, batch: SlotBatch) -> NDArray[np.float64]:
        """ρ_i of each visitor in the visibility band of this slot, (V,) float64."""
        return self._population.range[batch.band] * self._range_share


@dataclass(frozen=True, slots=True)
class Moods:
    """Slow changes of a resting face: their `variance` in means over the length of a window, per
    axis, with degrees of `freedom`, and the variance of the whole exposure's mean as a share of
    it."""

    variance: float
    freedom: float
    mean_share: float


def moods(affect: NDArray[np.float64], window_s: float) -> Moods:
    """The moods in the `affect` (slots, 2) of a neutral exposure."""
    seconds = len(affect) * SLOT_NS / NS_PER_S
    count = max(2, round(seconds / window_s))
    means = np.array([block.mean(axis=0) for block in np.array_split(affect, count)])
    at_s = np.arange(count) * seconds / count
    kinship = np.exp(-np.abs(at_s[:, None] - at_s) / MOOD_S)
    even, one_group = np.full(count, 1.0 / count), np.zeros(count, dtype=np.int64)
    valence, freedom = scatter_within(means[:, 0], even, one_group, kinship)
    arousal, _ = scatter_within(means[:, 1], even, one_group, kinship)
    return Moods(0.5 * (valence + arousal), 2.0 * freedom, float(kinship.mean()))
