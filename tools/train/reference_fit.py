"""Trains the ELU-DCNN of paper 000: its augmentations, on the training split alone, resumable.

The paper augments every class to 10,000 pictures; here each epoch draws as many anew. Its vertical
flip is left out: no camera sees a face upside down.
"""

import json
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import keras
import numpy as np
from numpy.typing import NDArray

from tools.train import reference
from tools.train.data import LABELS_7, Faces
from tools.train.fit import TRAINING_FACES, write_weights

A_CLASS = 10_000
EPOCH = A_CLASS * len(LABELS_7)
SIZE = 48
SAVE_EVERY = 200


def augmented(image: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return one face after one of the paper's changes of geometry, flip, light and blur."""
    kind = rng.integers(3)
    corners = np.array([[0, 0], [SIZE, 0], [SIZE, SIZE], [0, SIZE]], np.float32)
    if kind == 0:  # Euclidean
        matrix = cv2.getRotationMatrix2D((SIZE / 2, SIZE / 2), rng.uniform(-15, 15), 1.0)
        matrix[:, 2] += rng.uniform(-4, 4, 2)
        image = cv2.warpAffine(image, matrix, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT_101)
    elif kind == 1:  # affine
        moved = corners[:3] + rng.uniform(-5, 5, (3, 2)).astype(np.float32)
        matrix = cv2.getAffineTransform(corners[:3], moved)
        image = cv2.warpAffine(image, matrix, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT_101)
    else:  # projective
        moved = corners + rng.uniform(-4, 4, (4, 2)).astype(np.float32)
        matrix = cv2.getPerspectiveTransform(corners, moved)
        image = cv2.warpPerspective(image, matrix, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT_101)
    if rng.random() < 0.5:
        image = np.ascontiguousarray(image[:, ::-1])
    if rng.random() < 0.5:
        image = cv2.convertScaleAbs(image, alpha=rng.uniform(0.7, 1.3), beta=rng.uniform(-25, 25))
    if rng.random() < 0.25:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.2)))
    return np.asarray(image, np.uint8)


def batch(
    faces: Faces, by_label: list[NDArray[np.int64]], step: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return batch number `step`: every class equally often; the first of a face is unchanged."""
    rng = np.random.default_rng([reference.BATCH, step])
    labels = rng.integers(0, len(LABELS_7), reference.BATCH)
    rows = [rng.choice(by_label[label]) for label in labels]
    shown = [
        augmented(faces.images[row], rng) if rng.random() < 0.75 else faces.images[row]
        for row in rows
    ]
    x = np.stack(shown)[..., None].astype(np.float32) / 255
    return x, np.eye(len(LABELS_7), dtype=np.float32)[labels]


def fit(faces: Faces, folder: Path, minutes: float, report: Callable[[float, float], None]) -> str:
    """Train for `minutes`, going on from what `folder` holds; `report` gets epochs and loss.

    The rate is halved after 7 epochs without a better PublicTest, and training ends after 11, as
    published; the best weights are kept beside the last. Writes the run as `export` and `card` read
    it, and returns what it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = reference.elu_dcnn()
    reference.compile_as_published(model)
    state = folder / "state.npz"
    step, best, flat, kept = 0, 0.0, 0, 0
    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    if state.exists():
        with np.load(state) as z:
            for k, variable in enumerate(variables):
                variable.assign(z[f"v{k}"])
            best = float(z["best"])
            step, flat, kept = (int(z[name]) for name in ("step", "flat", "kept"))
    rows = faces.training_rows()
    by_label = [rows[faces.label[rows] == label] for label in range(len(LABELS_7))]
    public = faces.rows("public_test")
    shown = faces.images[public][..., None].astype(np.float32) / 255
    per_epoch = EPOCH // reference.BATCH
    began = time.monotonic()
    while (
        step < reference.EPOCHS * per_epoch
        and flat < reference.EARLY_STOPPING_PATIENCE
        and time.monotonic() - began < 60 * minutes
    ):
        loss = float(model.train_on_batch(*batch(faces, by_label, step))[0])
        step += 1
        if step % SAVE_EVERY == 0:
            report(step / per_epoch, loss)
            _save(state, variables, step=step, best=best, flat=flat, kept=kept)
        if step % per_epoch == 0:
            answer = model.predict(shown, batch_size=256, verbose=0).argmax(axis=1)
            right = float((answer == faces.label[public]).mean())
            flat = 0 if right > best else flat + 1
            if right > best:
                best, kept = right, step
                write_weights(folder / "weights.npz", model.get_weights())
                _write_plan(folder, kept / per_epoch, len(rows))
            if flat == reference.PLATEAU_PATIENCE:
                rate = model.optimizer.learning_rate
                rate.assign(float(rate) * reference.PLATEAU_FACTOR)
            _save(state, variables, step=step, best=best, flat=flat, kept=kept)
    _save(state, variables, step=step, best=best, flat=flat, kept=kept)
    if step < per_epoch:  # no epoch is whole yet, none was measured
        kept = step
        write_weights(folder / "weights.npz", model.get_weights())
    return _write_plan(folder, kept / per_epoch, len(rows))


def _write_plan(folder: Path, epochs: float, faces: int) -> str:
    """Write what the weights beside it are, and return it in words."""
    about = (
        f"ELU-DCNN of paper 000 after {epochs:.2f} of its {reference.EPOCHS} epochs of {EPOCH:,} "
        "augmented pictures"
    )
    plan = {"architecture": reference.ARCHITECTURE, "about": about, TRAINING_FACES: faces}
    (folder / "plan.json").write_text(json.dumps(plan, indent=1))
    return about


def _save(path: Path, variables: list[keras.Variable], **position: float) -> None:
    partial = path.with_name("state.partial.npz")
    held = {f"v{k}": keras.ops.convert_to_numpy(v) for k, v in enumerate(variables)}
    np.savez(partial, **position, **held)
    partial.replace(path)
