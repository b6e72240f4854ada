"""A camera model follows its image when that is turned upright and unmirrored."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from attune.vision.camera import CameraModel

AS_SENT = CameraModel(500, 510, 300, 250, 640, 480, (-0.2, 0.05, 0.002, -0.003, 0.01))
TURN = np.array([[0.0, -1.0], [1.0, 0.0]])


def project(camera: CameraModel, x: float, y: float) -> NDArray[np.float64]:
    points, _ = cv2.projectPoints(
        np.array([[x, y, 1.0]]), np.zeros(3), np.zeros(3), camera.matrix, camera.distortion_array
    )
    return np.asarray(points[0, 0], dtype=np.float64)


def turned(pixel: NDArray[np.float64], quarter_turns: int, mirrored: bool) -> NDArray[np.float64]:
    x, y = pixel
    width, height = 640, 480
    for _ in range(quarter_turns):
        x, y = height - y, x
        width, height = height, width
    return np.array([width - x if mirrored else x, y])


@given(st.floats(-0.5, 0.5), st.floats(-0.4, 0.4), st.integers(0, 3), st.booleans())
def test_a_point_lands_where_its_pixel_was_turned_to(
    x: float, y: float, quarter_turns: int, mirrored: bool
) -> None:
    camera = AS_SENT.upright(90 * quarter_turns, mirrored)
    direction = np.linalg.matrix_power(TURN, quarter_turns) @ (x, y)
    if mirrored:
        direction[0] = -direction[0]
    expected = turned(project(AS_SENT, x, y), quarter_turns, mirrored)
    assert project(camera, *direction) == pytest.approx(expected, abs=1e-6)


def test_an_upright_image_keeps_its_model() -> None:
    assert AS_SENT.upright(0, mirrored=False) is AS_SENT
