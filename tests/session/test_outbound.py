"""Every output becomes the message that means it, with nothing rounded but float width."""

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.empathy.evidence import Evidence
from attune.empathy.state import Component, Contribution, EmpathyState, EriStatus
from attune.expression.expression import Expression
from attune.scenario.events import Alternative, Decision, DecisionReason
from attune.scenario.outlook import BranchOutlook, ChoiceOutlook, Prospect
from attune.session.consent import ConsentScope
from attune.session.inputs import BaselineAction, EndReason
from attune.session.outbound import StreamTotals, message_from_output, update_message
from attune.session.outputs import (
    BaselineProgress,
    ConsentInForce,
    DecisionMade,
    Disposition,
    FrameSettled,
    Noticed,
    NoticeKind,
    SlotClosed,
    StateUpdate,
    Summary,
)
from attune.v1 import consent_pb2, session_pb2, state_pb2, story_pb2, video_pb2
from attune.vision.face import (
    REGIONS,
    Box,
    Face,
    FaceQuality,
    HeadPose,
    PoseSource,
    RegionVisibility,
    VisibilityBand,
)

names = st.text(max_size=30)
counts = st.integers(0, 2**31)
unit = st.floats(0, 1, width=32)
signed = st.floats(-1, 1, width=32)
times = st.integers(0, 2**62)

components = st.builds(Component, st.none() | signed, unit)
empathies = st.builds(
    EmpathyState,
    slot=counts,
    eri=st.floats(0, 100, width=32),
    confidence=unit,
    status=st.sampled_from(list(EriStatus)),
    interval=st.tuples(st.floats(0, 50, width=32), st.floats(50, 100, width=32)),
    affective=components,
    associative=components,
    cognitive=components,
    valence=signed,
    arousal=signed,
    intensity=unit,
    attention=unit,
    baseline_ready=st.booleans(),
    distress=st.booleans(),
    contributions=st.lists(st.builds(Contribution, names, signed, unit, signed), max_size=3).map(
        tuple
    ),
)


def sent(output: object, totals: StreamTotals | None = None) -> session_pb2.ServerMessage:
    message = message_from_output(output, totals=totals or StreamTotals())
    assert message is not None
    return session_pb2.ServerMessage.FromString(message.SerializeToString())


def a_face(visible: float = 0.5, band: VisibilityBand = VisibilityBand.LOWER_FACE) -> Face:
    return Face(
        track_id=1,
        box=Box(10.5, 20.25, 100, 120),
        score=0.9,
        landmarks=np.zeros((68, 2), np.float32),
        mesh=np.zeros((468, 3), np.float32),
        visibility=RegionVisibility(*([visible] * 9)),
        band=band,
        quality=FaceQuality(0.5, 1.0, 0.5, 100.0),
        headset=0.75,
    )


def an_empathy(**changes: object) -> EmpathyState:
    fields: dict[str, object] = {
        "slot": 12,
        "eri": 61.5,
        "confidence": 0.5,
        "status": EriStatus.OK,
        "interval": (55.0, 68.0),
        "affective": Component(0.25, 0.5),
        "associative": Component(None, 0.0),
        "cognitive": Component(None, 0.0),
        "valence": 0.25,
        "arousal": -0.5,
        "intensity": 0.125,
        "attention": 1.0,
        "baseline_ready": True,
        "distress": False,
        "contributions": (),
    }
    return EmpathyState(**{**fields, **changes})


def an_update(**changes: object) -> StateUpdate:
    fields: dict[str, object] = {
        "time_ns": 1_200_000_000,
        "frame_sequence": 17,
        "face": None,
        "pose": None,
        "expression": None,
        "crop": None,
        "empathy": an_empathy(),
        "beat_id": "arrival",
    }
    return StateUpdate(**{**fields, **changes})


def as_message(update: StateUpdate) -> state_pb2.Update:
    return update_message(update, sequence=5, client_capture_ns=99, age_ms=12.5, stage_us={})


@given(empathies)
def test_the_empathy_state_arrives_whole(state: EmpathyState) -> None:
    message = as_message(an_update(empathy=state)).empathy
    assert message.eri == state.eri
    assert message.confidence == state.confidence
    assert (message.interval_low, message.interval_high) == state.interval
    assert message.status == state_pb2.EmpathyStatus.Value(
        f"EMPATHY_STATUS_{state.status.value.upper()}"
    )
    for name in ("affective", "associative", "cognitive"):
        one, other = getattr(message, name), getattr(state, name)
        assert (one.value if one.measured else None, one.confidence) == (
            other.value,
            other.confidence,
        )
    for name in ("valence", "arousal", "intensity", "attention", "baseline_ready", "distress"):
        assert getattr(message, name) == getattr(state, name)
    found = [(one.stimulus_id, one.points, one.evidence) for one in message.contributions]
    assert found == [(one.stimulus_id, one.points, one.evidence) for one in state.contributions]


