"""Names of the expression classes, and one model's answer over them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.vision.face import VisibilityBand

EMOTIONS_7 = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""The classes of FER2013, in its order."""

EMOTIONS_8 = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt")
"""The classes of FER+, in its order."""


def softmax(logits: NDArray[np.float32], temperature: float = 1.0) -> NDArray[np.float32]:
    """Return probabilities (C,) of `logits` (C,) divided by a temperature above 0."""
    scaled = np.asarray(logits, dtype=np.float64) / temperature
    weights = np.exp(scaled - scaled.max())
    return np.asarray(weights / weights.sum(), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one model says about one face.

    `labels` names the C classes of `logits` (C,) float32, as the model gave them, and of
    `probabilities` (C,) float32, calibrated, summing to 1.
    """

    labels: tuple[str, ...]
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]

    def __post_init__(self) -> None:
        expected = (len(self.labels),)
        if self.logits.shape != expected or self.probabilities.shape != expected:
            raise ValueError(
                f"expected {expected} for {len(self.labels)} labels, got logits "
                f"{self.logits.shape} and probabilities {self.probabilities.shape}"
            )
        total = float(self.probabilities.sum())
        if not abs(total - 1) < 1e-3 or float(self.probabilities.min()) < 0:
            raise ValueError(f"expected probabilities that sum to 1, got a sum of {total}")

    @property
    def label(self) -> str:
        """The most probable class."""
        return self.labels[int(self.probabilities.argmax())]


@dataclass(frozen=True, slots=True)
class FacePrediction:
    """The two heads' answers about one face, and the visibility band whose temperatures were used.

    `seven` is over FER2013's classes, `eight` over FER+'s, or `seven` again of a model that does
    not know those; affect is read from `eight`.
    """

    seven: Prediction
    eight: Prediction
    band: VisibilityBand

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes of `probabilities`: those of `eight`."""
        return self.eight.labels

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """Calibrated probabilities float32 of `labels`."""
        return self.eight.probabilities
