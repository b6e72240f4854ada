"""What a client sends, converted once: to session time, to camera axes, to our own dataclasses.

Everything that cannot be used is refused here with an `InputError` whose code names the message
and whose sentence says what to send.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attune.errors import InputError
from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    SceneEvent,
    StimulusOffset,
    StimulusOnset,
)
from attune.session.axes import flip_point, flip_rotation, matrix_of
from attune.session.consent import ConsentScope
from attune.session.inputs import (
    BaselineInput,
    CameraModelInput,
    ConsentInput,
    EndInput,
    EventInput,
    FaceWeightsInput,
    FrameInput,
    HeadsetPoseInput,
    Input,
    OperatorInput,
    PauseInput,
    ResumeInput,
)
from attune.session.start import plan_from_start
from attune.session.vocabulary import (
    BASELINE_ACTIONS,
    CAPTURE_TIME_SOURCES,
    ENCODINGS,
    END_REASONS,
    FRAME_ROLES,
    PAUSE_REASONS,
    RESOLVERS,
    SCOPES,
    WEIGHTS_COUNT,
    WEIGHTS_SCHEMAS,
    WEIGHTS_SOURCES,
)
from attune.timeline import NS_PER_S
from attune.v1 import consent_pb2, geometry_pb2, session_pb2, story_pb2, video_pb2
from attune.vision.camera import camera_from_calibration
from attune.vision.frame import EncodedFrame

__all__ = ["input_from_message", "plan_from_start"]

MAX_IDENTIFIER = 128
"""Longest identifier of a stimulus, beat, choice, branch or decision, characters."""

LAST_SEQUENCE = 2**53
"""No stream comes so far; numbers of many such streams still add up within 64 bits."""

FARTHEST_M = 10_000.0
"""Farthest position from the origin of a tracking space that is believed."""

FARTHEST_NS = 10 * 365 * 24 * 3600 * NS_PER_S
"""Session time further away than this comes from a clock that was never set."""

QUATERNION_SLACK = 0.1
"""How far from 1 the length of a quaternion may be; within it, it is normalised."""

ToSessionNs = Callable[[int], int]


def input_from_message(
    message: session_pb2.ClientMessage, to_session_ns: ToSessionNs, now_ns: int
) -> Input | None:
    """The input that `message` stands for; None for Ping, ClockEstimate and SessionStart, which
    concern the edge alone.

    `to_session_ns` converts the client's clock to session time; `now_ns` is the session time of
    messages that carry no time of their own. Raises `InputError`.
    """
    kind = message.WhichOneof("message")
    if kind in _NO_INPUT:
        return None
    if kind in _TIMED:
        return _TIMED[kind](getattr(message, str(kind)), to_session_ns)
    if kind in _UNTIMED:
        return _UNTIMED[kind](getattr(message, str(kind)), now_ns)
    raise InputError(
        "message.missing",
        "expected a ClientMessage with exactly one of its fields set, got none that this server "
        "knows; send one of " + ", ".join(session_pb2.ClientMessage.DESCRIPTOR.fields_by_name),
    )


def scopes_from_message(change: consent_pb2.ConsentChange) -> frozenset[ConsentScope]:
    """Everything that a consent message allows. Raises InputError (consent.enum_unknown)."""
    return frozenset(
        SCOPES.member(scope, "consent.scopes", "consent.enum_unknown") for scope in change.scopes
    )


def _frame(frame: video_pb2.VideoFrame, to_session_ns: ToSessionNs) -> FrameInput:
    source = CAPTURE_TIME_SOURCES.member(
        frame.capture_time_source, "video_frame.capture_time_source", "frame.enum_unknown"
    )
    encoding = ENCODINGS.member(frame.encoding, "video_frame.encoding", "frame.enum_unknown")
    role = FRAME_ROLES.member(frame.role, "video_frame.role", "frame.enum_unknown")
    _require(
        1 <= frame.sequence <= LAST_SEQUENCE,
        "frame.sequence_invalid",
        "a sequence that counts the frames of the stream from 1",
        frame.sequence,
    )
    _require(
        frame.width_px >= 1 and frame.height_px >= 1,
        "frame.size_invalid",
        "width_px and height_px of at least 1",
        f"{frame.width_px}×{frame.height_px}",
    )
    _require(
        frame.rotation_deg in (0, 90, 180, 270),
        "frame.rotation_invalid",
        "a clockwise rotation_deg of 0, 90, 180 or 270",
        frame.rotation_deg,
    )
    if frame.HasField("camera_pose"):
        _position(frame.camera_pose.position_m, "frame.camera_pose")
        _rotation(frame.camera_pose, "frame.camera_pose")
    return FrameInput(
        time_ns=_session_time(frame.capture_time_ns, to_session_ns, "frame"),
        sequence=frame.sequence,
        frame=EncodedFrame(
            encoding,
            frame.data,
            frame.width_px,
            frame.height_px,
            frame.rotation_deg,
            frame.mirrored,
        ),
        role=role,
        capture_time_source=source,
        consent_revision=frame.consent_revision,
    )


def _event(event: story_pb2.ScenarioEvent, to_session_ns: ToSessionNs) -> SceneEvent:
    time_ns = _session_time(event.time_ns, to_session_ns, "event")
    match event.WhichOneof("event"):
        case "stimulus_onset":
            return StimulusOnset(time_ns, _name(event.stimulus_onset.stimulus_id, "stimulus_id"))
        case "stimulus_offset":
            return StimulusOffset(time_ns, _name(event.stimulus_offset.stimulus_id, "stimulus_id"))
        case "beat_entered":
            return BeatEntered(time_ns, _name(event.beat_entered.beat_id, "beat_id"))
        case "choice_due":
            due = event.choice_due
            return ChoiceDue(
                time_ns,
                _name(due.choice_id, "choice_id"),
                _occurrence(due.occurrence),
                _session_time(due.deadline_ns, to_session_ns, "event"),
            )
        case "choice_resolved":
            resolved = event.choice_resolved
            return ChoiceResolved(
                time_ns,
                _name(resolved.choice_id, "choice_id"),
                _occurrence(resolved.occurrence),
                _name(resolved.branch_id, "branch_id"),
                RESOLVERS.member(resolved.by, "choice_resolved.by", "event.enum_unknown"),
                _name(resolved.decision_id, "decision_id", may_be_empty=True),
            )
    raise InputError(
        "event.missing",
        "expected a scenario_event with one of stimulus_onset, stimulus_offset, beat_entered, "
        "choice_due or choice_resolved, got none of them",
    )


def _name(value: str, field: str, may_be_empty: bool = False, code: str = "event") -> str:
    _require(
        (may_be_empty or bool(value)) and len(value) <= MAX_IDENTIFIER,
        f"{code}.identifier",
        f"a {field} of 1 to {MAX_IDENTIFIER} characters, as the scenario writes it",
        f"{len(value)} characters",
    )
    return value


def _occurrence(value: int, code: str = "event") -> int:
    _require(value >= 1, f"{code}.occurrence", "an occurrence that counts from 1", value)
    return value


def _operator_choice(message: story_pb2.OperatorChoice, now_ns: int) -> OperatorInput:
    return OperatorInput(
        now_ns,
        _name(message.choice_id, "choice_id", code="operator"),
        _occurrence(message.occurrence, "operator"),
        _name(message.branch_id, "branch_id", code="operator"),
    )


def _headset_pose(
    message: geometry_pb2.HeadsetPose, to_session_ns: ToSessionNs
) -> HeadsetPoseInput:
    if not message.HasField("pose"):
        raise InputError(
            "headset_pose.missing", "expected a headset_pose with pose set, got none in it"
        )
    focus = None
    if message.HasField("focus_position_m"):
        focus = _position(message.focus_position_m, "headset_pose.focus_position_m")
    return HeadsetPoseInput(
        time_ns=_session_time(message.time_ns, to_session_ns, "headset_pose"),
        rotation=_rotation(message.pose, "headset_pose"),
        position_m=_position(message.pose.position_m, "headset_pose"),
        tracking_epoch=message.tracking_epoch,
        focus_m=focus,
    )


def _position(vector: geometry_pb2.Vector3, field: str) -> NDArray[np.float64]:
    values = (vector.x, vector.y, vector.z)
    code = field.split(".", maxsplit=1)[0]
    _require(
        all(math.isfinite(value) for value in values),
        f"{code}.not_finite",
        f"finite metres in {field}",
        values,
    )
    _require(
        all(abs(value) <= FARTHEST_M for value in values),
        f"{code}.out_of_range",
        f"a position in {field} within {FARTHEST_M:.0f} m of the tracking space's origin",
        values,
    )
    return flip_point(np.array(values, np.float64))


def _rotation(pose: geometry_pb2.Pose, field: str) -> NDArray[np.float64]:
    quaternion = pose.orientation
    values = (quaternion.x, quaternion.y, quaternion.z, quaternion.w)
    code = field.split(".", maxsplit=1)[0]
    _require(
        all(math.isfinite(value) for value in values),
        f"{code}.not_finite",
        f"a finite quaternion in {field}.orientation",
        values,
    )
    length = math.hypot(*values)
    _require(
        abs(length - 1) <= QUATERNION_SLACK,
        f"{code}.quaternion_invalid",
        f"a unit quaternion in {field}.orientation (x, y, z, w; no rotation is 0, 0, 0, 1)",
        f"{values} of length {length:.3g}",
    )
    return flip_rotation(matrix_of(*values))


def _face_weights(message: session_pb2.FaceWeights, to_session_ns: ToSessionNs) -> FaceWeightsInput:
    schema = WEIGHTS_SCHEMAS.member(
        message.schema, "face_weights.schema", "face_weights.enum_unknown"
    )
    source = WEIGHTS_SOURCES.member(
        message.source, "face_weights.source", "face_weights.enum_unknown"
    )
    _require(
        len(message.weights) == WEIGHTS_COUNT[schema],
        "face_weights.count",
        f"{WEIGHTS_COUNT[schema]} weights for {schema.value}",
        len(message.weights),
    )
    _require(
        all(math.isfinite(value) for value in (*message.weights, message.confidence)),
        "face_weights.not_finite",
        "finite weights and confidence",
        "NaN or infinity among them",
    )
    strays = [
        value for value in (*message.weights, message.confidence) if not -0.01 <= value <= 1.01
    ]
    _require(
        not (message.valid and strays),
        "face_weights.out_of_range",
        "valid weights and a confidence between 0 and 1",
        strays[:3],
    )
    return FaceWeightsInput(
        _session_time(message.time_ns, to_session_ns, "face_weights"),
        schema.value,
        tuple(message.weights),
        message.valid,
        source,
        message.confidence,
    )


def _camera_model(message: geometry_pb2.CameraModel, now_ns: int) -> CameraModelInput:
    _require(
        len(message.distortion) in (0, 5),
        "camera.invalid",
        "no distortion or the five numbers k1, k2, p1, p2, k3",
        f"{len(message.distortion)} numbers",
    )
    camera = camera_from_calibration(
        message.width_px,
        message.height_px,
        (message.fx_px, message.fy_px, message.cx_px, message.cy_px),
        tuple(message.distortion),
    )
    return CameraModelInput(now_ns, camera)


def _session_time(client_ns: int, to_session_ns: ToSessionNs, code: str) -> int:
    time_ns = to_session_ns(client_ns)
    _require(
        abs(time_ns) <= FARTHEST_NS,
        f"{code}.time_out_of_range",
        "a time on the monotonic clock that the last clock_estimate was made for",
        f"{client_ns} ns, which is {time_ns // NS_PER_S} s of session time",
    )
    return time_ns


def _consent(message: consent_pb2.ConsentChange, now_ns: int) -> ConsentInput:
    return ConsentInput(now_ns, message.revision, scopes_from_message(message))


def _pause(message: session_pb2.SessionPause, now_ns: int) -> PauseInput:
    PAUSE_REASONS.member(message.reason, "session_pause.reason", "pause.enum_unknown")
    return PauseInput(now_ns)


def _end(message: session_pb2.SessionEnd, now_ns: int) -> EndInput:
    reason = END_REASONS.member(message.reason, "session_end.reason", "end.enum_unknown")
    return EndInput(now_ns, reason)


def _calibration(message: session_pb2.CalibrationCommand, now_ns: int) -> BaselineInput:
    action = BASELINE_ACTIONS.member(
        message.action, "calibration_command.action", "calibration.enum_unknown"
    )
    return BaselineInput(now_ns, action)


def _require(condition: bool, code: str, expected: str, got: object) -> None:
    if not condition:
        raise InputError(code, f"expected {expected}, got {got}")


_NO_INPUT = ("session_start", "ping", "clock_estimate")
_TIMED: Mapping[str | None, Callable[[Any, ToSessionNs], Input]] = {
    "video_frame": _frame,
    "scenario_event": lambda event, to_session_ns: EventInput(_event(event, to_session_ns)),
    "headset_pose": _headset_pose,
    "face_weights": _face_weights,
}
_UNTIMED: Mapping[str | None, Callable[[Any, int], Input]] = {
    "consent_change": _consent,
    "session_pause": _pause,
    "session_resume": lambda _message, now_ns: ResumeInput(now_ns),
    "session_end": _end,
    "camera_model": _camera_model,
    "calibration_command": _calibration,
    "operator_choice": _operator_choice,
}
