"""Smoothing over time and the union of camera and headset."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from attune.timeline import NS_PER_S
from attune.vision.face import HeadPose, PoseSource
from attune.vision.pose import PoseEstimate, angles_from_rotation, rotation_from_angles
from attune.vision.pose_smoothing import PoseFilter, PoseFusion, unwrap_deg, wrap_deg

FRAME_NS = NS_PER_S // 30
OUT_OF_THE_FACE = np.diag([-1.0, 1.0, -1.0])
CAMERA_IN_ROOM = rotation_from_angles(35, 8, 2)


def pose(yaw: float, pitch: float = 0.0, roll: float = 0.0) -> HeadPose:
    return HeadPose(yaw, pitch, roll, None, 1.0, PoseSource.LANDMARKS)


def estimate(rotation: NDArray[np.float64]) -> PoseEstimate:
    return PoseEstimate(rotation, None, 1.0, PoseSource.LANDMARKS)


def headset_of(head: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a headset on this head reports in a tracking frame turned against the camera."""
    return np.asarray(CAMERA_IN_ROOM.T @ head @ OUT_OF_THE_FACE)


@given(st.floats(-1000, 1000))
def test_wrapping_gives_the_same_direction_within_half_a_turn(angle: float) -> None:
    wrapped = wrap_deg(angle)
    assert -180 < wrapped <= 180
    assert math.isclose(math.cos(math.radians(wrapped - angle)), 1, abs_tol=1e-9)
    assert abs(unwrap_deg(wrapped, angle) - angle) < 1e-6


def test_the_filter_passes_half_a_turn_without_a_swing() -> None:
    one = PoseFilter()
    angles = [wrap_deg(150 + 4 * k) for k in range(20)]
    out = [one.step(pose(0, 0, a), 1, k * FRAME_NS).roll_deg for k, a in enumerate(angles)]
    jumps = [abs(wrap_deg(b - a)) for a, b in itertools.pairwise(out)]
    assert max(jumps) < 10
    assert abs(wrap_deg(out[-1] - angles[-1])) < 15


def test_noise_shrinks_and_a_turn_is_followed() -> None:
    rng = np.random.default_rng(0)
    one = PoseFilter()
    noise = enumerate(rng.normal(0, 2, 200))
    still = [one.step(pose(float(y)), 1, k * FRAME_NS).yaw_deg for k, y in noise]
    assert np.std(still[20:]) < 1.4
    last = [one.step(pose(40), 1, (200 + k) * FRAME_NS).yaw_deg for k in range(15)][-1]
    assert last > 38


def test_a_new_track_or_a_gap_begins_afresh() -> None:
    one = PoseFilter()
    one.step(pose(0), 1, 0)
    assert one.step(pose(40), 2, FRAME_NS).yaw_deg == 40
    assert one.step(pose(-40), 2, 5 * NS_PER_S).yaw_deg == -40


def test_fusion_learns_the_alignment_and_takes_over_when_the_face_is_lost() -> None:
    fusion = PoseFusion()
    rng = np.random.default_rng(1)
    for k in range(60):
        head = rotation_from_angles(20 * math.sin(k / 10), 5, 0)
        noisy = rotation_from_angles(*(rng.normal(0, 2, 3))) @ head
        fused = fusion.step(estimate(noisy), headset_of(head), 7, k * FRAME_NS)
    assert fused is not None
    assert fused.source is PoseSource.FUSED
    truth = rotation_from_angles(-50, 12, 3)
    blind = fusion.step(None, headset_of(truth), 7, 60 * FRAME_NS)
    assert blind is not None
    assert blind.source is PoseSource.HEADSET
    assert angles_from_rotation(blind.rotation) == pytest.approx((-50, 12, 3), abs=1.5)


