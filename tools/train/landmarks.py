"""Trains the landmark models on face-mesh points of the training faces."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from attune.expression.landmark import POINTS_BY_CHANNELS, features
from attune.vision.landmarks import IBUG_68, mirror_index
from attune.vision.overlay import EYE_DISTANCE_FER2013
from tools.train.data import Faces
from tools.train.views import DISPLACEMENT_UNDER_HEADSET, EVALUATION_SEED, Condition

HIDDEN = (128, 128)
COPIES = 3
NOISE = 0.03
BATCH = 256
RATE = 1e-3


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Landmarks (n, 68, 2) of faces in which the mesh was found, and their `rows`."""

    at: NDArray[np.float64]
    rows: NDArray[np.int64]


def of_rows(points: NDArray[np.floating], rows: NDArray[np.int64], *, mirrored: bool) -> Landmarks:
    """Return the landmarks of those `rows` whose mesh was found, as seen or mirrored."""
    mesh = points[rows, :, :2].astype(np.float64)
    found = np.isfinite(mesh[:, 0, 0])
    mesh, rows = mesh[found], rows[found]
    if mirrored:
        mesh = mesh[:, mirror_index()] * [-1, 1] + [48, 0]
    return Landmarks(mesh[:, list(IBUG_68)], rows)


def displaced(at: NDArray[np.float64], share: float, seed: int) -> NDArray[np.float64]:
    """Return landmarks moved at random by `share` of an eye distance."""
    rng = np.random.default_rng([EVALUATION_SEED, seed])
    return at + rng.normal(0, share * EYE_DISTANCE_FER2013, at.shape)


def inputs(at: NDArray[np.float64], channels: str) -> NDArray[np.float32]:
    """Return the model's inputs for landmarks (n, 68, 2)."""
    chosen = POINTS_BY_CHANNELS[channels]
    return np.stack([features(a, chosen) for a in at])


def build(mean: NDArray[np.floating], spread: NDArray[np.floating]) -> keras.Model:
    """Return the untrained network: features (n, width) to two heads of logits.

    `mean` and `spread` (width,) of the training features standardise them inside the network.
    """
    given = keras.Input((len(mean),), name="input")
    scale = 1 / np.maximum(spread, 1e-3)
    x = layers.Rescaling(scale.tolist(), (-mean * scale).tolist())(given)
    for hidden in HIDDEN:
        x = layers.Dropout(0.3)(layers.Dense(hidden, activation="relu")(x))
    return keras.Model(
        given, [layers.Dense(7, name="logits7")(x), layers.Dense(8, name="logits8")(x)]
    )


def fit(
    faces: Faces, points: NDArray[np.floating], channels: str, epochs: int, noise: float = NOISE
) -> keras.Model:
    """Return a network trained on clean, mirrored and displaced landmarks of training faces."""
    rows = faces.training_rows()
    seen = [of_rows(points, rows, mirrored=m) for m in (False, True)]
    at = np.concatenate([s.at for s in seen])
    source = np.concatenate([s.rows for s in seen])
    x = np.concatenate([inputs(displaced(at, noise, k), channels) for k in range(COPIES)])
    source = np.tile(source, COPIES)
    t7, t8 = faces.target_7(0.15)[source], faces.target_8()[source]
    model = build(x.mean(axis=0), x.std(axis=0))
    schedule = keras.optimizers.schedules.CosineDecay(RATE, epochs * len(x) // BATCH)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(schedule), loss=[loss, loss], loss_weights=[1.0, 0.5])
    model.fit(x, [t7, t8], batch_size=BATCH, epochs=epochs, verbose=2)
    return model


def answers(
    predict: Callable[[NDArray[np.float32]], NDArray[np.float32]],
    seen: Landmarks,
    channels: str,
) -> Callable[[Condition], NDArray[np.float32]]:
    """Return logits by condition; under a headset the points are displaced as a tracker's are."""

    def answer(condition: Condition) -> NDArray[np.float32]:
        at = seen.at
        if condition is not Condition.CLEAN:
            at = displaced(at, DISPLACEMENT_UNDER_HEADSET, list(Condition).index(condition))
        return predict(inputs(at, channels))

    return answer
