"""Measures calibration and reliability on PublicTest and writes a model's card."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attune.expression.circumplex import shipped_circumplex
from attune.expression.emotion import EMOTIONS_7, EMOTIONS_8
from attune.expression.reliability import YAW_BANDS_DEG
from attune.vision.face import VisibilityBand
from tools.train import measure as measuring
from tools.train.data import Faces
from tools.train.errors import TrainingError
from tools.train.evaluate import (
    Score,
    crowd_majority,
    fit_temperature,
    score,
    softmax,
)
from tools.train.views import Condition, Located

BAND_CONDITION = {
    VisibilityBand.FULL: Condition.CLEAN,
    VisibilityBand.LOWER_FACE: Condition.SEEN,
    VisibilityBand.POOR: Condition.NEARLY_ALL_BLACK,
}
"""What a band is calibrated under: unseen shapes are for evaluation alone, and a face that counts
twice makes intervals too narrow."""

WITHOUT_COPIES = "_without_copies"
FEWEST_FACES = 60
"""A yaw band with fewer faces than this has no measured reliability and gets 0."""

LABELS = {"logits7": EMOTIONS_7, "logits8": EMOTIONS_8}
CAVEATS = (
    "Trained on pictures found by a search engine and labelled by a few people: labels are often "
    "wrong, faces are mostly posed, ages and skin tones are not balanced.",
    "An expression is not a feeling; the model says what a face shows, at best.",
    "Disgust is rare in the data and its recall is low.",
)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Temperatures by head and band, and r² of valence and arousal by band and yaw band."""

    temperature: dict[str, dict[VisibilityBand, float]]
    reliability: dict[VisibilityBand, list[float]]
    reliability_n: list[int]


