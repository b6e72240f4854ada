"""What a crowd's trials come to: who ended on the right side, which expression was read as which.

The rules were fixed before any clip of the crowd was measured: a resonant visitor belongs above 50,
a counter-mirroring one below, a detached one within ``ABOUT`` of it. Visitors without enough
evidence are judged by their index all the same, and counted apart.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.scenario.visitor_face import EXPRESSIONS, FULL_AFFECT
from attune.scenario.visitors import VisitorKind

from .crowd import KINDS
from .trial import Trial

ABOUT = 7.0
"""Half width of the band about 50 in ERI: no choice of the memorial goes by an index within it."""

SHOWN_FROM, NEUTRAL_BELOW = 0.5, 0.25
"""Shares of a full expression: from here on a frame counts as showing it, below as neutral; what
lies between is left out of the table."""

SHOWN = ("neutral", *(name for name, _ in EXPRESSIONS), "between two")
BLEND = 0.15
"""A face within this share of the way about the middle between two expressions shows neither."""

TONES: Mapping[str, range] = {"1 to 3": range(1, 4), "4 to 7": range(4, 8), "8 to 10": range(8, 11)}


def on_right_side(kind: str, eri: float) -> bool:
    """Whether a visitor of a kind ended where the kind belongs."""
    if kind == "detached":
        return abs(eri - 50.0) <= ABOUT
    return eri > 50.0 if kind == "resonant" else eri < 50.0


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a proportion; NaN without trials."""
    if n == 0:
        return float("nan"), float("nan")
    share = right / n
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return float(centre - half), float(centre + half)


@dataclass(frozen=True, slots=True)
class Share:
    """Trials on the right side: n, how many, and the Wilson 95 % interval (NaN without trials).

    Attributes:
        eri: (n,) index at the end; unsure: trials that ended without enough evidence.
    """

    n: int
    right: int
    interval: tuple[float, float]
    eri: NDArray[np.float64]
    unsure: int


def share(trials: Sequence[Trial], eri_of: Callable[[Trial], float]) -> Share:
    """How many of the trials ended on their right side, by the index that ``eri_of`` reads."""
    right = sum(on_right_side(one.visitor, eri_of(one)) for one in trials)
    eri = np.array([eri_of(one) for one in trials])
    interval = wilson(right, len(trials))
    return Share(len(trials), right, interval, eri, sum(one.status != "ok" for one in trials))


def at_end(trial: Trial) -> float:
    """The index when the story is over."""
    return trial.eri


def at_last_choice(trial: Trial) -> float:
    """The index when the story last asked for it."""
    return trial.last_choice[0]


def groups(trials: Sequence[Trial]) -> Iterable[tuple[str, str, list[Trial]]]:
    """(what is compared, group, its trials) for everything that the verdict is split by."""
    for kind in KINDS:
        yield "visitor", kind, [one for one in trials if one.visitor == kind]
    for name, tones in TONES.items():
        yield "skin tone", name, [one for one in trials if one.skin_tone in tones]
    for soft in (True, False):
        name = "drawn as many women" if soft else "drawn as many men"
        yield "features", name, [one for one in trials if one.soft == soft]
    for headset in dict.fromkeys(one.headset for one in trials):
        yield "headset", headset, [one for one in trials if one.headset == headset]


@dataclass(frozen=True, slots=True)
class Confusion:
    """Frames by the expression that was drawn and the class that was read.

    Attributes:
        shown: R names of drawn expressions; labels: C classes of the model.
        frames: (R, C) counts; visitors: (R,) how many trials they come from.
        affect: (R, 4) mean valence and arousal drawn, then read.
    """

    shown: tuple[str, ...]
    labels: tuple[str, ...]
    frames: NDArray[np.int64]
    visitors: NDArray[np.int64]
    affect: NDArray[np.float64]


def confusion(trials: Sequence[Trial]) -> Confusion:
    """The table over all frames in which the model said something."""
    shown, labels = SHOWN, trials[0].labels
    frames = np.zeros((len(shown), len(labels)), np.int64)
    visitors = np.zeros(len(shown), np.int64)
    sums = np.zeros((len(shown), 4))
    for one in trials:
        drawn = drawn_expression(one.shown)
        read = one.probabilities.argmax(1) if len(one.probabilities) else np.zeros(0, np.int64)
        for row in range(len(shown)):
            here = drawn == row
            visitors[row] += here.any()
            np.add.at(frames[row], read[here], 1)
            sums[row] += np.hstack([one.shown[here], one.read[here]]).sum(0)
    with np.errstate(invalid="ignore"):
        affect = sums / frames.sum(1, keepdims=True)
    return Confusion(shown, labels, frames, visitors, affect)


def drawn_expression(affect: NDArray[np.float64]) -> NDArray[np.int64]:
    """(N,) row of ``SHOWN`` that a face of this affect (N, 2) shows; −1 for a faint one."""
    strength = np.hypot(affect[:, 0], affect[:, 1]) / FULL_AFFECT
    angle = np.degrees(np.arctan2(affect[:, 1], affect[:, 0])) % 360.0
    angles = np.array([one for _, one in EXPRESSIONS])
    after = np.searchsorted(angles, angle) % len(angles)
    before = (after - 1) % len(angles)
    way = ((angle - angles[before]) % 360.0) / ((angles[after] - angles[before]) % 360.0)
    named = 1 + np.where(way < 0.5, before, after)
    named = np.where(np.abs(way - 0.5) < BLEND, SHOWN.index("between two"), named)
    weak = np.where(strength < NEUTRAL_BELOW, SHOWN.index("neutral"), -1)
    return np.asarray(np.where(strength >= SHOWN_FROM, named, weak), np.int64)


def kind_means(trials: Sequence[Trial]) -> dict[VisitorKind, NDArray[np.float64]]:
    """Kind → (S, 2) seconds and mean index over its trials, for as long as all of them last."""
    means: dict[VisitorKind, NDArray[np.float64]] = {}
    for kind in KINDS:
        paths = [one.path for one in trials if one.visitor == kind]
        if paths:
            length = min(len(path) for path in paths)
            middle = np.mean([path[:length, 1] for path in paths], axis=0)
            means[kind] = np.column_stack([paths[0][:length, 0], middle])
    return means
