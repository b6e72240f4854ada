"""Measures on the aligned face whether eyes and mouth are there or something lies over them.

Everything is measured on a `Chip`, the crop's framing at twice its resolution, so the thresholds do
not depend on how large or how turned the face is. Brightness is taken relative to the lower face of
the same person in the same light.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.vision.crop import CROP_PX, sample, to_gray
from attune.vision.landmarks import OUTER_LIPS, REGION_POINTS

CHIP_PX: Final = 2 * CROP_PX
PATCH_ROWS: Final = 12
PATCH_COLUMNS: Final = 18
_PATCH_SPAN: Final = 36
"""Chip pixels that a patch is wide."""

# fmt: off
_JAW: Final = (
    93, 132, 58, 172, 136, 150, 176, 152, 400, 379, 365, 397, 288, 361, 323, 425, 358, 2, 129, 205,
)
_EYE_BAND: Final = (
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300, 346, 347, 348, 349, 197, 120, 119, 118, 117,
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Chip:
    """The face in the crop's framing: `rgb` (96, 96, 3) and `gray` (96, 96) uint8.

    `points` is (≥468, 2) float64, the mesh in chip pixels.
    """

    rgb: NDArray[np.uint8]
    gray: NDArray[np.uint8]
    points: NDArray[np.float64]


def take_chip(
    rgb: NDArray[np.uint8], mesh: NDArray[np.float32], matrix: NDArray[np.float64]
) -> Chip:
    """Return the chip of a face, given the crop's matrix."""
    pixels = sample(rgb, matrix, CHIP_PX)
    zoom = CHIP_PX / CROP_PX
    points = (mesh[:, :2].astype(np.float64) @ matrix[:, :2].T + matrix[:, 2]) * zoom
    return Chip(pixels, to_gray(pixels), points)


@dataclass(frozen=True, slots=True)
class SkinReference:
    """The lower face of this person in this light.

    `level` and `spread` are the median and the robust standard deviation of gray levels, `chroma`
    (2,) the median of (Cr, Cb), `chroma_spread` its robust deviation, `texture` the mean gradient.
    """

    level: float
    spread: float
    chroma: NDArray[np.float64]
    chroma_spread: float
    texture: float


def eye_patches(chip: Chip) -> NDArray[np.float64]:
    """Return (2, 216) float64: the subject's right eye and the left one mirrored, normalised."""
    right = _patch(chip.gray, _centre(chip, "right_eye"))
    left = _patch(chip.gray, _centre(chip, "left_eye"))[:, ::-1]
    return np.stack([_normalised(right), _normalised(left)])


def mouth_patch(chip: Chip) -> NDArray[np.float64]:
    """Return (216,) float64: the mouth, normalised."""
    return _normalised(_patch(chip.gray, _centre(chip, "mouth")))


def skin_reference(chip: Chip, gradient: NDArray[np.float32]) -> SkinReference:
    """Return the colour and texture of the lower face without the lips."""
    mask = _mask(chip.points[list(_JAW)]) & ~_mask(chip.points[list(OUTER_LIPS)], grow=3)
    if mask.sum() < 50:
        mask = _mask(chip.points[list(_JAW)])
    if mask.sum() < 50:
        mask = np.ones((CHIP_PX, CHIP_PX), bool)
    levels = chip.gray[mask].astype(np.float64)
    level = float(np.median(levels))
    ycc = cv2.cvtColor(chip.rgb, cv2.COLOR_RGB2YCrCb)[mask][:, 1:].astype(np.float64)
    chroma = np.median(ycc, axis=0)
    return SkinReference(
        level,
        1.4826 * float(np.median(np.abs(levels - level))),
        chroma,
        1.4826 * float(np.median(np.linalg.norm(ycc - chroma, axis=1))),
        float(gradient[mask].mean()),
    )


