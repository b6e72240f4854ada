"""Pixel and landmark model together: E = w·P_pixel + (1 − w)·P_landmark, as in paper 004.

The weight is fixed, or follows how often a person's expression changes from second to second. The
paper compares each member with the mean of a group; for one person the mean is that of people in
general.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attune.expression.emotion import Prediction

EVEN = 0.5
SECOND_NS = 1_000_000_000


def fuse(pixel: Prediction, landmark: Prediction, weight: float = EVEN) -> Prediction:
    """Return the weighted mean of two predictions over the same classes.

    `weight` in [0, 1] is the pixel model's. Logits of the result are logarithms of its
    probabilities.
    """
    if pixel.labels != landmark.labels:
        raise ValueError(f"expected the same classes, got {pixel.labels} and {landmark.labels}")
    if not 0 <= weight <= 1:
        raise ValueError(f"expected a weight in [0, 1], got {weight}")
    mixed = weight * pixel.probabilities + (1 - weight) * landmark.probabilities
    mixed = np.asarray(mixed / mixed.sum(), np.float32)
    return Prediction(pixel.labels, np.log(np.maximum(mixed, 1e-12)).astype(np.float32), mixed)


@dataclass(slots=True)
class AdaptiveWeight:
    """The pixel model's weight for one person, moved once every `period_s` of capture time.

    Answers are averaged over each second, and the most probable class of the mean is compared with
    that of the second before: one frame's slip is no change. Someone whose expression changed at
    least `usual_changes` times in the period is better followed by landmarks, someone calmer by
    pixels. The step is `step` times the relative distance from usual, at most `step`; the weight
    begins at `start` and stays within `reach` of it, and within [0, 1]. A period in which nothing
    was seen moves nothing.
    """

    usual_changes: float = 4.0
    period_s: float = 10.0
    step: float = 0.02
    reach: float = 0.3
    start: float = EVEN
    weight: float = field(default=EVEN, init=False)
    _began_ns: int | None = field(default=None, init=False)
    _second_ns: int = field(default=0, init=False)
    _sum: NDArray[np.floating[Any]] | None = field(default=None, init=False)
    _latest: int | None = field(default=None, init=False)
    _seconds_seen: int = field(default=0, init=False)
    _changes: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if not 0 <= self.start <= 1:
            raise ValueError(f"expected a first weight in [0, 1], got {self.start}")
        if self.usual_changes <= 0:
            raise ValueError(f"expected usual changes above 0, got {self.usual_changes}")
        self.weight = self.start

    def observe(self, probabilities: NDArray[np.floating[Any]], capture_time_ns: int) -> float:
        """Take in an answer (classes,) at a capture time and return the weight in force."""
        if self._began_ns is None:
            self._began_ns = self._second_ns = capture_time_ns
        whole = (capture_time_ns - self._second_ns) // SECOND_NS
        if whole > 0:
            self._end_second()
            self._second_ns += whole * SECOND_NS
        while capture_time_ns - self._began_ns >= self.period_s * SECOND_NS:
            self._adapt()
            self._began_ns += round(self.period_s * SECOND_NS)
        self._sum = probabilities + (0 if self._sum is None else self._sum)
        return self.weight

    def _end_second(self) -> None:
        if self._sum is None:
            return
        said = int(np.argmax(self._sum))
        self._changes += self._latest is not None and said != self._latest
        self._seconds_seen += 1
        self._latest, self._sum = said, None

    def _adapt(self) -> None:
        if self._seconds_seen:
            apart = min(1.0, abs(self._changes - self.usual_changes) / self.usual_changes)
            sign = -1.0 if self._changes >= self.usual_changes else 1.0
            moved = self.weight + sign * self.step * apart
            lowest, highest = max(0.0, self.start - self.reach), min(1.0, self.start + self.reach)
            self.weight = min(highest, max(lowest, moved))
        self._changes = self._seconds_seen = 0
