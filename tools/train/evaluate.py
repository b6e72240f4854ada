"""Accuracy, calibration and intervals of a network over splits, lists and conditions."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.train.data import LABELS_7, LABELS_8, Faces
from tools.train.views import Condition, Located, Picture, evaluation_views

Predict = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""Views (n, 48, 48, 2) to logits (n, 15): seven labels, then eight."""

CALIBRATION_BINS = 15
AS_LABEL_8 = np.array([LABELS_8.index(name) for name in LABELS_7])


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of one network on one set of faces under one condition.

    `accuracy` with its 95 % Wilson interval `low`..`high`, `macro_f1`, `recall` (7,) by label and
    `confusion` (7, 7), true by row, are of the seven labels; `crowd_accuracy` compares the eight
    labels with the FER+ majority over `crowd_n` faces that have one (a model of seven labels never
    answers contempt); `ece` is of the seven labels, and `bins` (15, 3) are its bins: confidence,
    accuracy and faces of each. `published_accuracy` is over the `published_n` faces that FER+'s
    authors compare on. A label without faces has no recall (NaN) and no part in `macro_f1`.
    """

    split: str
    condition: str
    n: int
    accuracy: float
    low: float
    high: float
    macro_f1: float
    recall: NDArray[np.float64]
    confusion: NDArray[np.int64]
    crowd_accuracy: float
    crowd_n: int
    ece: float
    bins: NDArray[np.float64]
    published_accuracy: float = math.nan
    published_n: int = 0


def wilson(correct: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Return the Wilson score interval of a proportion."""
    p = correct / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return float(centre - half), float(centre + half)


def calibration_bins(
    probability: NDArray[np.floating], truth: NDArray[np.int64], bins: int = CALIBRATION_BINS
) -> NDArray[np.float64]:
    """Return (bins, 3): mean confidence, accuracy and number of faces of bins of equal mass."""
    confidence = probability.max(axis=1)
    right = probability.argmax(axis=1) == truth
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return np.array([(confidence[p].mean(), right[p].mean(), len(p)) for p in parts])


def calibration_error(
    probability: NDArray[np.floating], truth: NDArray[np.int64], bins: int = CALIBRATION_BINS
) -> float:
    """Return the expected calibration error over bins of equal mass."""
    said, found, n = calibration_bins(probability, truth, bins).T
    return float((n * np.abs(said - found)).sum() / len(truth))


def fit_temperature(logits: NDArray[np.floating], truth: NDArray[np.int64]) -> float:
    """Return the temperature that minimises the negative log-likelihood of `truth`."""
    from scipy.optimize import minimize_scalar

    def cost(log_t: float) -> float:
        scaled = logits / np.exp(log_t)
        peak = scaled.max(axis=1, keepdims=True)
        norm = np.log(np.exp(scaled - peak).sum(axis=1)) + peak[:, 0]
        return float((norm - scaled[np.arange(len(truth)), truth]).mean())

    return float(np.exp(minimize_scalar(cost, bounds=(-2, 2), method="bounded").x))


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return probabilities along the last axis."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True), dtype=np.float64)


def crowd_majority(votes: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return (n,) the FER+ majority among the eight labels; -1: none of them, or a tie."""
    top = votes.argmax(axis=1)
    tie = (votes == votes.max(axis=1, keepdims=True)).sum(axis=1) > 1
    return np.where((top < 8) & ~tie, top, -1)


def published_majority(votes: NDArray[np.floating]) -> NDArray[np.int64]:
    """Return (n,) the majority by the rule of FER+'s authors: a label's single vote does not count,
    and of the votes left more than half agree; -1: none of the eight labels."""
    counted = np.where(votes > 1, votes, 0)
    top = counted.argmax(axis=1)
    agreed = 2 * counted.max(axis=1) > counted.sum(axis=1)
    return np.where((top < 8) & agreed, top, -1)


def score(
    logits: NDArray[np.floating],
    faces: Faces,
    rows: NDArray[np.int64],
    *,
    split: str,
    condition: str,
    temperature: float = 1.0,
) -> Score:
    """Return the figures for logits (n, 15), or (n, 7) of a model of seven labels, of `rows`."""
    truth, guess = faces.label[rows], logits[:, :7].argmax(axis=1)
    confusion = np.zeros((7, 7), np.int64)
    np.add.at(confusion, (truth, guess), 1)
    hits = np.diag(confusion).astype(float)
    there = confusion.sum(axis=1)
    recall = np.where(there > 0, hits / np.maximum(there, 1), np.nan)
    f1 = (2 * hits / np.maximum(there + confusion.sum(axis=0), 1))[there > 0]
    said = AS_LABEL_8[guess] if logits.shape[1] == len(LABELS_7) else logits[:, 7:].argmax(axis=1)
    crowd_accuracy, crowd_n = _agreement(said, crowd_majority(faces.votes[rows]))
    published_accuracy, published_n = _agreement(said, published_majority(faces.votes[rows]))
    bins = calibration_bins(softmax(logits[:, :7] / temperature), truth)
    low, high = wilson(int(hits.sum()), len(rows))
    return Score(
        split=split,
        condition=condition,
        n=len(rows),
        accuracy=float(hits.sum() / len(rows)),
        low=low,
        high=high,
        macro_f1=float(f1.mean()),
        recall=recall,
        confusion=confusion,
        crowd_accuracy=crowd_accuracy,
        crowd_n=crowd_n,
        ece=float((bins[:, 2] * np.abs(bins[:, 0] - bins[:, 1])).sum() / len(rows)),
        bins=bins,
        published_accuracy=published_accuracy,
        published_n=published_n,
    )


def _agreement(said: NDArray[np.int64], crowd: NDArray[np.int64]) -> tuple[float, int]:
    voted = crowd >= 0
    return (float((said == crowd)[voted].mean()) if voted.any() else math.nan), int(voted.sum())


def logits_of(
    predict: Predict,
    faces: Faces,
    where: Sequence[Located],
    rows: NDArray[np.int64],
    condition: Condition,
    *,
    mask_known: bool = True,
    aligned: bool = False,
    crops: NDArray[np.float64] | None = None,
    pictures: Iterable[Picture] | None = None,
) -> NDArray[np.float32]:
    """Return logits (n, 15) of `rows` shown under one condition; see `evaluation_views`."""
    shown = evaluation_views(
        faces.images,
        where,
        rows,
        condition,
        mask_known=mask_known,
        aligned=aligned,
        crops=crops,
        pictures=pictures,
    )
    return answered(predict, shown)


def answered(predict: Predict, shown: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return logits (n, 15) of views (n, 48, 48, 2), asked for in batches."""
    return np.concatenate([predict(shown[k : k + 256]) for k in range(0, len(shown), 256)])
