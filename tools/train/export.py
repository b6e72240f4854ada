"""Writes a trained network as ONNX and proves that it still says the same."""

import hashlib
import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from tools.train import fit, network, reference
from tools.train.data import SIZE
from tools.train.errors import TrainingError
from tools.train.evaluate import Predict

INPUT = "input"
OUTPUTS = ("logits7", "logits8")
OPSET = 17
PARITY = 1e-4


class ParityError(TrainingError):
    """The exported network does not answer as the trained one did."""


def plan_of(run: Path) -> dict[str, Any]:
    """Return the plan of a run; TrainingError names the runs that there are."""
    path = run / "plan.json"
    if not path.exists():
        there = ", ".join(sorted(p.parent.name for p in run.parent.glob("*/plan.json"))) or "none"
        raise TrainingError(f"no run {run.name} in {run.parent}; there are: {there}")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def trained(run: Path) -> keras.Model:
    """Return the network of a run, for 48-px views, with its finished weights.

    A network that was trained on smaller views to the end shrinks its input itself.
    """
    plan, weights = plan_of(run), run / "weights.npz"
    if not weights.exists():
        raise TrainingError(f"the run {run.name} has no weights yet; its first segment writes them")
    if plan["architecture"] == reference.ARCHITECTURE:
        model = reference.elu_dcnn()
        fit.set_weights(model, fit.read_weights(weights), weights)
        return model
    small = plan["small_until_epoch"] >= plan["epochs"]
    size = plan["small_size"] if small else SIZE
    model = network.build(plan["architecture"], size)
    fit.set_weights(model, fit.read_weights(weights), weights)
    if not small:
        return model
    views = keras.Input((SIZE, SIZE, 2), name=INPUT)
    return keras.Model(views, model(keras.layers.Resizing(size, size)(views)))


def write_onnx(model: keras.Model, path: Path) -> None:
    """Write the network to `path`; needs Keras on TensorFlow."""
    if keras.backend.backend() != "tensorflow":
        raise TrainingError("export needs KERAS_BACKEND=tensorflow; weights of any back end load")
    import tensorflow as tf
    import tf2onnx

    signature = [tf.TensorSpec((None, *model.input.shape[1:]), tf.float32, name=INPUT)]

    @tf.function(input_signature=signature, autograph=False)
    def answer(x: tf.Tensor) -> dict[str, tf.Tensor]:
        return dict(zip(OUTPUTS, heads(model, x), strict=False))

    path.parent.mkdir(parents=True, exist_ok=True)
    tf2onnx.convert.from_function(
        answer, input_signature=signature, opset=OPSET, output_path=str(path)
    )


def write_proven(model: keras.Model, path: Path, views: NDArray[np.float32]) -> float:
    """Write the network to `path` once it is proven there to answer as in Keras.

    Returns the largest difference of any logit; what was at `path` stays where there is a
    ParityError.
    """
    partial = path.with_suffix(".partial.onnx")
    try:
        write_onnx(model, partial)
        gap = check_parity(model, partial, views)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return gap


def open_session(path: Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """Return a runtime session on `threads` threads."""
    if not path.exists():
        raise TrainingError(f"expected the network {path}; run `python -m tools.train export`")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def heads(model: keras.Model, x: object) -> list[object]:
    """Return what each head says about `x`, as tensors."""
    said = model(x, training=False)
    return list(said) if isinstance(said, list | tuple) else [said]


def predictor(session: onnxruntime.InferenceSession) -> Predict:
    """Return views (n, 48, 48, 2) -> logits (n, 15) on a session, or (n, 7) of a network without
    the votes' head. A network of gray alone is shown no more."""
    channels = session.get_inputs()[0].shape[-1]
    there = [name for name in OUTPUTS if name in {one.name for one in session.get_outputs()}]

    def predict(x: NDArray[np.float32]) -> NDArray[np.float32]:
        shown = np.ascontiguousarray(x[..., :channels])
        return np.concatenate(session.run(there, {INPUT: shown}), axis=1)

    return predict


def check_parity(model: keras.Model, path: Path, views: NDArray[np.float32]) -> float:
    """Return the largest difference of any logit over `views`; ParityError above `PARITY`."""
    shown = views[..., : model.input.shape[-1]]
    ours = np.concatenate([np.asarray(said) for said in heads(model, shown)], axis=1)
    theirs = predictor(open_session(path))(views)
    gap = float(np.abs(ours - theirs).max())
    if not gap < PARITY:
        raise ParityError(f"{path} differs from the trained network by {gap:.2g} in a logit")
    return gap


def sha256(path: Path) -> str:
    """Return the file's SHA-256 as hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