def test_fused_angles_are_steadier_than_the_cameras() -> None:
    fusion = PoseFusion()
    rng = np.random.default_rng(2)
    head = rotation_from_angles(10, 0, 0)
    yaws = []
    for k in range(200):
        noisy = rotation_from_angles(10 + rng.normal(0, 3), rng.normal(0, 3), 0)
        fused = fusion.step(estimate(noisy), headset_of(head), 0, k * FRAME_NS)
        assert fused is not None
        yaws.append(angles_from_rotation(fused.rotation)[0])
    assert np.std(yaws[60:]) < 1.0
    assert np.mean(yaws[60:]) == pytest.approx(10, abs=0.7)


def test_without_an_alignment_a_headset_alone_gives_nothing() -> None:
    assert PoseFusion().step(None, np.eye(3), 0, 0) is None


def test_a_recentred_headset_is_learned_again() -> None:
    fusion = PoseFusion()
    head = rotation_from_angles(0, 0, 0)
    for k in range(30):
        fusion.step(estimate(head), headset_of(head), 1, k * FRAME_NS)
    assert fusion.learned
    turned = rotation_from_angles(90, 0, 0) @ headset_of(head)
    fused = fusion.step(estimate(head), turned, 2, 30 * FRAME_NS)
    assert not fusion.learned
    assert fused is not None
    assert fused.source is PoseSource.LANDMARKS


def test_a_frame_far_off_is_passed_over_but_a_moved_camera_is_learned() -> None:
    fusion = PoseFusion()
    head = rotation_from_angles(0, 0, 0)
    for k in range(30):
        fusion.step(estimate(head), headset_of(head), 1, k * FRAME_NS)
    wrong = rotation_from_angles(80, 0, 0)
    fused = fusion.step(estimate(wrong), headset_of(head), 1, 30 * FRAME_NS)
    assert fused is not None
    assert angles_from_rotation(fused.rotation)[0] == pytest.approx(0, abs=1)
    for k in range(31, 100):
        fused = fusion.step(estimate(wrong), headset_of(head), 1, k * FRAME_NS)
    assert fused is not None
    assert angles_from_rotation(fused.rotation)[0] == pytest.approx(80, abs=1)


def learned(frames: int = 300) -> tuple[PoseFusion, int]:
    """A fusion that knows its alignment well, and the time of its last frame."""
    fusion = PoseFusion()
    head = rotation_from_angles(0, 0, 0)
    for k in range(frames):
        fusion.step(estimate(head), headset_of(head), 1, k * FRAME_NS)
    return fusion, (frames - 1) * FRAME_NS


@given(st.floats(0.0, 600.0), st.floats(-25.0, 25.0))
def test_one_misread_frame_moves_a_known_alignment_little_however_long_no_face_was_seen(
    gap_s: float, off_deg: float
) -> None:
    fusion, time_ns = learned()
    head = rotation_from_angles(0, 0, 0)
    misread = rotation_from_angles(off_deg, 0, 0)
    after_ns = time_ns + FRAME_NS + round(gap_s * NS_PER_S)
    fused = fusion.step(estimate(misread), headset_of(head), 1, after_ns)
    assert fused is not None
    assert abs(angles_from_rotation(fused.rotation)[0]) < 6


def test_two_frames_far_off_with_a_minute_between_them_do_not_undo_what_was_learned() -> None:
    fusion, time_ns = learned()
    head, wrong = rotation_from_angles(0, 0, 0), rotation_from_angles(80, 0, 0)
    for after_s in (0.1, 60.0):
        fusion.step(estimate(wrong), headset_of(head), 1, time_ns + round(after_s * NS_PER_S))
    assert fusion.learned


def test_faces_are_compared_with_the_headset_once_the_alignment_is_known() -> None:
    fusion = PoseFusion()
    head = rotation_from_angles(15, 0, 0)
    assert fusion.disagreement_deg(estimate(head), headset_of(head), 0) is None
    for k in range(10):
        fusion.step(estimate(head), headset_of(head), 0, k * FRAME_NS)
    other = rotation_from_angles(-30, 0, 0)
    assert fusion.disagreement_deg(estimate(head), headset_of(head), 0) == pytest.approx(0, abs=0.1)
    assert fusion.disagreement_deg(estimate(other), headset_of(head), 0) == pytest.approx(45, abs=1)
