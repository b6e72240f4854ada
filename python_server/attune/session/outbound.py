"""What the pipeline answers, as messages of the contract; every figure keeps its unit."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from attune.empathy.state import Component, EmpathyState
from attune.expression.expression import Expression
from attune.scenario.events import Decision
from attune.scenario.outlook import ChoiceOutlook
from attune.session.consent import ConsentScope
from attune.session.outputs import (
    BaselineProgress,
    ConsentInForce,
    DecisionMade,
    FrameSettled,
    Noticed,
    Output,
    SlotClosed,
    StateUpdate,
    Summary,
)
from attune.session.vocabulary import (
    BANDS,
    BASELINE_ACTIONS,
    DECISION_REASONS,
    DISPOSITIONS,
    EMOTIONS,
    END_REASONS,
    ERI_STATUSES,
    NOTICES,
    POSE_SOURCES,
    REGIONS,
    SCOPES,
)
from attune.v1 import consent_pb2, session_pb2, state_pb2, story_pb2, video_pb2
from attune.vision.face import Face, HeadPose

MAX_STAGE_US = 2**32 - 1


@dataclass(frozen=True, slots=True)
class StreamTotals:
    """What only the shell knows at the end of a session: frames that arrived, frames that were
    dropped or refused anywhere, and whether anything is stored."""

    frames_received: int = 0
    frames_dropped: int = 0
    stored: bool = False


NOTHING_COUNTED = StreamTotals()


def message_from_output(
    output: Output, *, totals: StreamTotals = NOTHING_COUNTED
) -> session_pb2.ServerMessage | None:
    """The message for one output; None for `SlotClosed`, which is only recorded, and for
    `StateUpdate`, which needs what the shell measures: see `update_message`."""
    message = session_pb2.ServerMessage()
    match output:
        case FrameSettled():
            message.frame_ack.CopyFrom(frame_ack_message(output))
        case DecisionMade():
            message.branch_decision.CopyFrom(decision_message(output.decision))
        case ConsentInForce():
            message.consent_applied.CopyFrom(consent_message(output))
        case BaselineProgress():
            message.calibration_progress.CopyFrom(_calibration_progress(output))
        case Noticed():
            message.notice.CopyFrom(notice_message(output))
        case Summary():
            message.session_summary.CopyFrom(summary_message(output, totals))
        case StateUpdate() | SlotClosed():
            return None
    return message


def update_message(
    update: StateUpdate,
    *,
    sequence: int,
    client_capture_ns: int,
    age_ms: float,
    stage_us: Mapping[str, int],
    outlook: Sequence[ChoiceOutlook] = (),
) -> state_pb2.Update:
    """The state, with what the shell knows about its age and cost, and how the choices stand.
    `client_capture_ns` is the frame's capture time on the client's clock, 0 without a frame."""
    message = state_pb2.Update(
        sequence=sequence,
        frame_sequence=update.frame_sequence,
        capture_time_ns=client_capture_ns,
        age_ms=age_ms,
        session_time_ns=update.time_ns,
        face=face_message(update.face, update.pose),
        empathy=empathy_message(update.empathy),
        beat_id=update.beat_id,
        bystanders=[face_message(face, None) for face in update.bystanders],
        stage_us={name: min(max(0, cost), MAX_STAGE_US) for name, cost in stage_us.items()},
        outlook=[outlook_message(choice) for choice in outlook],
    )
    if update.expression is not None:
        message.expression.CopyFrom(expression_message(update.expression))
    return message


def face_message(face: Face | None, pose: HeadPose | None) -> state_pb2.FaceState:
    """What was seen of the face. A pose without a face comes from the headset's tracking alone."""
    if face is None:
        return state_pb2.FaceState(found=False, pose=_pose(pose))
    return state_pb2.FaceState(
        found=True,
        box_x_px=face.box.x,
        box_y_px=face.box.y,
        box_width_px=face.box.width,
        box_height_px=face.box.height,
        regions=[
            state_pb2.RegionVisibility(region=REGIONS[name], visible=visible)
            for name, visible in face.visibility.as_dict().items()
        ],
        band=BANDS.number(face.band),
        headset_probability=face.headset,
        quality=face.quality.overall,
        pose=_pose(pose),
    )


def expression_message(expression: Expression) -> state_pb2.ExpressionState:
    """The expression. Labels that the contract has no word for are left out."""
    probabilities = zip(expression.labels, expression.probabilities, strict=True)
    return state_pb2.ExpressionState(
        emotions=[
            state_pb2.EmotionProbability(emotion=EMOTIONS[label], probability=float(probability))
            for label, probability in probabilities
            if label in EMOTIONS
        ],
        valence=expression.valence,
        arousal=expression.arousal,
        reliability=expression.reliability,
        intensity=expression.intensity,
        withheld=expression.withheld,
    )


