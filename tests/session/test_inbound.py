"""Every message a client can send becomes the input it means, or a refusal that helps."""

import contextlib
import hashlib
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from attune.config import CameraSettings, Settings
from attune.errors import InputError
from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    ResolvedBy,
    StimulusOffset,
    StimulusOnset,
)
from attune.scenario.library import ScenarioLibrary
from attune.scenario.loading import parse_scenario
from attune.session.consent import ConsentScope
from attune.session.inbound import input_from_message, plan_from_start
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
    PauseInput,
    ResumeInput,
    WeightsSource,
)
from attune.session.plan import CameraKind, SessionPlan, VideoSource
from attune.session.transcript import recorded_input
from attune.v1 import consent_pb2, geometry_pb2, session_pb2, story_pb2, video_pb2
from attune.vision.frame import CaptureTimeSource, Encoding, FrameRole

OFFSET = -5_000
NOW = 77_000_000
STORY = """
id: tale
version: 1.0.0
title: {en: A tale}
locales: [en]
entry: only
stimuli: []
beats:
- {id: only, title: {en: Only}, duration_s: 5}
"""

wire_ids = st.text(min_size=1, max_size=64)
times = st.integers(-(2**58), 2**58)
finite = st.floats(-1000, 1000)


def convert(message: session_pb2.ClientMessage) -> object:
    return input_from_message(message, lambda ns: ns + OFFSET, NOW)


def refusal(message: session_pb2.ClientMessage) -> InputError:
    with pytest.raises(InputError) as caught:
        convert(message)
    return caught.value


def a_frame(**changes: object) -> session_pb2.ClientMessage:
    fields: dict[str, object] = {
        "sequence": 3,
        "capture_time_ns": 10_000,
        "capture_time_source": video_pb2.CAPTURE_TIME_SOURCE_SENSOR,
        "encoding": video_pb2.FRAME_ENCODING_JPEG,
        "width_px": 640,
        "height_px": 480,
        "role": video_pb2.FRAME_ROLE_WEARER,
        "data": b"\xff\xd8",
    }
    return session_pb2.ClientMessage(video_frame=video_pb2.VideoFrame(**{**fields, **changes}))


def a_pose(
    position: tuple[float, float, float] = (0, 1.6, 0),
    orientation: tuple[float, float, float, float] = (0, 0, 0, 1),
    **changes: object,
) -> session_pb2.ClientMessage:
    x, y, z, w = orientation
    return session_pb2.ClientMessage(
        headset_pose=geometry_pb2.HeadsetPose(
            time_ns=10_000,
            pose=geometry_pb2.Pose(
                position_m=geometry_pb2.Vector3(x=position[0], y=position[1], z=position[2]),
                orientation=geometry_pb2.Quaternion(x=x, y=y, z=z, w=w),
            ),
            **changes,
        )
    )


def weights(**changes: object) -> session_pb2.ClientMessage:
    fields: dict[str, object] = {
        "time_ns": 10_000,
        "schema": session_pb2.FACE_WEIGHTS_SCHEMA_ARKIT_52,
        "weights": [0.5] * 52,
        "valid": True,
        "source": session_pb2.FACE_WEIGHTS_SOURCE_VISUAL,
        "confidence": 0.25,
    }
    return session_pb2.ClientMessage(face_weights=session_pb2.FaceWeights(**{**fields, **changes}))


def an_event(**event: object) -> session_pb2.ClientMessage:
    return session_pb2.ClientMessage(
        scenario_event=story_pb2.ScenarioEvent(time_ns=10_000, **event)
    )


