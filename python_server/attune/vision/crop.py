"""The one aligned crop of live analysis, training and evaluation.

A similarity transform takes nose, corners of the mouth, chin and the lower outline of the face to
where FER2013's framing has them on average. Eyes and brows never take part: under a headset they
are the tracker's invention.

Positions are continuous: 0 is the left or top border of an image, its width or height the other
border, the middle of the first pixel 0.5. The face mesh uses the same convention.
"""

import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.config import resource_root
from attune.errors import ConfigError
from attune.vision.face import FaceCrop

CROP_PX: Final = 48
# fmt: off
CROP_POINTS: Final[tuple[int, ...]] = (
    1, 2, 98, 327, 61, 291, 152,  # nose, corners of the mouth, chin
    132, 58, 172, 136, 150, 176, 361, 288, 397, 365, 379, 400,  # lower outline
)
_MIRRORED: Final[tuple[int, ...]] = (
    1, 2, 327, 98, 291, 61, 152, 361, 288, 397, 365, 379, 400, 132, 58, 172, 136, 150, 176,
)
# fmt: on
_INDEX = np.array(CROP_POINTS)
_BORDER = 2
"""Image pixels beyond a crop that its interpolation may touch."""
_MAX_SUPERSAMPLING = 8
UPPER_ROWS: Final = 26
"""Rows of the crop that the lower face leaves free: down to the middle of the nose."""
_HALF_PIXEL = np.array([0.5, 0.5])


@dataclass(frozen=True, slots=True)
class CropTemplate:
    """Where the points of `CROP_POINTS` lie in the crop: `points` is (19, 2) float64."""

    points: NDArray[np.float64]


def load_template(path: Path | None = None) -> CropTemplate:
    """Return the template in a TOML file (default: the one that ships), made left-right even.

    Raises `ConfigError` where the file is missing, unreadable or lacks a point.
    """
    path = path or resource_root() / "calibration" / "crop_fer2013.toml"
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read the crop template {path}: {error}") from error
    try:
        size = float(document["crop"]["size_px"])
        by_index = {
            int(point["mesh"]): (float(point["x"]), float(point["y"]))
            for point in document["points"].values()
        }
        points = np.array([by_index[i] for i in CROP_POINTS]) * (CROP_PX / size)
        twins = np.array([by_index[i] for i in _MIRRORED]) * (CROP_PX / size)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(
            f"the crop template {path} lacks or misstates {error}; it needs crop.size_px and a "
            f"[points.*] table with mesh, x and y for each of the mesh points {CROP_POINTS}"
        ) from error
    if not np.isfinite([points, twins]).all():
        raise ConfigError(f"the crop template {path} has points that are not finite")
    twins[:, 0] = CROP_PX - twins[:, 0]
    return CropTemplate((points + twins) / 2)


@cache
def default_template() -> CropTemplate:
    """The template that ships, read once."""
    return load_template()


def crop_matrix(
    mesh: NDArray[np.float32] | NDArray[np.float64], template: CropTemplate | None = None
) -> NDArray[np.float64]:
    """Return the (2, 3) float64 similarity transform from image to crop positions.

    `mesh` is (≥468, ≥2), positions in the image. Least squares over all points (Umeyama, 1991).
    """
    target = _as_complex((template or default_template()).points)
    source = _as_complex(mesh[_INDEX, :2])
    source_mean = complex(source.sum()) / len(source)
    target_mean = complex(target.sum()) / len(target)
    apart = source - source_mean
    spread = float(np.vdot(apart, apart).real)
    if spread <= 0:
        raise ValueError("expected mesh points apart from each other, got all in one place")
    turn = complex(np.vdot(apart, target)) / spread
    shift = target_mean - turn * source_mean
    return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])


def _as_complex(points: NDArray[np.float32] | NDArray[np.float64]) -> NDArray[np.complex128]:
    """Return (n, 2) points as (n,) x + iy, in which a similarity is one factor and one sum."""
    return np.ascontiguousarray(points, np.float64).view(np.complex128)[:, 0]


def crop_scale(matrix: NDArray[np.float64]) -> float:
    """Return crop pixels per image pixel."""
    return math.hypot(float(matrix[0, 0]), float(matrix[1, 0]))