def empathy_message(state: EmpathyState) -> state_pb2.EmpathyState:
    """The empathy state."""
    return state_pb2.EmpathyState(
        eri=state.eri,
        confidence=state.confidence,
        status=ERI_STATUSES.number(state.status),
        interval_low=state.interval[0],
        interval_high=state.interval[1],
        affective=_component(state.affective),
        associative=_component(state.associative),
        cognitive=_component(state.cognitive),
        valence=state.valence,
        arousal=state.arousal,
        intensity=state.intensity,
        attention=state.attention,
        baseline_ready=state.baseline_ready,
        distress=state.distress,
        contributions=[
            state_pb2.EmpathyContribution(
                stimulus_id=one.stimulus_id,
                points=one.points,
                evidence=one.evidence,
                resonance=one.resonance,
            )
            for one in state.contributions
        ],
    )


def decision_message(decision: Decision) -> story_pb2.BranchDecision:
    """The director's proposal."""
    return story_pb2.BranchDecision(
        decision_id=decision.decision_id,
        choice_id=decision.choice_id,
        occurrence=decision.occurrence,
        branch_id=decision.branch_id,
        reason=DECISION_REASONS.number(decision.reason),
        evidence=dict(decision.evidence),
        alternatives=[
            story_pb2.BranchAlternative(branch_id=one.branch_id, why_not=one.why_not)
            for one in decision.alternatives
        ],
        session_time_ns=decision.time_ns,
    )


def outlook_message(outlook: ChoiceOutlook) -> story_pb2.ChoiceOutlook:
    """How one choice stands."""
    return story_pb2.ChoiceOutlook(
        choice_id=outlook.choice_id,
        occurrence=outlook.occurrence,
        cool_down_s=outlook.cool_down_s,
        branches=[
            story_pb2.BranchOutlook(
                branch_id=one.branch_id,
                standing=one.prospect.value,
                dwelt_s=one.dwelt_s,
                dwell_s=one.dwell_s,
            )
            for one in outlook.branches
        ],
    )


def notice_message(notice: Noticed) -> session_pb2.Notice:
    """A remark."""
    return session_pb2.Notice(code=NOTICES.number(notice.kind), parameters=dict(notice.parameters))


def consent_message(consent: ConsentInForce) -> consent_pb2.ConsentApplied:
    """The consent now in force."""
    return consent_pb2.ConsentApplied(
        revision=consent.revision,
        last_analysed_frame_sequence=consent.last_analysed_sequence,
        scopes=scope_numbers(consent.scopes),
    )


def scope_numbers(scopes: Iterable[ConsentScope]) -> list[consent_pb2.ConsentScope]:
    """The contract's numbers of `scopes`, rising, so that equal consents are equal bytes."""
    return sorted(SCOPES.number(scope) for scope in scopes)


def frame_ack_message(settled: FrameSettled) -> video_pb2.FrameAck:
    """Credit for a frame."""
    return video_pb2.FrameAck(
        through_sequence=settled.sequence,
        disposition=DISPOSITIONS.number(settled.disposition),
    )


def summary_message(summary: Summary, totals: StreamTotals) -> session_pb2.SessionSummary:
    """The end of a session."""
    return session_pb2.SessionSummary(
        reason=END_REASONS.number(summary.reason),
        frames_received=totals.frames_received,
        frames_analysed=summary.frames_analysed,
        frames_dropped=totals.frames_dropped,
        frames_with_face=summary.frames_with_face,
        decisions=summary.decisions,
        duration_ns=summary.time_ns,
        empathy=empathy_message(summary.empathy),
        stored=totals.stored,
    )


def _calibration_progress(progress: BaselineProgress) -> session_pb2.CalibrationProgress:
    return session_pb2.CalibrationProgress(
        action=BASELINE_ACTIONS.number(progress.action),
        fraction=progress.fraction,
        in_force=progress.in_force,
    )


def _pose(pose: HeadPose | None) -> state_pb2.HeadPose | None:
    if pose is None:
        return None
    message = state_pb2.HeadPose(
        yaw_deg=pose.yaw_deg,
        pitch_deg=pose.pitch_deg,
        roll_deg=pose.roll_deg,
        source=POSE_SOURCES.number(pose.source),
    )
    position = pose.translation_m
    if position is not None and all(math.isfinite(value) for value in position):
        message.position_m.x, message.position_m.y, message.position_m.z = map(float, position)
    return message


def _component(component: Component) -> state_pb2.EmpathyComponent:
    return state_pb2.EmpathyComponent(
        measured=component.value is not None,
        value=component.value if component.value is not None else 0.0,
        confidence=component.confidence,
    )
