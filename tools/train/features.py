"""The feature baselines of paper 000: pixels, HOG, VGG16 and MobileNet × k-NN, linear and RBF SVM.

Every second training face wears a painted headset, so that one classifier serves both.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.train.data import LABELS_7, Faces
from tools.train.views import Condition, Located, evaluation_pictures

Features = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Faces (n, 48, 48) uint8 to features (n, d)."""

COMPONENTS = 150
NEIGHBOURS = (1, 5, 11, 21, 41, 61)
RBF_FACES = 4000
RBF_C = 2.0
LINEAR_C = 1e-4
HELD_OUT = 2500
DEEP_SIZE = 96
DEEP = ("vgg16", "mobilenet")


def pixels(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return gray levels, each face with mean 0 and length 1."""
    flat = faces.reshape(len(faces), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)


def hog(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return histograms of oriented gradients: cells of 8 px, blocks of 16 px, 9 directions."""
    descriptor = cv2.HOGDescriptor((48, 48), (16, 16), (8, 8), (8, 8), 9)
    return np.stack([np.asarray(descriptor.compute(face)).ravel() for face in faces])


def deep(name: str, weights: Path | None) -> Features:
    """Return features of a network pretrained on ImageNet, mean over its last feature map.

    `weights` is a weights file of keras.applications without its top; None: random weights.
    """
    import keras

    module = getattr(keras.applications, name)
    build = module.VGG16 if name == "vgg16" else module.MobileNet
    network = build(
        include_top=False, weights=None, pooling="avg", input_shape=(DEEP_SIZE, DEEP_SIZE, 3)
    )
    if weights is not None:
        network.load_weights(weights)

    def features(faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        found = []
        for k in range(0, len(faces), 128):
            large = [cv2.resize(f, (DEEP_SIZE, DEEP_SIZE)) for f in faces[k : k + 128]]
            colour = np.repeat(np.stack(large)[..., None], 3, axis=3).astype(np.float32)
            found.append(np.asarray(network(module.preprocess_input(colour), training=False)))
        return np.concatenate(found)

    return features


@dataclass(frozen=True, slots=True)
class Reduction:
    """Standardised principal components."""

    mean: NDArray[np.float32]
    axes: NDArray[np.float32]

    @classmethod
    def of(cls, x: NDArray[np.float32]) -> "Reduction":
        """Fit on features (n, d)."""
        mean = x.mean(axis=0)
        values, vectors = np.linalg.eigh(np.cov((x - mean).T.astype(np.float64)))
        chosen = np.argsort(values)[::-1][:COMPONENTS]
        scale = np.sqrt(values[chosen].sum())
        return cls(mean, (vectors[:, chosen] / scale).astype(np.float32))

    def apply(self, x: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, components)."""
        return (x - self.mean) @ self.axes


@dataclass(frozen=True, slots=True)
class Classifier:
    """`scores` maps reduced features (n, d) to (n, 7), the largest of which is the answer.

    `chosen` says in words how it was set; `bytes` is the size of what it has learnt.
    """

    scores: Callable[[NDArray[np.float32]], NDArray[np.float32]]
    chosen: str
    bytes: int


def nearest(
    x: NDArray[np.float32], label: NDArray[np.int64], rng: np.random.Generator
) -> Classifier:
    """Return k-NN whose k is chosen on held-out training faces."""
    order = rng.permutation(len(x))
    out, kept = order[:HELD_OUT], order[HELD_OUT:]
    ranked = _neighbours(x[out], x[kept], label[kept], max(NEIGHBOURS))
    right = [float((_votes(ranked[:, :k]).argmax(axis=1) == label[out]).mean()) for k in NEIGHBOURS]
    k = NEIGHBOURS[int(np.argmax(right))]
    return Classifier(
        lambda q: np.log(_votes(_neighbours(q, x, label, k)) + 0.5 / k), f"k = {k}", x.nbytes
    )


def _neighbours(
    q: NDArray[np.float32], x: NDArray[np.float32], label: NDArray[np.int64], k: int
) -> NDArray[np.int64]:
    """Return the labels (n, k) of the nearest faces, nearest first."""
    norms = (x * x).sum(axis=1)
    found = []
    for start in range(0, len(q), 512):
        d = norms - 2 * (q[start : start + 512] @ x.T)
        near = np.argpartition(d, k, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(d, near, axis=1), axis=1)
        found.append(label[np.take_along_axis(near, order, axis=1)])
    return np.concatenate(found)


def _votes(labels: NDArray[np.int64]) -> NDArray[np.float32]:
    return np.stack([(labels == c).mean(axis=1) for c in range(len(LABELS_7))], axis=1).astype(
        np.float32
    )


def linear(x: NDArray[np.float32], label: NDArray[np.int64]) -> Classifier:
    """Return a linear SVM, one class against the rest, squared hinge."""
    from scipy.optimize import minimize

    n, d = x.shape
    scale = x.std()
    one = np.concatenate([x / scale, np.ones((n, 1), np.float32)], axis=1)
    sign = np.where(label[:, None] == np.arange(len(LABELS_7)), 1.0, -1.0).astype(np.float32)

    def cost(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        w = flat.reshape(d + 1, -1)
        short = np.maximum(0, 1 - sign * (one @ w.astype(np.float32)))
        slope = 2 * LINEAR_C * w - (2 / n) * (one.T @ (sign * short))
        return float(LINEAR_C * (w * w).sum() + (short * short).sum() / n), slope.ravel()

    start = np.zeros((d + 1) * len(LABELS_7))
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    w = found.x.reshape(d + 1, -1).astype(np.float32)
    return Classifier(lambda q: (q / scale) @ w[:-1] + w[-1], f"L2 {LINEAR_C:g}", w.nbytes)


def radial(
    x: NDArray[np.float32], label: NDArray[np.int64], rng: np.random.Generator
) -> Classifier:
    """Return an SVM with Gaussian kernel on a part of the faces; it answers without margins."""
    part = rng.permutation(len(x))[:RBF_FACES]
    svm = cv2.ml.SVM_create()
    svm.setType(cv2.ml.SVM_C_SVC)
    svm.setKernel(cv2.ml.SVM_RBF)
    svm.setC(RBF_C)
    svm.setGamma(1 / float(x.shape[1] * x[part].var()))
    svm.setTermCriteria((cv2.TERM_CRITERIA_MAX_ITER | cv2.TERM_CRITERIA_EPS, 20_000, 1e-3))
    svm.train(x[part], cv2.ml.ROW_SAMPLE, label[part].astype(np.int32))

    def answer(q: NDArray[np.float32]) -> NDArray[np.float32]:
        said = svm.predict(np.ascontiguousarray(q))[1].ravel().astype(int)
        return np.eye(len(LABELS_7), dtype=np.float32)[said]

    return Classifier(
        answer,
        f"C = {RBF_C:g}, {RBF_FACES} training faces",
        svm.getSupportVectors().nbytes,
    )


@dataclass(frozen=True, slots=True)
class Baseline:
    """Features, their reduction and a classifier in a row: faces (n, 48, 48) to scores (n, 7)."""

    describe: Features
    reduction: Reduction
    classifier: Classifier

    def __call__(self, faces: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return scores of faces."""
        return self.classifier.scores(self.reduction.apply(self.describe(faces)))

    @property
    def bytes(self) -> int:
        """The size of what reduction and classifier have learnt."""
        return self.reduction.mean.nbytes + self.reduction.axes.nbytes + self.classifier.bytes

    def milliseconds(self, faces: NDArray[np.uint8]) -> float:
        """Return processor time of one face, the median over `faces` one at a time."""
        spent = []
        for face in faces:
            began = time.process_time_ns()
            self(face[None])
            spent.append(time.process_time_ns() - began)
        return float(np.median(spent)) / 1e6


def training_pictures(
    faces: Faces, where: Sequence[Located]
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return training faces, every second one painted, and their labels."""
    rows = faces.training_rows()
    pictures = faces.images[rows].copy()
    painted = evaluation_pictures(faces.images, where, rows[1::2], Condition.SEEN)
    pictures[1::2] = [picture for picture, _ in painted]
    return pictures, faces.label[rows]
