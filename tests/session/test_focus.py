"""The angle to the focus, and when nothing can be said about it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.session.focus import MAX_AGE_NS, Focus
from attune.session.inputs import HeadsetPoseInput


def looking(
    yaw_left_deg: float, focus: tuple[float, float, float] | None, time_ns: int = 0
) -> HeadsetPoseInput:
    """A head at eye height, turned to its left by `yaw_left_deg` (x right, y down, z forward)."""
    a = np.radians(-yaw_left_deg)
    rotation = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    return HeadsetPoseInput(
        time_ns=time_ns,
        rotation=rotation,
        position_m=np.array([0.0, -1.6, 0.0]),
        tracking_epoch=1,
        focus_m=None if focus is None else np.array(focus),
    )


def test_a_head_that_faces_the_focus_has_no_angle_to_it() -> None:
    focus = Focus()
    focus.observe(looking(0, (0.0, -1.6, 5.0)))
    assert focus.angle_deg(0) == pytest.approx(0.0, abs=1e-6)


@given(st.floats(-179, 179))
def test_turning_away_opens_the_angle_by_as_much(yaw_deg: float) -> None:
    focus = Focus()
    focus.observe(looking(yaw_deg, (0.0, -1.6, 5.0)))
    assert focus.angle_deg(0) == pytest.approx(abs(yaw_deg), abs=1e-4)


def test_a_focus_to_the_left_is_met_by_turning_left() -> None:
    focus = Focus()
    focus.observe(looking(45, (-3.0, -1.6, 3.0)))
    assert focus.angle_deg(0) == pytest.approx(0.0, abs=1e-4)


def test_without_a_focus_or_with_an_old_pose_there_is_no_angle() -> None:
    focus = Focus()
    assert focus.angle_deg(0) is None
    focus.observe(looking(0, None))
    assert focus.angle_deg(0) is None
    focus.observe(looking(0, (0.0, -1.6, 5.0), time_ns=1))
    assert focus.angle_deg(1 + MAX_AGE_NS) is not None
    assert focus.angle_deg(2 + MAX_AGE_NS) is None


def test_a_pose_that_arrives_late_does_not_replace_a_newer_one() -> None:
    focus = Focus()
    focus.observe(looking(0, (0.0, -1.6, 5.0), time_ns=100))
    focus.observe(looking(90, (0.0, -1.6, 5.0), time_ns=50))
    assert focus.angle_deg(100) == pytest.approx(0.0, abs=1e-6)