@given(
    encoding=st.sampled_from(list(Encoding)),
    source=st.sampled_from(list(CaptureTimeSource)),
    role=st.sampled_from(list(FrameRole)),
    rotation=st.sampled_from([0, 90, 180, 270]),
    mirrored=st.booleans(),
    data=st.binary(max_size=50),
    time_ns=times,
    sequence=st.integers(1, 2**63),
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


def plan(start: session_pb2.SessionStart, **cameras: CameraSettings) -> SessionPlan:
    loaded = parse_scenario(STORY, source="tale.yaml")
    return plan_from_start(
        start,
        settings=Settings(cameras=cameras),
        scenarios=ScenarioLibrary([loaded]),
        session_id="5e" * 16,
    )


def a_start(**changes: object) -> session_pb2.SessionStart:
    fields: dict[str, object] = {
        "protocol_version": 1,
        "station_id": "hall-2",
        "participant_id": "v-17",
        "locale": "fr-CA",
        "video_source": session_pb2.VIDEO_SOURCE_CLIENT_FRAMES,
        "camera_kind": session_pb2.CAMERA_KIND_EXTERNAL,
    }
    return session_pb2.SessionStart(**{**fields, **changes})


def start_refusal(start: session_pb2.SessionStart, **cameras: CameraSettings) -> InputError:
    with pytest.raises(InputError) as caught:
        plan(start, **cameras)
    return caught.value


def test_a_start_becomes_the_terms_of_a_session() -> None:
    terms = plan(
        a_start(
            consent=consent_pb2.ConsentChange(
                revision=3, scopes=[consent_pb2.CONSENT_SCOPE_ANALYSE]
            ),
            headset_model="Quest 3",
            update_rate_hz=15,
        )
    )
    assert (terms.session_id, terms.station_id, terms.participant_id) == (
        "5e" * 16,
        "hall-2",
        "v-17",
    )
    assert (terms.locale, terms.headset_model, terms.update_rate_hz) == ("fr-CA", "Quest 3", 15)
    assert terms.consent.revision == 3
    assert terms.consent.scopes == {ConsentScope.ANALYSE}
    assert terms.video_source is VideoSource.CLIENT_FRAMES
    assert (terms.scenario, terms.follows_scenario, terms.scenario_yaml) == (None, True, "")


def test_without_a_consent_message_nothing_is_allowed() -> None:
    assert plan(a_start()).consent.scopes == frozenset()


def test_a_start_without_locale_speaks_english() -> None:
    assert plan(a_start(locale="")).locale == "en"


def reference(scenario_id: str, sha256: str = "") -> session_pb2.ScenarioReference:
    return session_pb2.ScenarioReference(id=scenario_id, sha256=sha256)


def test_a_known_scenario_is_followed_with_or_without_its_hash() -> None:
    sha256 = hashlib.sha256(STORY.encode()).hexdigest()
    for text in ("", sha256, sha256.upper()):
        terms = plan(a_start(scenario_reference=reference("tale", text)))
        assert terms.follows_scenario
        assert terms.scenario is not None
        assert terms.scenario.id == "tale"
        assert terms.scenario_yaml == STORY


def test_another_version_of_the_scenario_is_not_followed() -> None:
    terms = plan(a_start(scenario_reference=reference("tale", "0" * 64)))
    assert not terms.follows_scenario


def test_an_unknown_scenario_is_not_followed() -> None:
    terms = plan(a_start(scenario_reference=reference("saga")))
    assert (terms.scenario, terms.follows_scenario) == (None, False)


def test_an_inline_scenario_is_read() -> None:
    terms = plan(a_start(inline_scenario=STORY))
    assert terms.scenario is not None
    assert terms.follows_scenario
    assert terms.scenario_yaml == STORY


def test_a_server_camera_brings_its_region(tmp_path: Path) -> None:
    camera = CameraSettings(
        source=str(tmp_path / "clip.mp4"), stations=("hall-2",), region=(0.1, 0.2, 0.5, 0.6)
    )
    start = a_start(video_source=session_pb2.VIDEO_SOURCE_SERVER_CAMERA, camera_id="door")
    terms = plan(start, door=camera)
    assert (terms.camera_id, terms.camera_region) == ("door", (0.1, 0.2, 0.5, 0.6))


def test_a_station_finds_the_one_camera_that_watches_it() -> None:
    start = a_start(video_source=session_pb2.VIDEO_SOURCE_SERVER_CAMERA)
    terms = plan(
        start,
        door=CameraSettings(source="0", stations=("hall-2",)),
        roof=CameraSettings(source="1", stations=("hall-3",)),
    )
    assert terms.camera_id == "door"


def test_without_video_the_camera_kind_may_be_silent() -> None:
    start = a_start(
        video_source=session_pb2.VIDEO_SOURCE_NONE,
        camera_kind=session_pb2.CAMERA_KIND_UNSPECIFIED,
    )
    assert plan(start).camera_kind is CameraKind.EXTERNAL


SERVER_CAMERA = session_pb2.VIDEO_SOURCE_SERVER_CAMERA


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (a_start(protocol_version=0), "start.protocol_version"),
        (a_start(protocol_version=2), "start.protocol_version"),
        (a_start(video_source=0), "start.enum_unknown"),
        (a_start(video_source=9), "start.enum_unknown"),
        (a_start(camera_kind=0), "start.enum_unknown"),
        (a_start(consent=consent_pb2.ConsentChange(scopes=[9])), "consent.enum_unknown"),
        (a_start(participant_id="x" * 129), "start.name_invalid"),
        (a_start(station_id="a\nb"), "start.name_invalid"),
        (a_start(locale="not a locale"), "start.locale_invalid"),
        (a_start(update_rate_hz=math.nan), "start.update_rate_invalid"),
        (a_start(update_rate_hz=-1), "start.update_rate_invalid"),
        (a_start(inline_scenario="id: [broken"), "start.scenario_invalid"),
        (a_start(inline_scenario="x" * 300_000), "start.scenario_too_large"),
        (a_start(video_source=SERVER_CAMERA), "start.camera_missing"),
        (a_start(video_source=SERVER_CAMERA, camera_id="attic"), "start.camera_unknown"),
        (a_start(video_source=SERVER_CAMERA, camera_id="roof"), "start.camera_elsewhere"),
        (
            a_start(video_source=SERVER_CAMERA, camera_id="door", camera_kind=2),
            "start.camera_kind_mismatch",
        ),
    ],
)
def test_a_start_that_cannot_be_met_is_refused_by_code(
    start: session_pb2.SessionStart, code: str
) -> None:
    cameras = {
        "door": CameraSettings(source="0"),
        "roof": CameraSettings(source="1", stations=("hall-3",)),
    }
    assert start_refusal(start, **cameras).code == code


def test_a_version_from_the_future_says_which_to_send() -> None:
    assert "send 1 or update the server" in str(start_refusal(a_start(protocol_version=7)))
