"""One recognised expression with its uncertainty: the currency of the expression room."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.vision.face import VisibilityBand


@dataclass(frozen=True, slots=True)
class Expression:
    """What one face showed in one frame.

    `labels` names the classes of `probabilities`, (C,) float32, calibrated, summing to 1.
    `valence` and `arousal` are in [−1, 1] (circumplex expectation over the probabilities).
    `reliability` q ∈ [0, 1] is the measured r² of valence and arousal in this visibility and yaw
    band, lowered by image quality; 0 means that nothing can be said. `intensity` ∈ [0, 1] is the
    distance of (valence, arousal) from neutral, clipped. `model` names the model that said it.
    `withheld`: the model is not sure enough to name one of the classes.
    """

    labels: tuple[str, ...]
    probabilities: NDArray[np.float32]
    valence: float
    arousal: float
    reliability: float
    intensity: float
    band: VisibilityBand
    model: str
    withheld: bool = False

    @property
    def named(self) -> str | None:
        """The most probable label, or None where the model is not sure enough to name one."""
        return None if self.withheld else self.top(1)[0][0]

    def top(self, count: int) -> tuple[tuple[str, float], ...]:
        """The `count` most probable labels with their probabilities, most probable first."""
        order = np.argsort(-self.probabilities, kind="stable")[:count]
        return tuple((self.labels[i], float(self.probabilities[i])) for i in order)