def sample(
    image: NDArray[np.uint8], matrix: NDArray[np.float64], size: int = CROP_PX
) -> NDArray[np.uint8]:
    """Return the (size, size) or (size, size, 3) uint8 crop of a gray or colour image.

    `matrix` maps the image to `CROP_PX` positions whatever `size` is. Shrinking averages over the
    area of each pixel of the crop; beyond the border of the image its edge is repeated.
    """
    zoom = size / CROP_PX
    k = _supersampling(zoom * crop_scale(matrix))
    fine = matrix * (zoom * k)
    fine[:, 2] += fine[:, :2] @ _HALF_PIXEL - _HALF_PIXEL
    warped = cv2.warpAffine(
        image, fine, (size * k, size * k), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    if k > 1:
        warped = cv2.resize(warped, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(warped, np.uint8)


def sample_gray(
    image: NDArray[np.uint8], matrix: NDArray[np.float64], size: int = CROP_PX
) -> NDArray[np.uint8]:
    """Return the (size, size) uint8 gray crop of a gray or colour image, as `sample` takes it.

    Of a colour image only the part around the crop is converted.
    """
    if image.ndim == 2:
        return sample(image, matrix, size)
    height, width = image.shape[:2]
    left, top, right, bottom = _bounds(matrix)
    x0, y0 = _edge(left - _BORDER, width - 1), _edge(top - _BORDER, height - 1)
    x1, y1 = _edge(right + _BORDER, width), _edge(bottom + _BORDER, height)
    part = to_gray(image[y0 : max(y1, y0) + 1, x0 : max(x1, x0) + 1])
    moved = matrix.copy()
    moved[:, 2] += matrix[:, :2] @ (x0, y0)
    return sample(part, moved, size)


def _edge(position: float, last: int) -> int:
    return int(min(max(position, 0), last))


def _bounds(matrix: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the crop's upright bounding box in the image."""
    (a, b, tx), (c, d, ty) = matrix.tolist()
    area = a * d - b * c
    half = CROP_PX / 2
    x = (d * (half - tx) - b * (half - ty)) / area
    y = (a * (half - ty) - c * (half - tx)) / area
    across, down = half * (abs(d) + abs(b)) / abs(area), half * (abs(a) + abs(c)) / abs(area)
    return x - across, y - down, x + across, y + down


def _supersampling(scale: float) -> int:
    """Points a side that are averaged, at most 1.7 image pixels apart, each interpolated.

    Even when shrinking, so that a sample of half the size is the mean of this one's 2×2 blocks.
    """
    return 1 if scale >= 1 else min(_MAX_SUPERSAMPLING, 2 * math.ceil(0.3 / scale))


def sample_points(image: NDArray[np.uint8], matrix: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return (48, 48, …) uint8: the image at the middle of each crop pixel, without averaging."""
    shifted = matrix.copy()
    shifted[:, 2] += shifted[:, :2] @ _HALF_PIXEL - _HALF_PIXEL
    return np.asarray(
        cv2.warpAffine(
            image,
            shifted,
            (CROP_PX, CROP_PX),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        ),
        np.uint8,
    )


def to_gray(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the (H, W) uint8 luma (Rec. 601) of an (H, W, 3) image."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def inside_image(matrix: NDArray[np.float64], width: int, height: int) -> NDArray[np.float32]:
    """Return the (48, 48) float32 share of each crop pixel that lies inside the image."""
    left, top, right, bottom = _bounds(matrix)
    if left >= 0 and top >= 0 and right <= width and bottom <= height:
        return np.ones((CROP_PX, CROP_PX), np.float32)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    return fill_polygon(corners @ matrix[:, :2].T + matrix[:, 2])


def fill_polygon(polygon: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the (48, 48) float32 coverage in [0, 1] of a polygon (n, 2) in crop positions."""
    k = 4
    canvas = np.zeros((CROP_PX * k, CROP_PX * k), np.uint8)
    bounded = np.minimum(np.maximum(polygon, -8 * CROP_PX), 9 * CROP_PX)
    cv2.fillPoly(canvas, [np.rint(bounded * k - 0.5).astype(np.int32)], (255,))
    small = cv2.resize(canvas, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(255)


def take_crop(
    image: NDArray[np.uint8],
    matrix: NDArray[np.float64],
    covered: NDArray[np.float32],
    doubled: NDArray[np.uint8] | None = None,
) -> FaceCrop:
    """Return the crop of a gray or colour image.

    `covered` is the (48, 48) float32 share that headset or hand hides. `doubled` saves work: the
    (96, 96) sample of the same image and matrix, whose 2×2 means are the crop when shrinking.
    """
    height, width = image.shape[:2]
    visible = inside_image(matrix, width, height) * (1 - covered)
    if doubled is not None and _supersampling(2 * crop_scale(matrix)) * 2 == _supersampling(
        crop_scale(matrix)
    ):
        shrunk = cv2.resize(doubled, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)
        return FaceCrop(np.asarray(shrunk, np.uint8), visible.astype(np.float32), matrix)
    return FaceCrop(sample_gray(image, matrix), visible.astype(np.float32), matrix)


def without_upper_rows(crop: FaceCrop) -> FaceCrop:
    """Return the crop with its `UPPER_ROWS` black and hidden, as models are also evaluated."""
    gray, visible = crop.gray.copy(), crop.visible.copy()
    gray[:UPPER_ROWS], visible[:UPPER_ROWS] = 0, 0
    return replace(crop, gray=gray, visible=visible)
