"""A package from the registry on the same clip and the same faces, in an environment of its own.

The peer is `fer` with its default settings: Haar cascade, quantised network. It never enters the
locks. Faces come from a copy of FER2013 (`--fer2013 FOLDER`); without one only speed is compared.
Occluded faces carry painted headsets, the same for both.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attune.config import load_settings, resource_root
from attune.errors import ConfigError
from attune.expression.store import ModelStore
from attune.vision.native_chatter import quiet_native_logs
from tools.bench.measurement import Measurement, percentiles
from tools.train.data import LABELS_7, SPLITS
from tools.train.evaluate import wilson
from tools.train.points import find
from tools.train.sources import read_mosaics
from tools.train.views import NOWHERE, Condition, evaluation_views, locate

PEER = "fer==25.10.3"
NEEDED = (
    "tensorflow-cpu<2.20",
    "opencv-contrib-python-headless<4.12",
    "numpy<2.2",
    "pillow",
    "requests",
    "setuptools<81",
)
"""What its default settings import. Its detector of faces by a second network, which brings an old
torch of two gigabytes, is left out."""

SPEED_FRAMES = 300
CONDITIONS = (Condition.CLEAN, Condition.SEEN, Condition.UNSEEN)


def measure_peer(
    frames: list[bytes], folder: Path, fer2013: Path | None, report: Callable[[str], None]
) -> list[Measurement]:
    """Speed of the peer on the clip, and accuracy of both on PrivateTest."""
    report("making the peer's environment in .tools/peer")
    python = _environment()
    (folder / "frames").mkdir()
    for index, jpeg in enumerate(frames[:SPEED_FRAMES]):
        (folder / "frames" / f"{index:05}.jpg").write_bytes(jpeg)
    rows = []
    truth: NDArray[np.int64] | None = None
    if fer2013 is not None:
        views, truth = _views(fer2013, report)
        for condition, shown in views.items():
            np.save(
                folder / f"faces_{condition}.npy", (shown[..., 0] * 255).round().astype(np.uint8)
            )
            rows.append(_accuracy("attune", condition, _own_classes(shown), truth))
    report("running the peer")
    runner = Path(__file__).with_name("peer_runner.py")
    subprocess.run([python, runner, folder], check=True, stderr=subprocess.DEVNULL)
    answers = json.loads((folder / "peer.json").read_text())
    rows += percentiles("peer", f"{PEER}, a frame, processor time", answers["frame_ms"], {})
    if truth is not None:
        for condition in CONDITIONS:
            classes = [LABELS_7.index(name) for name in answers[f"faces_{condition}"]]
            rows.append(_accuracy(PEER, condition, np.array(classes), truth))
    return rows


def _environment() -> Path:
    home = resource_root() / ".tools" / "peer"
    python = home / "bin" / "python"
    stamp = home / ".packages"
    wanted = "\n".join((PEER, *NEEDED))
    if stamp.exists() and stamp.read_text() == wanted:
        return python
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        subprocess.run([*install, *NEEDED], check=True)
        subprocess.run([*install, "--no-deps", PEER], check=True)
    except subprocess.CalledProcessError as error:
        raise ConfigError(f"the peer's environment cannot be made in {home}: {error}") from error
    stamp.write_text(wanted)
    return python


def _views(
    fer2013: Path, report: Callable[[str], None]
) -> tuple[dict[Condition, NDArray[np.float32]], NDArray[np.int64]]:
    images, index = read_mosaics(fer2013)
    rows = np.array([k for k, row in enumerate(index) if row["usage"] == SPLITS[2]])
    truth = np.array([LABELS_7.index(index[k]["label"]) for k in rows])
    report(f"finding {len(rows)} faces of PrivateTest, to paint headsets where they belong")
    with quiet_native_logs():
        points = find(images[rows], lambda _count: None)
    where = [NOWHERE] * len(images)
    for row, located in zip(rows, locate(points, len(rows)), strict=True):
        where[row] = located
    views = {one: evaluation_views(images, where, rows, one) for one in CONDITIONS}
    return views, truth


def _own_classes(shown: NDArray[np.float32]) -> NDArray[np.int64]:
    expression = load_settings().expression
    stored = ModelStore(expression.models_dir).load(expression.pixel_model)
    output = stored.card.output("logits7")
    session = stored.session()
    order = np.array([LABELS_7.index(label) for label in output.labels])
    answers = [
        session.run([output.name], {stored.card.input.name: shown[k : k + 256]})[0].argmax(axis=1)
        for k in range(0, len(shown), 256)
    ]
    return order[np.concatenate(answers)]


def _accuracy(
    who: str, condition: Condition, classes: NDArray[np.int64], truth: NDArray[np.int64]
) -> Measurement:
    correct = int((classes == truth).sum())
    low, high = wilson(correct, len(truth))
    interval = f"95 % {low * 100:.1f} to {high * 100:.1f}"
    what = f"{who}, PrivateTest {condition}, n = {len(truth)}, {interval}"
    return Measurement("peer", what, 100 * correct / len(truth), "%")
