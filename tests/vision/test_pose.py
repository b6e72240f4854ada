"""The sign table, and the pose of heads whose pose is known."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attune.vision.camera import CameraModel
from attune.vision.canonical import CANONICAL_FACE, OPENGL_TO_OPENCV
from attune.vision.face import PoseSource
from attune.vision.landmarks import CHIN, IBUG_68, NOSE_TIP, TEMPLE_LEFT, TEMPLE_RIGHT, mirror_index
from attune.vision.pose import (
    angles_from_rotation,
    estimate_pose,
    head_pose,
    pose_from_transform,
    rotation_from_angles,
    turned_further,
)

from .geometry import CAMERA, head

FOREHEAD = 10


def measured(
    yaw: float, pitch: float, roll: float, *, upper_face: bool = True
) -> tuple[float, float, float]:
    estimate = estimate_pose(head(yaw, pitch, roll), CAMERA, upper_face=upper_face)
    assert estimate is not None
    return angles_from_rotation(estimate.rotation)


def test_a_face_that_looks_straight_ahead_has_no_angles() -> None:
    assert measured(0, 0, 0) == pytest.approx((0, 0, 0), abs=1e-3)


def test_yaw_is_positive_when_the_nose_moves_to_the_images_right() -> None:
    still, turned = head(), head(yaw=20)
    assert turned[NOSE_TIP, 0] > still[NOSE_TIP, 0] + 5
    assert measured(20, 0, 0) == pytest.approx((20, 0, 0), abs=1e-2)


def test_yaw_is_positive_towards_the_subjects_own_left() -> None:
    """The subject's left half lies at the image's right; turned left, it is the one seen less."""
    turned = head(yaw=30)
    left = turned[TEMPLE_LEFT, 0] - turned[NOSE_TIP, 0]
    right = turned[NOSE_TIP, 0] - turned[TEMPLE_RIGHT, 0]
    assert 0 < left < right


@settings(max_examples=30, deadline=None)
@given(st.floats(-35, 35), st.floats(-220, 220))
def test_the_same_pixels_show_the_same_turn_wherever_in_the_image_they_lie(
    yaw: float, shift_px: float
) -> None:
    """Only the axes of the camera make another yaw of them: by 19 degrees at the border."""
    camera = CameraModel.from_size(640, 480)
    moved = head(yaw, camera=camera) + np.array([shift_px, 0, 0], np.float32)
    estimate = estimate_pose(moved, camera, upper_face=True)
    assert estimate is not None
    assert head_pose(estimate, camera).seen_yaw_deg == pytest.approx(yaw, abs=3.5)


def test_pitch_is_positive_when_the_nose_moves_up() -> None:
    still, turned = head(), head(pitch=20)
    assert turned[NOSE_TIP, 1] < still[NOSE_TIP, 1] - 5
    assert measured(0, 20, 0) == pytest.approx((0, 20, 0), abs=1e-2)


def test_roll_is_positive_when_the_top_of_the_head_moves_to_the_images_right() -> None:
    turned = head(roll=20)
    assert turned[FOREHEAD, 0] > turned[CHIN, 0] + 20
    assert measured(0, 0, 20) == pytest.approx((0, 0, 20), abs=1e-2)


def test_the_matrix_is_the_product_that_the_table_states() -> None:
    yaw, pitch, roll = 25.0, -15.0, 35.0
    a, b, c = (math.radians(angle) for angle in (yaw, -pitch, -roll))
    ry = [[math.cos(a), 0, math.sin(a)], [0, 1, 0], [-math.sin(a), 0, math.cos(a)]]
    rx = [[1, 0, 0], [0, math.cos(b), -math.sin(b)], [0, math.sin(b), math.cos(b)]]
    rz = [[math.cos(c), -math.sin(c), 0], [math.sin(c), math.cos(c), 0], [0, 0, 1]]
    opengl = np.array(ry) @ np.array(rx) @ np.array(rz)
    opencv = OPENGL_TO_OPENCV @ opengl @ OPENGL_TO_OPENCV
    assert np.allclose(rotation_from_angles(yaw, pitch, roll), opencv)
    assert angles_from_rotation(opencv) == pytest.approx((yaw, pitch, roll))


@given(st.floats(-179, 179), st.floats(-88, 88), st.floats(-179, 179))
def test_angles_survive_the_way_to_a_matrix_and_back(yaw: float, pitch: float, roll: float) -> None:
    rotation = rotation_from_angles(yaw, pitch, roll)
    assert np.allclose(rotation @ rotation.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(rotation) == pytest.approx(1)
    assert angles_from_rotation(rotation) == pytest.approx((yaw, pitch, roll), abs=1e-5)


@given(st.floats(-179, 179), st.sampled_from([-90.0, 90.0]))
def test_looking_straight_up_or_down_keeps_the_rotation(yaw: float, pitch: float) -> None:
    rotation = rotation_from_angles(yaw, pitch, 0.0)
    assert np.allclose(rotation_from_angles(*angles_from_rotation(rotation)), rotation, atol=1e-6)


@pytest.mark.parametrize("upper_face", [True, False])
@pytest.mark.parametrize("yaw", [-45, -20, 0, 20, 45])
@pytest.mark.parametrize("pitch", [-25, 0, 25])
@pytest.mark.parametrize("roll", [-30, 0, 30])
def test_a_projected_head_is_measured_as_it_was_posed(
    yaw: float, pitch: float, roll: float, upper_face: bool
) -> None:
    angles = measured(yaw, pitch, roll, upper_face=upper_face)
    assert angles == pytest.approx((yaw, pitch, roll), abs=0.1)


@settings(deadline=None)
@given(st.floats(-40, 40), st.floats(-20, 20), st.floats(-30, 30))
def test_a_mirrored_face_flips_yaw_and_roll_and_keeps_pitch(
    yaw: float, pitch: float, roll: float
) -> None:
    camera = CameraModel.from_size(640, 480)
    mesh = head(yaw, pitch, roll, camera=camera)
    mirrored = mesh[mirror_index()].copy()
    mirrored[:, 0] = 640 - mirrored[:, 0]
    straight = estimate_pose(mesh, camera, upper_face=True)
    flipped = estimate_pose(mirrored, camera, upper_face=True)
    assert straight is not None
    assert flipped is not None
    a, b = angles_from_rotation(straight.rotation), angles_from_rotation(flipped.rotation)
    assert b == pytest.approx((-a[0], a[1], -a[2]), abs=0.2)


def test_without_the_upper_face_invented_eyes_change_nothing() -> None:
    mesh = head(15, 5, -10)
    eyes = np.arange(468)[CANONICAL_FACE[:, 1] > 1.5]
    mesh[eyes, :2] += np.random.default_rng(0).normal(0, 30, (len(eyes), 2)).astype(np.float32)
    estimate = estimate_pose(mesh, CAMERA, upper_face=False)
    assert estimate is not None
    assert angles_from_rotation(estimate.rotation) == pytest.approx((15, 5, -10), abs=0.1)
    assert estimate.reprojection_px < 0.5


def test_a_mesh_in_a_headset_is_taken_to_be_turned_further_away_from_the_line_of_sight() -> None:
    """Straight towards the camera stays so, wherever in the image the head is."""
    for yaw, aside_cm, expected in ((30, 0, 34.5), (-30, 0, -34.5), (0, 0, 0), (-45, 60, -45)):
        seen = estimate_pose(head(yaw, 5, 10, at_cm=(aside_cm, 0, 60)), CAMERA, upper_face=True)
        assert seen is not None
        turned = turned_further(seen, presence=0.99)
        assert angles_from_rotation(turned.rotation) == pytest.approx((expected, 5, 10), abs=0.2)
        assert turned.reprojection_px == seen.reprojection_px


@pytest.mark.parametrize(
    ("presence", "yaw"), [(1, 23), (0.9, 23), (0.09, 26), (1e-4, 31.9), (0, 31.9)]
)
def test_the_less_sure_the_tracker_the_further_a_head_in_a_headset_is_turned(
    presence: float, yaw: float
) -> None:
    seen = estimate_pose(head(20), CAMERA, upper_face=True)
    assert seen is not None
    turned = turned_further(seen, presence)
    assert angles_from_rotation(turned.rotation)[0] == pytest.approx(yaw, abs=0.2)


def test_a_face_far_away_through_a_long_lens_is_measured_too() -> None:
    camera = CameraModel(30_000, 30_000, 320, 240, 640, 480)
    mesh = head(12, -6, 4, at_cm=(0, 0, 8000), camera=camera)
    estimate = estimate_pose(mesh, camera, upper_face=True)
    assert estimate is not None
    assert angles_from_rotation(estimate.rotation) == pytest.approx((12, -6, 4), abs=1.0)


def test_metres_are_reported_for_a_calibrated_camera_only() -> None:
    estimate = estimate_pose(head(at_cm=(5, -3, 80)), CAMERA, upper_face=True)
    assert estimate is not None
    known = head_pose(estimate, CAMERA)
    assert known.translation_m == pytest.approx([0.05, -0.03, 0.80], abs=1e-3)
    assert known.source is PoseSource.LANDMARKS
    assert head_pose(estimate, CameraModel.from_size(640, 480)).translation_m is None


def test_points_that_make_no_head_give_no_pose_or_a_bad_fit() -> None:
    same = np.full((468, 3), 100, np.float32)
    assert estimate_pose(same, CAMERA, upper_face=True) is None
    broken = np.full((468, 3), np.nan, np.float32)
    assert estimate_pose(broken, CAMERA, upper_face=True) is None
    noise = np.random.default_rng(0).uniform(0, 480, (468, 3)).astype(np.float32)
    estimate = estimate_pose(noise, CAMERA, upper_face=True)
    assert estimate is None or estimate.reprojection_px > 50


def test_a_trackers_matrix_is_read_with_the_same_signs() -> None:
    transform = np.eye(4)
    transform[:3, :3] = 1.02 * OPENGL_TO_OPENCV @ rotation_from_angles(10, -5, 3) @ OPENGL_TO_OPENCV
    estimate = pose_from_transform(transform)
    assert angles_from_rotation(estimate.rotation) == pytest.approx((10, -5, 3))
    assert estimate.source is PoseSource.TRACKER_MATRIX
    assert math.isnan(estimate.reprojection_px)


def test_the_68_landmarks_run_from_the_subjects_right_to_the_left_and_pair_up() -> None:
    points = head()[list(IBUG_68), :2]
    assert (np.diff(points[:17, 0]) > 0).sum() >= 14
    assert points[36, 0] < points[39, 0] < points[42, 0] < points[45, 0]
    assert points[17, 0] < points[26, 0]
    assert points[48, 0] < points[54, 0]
    assert (np.diff(points[27:31, 1]) > 0).all()
    assert points[8, 1] == points[:, 1].max()
    mirrored = mirror_index()[list(IBUG_68)]
    assert set(mirrored) == set(IBUG_68)


@settings(max_examples=300, deadline=None)
@given(
    st.tuples(*[st.sampled_from([1e-300, 1e-12, 1.0, 600.0, 1e6, 1e300])] * 2),
    st.sampled_from([0, 4, 5, 8, 12, 14]),
    st.sampled_from([1e-3, 1.0, 1e3, 1e20, 1e300]),
    st.integers(0, 2**32 - 1),
)
def test_a_camera_that_cannot_be_gives_a_finite_pose_or_none(
    focal: tuple[float, float], coefficients: int, size: float, seed: int
) -> None:
    draw = np.random.default_rng(seed)
    lens = tuple(size * draw.normal(size=coefficients))
    camera = CameraModel(*focal, 320, 240, 640, 480, lens)
    mesh = head(yaw=float(draw.uniform(-40, 40)))
    for upper_face in (True, False):
        estimate = estimate_pose(mesh, camera, upper_face=upper_face)
        if estimate is not None:
            assert np.isfinite(estimate.rotation).all()
            assert np.isfinite(estimate.reprojection_px)
