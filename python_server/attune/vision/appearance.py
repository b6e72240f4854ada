"""Measures on the aligned face whether eyes and mouth are there or something lies over them.

Everything is measured on a `Chip`, the crop's framing up to twice its resolution, so nothing
depends on how large or how turned the face is. Brightness is taken relative to the lower face of
the same person in the same light.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.vision.crop import CROP_PX, sample_gray, sample_points, to_gray
from attune.vision.landmarks import OUTER_LIPS, REGION_POINTS

CHIP_ZOOM: Final = 2
CHIP_PX: Final = CHIP_ZOOM * CROP_PX
PATCH_ROWS: Final = 12
PATCH_COLUMNS: Final = 18
_PATCH_SPAN: Final = 36
"""Chip pixels that a patch is wide."""

# fmt: off
_JAW: Final = np.array((
    93, 132, 58, 172, 136, 150, 176, 152, 400, 379, 365, 397, 288, 361, 323, 425, 358, 2, 129, 205,
))
_EYE_BAND: Final = np.array((
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300, 346, 347, 348, 349, 197, 120, 119, 118, 117,
))
# fmt: on
_LIPS: Final = np.array(OUTER_LIPS)
_EYES_AND_MOUTH: Final = {
    name: np.array(REGION_POINTS[name]) for name in ("right_eye", "left_eye", "mouth")
}
_FRAMED_BAND: Final = np.zeros((CROP_PX, CROP_PX), np.bool_)
_FRAMED_BAND[10:21, 10:38] = True
_THREE: Final = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Chip:
    """The face in the crop's framing.

    `gray` is (96, 96) uint8, averaged over area, `smooth` its 2×2 means; `rgb` (48, 48, 3) uint8
    holds the colour of the point in the middle of each crop pixel, enough for statistics and cheap;
    `points` is (≥468, 2) float64, the mesh in crop positions (0 to 48).
    """

    gray: NDArray[np.uint8]
    smooth: NDArray[np.uint8]
    rgb: NDArray[np.uint8]
    points: NDArray[np.float64]


def take_chip(
    rgb: NDArray[np.uint8], mesh: NDArray[np.float32], matrix: NDArray[np.float64]
) -> Chip:
    """Return the chip of a face, given the image in colour and the crop's matrix."""
    points = mesh[:, :2].astype(np.float64) @ matrix[:, :2].T + matrix[:, 2]
    pixels = sample_gray(rgb, matrix, CHIP_PX)
    smooth = np.asarray(cv2.blur(pixels, (2, 2)), np.uint8)
    return Chip(pixels, smooth, sample_points(rgb, matrix), points)


def eye_patches(chip: Chip) -> NDArray[np.float64]:
    """Return (2, 216) float64: the subject's right eye and the left one mirrored, normalised."""
    right = _patch(chip.smooth, _centre(chip, "right_eye"))
    left = _patch(chip.smooth, _centre(chip, "left_eye"))[:, ::-1]
    return np.stack([_normalised(right), _normalised(left)])


def mouth_patch(chip: Chip) -> NDArray[np.float64]:
    """Return (216,) float64: the mouth, normalised."""
    return _normalised(_patch(chip.smooth, _centre(chip, "mouth")))


@dataclass(frozen=True, slots=True)
class Surface:
    """The crop's pixels beside the skin of the lower face.

    `skin` is (48, 48) float32 in [0, 1], how well a pixel agrees with the lower face in brightness
    and colour; `level` (48, 48) float32 its log brightness relative to the lower face; `texture`
    (48, 48) float32 its log gradient relative to the lower face.
    """

    skin: NDArray[np.float32]
    level: NDArray[np.float32]
    texture: NDArray[np.float32]


def measure_surface(chip: Chip) -> Surface:
    """Return how each pixel of the crop compares with the same face's lower half.

    Brightness counts by ratio, so that shading across a face matters less than another material;
    colour counts where the lower face has one.
    """
    lower = np.flatnonzero(_lower_face(chip.points))
    level = to_gray(chip.rgb).astype(np.float32)
    levels = level.ravel()[lower]
    typical = _median(levels)
    spread = 1.4826 * _median(np.abs(levels - typical))
    ratio = np.log((level + 12) / np.float32(typical + 12))
    ycc = cv2.cvtColor(chip.rgb, cv2.COLOR_RGB2YCrCb)
    cr, cb = (ycc[..., channel].astype(np.float32) for channel in (1, 2))
    cr -= _median(cr.ravel()[lower])
    cb -= _median(cb.ravel()[lower])
    apart = np.asarray(cv2.magnitude(cr, cb), np.float32)
    colour_spread = 1.4826 * _median(apart.ravel()[lower])
    distance = (ratio / np.float32(0.35 + spread / (typical + 12))) ** 2
    distance += (apart / np.float32(8 + 2 * colour_spread)) ** 2
    gradient = _gradient(chip.gray)
    texture = np.log((gradient + 2) / np.float32(_mean(gradient.ravel()[lower]) + 2))
    return Surface(np.exp(-0.5 * distance), ratio, texture)