def yaw_deg(where: Sequence[Located], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return |yaw| in degrees of faces whose mesh was found, NaN for the others."""
    out = np.full(len(rows), np.nan)
    for k, row in enumerate(rows):
        placement = where[row].placement
        if placement is not None:
            ratio = min(1.0, placement.eye_distance() / placement.scale())
            out[k] = np.degrees(np.arccos(ratio))
    return out


Answers = Callable[[Condition], NDArray[np.float32]]
"""Logits (n, 15) of the calibration rows under a condition."""


def calibrate(
    answers: Answers, faces: Faces, rows: NDArray[np.int64], yaw: NDArray[np.float64]
) -> Calibration:
    """Fit temperatures and measure reliability on `rows` (of PublicTest), whose |yaw| is `yaw`.

    Affect is read from the votes' head where `answers` have one, else from the labels'.
    """
    crowd = crowd_majority(faces.votes[rows])
    voted = crowd >= 0
    target = faces.target_8()[rows]
    usable = target.sum(axis=1) > 0
    table = shipped_circumplex().matrix(EMOTIONS_8)
    temperature: dict[str, dict[VisibilityBand, float]] = {"logits7": {}}
    reliability: dict[VisibilityBand, list[float]] = {}
    counts = []
    for band, condition in BAND_CONDITION.items():
        logits = answers(condition)
        temperature["logits7"][band] = fit_temperature(logits[:, :7], faces.label[rows])
        if logits.shape[1] > len(EMOTIONS_7):
            if not voted.any():
                raise TrainingError("no face has FER+ votes; `prepare` takes them by --votes-csv")
            votes = temperature.setdefault("logits8", {})
            votes[band] = fit_temperature(logits[voted, 7:], crowd[voted])
            felt = softmax(logits[:, 7:] / votes[band]) @ table
        else:
            by_label = shipped_circumplex().matrix(EMOTIONS_7)
            felt = softmax(logits / temperature["logits7"][band]) @ by_label
        wanted = target @ table
        reliability[band], counts = [], []
        edges = (0.0, *YAW_BANDS_DEG)
        for low, high in pairwise(edges):
            inside = usable & (yaw >= low) & (yaw < high)
            counts.append(int(inside.sum()))
            reliability[band].append(_r2(felt[inside], wanted[inside], counts[-1]))
    return Calibration(temperature, reliability, counts)


def _r2(a: NDArray[np.float64], b: NDArray[np.float64], n: int) -> float:
    """Mean over valence and arousal of the squared correlation; 0 for too few faces."""
    if n < FEWEST_FACES:
        return 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        r = [np.corrcoef(a[:, k], b[:, k])[0, 1] for k in (0, 1)]
    return float(np.mean(np.square(np.nan_to_num(r))))


class Shown:
    """Logits of one model by split, condition and crop; `evaluate` uses the same answers again."""

    def __init__(self, answers: measuring.Answers, test: measuring.TestFaces) -> None:
        self._answers, self._test = answers, test

    def logits(self, split: str, condition: Condition, *, aligned: bool) -> NDArray[np.float32]:
        """Return logits (n, 15) of a whole split."""
        every = self._answers.logits(
            condition, measuring.Crop.ALIGNED if aligned else measuring.Crop.GIVEN
        )
        return every[np.searchsorted(self._test.rows, self._test.faces.rows(split))]


def measure(
    shown: Shown, faces: Faces, splits: Iterable[str], calibration: Calibration
) -> list[Score]:
    """Return the scores of every split under every condition that the card reports."""
    scores = []
    for split in splits:
        whole = split.removesuffix(WITHOUT_COPIES)
        rows = faces.rows(whole)
        kept = np.ones(len(rows), bool)
        if split != whole:
            kept = np.isin(rows, faces.without_training_copies(whole))
        for condition in (Condition.CLEAN, Condition.SEEN, Condition.UNSEEN, Condition.BLACK):
            clean = condition is Condition.CLEAN
            band = VisibilityBand.FULL if clean else VisibilityBand.LOWER_FACE
            t = calibration.temperature["logits7"][band]
            for aligned in (False, True):
                logits = shown.logits(whole, condition, aligned=aligned)[kept]
                name = condition.value + (" aligned" if aligned else "")
                scores.append(
                    score(logits, faces, rows[kept], split=split, condition=name, temperature=t)
                )
    return scores


def _quoted(values: Iterable[str]) -> str:
    return "[" + ", ".join(json.dumps(v, ensure_ascii=False) for v in values) + "]"


@dataclass(frozen=True, slots=True)
class Input:
    """What a model takes and learnt from, as its card says; `live`: visitors may be read by it."""

    kind: str
    shape: tuple[int, ...]
    layout: str
    channels: tuple[str, ...]
    framing: str
    hidden_by: str
    caveat: str
    learnt: str = "FER2013 labels, FER+ votes"
    live: bool = True


PIXELS = Input(
    "pixel",
    (48, 48, 2),
    "NHWC float32",
    ("gray", "visible"),
    "crop_fer2013: gray and visibility in [0, 1], 1 = the face itself is seen",
    "headsets painted",
    "Headsets were painted. How much is lost on a real headset is not measured; in published work "
    "(EmojiHeroVR) a network trained on painted ones alone read half as many real headset faces as "
    "one trained on those.",
)

GRAY = replace(
    PIXELS,
    shape=(48, 48, 1),
    channels=("gray",),
    framing="crop_fer2013: gray in [0, 1]",
    caveat="A reference, trained without headsets and not told what is hidden: what it says of a "
    "covered face is a guess. Not for use with visitors.",
    learnt="FER2013 labels",
    live=False,
)


def write_card(
    path: Path,
    *,
    version: str,
    architecture: str,
    parameters: int,
    weights: Path,
    digest: str,
    calibration: Calibration,
    scores: Sequence[Score],
    training: str,
    takes: Input = PIXELS,
    abstention: str | None = None,
) -> None:
    """Write the card of the model in `path`'s folder, which names it.

    `abstention` is the name of its file of thresholds.
    """
    t, r = calibration.temperature, calibration.reliability
    lines = [
        "# Written by `python -m tools.train card`; see its --help.",
        "[model]",
        f'name = "{path.parent.name}"',
        f'version = "{version}"',
        f'kind = "{takes.kind}"',
        f'architecture = "{architecture}"',
        f"parameters = {parameters}",
        f'file = "{weights.name}"',
        f'sha256 = "{digest}"',
        f"bytes = {weights.stat().st_size}",
        'licence = "Apache-2.0 for these weights; the pictures they were trained on were collected '
        'for research and are not redistributed: check before commercial use"',
        f'data = "{training}"',
        "\n[input]",
        'name = "input"',
        f"shape = {list(takes.shape)}",
        f'layout = "{takes.layout}"',
        f"channels = {_quoted(takes.channels)}",
        f'framing = "{takes.framing}"',
    ]
    for output in t:
        lines += ["\n[[outputs]]", f'name = "{output}"', f"labels = {_quoted(LABELS[output])}"]
    lines += ["\n[calibration]", f'fitted_on = "FER2013 PublicTest; {takes.hidden_by}"']
    if abstention is not None:
        lines.append(f'abstention = "{abstention}"')
    for output in t:
        lines.append(f"\n[calibration.temperature.{output}]")
        lines += [f"{band.value} = {value:.3f}" for band, value in t[output].items()]
    edges = ", ".join(f"{edge:g}" for edge in YAW_BANDS_DEG)
    lines += [
        f"\n# r² of valence and arousal against the FER+ votes on PublicTest, |yaw| up to {edges}",
        f"# degrees (n = {', '.join(map(str, calibration.reliability_n))} faces).",
        "[reliability]",
    ]
    lines += [f"{b.value} = [{', '.join(f'{v:.3f}' for v in row)}]" for b, row in r.items()]
    for s in scores:
        lines += [
            "\n[[metrics]]",
            f'split = "{s.split}"',
            f'condition = "{s.condition}"',
            f"n = {s.n}",
            f"accuracy = {s.accuracy:.4f}",
            f"low = {s.low:.4f}",
            f"high = {s.high:.4f}",
            f"macro_f1 = {s.macro_f1:.4f}",
            f"ece = {s.ece:.4f}",
            f"crowd_accuracy = {s.crowd_accuracy:.4f}",
            f"crowd_n = {s.crowd_n}",
        ]
    intended = "Adaptive stories for consenting adults; research. Never at work or in schools."
    lines += ["\n[use]", f'intended = "{intended}"', "caveats = ["]
    lines += [f"  {json.dumps(c, ensure_ascii=False)}," for c in (takes.caveat, *CAVEATS)]
    path.write_text("\n".join([*lines, "]"]) + "\n", encoding="utf-8")
