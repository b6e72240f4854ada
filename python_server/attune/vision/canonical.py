"""The canonical face: one average head with the topology of the tracker's mesh.

`CANONICAL_FACE` is (468, 3) float64 centimetres in OpenGL axes (x image right, y up, z towards the
camera) of a face that looks straight at the camera; row = mesh index.
"""

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

_FILE = Path(__file__).with_name("canonical_face.csv")

CANONICAL_FACE: Final[NDArray[np.float64]] = np.loadtxt(
    _FILE, dtype=np.float64, delimiter=",", comments="#"
)
HEAD_CENTER: Final[NDArray[np.float64]] = np.array([0.0, 0.0, -4.0])
"""Point inside the head from which outward directions are taken, same axes and unit."""

OPENGL_TO_OPENCV: Final[NDArray[np.float64]] = np.diag([1.0, -1.0, -1.0])
"""Turns OpenGL axes (x right, y up, z to the camera) into OpenCV's (x right, y down, z away)."""


def outward(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (3,) unit direction in which the patch with these (n, 3) points faces."""
    direction = points.mean(axis=0) - HEAD_CENTER
    return np.asarray(direction / np.linalg.norm(direction), np.float64)
