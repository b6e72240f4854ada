"""Trains one pixel network in resumable segments: warm-up, stable, decay; averaged weights."""

import json
import queue
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from tools.train import network, views
from tools.train.data import Faces
from tools.train.errors import TrainingError
from tools.train.plan import Plan
from tools.train.views import ViewOptions

AVERAGE_EVERY = 4
STATISTICS_BATCHES = 40
SAVE_EVERY_S = 180.0
TRAINING_FACES = "training_faces"
"""What a run's plan calls the number of faces that it was trained on."""


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


Batch = tuple[NDArray[np.float32], NDArray[np.float32]]
"""Views (n, s, s, 2) and targets (n, 31)."""


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
        self._queue: queue.Queue[Batch | Exception] = queue.Queue(6)
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

    def take(self) -> Batch:
        """Return the next batch, clean views first in pairs; raise what kept it from being made."""
        item = self._queue.get()
        if isinstance(item, Exception):
            raise item
        return item

    def close(self) -> None:
        """Stop the thread."""
        self._stop.set()

    def _produce(self, step: int) -> None:
        per_epoch = len(self._rows) // self._plan.batch
        while not self._stop.is_set():
            try:
                item: Batch | Exception = self.make(step, per_epoch)
            except Exception as error:  # noqa: BLE001 - `take` raises it to who waits for a batch
                item = error
            while not self._stop.is_set():
                try:
                    self._queue.put(item, timeout=0.5)
                    break
                except queue.Full:
                    continue
            if isinstance(item, Exception):
                return
            step += 1

    def make(self, step: int, per_epoch: int) -> Batch:
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
        if self.per_epoch == 0:
            raise TrainingError(
                f"{len(faces.training_rows())} training faces do not fill a batch of {plan.batch}"
            )
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
        np.savez(partial, step=self.step, per_epoch=self.per_epoch, **blobs)
        partial.replace(self.state_path)

    def restore(self) -> None:
        """Go on from the saved state: weights, averaged weights, momentum, schedule position.

        TrainingError where the state is of another network, or counts other epochs than this run:
        its batches or its faces were others.
        """
        path = self.state_path
        try:
            with np.load(path) as z:
                state = {name: z[name] for name in z.files}
        except (OSError, ValueError, zipfile.BadZipFile) as error:
            raise TrainingError(f"cannot read {path}: {error}; give the run a new name") from error
        per_epoch = int(state.get("per_epoch", self.per_epoch))
        if per_epoch != self.per_epoch:
            raise TrainingError(
                f"{path} was trained with {per_epoch} batches an epoch, now there are "
                f"{self.per_epoch}: another --batch, or other training faces; give the run a new "
                "name and --start-from its weights.npz"
            )
        parts: list[list[NDArray[np.float32]]] = [
            [
                state[f"{letter}{k}"]
                for k in range(sum(n.rstrip("0123456789") == letter for n in state))
            ]
            for letter in "wam"
        ]
        weights, self.average, slots = parts
        set_weights(self.model, weights, path)
        for variable, value in zip(self.model.optimizer.variables, slots, strict=True):
            variable.assign(value)
        self.step = int(state["step"])

    def write_plan(self) -> list[str]:
        """Write the plan beside the state; return what changed in it since the last segment."""
        path = self.folder / "plan.json"
        plan = asdict(self.plan) | {TRAINING_FACES: len(self.faces.training_rows())}
        before = json.loads(path.read_text()) if path.exists() else plan
        partial = path.with_suffix(".partial.json")
        partial.write_text(json.dumps(plan, indent=1))
        partial.replace(path)
        return [
            f"{name} {before[name]} -> {value}"
            for name, value in plan.items()
            if before.get(name, value) != value
        ]

    def start_from(self, weights: Path) -> None:
        """Begin with weights written by `finished_weights`, fresh momentum, schedule at zero."""
        self.average = read_weights(weights)
        set_weights(self.model, self.average, weights)

    def teach_with(self, weights: Path, architecture: str) -> None:
        """Distil from a fixed network that sees each face clean, undisturbed, and mirrored too."""
        teacher = joined(network.build(architecture, None))
        set_weights(teacher, read_weights(weights), weights)
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
                    raise TrainingError(
                        f"the loss became {loss} at step {self.step}; the state is kept as it was "
                        "saved before: try a lower --learning-rate"
                    )
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
    try:
        with np.load(path) as z:
            return [z[f"a{k}"] for k in range(sum(name.startswith("a") for name in z.files))]
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise TrainingError(f"cannot read the weights {path}: {error}") from error


def set_weights(model: keras.Model, weights: list[NDArray[np.float32]], path: Path) -> None:
    """Give a network the weights that were read from `path`, if they are of its shapes."""
    shapes = [w.shape for w in weights]
    if shapes != [w.shape for w in model.get_weights()]:
        raise TrainingError(f"the weights in {path} are of another architecture")
    model.set_weights(weights)
