"""Simulated visitors sitting through a story, read by an expression model of a given reliability.

The faces are those of `attune.scenario.visitors`. A model of reliability q = r² gives the expected
affect of what it sees: it reads q of a deviation from neutral, with an error of variance q(1 − q)
times that of the affect, half of it from frame to frame and half lasting for seconds, as light,
pose and a misread feature last. Synthetic by construction.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attune.config import EmpathySettings
from attune.empathy.batch import SlotBatch
from attune.empathy.index import EmpathyIndex
from attune.empathy.population import Population
from attune.scenario.events import StimulusOnset
from attune.scenario.visitors import Behavior, VisitorKind, VisitorTraits, draw_visitor, simulate
from attune.scenario.visitors import slots as slots_of
from attune.timeline import SLOT_NS, nanoseconds, slot_start_ns
from tools.empathy.stories import Story

RATE_HZ = 10.0
USUAL_AFFECT = 0.35
"""Standard deviation of visible affect that a reliability is taken to be measured over: about what
simulated visitors show during a story."""

FAST_S, LASTING_S = 0.3, 8.0
"""How long the two halves of a reading error last."""

BAND_OF_QUALITY = ((0.65, 0), (0.15, 1), (0.0, 2))
"""Visibility band by the least quality that is usual for it (0 full, 1 lower face, 2 poor)."""

BAND_QUALITY = {0: 0.79, 1: 0.58}
"""Reliability of the model that ships, frontal faces, in the bands in which it reads anything."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reading:
    """How faces are read: `quality` is q in (0, 1]; with `exact` the affect is read without error,
    whatever the quality says. `band` is the visibility band."""

    quality: float
    exact: bool = False

    @property
    def band(self) -> int:
        """The visibility band that has such a quality."""
        return next(band for least, band in BAND_OF_QUALITY if self.quality >= least)

    @property
    def error(self) -> float:
        """Standard deviation of the error in a single frame."""
        return 0.0 if self.exact else USUAL_AFFECT * math.sqrt(self.quality * (1 - self.quality))

    @property
    def slope(self) -> float:
        """Share of a deviation from neutral that is read."""
        return 1.0 if self.exact else self.quality


HEADSET, HIDDEN = Reading(0.45), Reading(0.05)
"""A frontal face under a headset, and one that is nine tenths hidden."""


def draw_crowd(
    kind: VisitorKind,
    visitors: int,
    seed: int,
    *,
    gain: tuple[float, float] | None = None,
    expressivity: float | None = None,
) -> tuple[VisitorTraits, ...]:
    """Visitors of a kind; `gain` spreads their mirroring evenly over a range, `expressivity` gives
    all of them the same."""
    crowd = [draw_visitor(kind, 100_000 * seed + number) for number in range(visitors)]
    if gain is not None:
        gains = np.random.default_rng((seed, 701)).uniform(*gain, visitors)
        crowd = [replace(one, empathy=float(g)) for one, g in zip(crowd, gains, strict=True)]
    if expressivity is not None:
        crowd = [replace(one, expressivity=expressivity) for one in crowd]
    return tuple(crowd)


def on_days(crowd: Sequence[VisitorTraits], days: int, seed: int) -> tuple[VisitorTraits, ...]:
    """The same visitors on many days, each with its own chance: day d of visitor v is d·V + v."""
    seeds = np.random.default_rng((seed, 709)).integers(0, 2**31, (days, len(crowd)))
    return tuple(
        replace(one, seed=int(seeds[day, number]))
        for day in range(days)
        for number, one in enumerate(crowd)
    )


def read(behavior: Behavior, reading: Reading, seed: int) -> list[SlotBatch]:
    """The slots of evidence that a model of this reliability makes of what visitors show."""
    draw = np.random.default_rng((seed, 719))
    half = reading.error / math.sqrt(2.0)
    shape = behavior.affect.shape
    error = half * (_lingering(draw, shape, FAST_S) + _lingering(draw, shape, LASTING_S))
    seen = replace(behavior, affect=np.clip(reading.slope * behavior.affect + error, -1.0, 1.0))
    return list(slots_of(seen, reading.quality, reading.band))


def _lingering(draw: np.random.Generator, shape: tuple[int, ...], lasts_s: float) -> Floats:
    """Noise of unit variance along the second axis that is remembered for `lasts_s`."""
    keep = math.exp(-1.0 / RATE_HZ / lasts_s)
    fresh = math.sqrt(1.0 - keep * keep)
    out = np.empty(shape)
    state = draw.standard_normal((shape[0], shape[2]))
    for step in range(shape[1]):
        out[:, step] = state
        state = keep * state + fresh * draw.standard_normal(state.shape)
    return out


def face(crowd: Sequence[VisitorTraits], story: Story) -> Behavior:
    """What the visitors show during a story, at ten samples a second."""
    return simulate(crowd, story.pulls, story.end_s, RATE_HZ)


def watch(
    slots: Sequence[SlotBatch], story: Story, population: Population | None = None
) -> EmpathyIndex:
    """An index that has seen all of it."""
    index = EmpathyIndex(EmpathySettings(), story.targets, slots[0].visitors, population)
    if story.baseline_s > 0:
        index.baseline_start(0)
        index.baseline_finish(nanoseconds(story.baseline_s))
    ahead = list(story.events)
    for slot in slots:
        end_ns = slot_start_ns(slot.slot) + SLOT_NS
        while ahead and ahead[0].time_ns < end_ns:
            event = ahead.pop(0)
            tell = (
                index.stimulus_onset if isinstance(event, StimulusOnset) else index.stimulus_offset
            )
            tell(event.stimulus_id, event.time_ns)
        index.observe(slot)
    return index


def sit(
    crowd: Sequence[VisitorTraits],
    story: Story,
    reading: Reading,
    seed: int,
    population: Population | None = None,
) -> EmpathyIndex:
    """The index after these visitors have sat through a story."""
    return watch(read(face(crowd, story), reading, seed), story, population)


def out_of_step(behavior: Behavior, story: Story, seed: int) -> Behavior:
    """The same faces, each shifted in time by its own amount around the part after the baseline."""
    rest = int(np.searchsorted(behavior.times_s, story.baseline_s + 0.5))
    length = len(behavior.times_s) - rest
    shifts = np.random.default_rng((seed, 727)).integers(0, length, behavior.affect.shape[0])
    source = rest + (np.arange(length)[None, :] - shifts[:, None]) % length
    affect = behavior.affect.copy()
    affect[:, rest:] = np.take_along_axis(behavior.affect, source[..., None], axis=1)
    return replace(behavior, affect=affect)


def without_mean_mood(behavior: Behavior, story: Story) -> Behavior:
    """The same faces less the mean by which each of them strays from its rest over the story."""
    rest = int(np.searchsorted(behavior.times_s, story.baseline_s))
    affect = behavior.affect.copy()
    mood = affect[:, rest:].mean(axis=1) - affect[:, :rest].mean(axis=1)
    affect[:, rest:] -= mood[:, None]
    return replace(behavior, affect=affect)
