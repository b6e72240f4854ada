"""Trains one pixel network in resumable segments: warm-up, stable, decay; averaged weights."""

import math
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from tools.train import network, views
from tools.train.data import Faces
from tools.train.views import ViewOptions

AVERAGE_EVERY = 4
STATISTICS_BATCHES = 40
SAVE_EVERY_S = 180.0


@dataclass(frozen=True, slots=True)
class Plan:
    """One training run.

    `epochs` counts passes over the training faces; the learning rate rises over `warmup_epochs`,
    stays, and falls to zero over the last `decay_epochs`; faces are shown at `small_size` before
    `small_until_epoch`, at 48 px after. `pairs` shows each face clean and painted in one batch.
    `distil` weighs what a teacher says of each face clean and undisturbed, in all its views; it is
    shown them at `teacher_size`, the size that it was trained on. `strength` scales how much views
    are disturbed.
    """

    architecture: str
    epochs: float
    decay_epochs: float
    learning_rate: float = 0.1
    warmup_epochs: float = 1.0
    batch: int = 128
    small_size: int = 36
    small_until_epoch: float = 0.0
    vote_share: float = 0.15
    votes_weight: float = 0.5
    mixup: float = 0.0
    pairs: bool = False
    distil: float = 0.0
    teacher_size: int = 48
    temperature: float = 2.0
    average: float = 0.999
    strength: float = 1.0
    seed: int = 1

    def rate(self, epoch: float) -> float:
        """Learning rate at a position in epochs."""
        rise = min(1.0, (epoch + 0.02) / max(self.warmup_epochs, 1e-6))
        fall = min(1.0, max(self.epochs - epoch, 0.0) / max(self.decay_epochs, 1e-6))
        return self.learning_rate * min(rise, fall)

    def size(self, epoch: float) -> int:
        """Side of the views in pixels at a position in epochs."""
        return self.small_size if epoch < self.small_until_epoch else 48

    def for_statistics(self) -> "Plan":
        """Return the plan of the batches that batch statistics are recomputed on.

        Other views of the same kind, without mixup, all as large as those at the end of training.
        """
        small = self.small_until_epoch >= self.epochs
        return replace(
            self,
            seed=self.seed + 1000,
            mixup=0.0,
            small_until_epoch=math.inf if small else 0.0,
        )


def build_loss(plan: Plan) -> Callable[[object, object], object]:
    """Return the loss over targets (n, 31) and logits (n, 15), for any back end.

    Targets: label (7), votes (8), the teacher's softened label (7) and votes (8), and the weight of
    the teacher (1). Rows without votes carry zeros there and cost nothing.
    """
    t = plan.temperature

    def divergence(p: object, logits: object) -> object:
        return ops.sum(p * (ops.log(p + 1e-7) - ops.log_softmax(logits / t)), axis=-1)

    def loss(target: object, logits: object) -> object:
        label, votes = target[:, :7], target[:, 7:15]
        l7, l8 = logits[:, :7], logits[:, 7:]
        total = -ops.sum(label * ops.log_softmax(l7), axis=-1)
        total += -plan.votes_weight * ops.sum(votes * ops.log_softmax(l8), axis=-1)
        taught = divergence(target[:, 15:22], l7) + 0.5 * divergence(target[:, 22:30], l8)
        return total + target[:, 30] * t * t * taught

    return loss


def joined(model: keras.Model) -> keras.Model:
    """Return the network with both heads as one (n, 15) output."""
    return keras.Model(model.input, keras.layers.Concatenate()(model.output))


