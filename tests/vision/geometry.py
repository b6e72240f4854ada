"""Synthetic heads for the tests: the canonical face, turned and projected by a pinhole camera."""

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.vision.camera import CameraModel
from attune.vision.canonical import CANONICAL_FACE, OPENGL_TO_OPENCV
from attune.vision.pose import rotation_from_angles

CAMERA = CameraModel(600, 610, 325, 236, 640, 480, (-0.05, 0.01, 0.001, -0.001, 0.0))
FAR_AWAY = CameraModel(6000, 6000, 320, 240, 640, 480)


def head(
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll: float = 0.0,
    *,
    at_cm: tuple[float, float, float] = (0.0, 0.0, 60.0),
    camera: CameraModel = CAMERA,
) -> NDArray[np.float32]:
    """Return the (468, 3) mesh of a head with these angles (degrees), x and y in pixels."""
    rotation = rotation_from_angles(yaw, pitch, roll)
    placed = CANONICAL_FACE @ OPENGL_TO_OPENCV @ rotation.T + np.array(at_cm)
    pixels, _ = cv2.projectPoints(
        placed, np.zeros(3), np.zeros(3), camera.matrix, camera.distortion_array
    )
    depth = (placed[:, 2:] - at_cm[2]) * camera.fx / at_cm[2]
    return np.concatenate([pixels[:, 0], depth], axis=1).astype(np.float32)
