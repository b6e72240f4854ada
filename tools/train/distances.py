"""Paper 002's classifier: all pairwise landmark distances, the nearest training face decides."""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CHUNK = 256


@dataclass(frozen=True, slots=True)
class NearestFace:
    """1-NN over standardised pairwise distances of the landmarks `points`.

    `pairs` (d, 2) are indices of landmarks; `x` (n, d) and `label` (n,) the training faces.
    """

    pairs: NDArray[np.int64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    x: NDArray[np.float32]
    label: NDArray[np.int64]

    @classmethod
    def of(
        cls, at: NDArray[np.float64], label: NDArray[np.int64], points: tuple[int, ...]
    ) -> "NearestFace":
        """Learn landmarks (n, 68, 2) with their labels."""
        chosen = np.array(points)
        pairs = chosen[np.stack(np.triu_indices(len(chosen), 1), axis=1)]
        raw = _distances(at, pairs)
        mean, spread = raw.mean(axis=0), raw.std(axis=0)
        return cls(pairs, mean, spread, ((raw - mean) / spread).astype(np.float32), label)

    def describe(self, at: NDArray[np.float64]) -> NDArray[np.float32]:
        """Return standardised distances (n, d) of landmarks (n, 68, 2)."""
        return ((_distances(at, self.pairs) - self.mean) / self.spread).astype(np.float32)

    def answer(self, at: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the label of the nearest face, (n,), and what each distance gave to it, (n, d).

        A distance gives as much as it is closer to the nearest face than to the nearest face of any
        other label; what all distances give sums to the margin of the decision.
        """
        q = self.describe(at)
        norms = (self.x * self.x).sum(axis=1)
        labels, given = [], []
        for start in range(0, len(q), CHUNK):
            part = q[start : start + CHUNK]
            apart = norms - 2 * (part @ self.x.T)
            first = apart.argmin(axis=1)
            apart[self.label[None, :] == self.label[first][:, None]] = np.inf
            second = apart.argmin(axis=1)
            labels.append(self.label[first])
            given.append((part - self.x[second]) ** 2 - (part - self.x[first]) ** 2)
        return np.concatenate(labels), np.concatenate(given)

    def milliseconds(self, at: NDArray[np.float64]) -> float:
        """Return processor time of one face, the median over landmarks (n, 68, 2)."""
        spent = []
        for one in at:
            began = time.process_time_ns()
            self.answer(one[None])
            spent.append(time.process_time_ns() - began)
        return float(np.median(spent)) / 1e6

    def deciding(self, given: NDArray[np.float64], count: int) -> list[tuple[int, int, float]]:
        """Return the pairs that decided most on average, with their share of the margin."""
        mean = given.mean(axis=0)
        most = np.argsort(-mean)[:count]
        total = float(mean.sum())
        return [(int(a), int(b), float(mean[k] / total)) for k in most for a, b in [self.pairs[k]]]


def _distances(at: NDArray[np.float64], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return distances (n, d) in units of the spread of the points used."""
    used = np.unique(pairs)
    centred = at[:, used] - at[:, used].mean(axis=1, keepdims=True)
    size = np.sqrt((centred**2).sum(axis=2).mean(axis=1))
    return np.linalg.norm(at[:, pairs[:, 0]] - at[:, pairs[:, 1]], axis=2) / size[:, None]
