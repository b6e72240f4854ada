"""How usable the pixels of a face are: sharpness, exposure, size and the tracker's certainty, each
a score in [0, 1]."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.vision.face import FaceQuality
from attune.vision.landmarks import CHIN, TEMPLE_LEFT, TEMPLE_RIGHT

SMALLEST_FACE_PX = 24.0
FULL_SIZE_FACE_PX = 72.0
_BLURRED, _SHARP = 0.003, 0.025
_DOUBTFUL, _SURE = 0.0001, 0.3
"""Scores of a tracker at which nothing and everything is believed."""
_FOREHEAD = 10
_CLIPPED_LOW, _CLIPPED_HIGH = 8, 247
_FEWEST_PIXELS = 30
_ROUNDING_ENERGY = 20 / 12
"""Variance that rounding to whole gray levels alone gives the Laplacian (1/12 a sample)."""


def face_width_px(mesh: NDArray[np.float32]) -> float:
    """Return the width of a face in pixels, from temple to temple but at least half its height.

    The second bound keeps a face in profile from counting as small.
    """
    return max(_apart(mesh, TEMPLE_LEFT, TEMPLE_RIGHT), 0.5 * _apart(mesh, _FOREHEAD, CHIN))


def measure_quality(
    gray: NDArray[np.uint8], seen: NDArray[np.bool_], face_px: float, score: float = 1.0
) -> FaceQuality:
    """Return the quality of a face.

    `gray` is a square uint8 chip of the face at a fixed scale, `seen` the pixels of it that show
    skin and no headset, `face_px` the width of the face in the image it was taken from, `score`
    what its tracker gives it.
    Sharpness is the energy of the Laplacian relative to the contrast of the same pixels, so that
    light and skin tone cancel out.
    """
    certainty = _ramp(math.log(score + 1e-9), math.log(_DOUBTFUL), math.log(_SURE))
    size = _ramp(face_px, SMALLEST_FACE_PX, FULL_SIZE_FACE_PX)
    mask = np.asarray(seen, np.uint8)
    counts = np.cumsum(cv2.calcHist([gray], [0], mask, [256], [0, 256])[:, 0])
    total = float(counts[-1])
    if total < _FEWEST_PIXELS:
        return FaceQuality(0.0, 0.0, size, face_px, certainty)
    contrast = float(cv2.meanStdDev(gray, mask=mask)[1][0, 0]) ** 2
    detail = cv2.Laplacian(gray, cv2.CV_16S)
    energy = float(cv2.meanStdDev(detail, mask=mask)[1][0, 0]) ** 2
    sharp = max(0.0, energy - _ROUNDING_ENERGY) / (contrast + 25.0)
    clipped = float(counts[_CLIPPED_LOW] + total - counts[_CLIPPED_HIGH - 1]) / total
    middle = float(np.searchsorted(counts, total / 2))
    exposure = (1 - _ramp(clipped, 0.05, 0.6)) * _ramp(middle, 10, 45)
    sharpness = _ramp(math.log(sharp + 1e-9), math.log(_BLURRED), math.log(_SHARP))
    return FaceQuality(sharpness, exposure, size, face_px, certainty)


def _apart(mesh: NDArray[np.float32], a: int, b: int) -> float:
    (ax, ay), (bx, by) = mesh[a, :2].tolist(), mesh[b, :2].tolist()
    return math.hypot(ax - bx, ay - by)


def _ramp(value: float, low: float, high: float) -> float:
    return min(1.0, max(0.0, (value - low) / (high - low)))
