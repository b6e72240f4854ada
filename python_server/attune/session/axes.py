"""Unity's axes (left-handed, y up) to the camera's (right-handed, y down): one sign flip of y.

Both frames have x right and z forward, so S = diag(1, −1, 1) takes the coordinates of a point from
one to the other, and S·R·S a rotation: what the rotation did to a vector in the old axes it does to
the same vector in the new ones. S is its own inverse, so the same functions go back.
"""

import math

import numpy as np
from numpy.typing import NDArray

_FLIP_Y = np.array([1.0, -1.0, 1.0])


def flip_point(point: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3,) float64 coordinates of the same point in the other frame."""
    return np.multiply(point, _FLIP_Y, dtype=np.float64)


def flip_rotation(rotation: NDArray[np.float64]) -> NDArray[np.float64]:
    """(3, 3) float64 matrix of the same rotation in the other frame."""
    return np.multiply(_FLIP_Y[:, np.newaxis] * _FLIP_Y, rotation, dtype=np.float64)


def matrix_of(x: float, y: float, z: float, w: float) -> NDArray[np.float64]:
    """(3, 3) float64 rotation of a quaternion of any length but zero."""
    norm = math.sqrt(x * x + y * y + z * z + w * w)
    x, y, z, w = x / norm, y / norm, z / norm, w / norm
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


def quaternion_of(rotation: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Unit quaternion (x, y, z, w) of a (3, 3) rotation, by the largest of the four components
    (Shepperd 1978), which keeps it exact near half turns."""
    diagonal = np.diagonal(rotation)
    trace = float(diagonal.sum())
    squares = np.array([*(1 + 2 * diagonal - trace), 1 + trace])
    largest = int(np.argmax(squares))
    upper = rotation - rotation.T
    vector = (float(upper[2, 1]), float(upper[0, 2]), float(upper[1, 0]))
    if largest == 3:
        values = [*vector, float(squares[3])]
    else:
        symmetric = rotation + rotation.T
        values = [float(symmetric[largest, other]) for other in range(3)] + [vector[largest]]
        values[largest] = float(squares[largest])
    norm = math.sqrt(sum(value * value for value in values))
    x, y, z, w = (value / norm for value in values)
    return x, y, z, w
