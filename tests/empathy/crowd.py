"""A crowd of simulated visitors for property tests: affect as fixed-point slots, V at a time.

What a visitor shows is their resting face plus expressivity times (mirroring gain times the
reaction to what is shown, plus slow moods), read by an imperfect model. Synthetic by construction.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attune.config import EmpathySettings
from attune.empathy.batch import SlotBatch
from attune.empathy.evidence import UNIT
from attune.empathy.index import EmpathyIndex
from attune.empathy.population import Population
from attune.empathy.windows import Target

SLOT_S = 0.1


@dataclass(frozen=True)
class Shown:
    """A target shown at a time, seconds."""

    target: Target
    at_s: float


@dataclass(frozen=True)
class Crowd:
    """V visitors; every array is (V,)."""

    gain: NDArray[np.float64]
    expressivity: NDArray[np.float64]
    rest: NDArray[np.float64]
    latency_s: NDArray[np.float64]
    quality: NDArray[np.float64]
    angle_deg: NDArray[np.float64]
    mood: float = 0.18
    seed: int = 0

    @classmethod
    def of(cls, visitors: int, gain: tuple[float, float], seed: int = 0, quality: float = 0.6):
        """Visitors with gains spread evenly over a range; everything else drawn by seed."""
        draw = np.random.default_rng((seed, visitors))
        return cls(
            gain=draw.uniform(*gain, visitors),
            expressivity=np.exp(draw.normal(0, 0.3, visitors)),
            rest=draw.normal(0, 0.1, (2, visitors)),
            latency_s=draw.uniform(0.3, 0.9, visitors),
            quality=np.full(visitors, quality),
            angle_deg=np.zeros(visitors),
            seed=seed,
        )

    def on_days(self, days: int):
        """The same visitors on many days, each day with its own chance: day d of visitor v is
        visitor d·V + v."""
        return replace(
            self,
            gain=np.tile(self.gain, days),
            expressivity=np.tile(self.expressivity, days),
            rest=np.tile(self.rest, days),
            latency_s=np.tile(self.latency_s, days),
            quality=np.tile(self.quality, days),
            angle_deg=np.tile(self.angle_deg, days),
        )

    def slots(self, shown: Sequence[Shown], length_s: float) -> list[SlotBatch]:
        """What is read from the crowd's faces while `shown` is played."""
        visitors = len(self.gain)
        draw = np.random.default_rng((self.seed, visitors, 1))
        count = round(length_s / SLOT_S)
        time_s = (np.arange(count) + 0.5)[:, None] * SLOT_S
        reaction = np.zeros((count, 2, visitors))
        for one in shown:
            since = time_s - one.at_s - self.latency_s
            course = _course(since, one.target.duration_s)
            reaction[:, 0] += one.target.valence * course
            reaction[:, 1] += one.target.arousal * course
        moods = self.mood * _slow(draw, (count, 2, visitors), seconds=2.0)
        shows = self.expressivity * (self.gain * reaction + moods)
        # A model of reliability q = r² adds noise of (1 − q)/q of the usual variance.
        share = np.sqrt((1 - self.quality) / np.maximum(self.quality, 0.05))
        misread = 0.2 * share * _slow(draw, (count, 2, visitors), seconds=0.3)
        read = np.clip(self.rest + shows + misread, -1, 1)
        units = np.rint(UNIT * read).astype(np.int64)
        quality = np.rint(UNIT * self.quality).astype(np.int64)
        angle = np.rint(100 * self.angle_deg).astype(np.int64)
        ones = np.ones(visitors, dtype=np.int64)
        return [
            SlotBatch(slot, units[slot, 0], units[slot, 1], quality, ones, angle, ones)
            for slot in range(count)
        ]


def _course(since_s: NDArray[np.float64], duration_s: float | None) -> NDArray[np.float64]:
    """Rise within a second; fall after a moment's 1.5 s or after the end of the stimulus."""
    held_s = 1.5 if duration_s is None else duration_s
    rise = np.clip(since_s / 0.6, 0, 1)
    return rise * np.exp(-np.maximum(0, since_s - held_s) / 0.8)


def _slow(draw: np.random.Generator, shape: tuple[int, ...], seconds: float):
    """Gaussian noise of unit variance that remembers for `seconds`."""
    keep = np.exp(-SLOT_S / seconds)
    fresh = draw.standard_normal(shape) * np.sqrt(1 - keep**2)
    course = np.empty(shape)
    course[0] = draw.standard_normal(shape[1:])
    for step in range(1, shape[0]):
        course[step] = keep * course[step - 1] + fresh[step]
    return course


def watch(
    slots: Sequence[SlotBatch],
    shown: Sequence[Shown],
    baseline_s: float = 12.0,
    population: Population | None = None,
) -> EmpathyIndex:
    """An index that has seen all of it, with a baseline from the first seconds."""
    targets = {one.target.stimulus_id: one.target for one in shown}
    index = EmpathyIndex(EmpathySettings(), list(targets.values()), slots[0].visitors, population)
    if baseline_s > 0:
        index.baseline_start(0)
        index.baseline_finish(round(baseline_s * 1e9))
    for one in sorted(shown, key=lambda each: each.at_s):
        index.stimulus_onset(one.target.stimulus_id, round(one.at_s * 1e9))
    for slot in slots:
        index.observe(slot)
    return index


BALANCED = tuple(
    Target(f"moment-{number}", valence, arousal)
    for number, (valence, arousal) in enumerate(
        [(0.6, 0.35), (-0.6, -0.35), (-0.5, 0.5), (0.5, -0.5), (0.65, 0.0), (-0.65, 0.0)]
    )
)
"""Targets that cancel, so that an expression out of step has no tendency of its own."""


def protocol(rounds: int = 3, start_s: float = 13.0, every_s: float = 4.0, seed: int = 0):
    """Moments in shuffled order, a fixed time apart; returns what is shown and its length."""
    draw = np.random.default_rng(seed)
    shown, at_s = [], start_s
    for _ in range(rounds):
        for number in draw.permutation(len(BALANCED)):
            shown.append(Shown(BALANCED[number], at_s))
            at_s += every_s
    return tuple(shown), at_s