def gradient_magnitude(chip: Chip) -> NDArray[np.float32]:
    """Return (96, 96) float32 gradient magnitude of the lightly smoothed gray chip."""
    smooth = cv2.GaussianBlur(chip.gray, (3, 3), 0)
    dx = cv2.Sobel(smooth, cv2.CV_32F, 1, 0)
    dy = cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(dx, dy), np.float32)


def skin_likeness(chip: Chip, skin: SkinReference) -> NDArray[np.float32]:
    """Return (96, 96) float32 in [0, 1]: how well each pixel agrees with the lower face.

    Gray level counts by its ratio, so that shading across a face matters less than another
    material; colour counts where the lower face has one.
    """
    level = np.log((chip.gray.astype(np.float32) + 12) / np.float32(skin.level + 12))
    tolerance = 0.35 + skin.spread / (skin.level + 12)
    distance = (level / np.float32(tolerance)) ** 2
    ycc = cv2.cvtColor(chip.rgb, cv2.COLOR_RGB2YCrCb)[..., 1:].astype(np.float32)
    offset = np.linalg.norm(ycc - skin.chroma.astype(np.float32), axis=2)
    distance += (offset / np.float32(8 + 2 * skin.chroma_spread)) ** 2
    return np.asarray(np.exp(-0.5 * distance), np.float32)


def slab_features(chip: Chip) -> NDArray[np.float64]:
    """Return (5,) float64 that tell a slab over the eyes from eyes, whatever its colour.

    In order: skin-like share of the eye band; |log| of its brightness relative to the lower face;
    log of its texture relative to the lower face; its darkest tenth and its brightest tenth, log
    relative to the lower face.
    """
    gradient = gradient_magnitude(chip)
    skin = skin_reference(chip, gradient)
    band = _mask(chip.points[list(_EYE_BAND)])
    if band.sum() < 50:
        return np.zeros(5)
    levels = chip.gray[band].astype(np.float64)
    dark, middle, bright = np.log((np.percentile(levels, (10, 50, 90)) + 12) / (skin.level + 12))
    texture = np.log((float(gradient[band].mean()) + 2) / (skin.texture + 2))
    likeness = float(skin_likeness(chip, skin)[band].mean())
    return np.array([likeness, abs(middle), texture, dark, bright])


def _centre(chip: Chip, region: str) -> NDArray[np.float64]:
    return np.asarray(chip.points[list(REGION_POINTS[region])].mean(axis=0), np.float64)


def _patch(gray: NDArray[np.uint8], centre: NDArray[np.float64]) -> NDArray[np.float64]:
    zoom = PATCH_COLUMNS / _PATCH_SPAN
    shift = np.array([PATCH_COLUMNS, PATCH_ROWS]) / 2 - 0.5 - zoom * (centre - 0.5)
    matrix = np.array([[zoom, 0, shift[0]], [0, zoom, shift[1]]])
    smooth = cv2.blur(gray, (2, 2))
    patch = cv2.warpAffine(
        smooth, matrix, (PATCH_COLUMNS, PATCH_ROWS), borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(patch, np.float64)


def _normalised(patch: NDArray[np.float64]) -> NDArray[np.float64]:
    """Zero mean, unit deviation; contrast below 6 levels is noise and stays small."""
    centred = patch - patch.mean()
    return np.asarray((centred / max(6.0, float(centred.std()))).ravel(), np.float64)


def _mask(polygon: NDArray[np.float64], grow: int = 0) -> NDArray[np.bool_]:
    canvas = np.zeros((CHIP_PX, CHIP_PX), np.uint8)
    bounded = np.clip(polygon, -CHIP_PX, 2 * CHIP_PX)
    cv2.fillPoly(canvas, [np.round(bounded - 0.5).astype(np.int32)], (1,))
    if grow:
        return np.asarray(cv2.dilate(canvas, np.ones((2 * grow + 1, 2 * grow + 1), np.uint8)) > 0)
    return np.asarray(canvas, np.bool_)
