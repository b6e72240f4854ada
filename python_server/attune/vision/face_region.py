"""Where in an image a face network looks: a turned square around one face.

Two rules make the square of the next frame from the mesh of this one. `around_mesh` encloses the
whole mesh. `around_lower_face` rests on the points that no headset covers: under a headset the
upper half of a mesh is invented, and a square around it wanders off as soon as the head turns.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.vision.crop import CROP_PX, crop_matrix, crop_scale
from attune.vision.landmarks import MESH_POINTS

_MARGIN = 1.5
"""Side of the square as a multiple of the face's, as the network was trained."""
_OUTER_EYE_RIGHT, _OUTER_EYE_LEFT = 33, 263
_LOWER_MIDDLE = np.array([CROP_PX / 2, 28.0])
_LOWER_SIDE = 54.0
"""Middle and side of the square in crop positions, chosen on rendered heads in headsets."""


@dataclass(frozen=True, slots=True)
class FaceRegion:
    """A square: middle (`x`, `y`) and `side` in pixels, `angle` clockwise in radians."""

    x: float
    y: float
    side: float
    angle: float


def around_mesh(mesh: NDArray[np.float32]) -> FaceRegion:
    """Return the square around all points of a (≥468, 3) mesh, level with the eyes."""
    points = mesh[:MESH_POINTS, :2]
    low, high = points.min(axis=0), points.max(axis=0)
    x, y = (low + high) / 2
    across, down = points[_OUTER_EYE_LEFT] - points[_OUTER_EYE_RIGHT]
    side = _MARGIN * float((high - low).max())
    return FaceRegion(float(x), float(y), side, math.atan2(float(down), float(across)))


def around_lower_face(mesh: NDArray[np.float32]) -> FaceRegion:
    """Return the square that nose, mouth, chin and jaw of a (≥468, 3) mesh give."""
    matrix = crop_matrix(mesh)
    x, y = np.linalg.solve(matrix[:, :2], _LOWER_MIDDLE - matrix[:, 2])
    angle = -math.atan2(float(matrix[1, 0]), float(matrix[0, 0]))
    return FaceRegion(float(x), float(y), _LOWER_SIDE / crop_scale(matrix), angle)