def slab_features(chip: Chip, surface: Surface) -> NDArray[np.float64]:
    """Return (10,) float64 that tell a slab over the eyes from eyes, whatever its colour.

    Five measures over the band of eyes and brows where the mesh has them, then over the band where
    FER2013's framing has them: under a headset the mesh squeezes its eyes below the slab.
    """
    tracked = polygon_mask(chip.points[_EYE_BAND])
    return np.concatenate([_band_features(surface, tracked), _band_features(surface, _FRAMED_BAND)])


def _band_features(surface: Surface, band: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return (5,): mean likeness to skin, size of the median level, mean texture, darkest and
    brightest tenth of the level; zeros where the band is too small."""
    at = np.flatnonzero(band)
    if len(at) < 12:
        return np.zeros(5)
    levels = np.sort(surface.level.ravel()[at])
    dark, middle, bright = (float(levels[int(q * (len(levels) - 1))]) for q in (0.1, 0.5, 0.9))
    likeness, texture = _mean(surface.skin.ravel()[at]), _mean(surface.texture.ravel()[at])
    return np.array([likeness, abs(middle), texture, dark, bright])


def _lower_face(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the (48, 48) mask of the lower face without lips; all of it where it is too small."""
    jaw = polygon_mask(points[_JAW])
    lips = polygon_mask(points[_LIPS]).view(np.uint8)
    skin = jaw & (cv2.dilate(lips, _THREE) == 0)
    if np.count_nonzero(skin) >= 12:
        return np.asarray(skin)
    return jaw if np.count_nonzero(jaw) >= 12 else np.ones((CROP_PX, CROP_PX), bool)


def _gradient(gray: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return (48, 48) float32: mean gradient magnitude of the (96, 96) chip in each crop pixel."""
    smooth = cv2.GaussianBlur(gray, (3, 3), 0)
    across, down = (one.astype(np.float32) for one in cv2.spatialGradient(smooth))
    magnitude = cv2.magnitude(across, down)
    small = cv2.resize(magnitude, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _median(values: NDArray[np.float32]) -> float:
    """Upper median; `np.median` costs several times as much on a few hundred values."""
    return float(np.partition(values, len(values) // 2)[len(values) // 2])


def _mean(values: NDArray[np.float32]) -> float:
    """`np.mean` without its checks, which cost more than the sum."""
    return float(values.sum()) / len(values)


def _centre(chip: Chip, region: str) -> tuple[float, float]:
    points = chip.points[_EYES_AND_MOUTH[region]]
    x, y = (points.sum(axis=0) / len(points)).tolist()
    return x, y


def _patch(smooth: NDArray[np.uint8], centre: tuple[float, float]) -> NDArray[np.float64]:
    zoom = PATCH_COLUMNS / _PATCH_SPAN
    x = PATCH_COLUMNS / 2 - 0.5 - zoom * (centre[0] * CHIP_ZOOM - 0.5)
    y = PATCH_ROWS / 2 - 0.5 - zoom * (centre[1] * CHIP_ZOOM - 0.5)
    matrix = np.array([[zoom, 0, x], [0, zoom, y]])
    patch = cv2.warpAffine(
        smooth, matrix, (PATCH_COLUMNS, PATCH_ROWS), borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(patch, np.float64)


def _normalised(patch: NDArray[np.float64]) -> NDArray[np.float64]:
    """Zero mean, unit deviation; contrast below 6 levels is noise and stays small."""
    flat = patch.ravel()
    centred = flat - float(flat.sum()) / len(flat)
    spread = math.sqrt(float(centred @ centred) / len(flat))
    return np.asarray(centred / max(6.0, spread), np.float64)


def polygon_mask(polygon: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the (48, 48) mask of the crop pixels that a polygon (n, 2) in crop positions fills."""
    canvas = np.zeros((CROP_PX, CROP_PX), np.uint8)
    bounded = np.minimum(np.maximum(polygon, -CROP_PX), 2 * CROP_PX)
    cv2.fillPoly(canvas, [np.rint(bounded - 0.5).astype(np.int32)], (1,))
    return canvas.view(np.bool_)
