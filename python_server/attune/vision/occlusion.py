"""Whether a headset covers the eyes and a hand the mouth, measured from pixels over time.

Two small models answer for one frame: a matched filter for eyes with measures of the surface where
eyes belong (a slab is unlike the skin below it, whatever the colour of either), and a Gaussian
model of mouths in sixteen components. Both were fitted by tools/vision/fit_occlusion.py on faces
of FER2013's training split with painted headsets and painted fingers. Over time, log-odds pass
through a low-pass, and a headset is taken on and off with hysteresis.
"""

import math
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from attune.config import resource_root
from attune.errors import ConfigError
from attune.timeline import seconds
from attune.vision.appearance import (
    Chip,
    Surface,
    eye_patches,
    measure_surface,
    mouth_patch,
    slab_features,
)
from attune.vision.crop import CROP_PX, fill_polygon
from attune.vision.landmarks import OUTER_LIPS, REGION_POINTS

NO_HEADSET: Final = "none"
"""Declared model that says that the visitor wears no headset."""

_PRIOR_LOGIT = 1.5
_LOGIT_LIMIT = 6.0
_PUTTING_ON_S, _TAKING_OFF_S = 0.4, 1.2
_MOUTH_TIME_S = 0.25
_MOUTH_BIAS = 1.0
_PUT_ON, _TAKEN_OFF = 0.7, 0.3
EYE_LIMIT: Final = 6.0
"""Where the matched filter of an eye saturates."""
_FOREHEAD_SKIN = 0.3
_SIDE_MARGIN = 4.0
_TOP_ABOVE_BROWS = 5.0
_HALF_WIDTHS = ((0.12, 0.42), (0.58, 0.88))
_RIGHT_SIDE, _LEFT_SIDE = np.array((234, 93, 127)), np.array((454, 323, 356))
_EYES = np.array((*REGION_POINTS["left_eye"], *REGION_POINTS["right_eye"]))
_BROWS = np.array((*REGION_POINTS["left_brow"], *REGION_POINTS["right_brow"]))
_UPPER_LIP = np.array((0, 37, 267))
_LIPS = np.array(OUTER_LIPS)


