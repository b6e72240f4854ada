"""Unity's axes to the camera's, on rotations whose effect can be said in words."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.session.axes import flip_point, flip_rotation, matrix_of, quaternion_of

ANGLE = math.radians(30)
HALF = (math.sin(ANGLE / 2), math.cos(ANGLE / 2))

components = st.floats(-1, 1)
quaternions = st.tuples(components, components, components, components).filter(
    lambda q: math.hypot(*q) > 0.1
)


def test_up_in_unity_is_up_in_the_camera_frame() -> None:
    assert flip_point(np.array([0.0, 1.6, 0.0])).tolist() == [0.0, -1.6, 0.0]


def test_turning_right_in_unity_turns_forward_to_the_right() -> None:
    # A positive Unity yaw turns the nose (z) towards x, which is right in both frames.
    rotation = flip_rotation(matrix_of(0, HALF[0], 0, HALF[1]))
    assert rotation @ [0, 0, 1] == pytest.approx([math.sin(ANGLE), 0, math.cos(ANGLE)])


def test_looking_down_in_unity_points_forward_down() -> None:
    # A positive Unity pitch lowers the nose; down is +y for the camera.
    rotation = flip_rotation(matrix_of(HALF[0], 0, 0, HALF[1]))
    assert rotation @ [0, 0, 1] == pytest.approx([0, math.sin(ANGLE), math.cos(ANGLE)])


def test_a_positive_unity_roll_tilts_the_top_of_the_head_to_the_left() -> None:
    # Unity's +z rotation takes x towards y (up): the right side rises, the top goes left.
    rotation = flip_rotation(matrix_of(0, 0, HALF[0], HALF[1]))
    assert rotation @ [0, -1, 0] == pytest.approx([-math.sin(ANGLE), -math.cos(ANGLE), 0])


@given(quaternions, st.tuples(components, components, components))
def test_rotating_then_flipping_is_flipping_then_rotating(
    q: tuple[float, float, float, float], point: tuple[float, float, float]
) -> None:
    unity = matrix_of(*q)
    vector = np.array(point)
    assert flip_point(unity @ vector) == pytest.approx(flip_rotation(unity) @ flip_point(vector))


@given(quaternions)
def test_the_flipped_matrix_is_a_proper_rotation(q: tuple[float, float, float, float]) -> None:
    rotation = flip_rotation(matrix_of(*q))
    assert rotation @ rotation.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(rotation) == pytest.approx(1)


@given(quaternions)
def test_a_matrix_gives_its_quaternion_back(q: tuple[float, float, float, float]) -> None:
    rotation = matrix_of(*q)
    assert matrix_of(*quaternion_of(rotation)) == pytest.approx(rotation, abs=1e-9)
