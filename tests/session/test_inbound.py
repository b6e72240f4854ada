"""Every message that a client can send becomes the input it means."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    ResolvedBy,
    StimulusOffset,
    StimulusOnset,
)
from attune.session.consent import ConsentScope
from attune.session.inputs import (
    BaselineAction,
    BaselineInput,
    CameraModelInput,
    ConsentInput,
    EndInput,
    EndReason,
    EventInput,
    FaceWeightsInput,
    FrameInput,
    HeadsetPoseInput,
    OperatorInput,
    PauseInput,
    ResumeInput,
    WeightsSource,
)
from attune.v1 import consent_pb2, geometry_pb2, session_pb2, story_pb2
from attune.vision.frame import CaptureTimeSource, Encoding, FrameRole
from tests.session.messages import NOW, OFFSET, a_frame, a_pose, convert, weights

wire_ids = st.text(min_size=1, max_size=64)
times = st.integers(-(2**58), 2**58)
finite = st.floats(-1000, 1000)


@given(
    encoding=st.sampled_from(list(Encoding)),
    source=st.sampled_from(list(CaptureTimeSource)),
    role=st.sampled_from(list(FrameRole)),
    rotation=st.sampled_from([0, 90, 180, 270]),
    mirrored=st.booleans(),
    data=st.binary(max_size=50),
    time_ns=times,
    sequence=st.integers(1, 2**53),
    size=st.integers(1, 2**31),
    revision=st.integers(0, 2**31),
)
def test_a_frame_keeps_everything_and_gets_session_time(
    *,
    encoding: Encoding,
    source: CaptureTimeSource,
    role: FrameRole,
    rotation: int,
    mirrored: bool,
    data: bytes,
    time_ns: int,
    sequence: int,
    size: int,
    revision: int,
) -> None:
    message = a_frame(
        sequence=sequence,
        capture_time_ns=time_ns,
        capture_time_source=f"CAPTURE_TIME_SOURCE_{source.value.upper()}",
        encoding=f"FRAME_ENCODING_{encoding.value.upper()}",
        role=f"FRAME_ROLE_{role.value.upper()}",
        width_px=size,
        height_px=size,
        rotation_deg=rotation,
        mirrored=mirrored,
        data=data,
        consent_revision=revision,
    )
    frame = convert(message)
    assert isinstance(frame, FrameInput)
    assert (frame.time_ns, frame.sequence) == (time_ns + OFFSET, sequence)
    assert (frame.role, frame.capture_time_source) == (role, source)
    assert frame.consent_revision == revision
    assert (frame.frame.encoding, frame.frame.data) == (encoding, data)
    assert (frame.frame.width, frame.frame.height) == (size, size)
    assert (frame.frame.rotation_deg, frame.frame.mirrored) == (rotation, mirrored)


@given(
    name=wire_ids,
    branch=wire_ids,
    occurrence=st.integers(1, 2**31),
    time_ns=times,
    deadline_ns=times,
    by=st.sampled_from(list(ResolvedBy)),
)
def test_scene_events_keep_their_names_and_get_session_time(
    *, name: str, branch: str, occurrence: int, time_ns: int, deadline_ns: int, by: ResolvedBy
) -> None:
    here = time_ns + OFFSET
    expected = {
        "stimulus_onset": StimulusOnset(here, name),
        "stimulus_offset": StimulusOffset(here, name),
        "beat_entered": BeatEntered(here, name),
        "choice_due": ChoiceDue(here, name, occurrence, deadline_ns + OFFSET),
        "choice_resolved": ChoiceResolved(here, name, occurrence, branch, by, "d1"),
    }
    sent = {
        "stimulus_onset": story_pb2.StimulusOnset(stimulus_id=name),
        "stimulus_offset": story_pb2.StimulusOffset(stimulus_id=name),
        "beat_entered": story_pb2.BeatEntered(beat_id=name),
        "choice_due": story_pb2.ChoiceDue(
            choice_id=name, occurrence=occurrence, deadline_ns=deadline_ns
        ),
        "choice_resolved": story_pb2.ChoiceResolved(
            choice_id=name,
            occurrence=occurrence,
            branch_id=branch,
            decision_id="d1",
            by=f"RESOLVED_BY_{by.value.upper()}",
        ),
    }
    for kind, event in sent.items():
        message = session_pb2.ClientMessage(
            scenario_event=story_pb2.ScenarioEvent(time_ns=time_ns, **{kind: event})
        )
        assert convert(message) == EventInput(expected[kind])


def test_a_headset_pose_arrives_in_camera_axes() -> None:
    half = math.radians(90) / 2
    message = a_pose(
        position=(0.1, 1.6, -0.2),
        orientation=(0, math.sin(half), 0, math.cos(half)),
        tracking_epoch=4,
        focus_position_m=geometry_pb2.Vector3(x=1, y=2, z=3),
    )
    pose = convert(message)
    assert isinstance(pose, HeadsetPoseInput)
    assert (pose.time_ns, pose.tracking_epoch) == (10_000 + OFFSET, 4)
    assert pose.position_m.tolist() == [0.1, -1.6, -0.2]
    assert pose.focus_m is not None
    assert pose.focus_m.tolist() == [1, -2, 3]
    assert pose.rotation @ [0, 0, 1] == pytest.approx([1, 0, 0], abs=1e-12)


def test_a_pose_without_focus_has_none() -> None:
    pose = convert(a_pose())
    assert isinstance(pose, HeadsetPoseInput)
    assert pose.focus_m is None


def test_a_slightly_long_quaternion_is_normalised() -> None:
    pose = convert(a_pose(orientation=(0, 0, 0, 1.05)))
    assert isinstance(pose, HeadsetPoseInput)
    assert pose.rotation == pytest.approx(np.eye(3))


def test_messages_without_a_time_happen_now() -> None:
    message = session_pb2.ClientMessage
    scopes = [consent_pb2.CONSENT_SCOPE_ANALYSE, consent_pb2.CONSENT_SCOPE_STORE_FEATURES]
    assert convert(
        message(consent_change=consent_pb2.ConsentChange(revision=2, scopes=scopes))
    ) == ConsentInput(NOW, 2, frozenset({ConsentScope.ANALYSE, ConsentScope.STORE_FEATURES}))
    assert convert(message(session_pause=session_pb2.SessionPause())) == PauseInput(NOW)
    assert convert(message(session_resume=session_pb2.SessionResume())) == ResumeInput(NOW)
    assert convert(message(session_end=session_pb2.SessionEnd())) == EndInput(
        NOW, EndReason.UNSPECIFIED
    )
    assert convert(
        message(
            calibration_command=session_pb2.CalibrationCommand(
                action=session_pb2.CALIBRATION_ACTION_RESET_BASELINE
            )
        )
    ) == BaselineInput(NOW, BaselineAction.RESET)


@given(names=st.tuples(wire_ids, wire_ids), occurrence=st.integers(1, 2**31))
def test_an_operator_chooses_now(names: tuple[str, str], occurrence: int) -> None:
    choice_id, branch_id = names
    message = session_pb2.ClientMessage(
        operator_choice=story_pb2.OperatorChoice(
            choice_id=choice_id, occurrence=occurrence, branch_id=branch_id
        )
    )
    assert convert(message) == OperatorInput(NOW, choice_id, occurrence, branch_id)


@pytest.mark.parametrize("reason", list(EndReason))
def test_every_reason_to_end_is_known(reason: EndReason) -> None:
    message = session_pb2.ClientMessage(
        session_end=session_pb2.SessionEnd(reason=f"END_REASON_{reason.value.upper()}")
    )
    assert convert(message) == EndInput(NOW, reason)


@pytest.mark.parametrize(
    ("schema", "count"),
    [("ARKIT_52", 52), ("META_FB2", 70), ("HTC", 51), ("PICO", 52), ("ANDROID_XR_68", 68)],
)
def test_face_weights_are_as_many_as_their_schema_names(schema: str, count: int) -> None:
    found = convert(weights(schema=f"FACE_WEIGHTS_SCHEMA_{schema}", weights=[0.5] * count))
    assert found == FaceWeightsInput(
        10_000 + OFFSET, schema.lower(), (0.5,) * count, True, WeightsSource.VISUAL, 0.25
    )


def test_weights_that_the_runtime_calls_invalid_may_leave_the_range() -> None:
    found = convert(weights(weights=[3.0] * 52, valid=False))
    assert isinstance(found, FaceWeightsInput)
    assert not found.valid


@given(st.floats(1, 5000), st.floats(1, 5000), st.lists(finite, min_size=5, max_size=5))
def test_a_camera_model_keeps_its_numbers(fx: float, fy: float, distortion: list[float]) -> None:
    found = convert(
        session_pb2.ClientMessage(
            camera_model=geometry_pb2.CameraModel(
                fx_px=fx,
                fy_px=fy,
                cx_px=320,
                cy_px=240,
                width_px=640,
                height_px=480,
                distortion=distortion,
            )
        )
    )
    assert isinstance(found, CameraModelInput)
    assert (found.camera.fx, found.camera.fy) == (fx, fy)
    assert found.camera.distortion == tuple(distortion)


@pytest.mark.parametrize(
    "message",
    [
        session_pb2.ClientMessage(ping=session_pb2.Ping(id=1)),
        session_pb2.ClientMessage(clock_estimate=session_pb2.ClockEstimate()),
        session_pb2.ClientMessage(session_start=session_pb2.SessionStart()),
    ],
)
def test_matters_of_the_edge_are_no_input(message: session_pb2.ClientMessage) -> None:
    assert convert(message) is None
