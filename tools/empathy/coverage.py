"""How often the 80 % interval holds the index that the same visitor would get on another day.

The expected index is the mean over many days of the same visitor in the same story: the same
traits, with the chance of their face, their attention, the reading and the baseline drawn anew.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attune.scenario.visitors import VisitorTraits
from tools.empathy.sittings import Reading, draw_crowd, on_days, sit
from tools.empathy.statistics import Estimate, mean
from tools.empathy.stories import Story

DAYS = 24
"""Days that the expected index is the mean of."""

TESTED_DAYS = 2
"""Further days whose intervals are tested."""

QUALITIES = (0.75, 0.45)

EXPRESSIVITY = {"shy": 0.5, "usual": 1.0, "lively": 1.5}
"""By how much the drawn expressivity is multiplied."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Condition:
    """Who sits through what, and how well they are read."""

    story: str
    behavior: str
    expressivity: str
    quality: float

    def __str__(self) -> str:
        return f"{self.story}, {self.behavior}, {self.expressivity}, q {self.quality}"


@dataclass(frozen=True, slots=True)
class Cell:
    """What was found in one condition. `held` (tests, V) tells whose interval held the expected
    index; `width` is the intervals' mean width in points, `ideal` that of 80 % of a visitor's
    days."""

    condition: Condition
    held: NDArray[np.bool_]
    width: float
    ideal: float


def behaviors(visitors: int, seed: int) -> dict[str, tuple[VisitorTraits, ...]]:
    """Crowds by behaviour; "half-hearted" ones mirror between a tenth and a half."""
    return {
        "resonant": draw_crowd("resonant", visitors, seed),
        "half-hearted": draw_crowd("resonant", visitors, seed + 1, gain=(0.1, 0.5)),
        "detached": draw_crowd("detached", visitors, seed + 2),
        "counter": draw_crowd("counter", visitors, seed + 3),
    }


def conditions(
    stories: Sequence[Story], visitors: int, seed: int
) -> Iterator[tuple[Condition, Story, tuple[VisitorTraits, ...]]]:
    """Every story × behaviour × expressivity × quality, with `visitors` for each."""
    for number, story in enumerate(stories):
        for behavior, crowd in behaviors(visitors, seed + 10 * number).items():
            for name, factor in EXPRESSIVITY.items():
                people = tuple(
                    replace(one, expressivity=factor * one.expressivity) for one in crowd
                )
                for quality in QUALITIES:
                    yield Condition(story.name, behavior, name, quality), story, people


def cells(stories: Sequence[Story], visitors: int, seed: int, advance: Progress) -> Iterator[Cell]:
    """What was found in each condition; every one has its own chance."""
    for number, (condition, story, crowd) in enumerate(conditions(stories, visitors, seed)):
        advance(f"coverage: {condition}")
        yield measure(condition, story, crowd, 1000 * seed + number)


def count(stories: Sequence[Story]) -> int:
    """How many conditions there are."""
    return sum(1 for _ in conditions(stories, 0, 0))


def measure(condition: Condition, story: Story, crowd: Sequence[VisitorTraits], seed: int) -> Cell:
    """Intervals of some days against the mean of many others."""
    days, visitors = DAYS + TESTED_DAYS, len(crowd)
    index = sit(on_days(crowd, days, seed), story, Reading(condition.quality), seed)
    eri = index.eri.reshape(days, visitors)
    expected = eri[TESTED_DAYS:].mean(axis=0)
    tested = [index.state(one).interval for one in range(TESTED_DAYS * visitors)]
    low, high = np.array(tested).T.reshape(2, TESTED_DAYS, visitors)
    wanted = np.quantile(eri, 0.9, axis=0) - np.quantile(eri, 0.1, axis=0)
    return Cell(
        condition,
        (low <= expected) & (expected <= high),
        float((high - low).mean()),
        float(wanted.mean()),
    )


def pooled(found: Sequence[Cell]) -> Estimate:
    """Coverage over all cells; the interval treats their visitors as independent."""
    return mean(np.concatenate([one.held.mean(axis=0) for one in found]))


def by(found: Sequence[Cell], field: str) -> dict[str, Estimate]:
    """Coverage by `story`, `behavior`, `expressivity` or `quality`."""
    groups: dict[str, list[Cell]] = {}
    for one in found:
        groups.setdefault(str(getattr(one.condition, field)), []).append(one)
    return {name: pooled(those) for name, those in groups.items()}


def worst(found: Sequence[Cell]) -> tuple[Cell, Cell]:
    """The cells with the least and the most coverage."""
    ranked = sorted(found, key=lambda one: float(one.held.mean()))
    return ranked[0], ranked[-1]