class Batches:
    """Prepares batches on a thread of its own; batch k depends on (seed, k) alone."""

    def __init__(
        self,
        faces: Faces,
        where: list[views.Located],
        plan: Plan,
        first: int | None,
        taught: NDArray[np.float32] | None = None,
    ) -> None:
        self._faces, self._where, self._plan, self._taught = faces, where, plan, taught
        self._rows = faces.training_rows()
        self._t7, self._t8 = faces.target_7(plan.vote_share), faces.target_8()
        self._queue: queue.Queue[tuple[NDArray[np.float32], NDArray[np.float32]]] = queue.Queue(6)
        self._stop = threading.Event()
        if first is not None:
            threading.Thread(target=self._produce, args=(first,), daemon=True).start()

    @classmethod
    def idle(cls, faces: Faces, where: list[views.Located], plan: Plan) -> "Batches":
        """Return a source without a thread, for `make` alone."""
        return cls(faces, where, plan, None)

    @staticmethod
    def per_epoch(faces: Faces, plan: Plan) -> int:
        """Number of batches in one pass over the training faces."""
        return len(faces.training_rows()) // plan.batch

    def take(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the next views (n, s, s, 2) and targets (n, 31); clean views first in pairs."""
        return self._queue.get()

    def close(self) -> None:
        """Stop the thread."""
        self._stop.set()

    def _produce(self, step: int) -> None:
        per_epoch = len(self._rows) // self._plan.batch
        while not self._stop.is_set():
            item = self.make(step, per_epoch)
            while not self._stop.is_set():
                try:
                    self._queue.put(item, timeout=0.5)
                    break
                except queue.Full:
                    continue
            step += 1

    def make(self, step: int, per_epoch: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return batch number `step`."""
        plan, options = self._plan, ViewOptions().at_strength(self._plan.strength)
        rng = np.random.default_rng([plan.seed, step])
        order = np.random.default_rng([plan.seed, 7919, step // per_epoch]).permutation(self._rows)
        at = (step % per_epoch) * plan.batch
        rows = order[at : at + plan.batch]
        size = plan.size(step / per_epoch)
        images, where = self._faces.images, self._where
        if plan.pairs:
            pairs = [views.training_pair(images[r], where[r], size, rng, options) for r in rows]
            x = np.stack([p[0] for p in pairs] + [p[1] for p in pairs])
            rows = np.concatenate([rows, rows])
        else:
            x = np.stack([views.single_view(images[r], where[r], size, rng, options) for r in rows])
        y = np.zeros((len(rows), 31), np.float32)
        y[:, :7], y[:, 7:15] = self._t7[rows], self._t8[rows]
        if self._taught is not None:
            y[:, 15:30], y[:, 30] = self._taught[rows], plan.distil
        if plan.mixup > 0:
            share = rng.beta(plan.mixup, plan.mixup)
            other = rng.permutation(len(rows))
            x = (share * x + (1 - share) * x[other]).astype(np.float32)
            y = (share * y + (1 - share) * y[other]).astype(np.float32)
        return x, y


@dataclass
class Progress:
    """Where a run stands, as reported to the caller after every batch."""

    step: int
    steps: int
    per_epoch: int
    loss: float
    rate: float
    images_per_second: float


class Run:
    """A training run whose state lives in `folder`; made again, it goes on where it stopped.

    `taught` is (faces, 15) what a teacher says of each training face, label and votes; None
    without one.
    """

    def __init__(
        self, folder: Path, plan: Plan, faces: Faces, points: NDArray[np.floating] | None
    ) -> None:
        self.folder, self.plan, self.faces = folder, plan, faces
        self.where = views.locate(points, len(faces.images))
        self.per_epoch = Batches.per_epoch(faces, plan)
        self.steps = round(plan.epochs * self.per_epoch)
        self.step = 0
        self.model = joined(network.build(plan.architecture, None))
        self.model.compile(
            optimizer=keras.optimizers.SGD(
                plan.learning_rate, momentum=0.9, nesterov=True, clipnorm=5.0
            ),
            loss=build_loss(plan),
        )
        self.model.optimizer.build(self.model.trainable_variables)
        self.average = self.model.get_weights()
        self.taught: NDArray[np.float32] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def state_path(self) -> Path:
        """File with weights, averaged weights, momentum and schedule position."""
        return self.folder / "state.npz"

    def save(self) -> None:
        """Write the state atomically."""
        slots = [np.asarray(keras.ops.convert_to_numpy(v)) for v in self.model.optimizer.variables]
        blobs = {f"w{k}": w for k, w in enumerate(self.model.get_weights())}
        blobs |= {f"a{k}": w for k, w in enumerate(self.average)}
        blobs |= {f"m{k}": w for k, w in enumerate(slots)}
        partial = self.folder / "state.partial.npz"
        np.savez(partial, step=self.step, **blobs)
        partial.replace(self.state_path)

    def restore(self) -> None:
        """Go on from the saved state: weights, averaged weights, momentum, schedule position."""
        with np.load(self.state_path) as z:
            self.model.set_weights([z[f"w{k}"] for k in range(len(self.average))])
            self.average = [z[f"a{k}"] for k in range(len(self.average))]
            for k, variable in enumerate(self.model.optimizer.variables):
                variable.assign(z[f"m{k}"])
            self.step = int(z["step"])

    def start_from(self, weights: Path) -> None:
        """Begin with weights written by `finished_weights`, fresh momentum, schedule at zero."""
        self.average = read_weights(weights)
        self.model.set_weights(self.average)

    def teach_with(self, weights: Path, architecture: str) -> None:
        """Distil from a fixed network that sees each face clean, undisturbed, and mirrored too."""
        teacher = joined(network.build(architecture, None))
        teacher.set_weights(read_weights(weights))
        rows, size = self.faces.training_rows(), self.plan.teacher_size
        taught = self.taught = np.zeros((len(self.faces.images), 15), np.float32)
        for start in range(0, len(rows), 2 * self.plan.batch):
            part = rows[start : start + 2 * self.plan.batch]
            clean = views.evaluation_views(
                self.faces.images, self.where, part, views.Condition.CLEAN, aligned=True
            )
            if size != clean.shape[1]:
                resized = [cv2.resize(v, (size, size), interpolation=cv2.INTER_AREA) for v in clean]
                clean = np.stack(resized)
            for shown in (clean, clean[:, :, ::-1]):
                logits = np.asarray(teacher.predict_on_batch(shown)) / self.plan.temperature
                taught[part, :7] += softmax(logits[:, :7]) / 2
                taught[part, 7:] += softmax(logits[:, 7:]) / 2

    def segment(self, minutes: float, report: Callable[[Progress], None]) -> bool:
        """Train for at most `minutes`; return True when the plan is finished."""
        began = saved = time.monotonic()
        first = self.step
        images = 0
        batches = Batches(self.faces, self.where, self.plan, first, self.taught)
        try:
            while self.step < self.steps and time.monotonic() - began < 60 * minutes:
                x, y = batches.take()
                rate = self.plan.rate(self.step / self.per_epoch)
                self.model.optimizer.learning_rate.assign(rate)
                loss = float(self.model.train_on_batch(x, y))
                if not np.isfinite(loss):
                    raise FloatingPointError(f"the loss became {loss} at step {self.step}")
                self.step += 1
                images += len(x)
                if self.step % AVERAGE_EVERY == 0:
                    self._update_average()
                now = time.monotonic()
                speed = images / (now - began)
                report(Progress(self.step, self.steps, self.per_epoch, loss, rate, speed))
                if now - saved > SAVE_EVERY_S:
                    self.save()
                    saved = now
        finally:
            batches.close()
        self.save()
        return self.step >= self.steps

    def finished_weights(self) -> list[NDArray[np.float32]]:
        """Return the averaged weights with batch statistics recomputed for them."""
        model = joined(network.build(self.plan.architecture, None))
        model.set_weights(self.average)
        norms = [la for la in model.layers if isinstance(la, keras.layers.BatchNormalization)]
        source = Batches.idle(self.faces, self.where, self.plan.for_statistics())
        for k in range(STATISTICS_BATCHES):
            for norm in norms:
                norm.momentum = k / (k + 1)
            model(source.make(k + self.per_epoch * 1000, self.per_epoch)[0], training=True)
        return model.get_weights()

    def _update_average(self) -> None:
        keep = min(self.plan.average, self.step / (self.step + 10)) ** AVERAGE_EVERY
        pairs = zip(self.average, self.model.get_weights(), strict=True)
        self.average = [keep * mean + (1 - keep) * now for mean, now in pairs]


def softmax(logits: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return probabilities along the last axis."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(e / e.sum(axis=-1, keepdims=True), dtype=np.float32)


def write_weights(path: Path, weights: list[NDArray[np.float32]]) -> None:
    """Write weights in the order of the network's `get_weights`."""
    partial = path.with_name(path.stem + ".partial.npz")
    np.savez(partial, **{f"a{k}": w for k, w in enumerate(weights)})
    partial.replace(path)


def read_weights(path: Path) -> list[NDArray[np.float32]]:
    """Return the weights that `write_weights` wrote."""
    with np.load(path) as z:
        return [z[f"a{k}"] for k in range(sum(name.startswith("a") for name in z.files))]
