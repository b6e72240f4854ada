"""How far a visitor's expression runs along with a norm group that saw the same stimulus.

Leave-one-out inter-subject correlation: the visitor's course against the mean course of the
others. Its size says little, because slow courses correlate by chance, so it is ranked among the
correlations of the visitor's own course shifted in a circle: S = 2·percentile − 1.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attune.empathy.batch import SlotBatch
from attune.empathy.evidence import UNIT
from attune.timeline import SLOT_NS

MIN_GROUP = 20
"""Fewest people that make a norm."""

MIN_SLOTS = 50
"""Shortest course that is ranked: five seconds."""

MIN_TRACKED_SHARE = 0.5

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class NormGroup:
    """Courses of n ≥ 20 people during one stimulus: (n, T, 2) float64, (valence, arousal) relative
    to each one's own rest, one sample a slot from the onset on."""

    stimulus_id: str
    courses: Floats

    def __post_init__(self) -> None:
        shape = self.courses.shape
        if len(shape) != 3 or shape[0] < MIN_GROUP or shape[2] != 2:
            raise ValueError(
                f"a norm group needs courses (n ≥ {MIN_GROUP}, T, 2), got {shape} for stimulus "
                f"{self.stimulus_id!r}"
            )

    def mean(self, leave_out: int | None = None) -> Floats:
        """Mean course (T, 2), without the person `leave_out`."""
        kept = self.courses if leave_out is None else np.delete(self.courses, leave_out, axis=0)
        mean: Floats = kept.mean(axis=0)
        return mean


def synchrony(course: Floats, norm: Floats) -> float:
    """S ∈ [−1, 1] of one course (T, 2) against a norm (T, 2); 0 where either never moves."""
    if course.shape != norm.shape or course.ndim != 2:
        raise ValueError(f"expected two courses (T, 2), got {course.shape} and {norm.shape}")
    length = len(course)
    shifts = (np.arange(length)[None, :] + np.arange(length)[:, None]) % length
    correlations = sum(
        _standard(course[:, axis])[shifts] @ _standard(norm[:, axis]) for axis in range(2)
    )
    own, shifted = correlations[0], correlations[1:]
    if not np.any(np.abs(correlations) > 1e-12) or length < 2:
        return 0.0
    below = np.count_nonzero(shifted < own - 1e-12)
    equal = np.count_nonzero(np.abs(shifted - own) <= 1e-12)
    return float(2.0 * (below + 0.5 * equal) / len(shifted) - 1.0)


def _standard(values: Floats) -> Floats:
    centred = values - values.mean()
    length = float(np.sqrt(centred @ centred))
    standard: Floats = centred / length if length > 1e-9 else np.zeros_like(centred)
    return standard


@dataclass(frozen=True, slots=True)
class _Course:
    """What the faces of `members`, (V,) bool, showed from slot `first_slot` on."""

    first_slot: int
    members: Mask
    samples: list[tuple[Floats, Mask]]


class Courses:
    """The courses of V visitors during the stimuli that have a norm."""

    def __init__(self, norms: dict[int, NormGroup], visitors: int) -> None:
        self._norms = norms
        self._visitors = visitors
        self._running: dict[int, list[_Course]] = {number: [] for number in norms}

    def onset(self, stimulus: int, time_ns: int, members: Mask) -> None:
        """A stimulus begins for some visitors; their course is collected from the first slot on
        that begins no earlier, and any course of an earlier showing is forgotten."""
        if stimulus not in self._norms:
            return
        begun = [replace(one, members=one.members & ~members) for one in self._running[stimulus]]
        begun.append(_Course(-(-time_ns // SLOT_NS), members.copy(), []))
        self._running[stimulus] = [one for one in begun if one.members.any()]

    def observe(self, batch: SlotBatch) -> None:
        """Take in one slot."""
        for stimulus, courses in self._running.items():
            length = self._norms[stimulus].courses.shape[1]
            for course in courses:
                if batch.slot >= course.first_slot and len(course.samples) < length:
                    affect = np.stack((batch.valence, batch.arousal), axis=1) / UNIT
                    course.samples.append((affect, batch.tracked > 0))

    def synchrony(self, stimulus: int) -> Floats:
        """S of every visitor for the course so far, (V,); NaN where it cannot be told."""
        found = np.full(self._visitors, np.nan)
        for course in self._running.get(stimulus, ()):
            length = len(course.samples)
            if length < MIN_SLOTS:
                continue
            affect = np.array([one for one, _ in course.samples])
            tracked = np.array([seen for _, seen in course.samples])
            mean = self._norms[stimulus].mean()[:length]
            enough = tracked.mean(axis=0) >= MIN_TRACKED_SHARE
            for visitor in np.flatnonzero(enough & course.members):
                seen = tracked[:, visitor]
                found[visitor] = synchrony(affect[seen, visitor], mean[seen])
        return found