@given(
    time_ns=times,
    decision_id=names,
    choice_id=names,
    occurrence=counts,
    branch_id=names,
    reason=st.sampled_from(list(DecisionReason)),
    evidence=st.dictionaries(names, st.floats(allow_nan=False)),
    alternatives=st.lists(st.builds(Alternative, names, names), max_size=3),
)
def test_a_decision_arrives_whole(
    *,
    time_ns: int,
    decision_id: str,
    choice_id: str,
    occurrence: int,
    branch_id: str,
    reason: DecisionReason,
    evidence: dict[str, float],
    alternatives: list[Alternative],
) -> None:
    decision = Decision(
        time_ns,
        decision_id,
        choice_id,
        occurrence,
        branch_id,
        reason,
        evidence,
        tuple(alternatives),
    )
    message = sent(DecisionMade(time_ns, decision)).branch_decision
    assert message.session_time_ns == time_ns
    assert (message.decision_id, message.choice_id) == (decision_id, choice_id)
    assert (message.occurrence, message.branch_id) == (occurrence, branch_id)
    assert message.reason == story_pb2.DecisionReason.Value(
        f"DECISION_REASON_{reason.value.upper()}"
    )
    assert dict(message.evidence) == evidence
    assert [(one.branch_id, one.why_not) for one in message.alternatives] == [
        (one.branch_id, one.why_not) for one in alternatives
    ]


@given(counts, st.sampled_from(list(Disposition)))
def test_credit_names_the_frame_and_what_became_of_it(
    sequence: int, disposition: Disposition
) -> None:
    ack = sent(FrameSettled(1, sequence, disposition)).frame_ack
    assert ack.through_sequence == sequence
    assert ack.disposition == video_pb2.FrameDisposition.Value(
        f"FRAME_DISPOSITION_{disposition.value.upper()}"
    )


@given(counts, st.sets(st.sampled_from(list(ConsentScope))), counts)
def test_consent_in_force_arrives_whole(
    revision: int, scopes: set[ConsentScope], last: int
) -> None:
    applied = sent(
        ConsentInForce(1, revision, frozenset(scopes), frozenset(), last)
    ).consent_applied
    assert (applied.revision, applied.last_analysed_frame_sequence) == (revision, last)
    assert {consent_pb2.ConsentScope.Name(one) for one in applied.scopes} == {
        f"CONSENT_SCOPE_{one.value.upper()}" for one in scopes
    }


@given(st.sampled_from(list(BaselineAction)), unit, st.booleans())
def test_calibration_progress_arrives_whole(
    action: BaselineAction, fraction: float, in_force: bool
) -> None:
    progress = sent(BaselineProgress(1, action, fraction, in_force)).calibration_progress
    assert progress.action == session_pb2.CalibrationAction.Value(
        f"CALIBRATION_ACTION_{action.value.upper()}_BASELINE"
    )
    assert (progress.fraction, progress.in_force) == (fraction, in_force)


@given(st.sampled_from(list(NoticeKind)), st.dictionaries(names, names))
def test_a_notice_arrives_as_code_and_parameters(
    kind: NoticeKind, parameters: dict[str, str]
) -> None:
    notice = sent(Noticed(1, kind, parameters)).notice
    assert notice.code == session_pb2.NoticeCode.Value(f"NOTICE_CODE_{kind.value.upper()}")
    assert dict(notice.parameters) == parameters


