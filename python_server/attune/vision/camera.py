"""The pinhole model of one camera: what turns pixels into directions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.errors import InputError

ASSUMED_HORIZONTAL_FOV_DEG = 60.0
"""Field of view taken for a camera nobody has calibrated; webcams lie between 55° and 78°."""

_DISTORTION_LENGTHS = (0, 4, 5, 8, 12, 14)


@dataclass(frozen=True, slots=True)
class CameraModel:
    """Intrinsics of one image size (after crop and scale), in pixels.

    `distortion` holds OpenCV's coefficients (0, 4, 5, 8, 12 or 14 of them). `assumed` is true where
    the numbers come from the image size alone; distances measured with such a model are guesses,
    so no translation is reported with it.
    Raises `InputError` ``camera.invalid``.
    """

    fx: float
    fy: float
    cx: float
    cy: float
    width: int
    height: int
    distortion: tuple[float, ...] = ()
    assumed: bool = False

    def __post_init__(self) -> None:
        _require(
            self.width >= 1 and self.height >= 1,
            f"a size of at least 1×1, got {self.width}×{self.height}",
        )
        numbers = (self.fx, self.fy, self.cx, self.cy, *self.distortion)
        _require(all(math.isfinite(value) for value in numbers), f"finite numbers, got {numbers}")
        _require(
            self.fx > 0 and self.fy > 0,
            f"focal lengths above 0 pixels, got fx {self.fx}, fy {self.fy}",
        )
        _require(
            -self.width <= self.cx <= 2 * self.width and -self.height <= self.cy <= 2 * self.height,
            f"a principal point near the {self.width}×{self.height} image, "
            f"got ({self.cx}, {self.cy})",
        )
        _require(
            len(self.distortion) in _DISTORTION_LENGTHS,
            f"0, 4, 5, 8, 12 or 14 distortion coefficients, got {len(self.distortion)}",
        )

    @classmethod
    def from_size(
        cls, width: int, height: int, horizontal_fov_deg: float = ASSUMED_HORIZONTAL_FOV_DEG
    ) -> "CameraModel":
        """Return an assumed model; the field of view is taken across the longer side."""
        _require(width >= 1 and height >= 1, f"a size of at least 1×1, got {width}×{height}")
        focal = max(width, height) / (2 * math.tan(math.radians(horizontal_fov_deg) / 2))
        return cls(focal, focal, width / 2, height / 2, width, height, assumed=True)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """The (3, 3) float64 intrinsic matrix."""
        return np.array([[self.fx, 0, self.cx], [0, self.fy, self.cy], [0, 0, 1]], np.float64)

    @property
    def distortion_array(self) -> NDArray[np.float64]:
        """(n,) float64 in OpenCV's order; zeros for a camera without distortion."""
        return np.array(self.distortion or (0.0, 0.0, 0.0, 0.0), np.float64)

    def for_image(self, width: int, height: int) -> "CameraModel":
        """Return this model for an image of the given size; raises if the shape differs."""
        if (width, height) == (self.width, self.height):
            return self
        scale = width / self.width
        _require(
            math.isclose(scale, height / self.height, rel_tol=0.01),
            f"an image shaped like {self.width}×{self.height}, got {width}×{height}",
        )
        return CameraModel(
            self.fx * scale,
            self.fy * scale,
            self.cx * scale,
            self.cy * scale,
            width,
            height,
            self.distortion,
            self.assumed,
        )

    def upright(self, rotation_deg: int, mirrored: bool) -> "CameraModel":
        """Return the model of the upright image, where this one is of the image as sent.

        `rotation_deg` ∈ {0, 90, 180, 270} clockwise is applied first, `mirrored` second. The
        tangential coefficients (p2, p1) turn and flip like a vector of the image plane.
        Raises `InputError` ``camera.invalid`` for more than five distortion coefficients.
        """
        if rotation_deg == 0 and not mirrored:
            return self
        _require(
            len(self.distortion) <= 5,
            f"at most 5 distortion coefficients for a turned image, got {len(self.distortion)}",
        )
        fx, fy, cx, cy = self.fx, self.fy, self.cx, self.cy
        width, height = self.width, self.height
        k1, k2, p1, p2, *k3 = self.distortion or (0.0, 0.0, 0.0, 0.0)
        for _ in range(rotation_deg // 90):
            fx, fy, cx, cy = fy, fx, height - cy, cx
            width, height = height, width
            p1, p2 = p2, -p1
        if mirrored:
            cx, p2 = width - cx, -p2
        distortion = (k1, k2, p1, p2, *k3) if self.distortion else ()
        return CameraModel(fx, fy, cx, cy, width, height, distortion, self.assumed)


def camera_from_calibration(
    width: int, height: int, matrix: Sequence[float], distortion: Sequence[float] = ()
) -> CameraModel:
    """Return the model for (fx, fy, cx, cy) and distortion as they come over the wire."""
    _require(len(matrix) == 4, f"the four numbers fx, fy, cx, cy, got {len(matrix)}")
    fx, fy, cx, cy = (float(value) for value in matrix)
    return CameraModel(fx, fy, cx, cy, width, height, tuple(float(value) for value in distortion))


def _require(condition: bool, expected: str) -> None:
    if not condition:
        raise InputError("camera.invalid", f"camera model: expected {expected}")
