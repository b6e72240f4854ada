"""What a client cannot mean is refused by a code and a sentence, whatever the bytes are."""

import contextlib
import math
from collections.abc import Callable

import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from attune.errors import InputError
from attune.session.inbound import input_from_message
from attune.session.transcript import recorded_input
from attune.v1 import consent_pb2, geometry_pb2, session_pb2, story_pb2
from tests.session.messages import (
    NOW,
    OFFSET,
    a_frame,
    a_pose,
    an_event,
    an_order,
    refusal,
    weights,
)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (a_pose(orientation=(0, 0, 0, 0)), "headset_pose.quaternion_invalid"),
        (a_pose(orientation=(0, 0, 0, 3)), "headset_pose.quaternion_invalid"),
        (a_pose(orientation=(0, math.nan, 0, 1)), "headset_pose.not_finite"),
        (a_pose(position=(math.inf, 0, 0)), "headset_pose.not_finite"),
        (a_pose(position=(1e6, 0, 0)), "headset_pose.out_of_range"),
        (
            a_pose(focus_position_m=geometry_pb2.Vector3(x=math.nan)),
            "headset_pose.not_finite",
        ),
        (
            session_pb2.ClientMessage(headset_pose=geometry_pb2.HeadsetPose(time_ns=1)),
            "headset_pose.missing",
        ),
        (a_frame(sequence=0), "frame.sequence_invalid"),
        (a_frame(sequence=2**64 - 1), "frame.sequence_invalid"),
        (a_frame(width_px=0), "frame.size_invalid"),
        (a_frame(height_px=0), "frame.size_invalid"),
        (a_frame(rotation_deg=45), "frame.rotation_invalid"),
        (
            a_frame(camera_pose=geometry_pb2.Pose()),
            "frame.quaternion_invalid",
        ),
        (weights(weights=[0.5] * 51), "face_weights.count"),
        (weights(weights=[math.nan] * 52), "face_weights.not_finite"),
        (weights(weights=[7.0] * 52), "face_weights.out_of_range"),
        (weights(confidence=-1), "face_weights.out_of_range"),
        (an_event(), "event.missing"),
        (an_event(beat_entered=story_pb2.BeatEntered()), "event.identifier"),
        (
            an_event(beat_entered=story_pb2.BeatEntered(beat_id="x" * 129)),
            "event.identifier",
        ),
        (an_event(choice_due=story_pb2.ChoiceDue(choice_id="c")), "event.occurrence"),
        (an_order(choice_id=""), "operator.identifier"),
        (an_order(branch_id="x" * 129), "operator.identifier"),
        (an_order(occurrence=0), "operator.occurrence"),
        (session_pb2.ClientMessage(), "message.missing"),
        (
            session_pb2.ClientMessage(camera_model=geometry_pb2.CameraModel(fx_px=1)),
            "camera.invalid",
        ),
        (
            session_pb2.ClientMessage(
                camera_model=geometry_pb2.CameraModel(
                    fx_px=500, fy_px=500, width_px=640, height_px=480, distortion=[0.1, 0.2, 0, 0]
                )
            ),
            "camera.invalid",
        ),
        (
            session_pb2.ClientMessage(
                camera_model=geometry_pb2.CameraModel(
                    fx_px=math.nan, fy_px=500, width_px=640, height_px=480
                )
            ),
            "camera.invalid",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_by_code(
    message: session_pb2.ClientMessage, code: str
) -> None:
    error = refusal(message)
    assert error.code == code
    assert "expected" in str(error)


@pytest.mark.parametrize(
    ("build", "code", "known"),
    [
        (lambda n: a_frame(encoding=n), "frame.enum_unknown", "FRAME_ENCODING_NV12"),
        (lambda n: a_frame(role=n), "frame.enum_unknown", "FRAME_ROLE_BYSTANDERS"),
        (
            lambda n: a_frame(capture_time_source=n),
            "frame.enum_unknown",
            "CAPTURE_TIME_SOURCE_SENSOR",
        ),
        (lambda n: weights(schema=n), "face_weights.enum_unknown", "ARKIT_52"),
        (lambda n: weights(source=n), "face_weights.enum_unknown", "SOURCE_AUDIO"),
        (
            lambda n: an_event(
                choice_resolved=story_pb2.ChoiceResolved(
                    choice_id="c", occurrence=1, branch_id="b", by=n
                )
            ),
            "event.enum_unknown",
            "RESOLVED_BY_LOCAL_DEFAULT",
        ),
        (
            lambda n: session_pb2.ClientMessage(
                consent_change=consent_pb2.ConsentChange(revision=1, scopes=[n])
            ),
            "consent.enum_unknown",
            "CONSENT_SCOPE_STORE_VIDEO",
        ),
        (
            lambda n: session_pb2.ClientMessage(
                calibration_command=session_pb2.CalibrationCommand(action=n)
            ),
            "calibration.enum_unknown",
            "CALIBRATION_ACTION_START_BASELINE",
        ),
    ],
)
@pytest.mark.parametrize("number", [0, 99])
def test_an_unspecified_or_unknown_enum_is_answered_with_the_known_values(
    build: Callable[[int], session_pb2.ClientMessage], code: str, known: str, number: int
) -> None:
    error = refusal(build(number))
    assert error.code == code
    assert known in str(error)
    assert str(number) in str(error)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (
            session_pb2.ClientMessage(session_end=session_pb2.SessionEnd(reason=99)),
            "end.enum_unknown",
        ),
        (
            session_pb2.ClientMessage(session_pause=session_pb2.SessionPause(reason=99)),
            "pause.enum_unknown",
        ),
    ],
)
def test_reasons_may_be_silent_but_not_unknown(
    message: session_pb2.ClientMessage, code: str
) -> None:
    assert refusal(message).code == code


@given(st.binary(max_size=300))
def test_any_bytes_are_an_input_or_a_refusal(data: bytes) -> None:
    message = session_pb2.ClientMessage()
    try:
        message.ParseFromString(data)
    except DecodeError:
        return
    with contextlib.suppress(InputError):
        found = input_from_message(message, lambda ns: ns + OFFSET, NOW)
        if found is not None:
            assert recorded_input(1, found, message, 0).SerializeToString()


@given(st.integers(-(2**63), 2**63 - 1))
def test_no_time_that_passes_is_too_large_to_be_recorded(time_ns: int) -> None:
    due = story_pb2.ChoiceDue(choice_id="c", occurrence=1, deadline_ns=-time_ns // 2)
    event = session_pb2.ClientMessage(
        scenario_event=story_pb2.ScenarioEvent(time_ns=time_ns, choice_due=due)
    )
    for message in (event, a_frame(capture_time_ns=time_ns)):
        try:
            found = input_from_message(message, lambda ns: ns + OFFSET, NOW)
        except InputError as error:
            assert error.code.endswith("time_out_of_range")  # noqa: PT017 - either is right
        else:
            assert found is not None
            assert recorded_input(1, found, message, time_ns).SerializeToString()
