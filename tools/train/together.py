"""Pixel and landmark model together: who is right where the other is wrong, and fused answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.train.evaluate import wilson

WEIGHTS = tuple(round(0.1 * k, 1) for k in range(11))


@dataclass(frozen=True, slots=True)
class Pair:
    """Calibrated answers (n, 7) of both models about the same faces, and their labels (n,)."""

    pixel: NDArray[np.float64]
    landmark: NDArray[np.float64]
    truth: NDArray[np.int64]

    def fused(self, weight: float) -> float:
        """Return the accuracy of the mean in which the pixel model has `weight`."""
        mixed = weight * self.pixel + (1 - weight) * self.landmark
        return float((mixed.argmax(axis=1) == self.truth).mean())

    def complementarity(self) -> dict[str, float]:
        """Return shares of faces by who is right, summing to 1."""
        a = self.pixel.argmax(axis=1) == self.truth
        b = self.landmark.argmax(axis=1) == self.truth
        return {
            "both": float((a & b).mean()),
            "pixels alone": float((a & ~b).mean()),
            "landmarks alone": float((~a & b).mean()),
            "neither": float((~a & ~b).mean()),
        }

    def interval(self, weight: float) -> tuple[float, float]:
        """Return the 95 % interval of `fused`."""
        return wilson(round(self.fused(weight) * len(self.truth)), len(self.truth))


def best_weight(pairs: list[Pair]) -> float:
    """Return the weight with the highest mean accuracy over `pairs`; ties go to the pixel model."""
    means = [float(np.mean([pair.fused(w) for pair in pairs])) for w in WEIGHTS]
    return max(zip(means, WEIGHTS, strict=True))[1]
