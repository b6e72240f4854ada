"""Risk and coverage: how wrong a model is on the faces whose expression it dares to name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attune.expression.circumplex import shipped_circumplex
from attune.expression.emotion import EMOTIONS_8
from attune.vision.face import VisibilityBand
from tools.train.card import BAND_CONDITION, FEWEST_FACES, Answers, Calibration
from tools.train.data import Faces
from tools.train.evaluate import crowd_majority, softmax, wilson
from tools.train.views import Condition

WANTED_RISK = 0.2
"""At most one named expression in five may differ from what most voters saw."""

HELD_OUT_CONDITION = BAND_CONDITION | {VisibilityBand.LOWER_FACE: Condition.UNSEEN}
"""What thresholds are tried under on other faces: shapes that nothing was fitted to."""

STEPS = 20
NEVER = 1.0


@dataclass(frozen=True, slots=True)
class Curve:
    """Risk by coverage: `risk[k]` is the share of wrong answers among the surest `coverage[k]`."""

    coverage: NDArray[np.float64]
    risk: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Named:
    """What a threshold does on one set: how many of `n` faces are named, and how many wrongly."""

    n: int
    coverage: float
    risk: float
    low: float
    high: float


def curve(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> Curve:
    """Return the risk-coverage curve at `STEPS` even steps of coverage."""
    order = np.argsort(-confidence, kind="stable")
    wrong = np.cumsum(~right[order])
    counts = np.round(np.linspace(1 / STEPS, 1, STEPS) * len(right)).astype(int).clip(1)
    return Curve(counts / len(right), wrong[counts - 1] / counts)


def threshold(
    confidence: NDArray[np.floating], right: NDArray[np.bool_], wanted: float = WANTED_RISK
) -> float:
    """Return the lowest threshold above which the risk stays within `wanted`.

    The upper end of the risk's 95 % interval has to lie within it, so that it holds on other faces
    too. 0 names everything; `NEVER` where no coverage reaches the wanted risk.
    """
    order = np.argsort(-confidence, kind="stable")
    ranked = confidence[order]
    wrong = np.cumsum(~right[order])
    counts = np.arange(1, len(right) + 1)
    upper = np.array([wilson(int(w), int(n))[1] for w, n in zip(wrong, counts, strict=True)])
    fits = np.flatnonzero(upper <= wanted)
    if len(fits) == 0:
        return NEVER
    last = fits[-1]
    return 0.0 if last == len(ranked) - 1 else float((ranked[last] + ranked[last + 1]) / 2)


def named(confidence: NDArray[np.floating], right: NDArray[np.bool_], threshold: float) -> Named:
    """Return what a threshold does."""
    given = confidence > threshold
    wrong, n = int((given & ~right).sum()), int(given.sum())
    low, high = wilson(wrong, n) if n else (0.0, 1.0)
    return Named(len(right), n / len(right), wrong / n if n else 0.0, low, high)


@dataclass(frozen=True, slots=True)
class BandAnswers:
    """Calibrated answers of the eight-class head on faces of one band that have a FER+ majority.

    `confidence` (n,), `right` (n,), `felt` and `wanted` (n, 2): valence and arousal of the answer
    and of the votes.
    """

    confidence: NDArray[np.float64]
    right: NDArray[np.bool_]
    felt: NDArray[np.float64]
    wanted: NDArray[np.float64]

    def kept_reliability(self, threshold: float) -> float:
        """Return r² of the withheld faces as a share of that of all, in [0, 1]; 0 where too few
        are withheld to tell."""
        withheld = self.confidence <= threshold
        if not withheld.any():
            return 1.0
        whole = _r2(self.felt, self.wanted)
        if withheld.sum() < FEWEST_FACES or not whole > 0:
            return 0.0
        return float(np.clip(_r2(self.felt[withheld], self.wanted[withheld]) / whole, 0, 1))


def _r2(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(np.mean([np.corrcoef(a[:, k], b[:, k])[0, 1] ** 2 for k in (0, 1)]))


def of_bands(
    answers: Answers,
    faces: Faces,
    rows: NDArray[np.int64],
    calibration: Calibration,
    conditions: Mapping[VisibilityBand, Condition],
) -> dict[VisibilityBand, BandAnswers]:
    """Return the answers about `rows` by band, shown under the `conditions` of the bands."""
    crowd, target = crowd_majority(faces.votes[rows]), faces.target_8()[rows]
    usable = (crowd >= 0) & (target.sum(axis=1) > 0)
    table = shipped_circumplex().matrix(EMOTIONS_8)
    found = {}
    for band, condition in conditions.items():
        logits = answers(condition)[usable, 7:]
        p = softmax(logits / calibration.temperature["logits8"][band])
        right = p.argmax(axis=1) == crowd[usable]
        found[band] = BandAnswers(p.max(axis=1), right, p @ table, target[usable] @ table)
    return found


@dataclass(frozen=True, slots=True)
class Profile:
    """Thresholds fitted on one set, and what they do there and on others, by band."""

    fitted_on: str
    threshold: dict[VisibilityBand, float]
    kept: dict[VisibilityBand, float]
    curves: dict[str, dict[VisibilityBand, Curve]]
    named: dict[str, dict[VisibilityBand, Named]]


def profile(
    sets: dict[str, dict[VisibilityBand, BandAnswers]],
    shipped: Mapping[VisibilityBand, float] | None = None,
) -> Profile:
    """Fit thresholds on the first of `sets` or take `shipped` ones; say what they do on each."""
    fitted_on, first = next(iter(sets.items()))
    at = dict(
        shipped or {band: threshold(one.confidence, one.right) for band, one in first.items()}
    )
    return Profile(
        fitted_on,
        at,
        {band: one.kept_reliability(at[band]) for band, one in first.items()},
        {
            name: {band: curve(one.confidence, one.right) for band, one in bands.items()}
            for name, bands in sets.items()
        },
        {
            name: {band: named(one.confidence, one.right, at[band]) for band, one in bands.items()}
            for name, bands in sets.items()
        },
    )


def write_profile(path: Path, found: Profile, *, model: str, version: str, sha256: str) -> None:
    """Write the thresholds, as `attune.expression.abstention` reads them, with their curves."""
    lines = [
        "# When a model names no expression. Written by `python -m tools.train card`.",
        "# An expression is named where the calibrated probability of the most probable FER+ class",
        "# is above the threshold of its visibility band: the lowest one at which the upper end of",
        f"# the 95 % interval of the risk is at most {WANTED_RISK:g}. Risk is the share of named",
        "# expressions that are not the FER+ majority; coverage the share of faces that are named.",
        "# kept_reliability: r2 of valence and arousal among withheld faces, as a share of the",
        "# band's. Headsets were painted, in seen shapes on PublicTest and unseen ones elsewhere;",
        "# poor are pictures that are black but for five rows.",
        f'model = "{model}"',
        f'version = "{version}"',
        f'sha256 = "{sha256}"',
        'output = "logits8"',
        f"wanted_risk = {WANTED_RISK:g}",
        f'fitted_on = "{found.fitted_on}"',
    ]
    for band, at in found.threshold.items():
        lines += [
            f"\n[bands.{band.value}]",
            f"threshold = {at:.4f}",
            f"kept_reliability = {found.kept[band]:.3f}",
        ]
        for name in found.named:
            done, drawn = found.named[name][band], found.curves[name][band]
            lines += [
                f"\n[bands.{band.value}.{name}]",
                f"faces = {done.n}",
                f"coverage = {done.coverage:.4f}",
                f"risk = {done.risk:.4f}",
                f"risk_low = {done.low:.4f}",
                f"risk_high = {done.high:.4f}",
                f"curve_coverage = [{', '.join(f'{v:.3f}' for v in drawn.coverage)}]",
                f"curve_risk = [{', '.join(f'{v:.4f}' for v in drawn.risk)}]",
            ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
