"""Pixel and landmark model together: E = w·P_pixel + (1 − w)·P_landmark, as in paper 004.

The weight is fixed, or follows how often a person's expression changes. The paper compares each
member with the mean of a group; for one person the mean is that of people in general.
"""

from dataclasses import dataclass, field

import numpy as np

from attune.expression.emotion import Prediction

EVEN = 0.5


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

    Someone whose expression changed at least `usual_changes` times in the period is better followed
    by landmarks, someone calmer by pixels. The step is `step` times the relative distance from
    usual, at most `step`; the weight begins at `start` and moves within [`lowest`, `highest`].
    """

    usual_changes: float = 4.0
    period_s: float = 10.0
    step: float = 0.05
    lowest: float = 0.2
    highest: float = 0.8
    start: float = EVEN
    weight: float = field(default=EVEN, init=False)
    _began_ns: int | None = field(default=None, init=False)
    _changes: int = field(default=0, init=False)
    _label: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if not self.lowest <= self.highest:
            raise ValueError(f"expected lowest ≤ highest, got {self.lowest} and {self.highest}")
        self.weight = self.start

    def observe(self, label: str, capture_time_ns: int) -> float:
        """Take in the most probable class at a capture time and return the weight in force."""
        if self._began_ns is None:
            self._began_ns = capture_time_ns
        while capture_time_ns - self._began_ns >= self.period_s * 1e9:
            self._adapt()
            self._began_ns += round(self.period_s * 1e9)
        if self._label is not None and label != self._label:
            self._changes += 1
        self._label = label
        return self.weight

    def _adapt(self) -> None:
        apart = min(1.0, abs(self._changes - self.usual_changes) / self.usual_changes)
        sign = -1.0 if self._changes >= self.usual_changes else 1.0
        moved = self.weight + sign * self.step * apart
        self.weight = min(self.highest, max(self.lowest, moved))
        self._changes = 0