@dataclass(frozen=True, slots=True)
class OcclusionModel:
    """Fitted numbers, all float64.

    `eye` (217,) matched filter and offset; `slab` (13,) weights and offset over (stronger
    eye, weaker eye, ten surface measures); `mouth_mean` (216,), `mouth_basis` (16, 216) whitening
    rows, `mouth_scale` (16,) deviations, `mouth` (34,) weights and offset over (components, their
    squares, log residual).
    """

    eye: NDArray[np.float64]
    slab: NDArray[np.float64]
    mouth_mean: NDArray[np.float64]
    mouth_basis: NDArray[np.float64]
    mouth_scale: NDArray[np.float64]
    mouth: NDArray[np.float64]

    def headset_logit(self, chip: Chip, surface: Surface) -> float:
        """Return the log-odds that something other than eyes and skin covers the eyes."""
        eyes = eye_patches(chip) @ self.eye[:-1] + self.eye[-1]
        soft = np.tanh(eyes / EYE_LIMIT) * EYE_LIMIT
        features = np.concatenate([[soft.max(), soft.min()], slab_features(chip, surface)])
        return float(features @ self.slab[:-1] + self.slab[-1])

    def mouth_logit(self, chip: Chip) -> float:
        """Return the log-odds that the mouth is in sight."""
        return float(self.mouth_features(mouth_patch(chip)) @ self.mouth[:-1] + self.mouth[-1])

    def mouth_features(self, patch: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the (33,) features of a normalised mouth patch (216,)."""
        centred = patch - self.mouth_mean
        parts = self.mouth_basis @ centred
        rest = centred - (parts * self.mouth_scale**2) @ self.mouth_basis
        residual = math.log(float(rest @ rest) / len(rest) + 1e-9)
        return np.concatenate([parts, parts**2 - 1, [residual]])


_UNREADABLE = (
    OSError,
    EOFError,
    KeyError,
    ValueError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a damaged npz file fails with."""

_SHAPES = {
    "eye": (217,),
    "slab": (13,),
    "mouth_mean": (216,),
    "mouth_basis": (16, 216),
    "mouth_scale": (16,),
    "mouth": (34,),
}


def load_occlusion_model(path: Path) -> OcclusionModel:
    """Return the model in an npz file; raises `ConfigError` where it is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays: Mapping[str, NDArray[np.float64]] = {
                name: stored[name].astype(np.float64) for name in OcclusionModel.__slots__
            }
    except _UNREADABLE as error:
        raise ConfigError(
            f"cannot read the occlusion model {path}: {error}; "
            "make it with `python -m tools.vision.fit_occlusion`"
        ) from error
    shapes = {name: array.shape for name, array in arrays.items()}
    if shapes != _SHAPES or not all(np.isfinite(array).all() for array in arrays.values()):
        raise ConfigError(
            f"the occlusion model {path} must hold finite numbers of {_SHAPES}, got {shapes}; "
            "make it with `python -m tools.vision.fit_occlusion`"
        )
    return OcclusionModel(**arrays)


@cache
def default_occlusion_model() -> OcclusionModel:
    """The model that ships, read once."""
    return load_occlusion_model(resource_root() / "calibration" / "occlusion.npz")


@dataclass(frozen=True, slots=True)
class Occlusion:
    """What lies over one face.

    `headset` and `mouth_covered` are probabilities in [0, 1]; `worn` is the headset's state with
    hysteresis; `covered` is (48, 48) float32 in [0, 1], the hidden share of each crop pixel.
    """

    headset: float
    worn: bool
    mouth_covered: float
    covered: NDArray[np.float32]


class OcclusionDetector:
    """Follows the occlusions of one track.

    `declared_headset` is what the device says about itself: a model name makes a headset likelier,
    ``"none"`` less likely, None says nothing. The pixels can overrule it.
    """

    def __init__(
        self, declared_headset: str | None = None, model: OcclusionModel | None = None
    ) -> None:
        self._model = model or default_occlusion_model()
        self._prior = 0.0
        if declared_headset:
            none = declared_headset.strip().lower() == NO_HEADSET
            self._prior = -_PRIOR_LOGIT if none else _PRIOR_LOGIT
        self.reset()

    def reset(self) -> None:
        """Forget the track: the prior alone holds."""
        self._time_ns: int | None = None
        self._headset_logit = self._prior
        self._mouth_logit = 0.0
        self._worn = self._prior > 0

    @property
    def worn(self) -> bool:
        """Whether a headset is taken to be worn, from the frames so far."""
        return self._worn

    def step(self, chip: Chip, time_ns: int, trust: float = 1.0) -> Occlusion:
        """Return what covers the face in this frame.

        `trust` in (0, 1] says how well the face shows its eyes' side: turned far away, a frame
        says little about a headset and moves the probability by that much less.
        """
        surface = measure_surface(chip)
        headset = _limited(self._model.headset_logit(chip, surface)) + self._prior
        mouth = _limited(self._model.mouth_logit(chip) + _MOUTH_BIAS)
        if self._time_ns is None:
            self._headset_logit, self._mouth_logit = headset, mouth
        else:
            dt_s = max(0.0, seconds(time_ns - self._time_ns))
            rising = headset > self._headset_logit
            gain = trust * _gain(dt_s, _PUTTING_ON_S if rising else _TAKING_OFF_S)
            self._headset_logit += gain * (headset - self._headset_logit)
            self._mouth_logit += _gain(dt_s, _MOUTH_TIME_S) * (mouth - self._mouth_logit)
        self._time_ns = time_ns
        probability = _sigmoid(self._headset_logit)
        self._worn = probability > (_TAKEN_OFF if self._worn else _PUT_ON)
        covered = np.zeros((CROP_PX, CROP_PX), np.float32)
        if self._worn:
            covered = fill_polygon(headset_outline(chip, surface))
        mouth_covered = _sigmoid(-self._mouth_logit)
        if mouth_covered > 0.5:
            lips = fill_polygon(chip.points[_LIPS])
            covered = np.maximum(covered, np.float32(mouth_covered) * lips)
        return Occlusion(probability, self._worn, mouth_covered, covered)


def headset_outline(chip: Chip, surface: Surface) -> NDArray[np.float64]:
    """Return the (4, 2) outline of a worn headset in crop positions.

    Its lower edge is where, on each side of the nose, rows of skin begin below rows of something
    else; its upper edge is looked for above the eyes, and lies a little above the brows where none
    is found; its sides reach beyond the face.
    """
    points = chip.points
    left, right = float(points[_RIGHT_SIDE, 0].min()), float(points[_LEFT_SIDE, 0].max())
    eye_row = float(points[_EYES, 1].sum()) / len(_EYES)
    lip_row = float(points[_UPPER_LIP, 1].sum()) / len(_UPPER_LIP)
    width = right - left
    brow_row = max(1.0, float(points[_BROWS, 1].min()))
    lower, upper = [], []
    for near, far in _HALF_WIDTHS:
        rows = _row_means(surface.skin, left + near * width, left + far * width)
        lower.append(_step(rows, eye_row + 1, lip_row, eye_row + 0.6 * (lip_row - eye_row)))
        upper.append(
            CROP_PX
            - _step(
                rows[::-1],
                CROP_PX - eye_row,
                CROP_PX,
                CROP_PX - _top_without_edge(rows, brow_row),
            )
        )
    at = [left + sum(half) / 2 * width for half in _HALF_WIDTHS]
    slope = (lower[1] - lower[0]) / max(1.0, at[1] - at[0])
    top = min(upper)
    x0, x1 = left - _SIDE_MARGIN, right + _SIDE_MARGIN
    return np.array(
        [
            [x0, top],
            [x1, top],
            [x1, lower[0] + slope * (x1 - at[0])],
            [x0, lower[0] + slope * (x0 - at[0])],
        ]
    )


def _top_without_edge(rows: NDArray[np.float64], brow_row: float) -> float:
    """Without an upper edge a forehead of skin ends the headset; anything else belongs to it."""
    forehead = rows[: max(1, min(CROP_PX, math.ceil(brow_row)))]
    skin = float(forehead.sum()) / len(forehead)
    return brow_row - _TOP_ABOVE_BROWS if skin > _FOREHEAD_SKIN else 0.0


def _row_means(skin: NDArray[np.float32], left: float, right: float) -> NDArray[np.float64]:
    first = min(CROP_PX - 2, max(0, int(left)))
    last = min(CROP_PX, max(first + 2, math.ceil(right)))
    return np.asarray(skin[:, first:last].sum(axis=1) / (last - first), np.float64)


def _step(rows: NDArray[np.float64], start: float, end: float, otherwise: float) -> float:
    """Return where rows[start:end] rise most from low to high; `otherwise` without a clear step."""
    first, last = max(0, int(start) - 2), min(len(rows), math.ceil(end))
    part = rows[first:last]
    n = len(part)
    if n < 4:
        return otherwise
    sums = np.cumsum(part)
    of_all, of_first = _step_weights(n)
    rise = sums[-1] * of_all - sums[:-1] * of_first
    best = int(rise.argmax())
    return float(first + best + 1) if rise[best] > 0.15 else otherwise


@cache
def _step_weights(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the sum of all `n` rows and the sum of the first 1 to n - 1 count in a step.

    A step is the mean of the rows after a cut less the mean before it, weighed by
    2·√(before·after)/n: 1 in the middle, less the fewer rows one side has.
    """
    before = np.arange(1.0, n)
    after = n - before
    return 2 / n * np.sqrt(before / after), 2 / np.sqrt(before * after)


def _gain(dt_s: float, time_constant_s: float) -> float:
    return 1 - math.exp(-dt_s / time_constant_s)


def _limited(logit: float) -> float:
    return min(_LOGIT_LIMIT, max(-_LOGIT_LIMIT, logit))


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))