@given(
    st.sampled_from(list(EndReason)),
    st.tuples(counts, counts, counts, counts),
    times,
    st.booleans(),
)
def test_a_summary_arrives_whole(
    reason: EndReason, numbers: tuple[int, int, int, int], time_ns: int, stored: bool
) -> None:
    received, analysed, faces, decisions = numbers
    message = sent(
        Summary(time_ns, reason, analysed, faces, decisions, an_empathy()),
        StreamTotals(received, received // 2, stored),
    ).session_summary
    assert message.reason == session_pb2.EndReason.Value(f"END_REASON_{reason.value.upper()}")
    assert (message.frames_received, message.frames_dropped) == (received, received // 2)
    assert (message.frames_analysed, message.frames_with_face) == (analysed, faces)
    assert (message.decisions, message.duration_ns, message.stored) == (decisions, time_ns, stored)
    assert message.empathy.eri == 61.5


def test_what_is_only_recorded_or_needs_the_shell_is_no_message_here() -> None:
    assert message_from_output(SlotClosed(1, Evidence.empty(0))) is None
    assert message_from_output(an_update()) is None


def test_an_update_without_a_face_says_so() -> None:
    message = as_message(an_update())
    assert not message.face.found
    assert not message.face.HasField("pose")
    assert not message.HasField("expression")


def test_an_update_carries_the_shells_measurements() -> None:
    message = update_message(
        an_update(), sequence=5, client_capture_ns=99, age_ms=12.5, stage_us={"decode": 300}
    )
    assert (message.sequence, message.frame_sequence, message.capture_time_ns) == (5, 17, 99)
    assert (message.age_ms, message.session_time_ns) == (12.5, 1_200_000_000)
    assert message.beat_id == "arrival"
    assert dict(message.stage_us) == {"decode": 300}


@pytest.mark.parametrize("prospect", list(Prospect))
def test_an_update_says_how_the_choices_stand(prospect: Prospect) -> None:
    branches = (BranchOutlook("left", prospect, 0.5, 2.0), BranchOutlook("right", prospect))
    message = update_message(
        an_update(),
        sequence=5,
        client_capture_ns=0,
        age_ms=0,
        stage_us={},
        outlook=(ChoiceOutlook("way", 2, 4.5, branches),),
    )
    (outlook,) = message.outlook
    assert (outlook.choice_id, outlook.occurrence, outlook.cool_down_s) == ("way", 2, 4.5)
    assert [(one.branch_id, one.dwelt_s, one.dwell_s) for one in outlook.branches] == [
        ("left", 0.5, 2.0),
        ("right", 0.0, 0.0),
    ]
    assert {one.standing for one in outlook.branches} == {prospect.value}


@pytest.mark.parametrize("band", list(VisibilityBand))
def test_a_face_arrives_with_all_nine_regions(band: VisibilityBand) -> None:
    face = as_message(an_update(face=a_face(band=band))).face
    assert face.found
    assert (face.box_x_px, face.box_y_px) == (10.5, 20.25)
    assert (face.box_width_px, face.box_height_px) == (100, 120)
    assert [state_pb2.FaceRegion.Name(one.region) for one in face.regions] == [
        f"FACE_REGION_{name.upper()}" for name in REGIONS
    ]
    assert {one.visible for one in face.regions} == {0.5}
    assert face.band == state_pb2.VisibilityBand.Value(f"VISIBILITY_BAND_{band.value.upper()}")
    assert (face.headset_probability, face.quality) == (0.75, 0.25)


@pytest.mark.parametrize("source", list(PoseSource))
def test_a_pose_keeps_its_signs_and_source(source: PoseSource) -> None:
    pose = HeadPose(10.5, -20.25, 5.0, np.array([0.1, 0.2, 0.5]), 1.0, source)
    message = as_message(an_update(face=a_face(), pose=pose)).face.pose
    assert (message.yaw_deg, message.pitch_deg, message.roll_deg) == (10.5, -20.25, 5.0)
    assert message.source == state_pb2.PoseSource.Value(f"POSE_SOURCE_{source.value.upper()}")
    assert (message.position_m.x, message.position_m.y, message.position_m.z) == (0.1, 0.2, 0.5)


def test_a_pose_without_a_known_camera_has_no_position() -> None:
    pose = HeadPose(0, 0, 0, None, math.nan, PoseSource.LANDMARKS)
    assert not as_message(an_update(face=a_face(), pose=pose)).face.pose.HasField("position_m")


def test_probabilities_go_by_name_and_unknown_classes_stay_home() -> None:
    expression = Expression(
        labels=("happy", "confusion", "sad"),
        probabilities=np.array([0.5, 0.25, 0.25], np.float32),
        valence=0.25,
        arousal=0.5,
        reliability=0.75,
        intensity=0.125,
        band=VisibilityBand.FULL,
        model="m",
    )
    message = as_message(an_update(face=a_face(), expression=expression)).expression
    assert [(one.emotion, one.probability) for one in message.emotions] == [
        (state_pb2.EMOTION_HAPPY, 0.5),
        (state_pb2.EMOTION_SAD, 0.25),
    ]
    assert (message.valence, message.arousal) == (0.25, 0.5)
    assert (message.reliability, message.intensity) == (0.75, 0.125)
    assert not message.withheld
    unsure = as_message(
        an_update(face=a_face(), expression=dataclasses.replace(expression, withheld=True))
    )
    assert unsure.expression.withheld


def test_faces_of_bystanders_arrive_apart_from_the_wearers() -> None:
    message = as_message(an_update(bystanders=(a_face(), a_face(visible=1.0))))
    assert not message.face.found
    assert [one.regions[0].visible for one in message.bystanders] == [0.5, 1.0]
