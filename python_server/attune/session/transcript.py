"""Inputs and outputs as a recording holds them, and inputs read back from it.

Written times are session time, so that reading them needs no clock; axes stay Unity's, and are
converted again on reading, by the same code that converted them live.
"""

from attune.empathy.evidence import Evidence
from attune.errors import RecordingError
from attune.scenario.events import ChoiceDue
from attune.session.axes import flip_point, flip_rotation, quaternion_of
from attune.session.event_messages import event_message
from attune.session.inbound import input_from_message
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
    Tick,
)
from attune.session.outbound import scope_numbers
from attune.session.vocabulary import (
    BASELINE_ACTIONS,
    CAPTURE_TIME_SOURCES,
    ENCODINGS,
    END_REASONS,
    FRAME_ROLES,
    WEIGHTS_SCHEMAS,
    WEIGHTS_SOURCES,
    WeightsSchema,
)
from attune.v1 import consent_pb2, geometry_pb2, recording_pb2, session_pb2, video_pb2
from attune.vision.frame import EncodedFrame


def recorded_input(
    order: int, given: Input, message: session_pb2.ClientMessage | None, client_time_ns: int
) -> recording_pb2.RecordedInput:
    """The record of one input. `message` is what the client sent, None where nobody sent it; it is
    kept as sent but for its times."""
    record = recording_pb2.RecordedInput(
        order=order, session_time_ns=given.time_ns, client_time_ns=client_time_ns
    )
    match given:
        case Tick():
            record.tick.SetInParent()
        case FrameInput():
            record.frame.frame_sequence = given.sequence
        case OperatorInput():
            record.operator_choice.choice_id = given.choice_id
            record.operator_choice.occurrence = given.occurrence
            record.operator_choice.branch_id = given.branch_id
        case _ if message is not None:
            record.message.CopyFrom(message)
            _retime(record.message, given)
        case _:
            record.message.CopyFrom(message_from_input(given))
    return record


def input_from_record(record: recording_pb2.RecordedInput) -> Input | None:
    """The input that a record stands for; None for a frame, whose pixels lie elsewhere.

    Raises InputError for a record that the software that wrote it would not have written.
    """
    time_ns = record.session_time_ns
    match record.WhichOneof("input"):
        case "tick":
            return Tick(time_ns)
        case "operator_choice":
            choice = record.operator_choice
            return OperatorInput(time_ns, choice.choice_id, choice.occurrence, choice.branch_id)
        case "message":
            return input_from_message(record.message, lambda ns: ns, time_ns)
    return None


def recorded_frame(
    order: int, given: FrameInput, frame: EncodedFrame, redacted: bool
) -> recording_pb2.RecordedFrame:
    """The record of one frame, with `frame` as its pixels."""
    return recording_pb2.RecordedFrame(
        order=order,
        session_time_ns=given.time_ns,
        redacted=redacted,
        message=session_pb2.ClientMessage(
            video_frame=video_pb2.VideoFrame(
                sequence=given.sequence,
                capture_time_ns=given.time_ns,
                capture_time_source=CAPTURE_TIME_SOURCES.number(given.capture_time_source),
                encoding=ENCODINGS.number(frame.encoding),
                width_px=frame.width,
                height_px=frame.height,
                rotation_deg=frame.rotation_deg,
                mirrored=frame.mirrored,
                consent_revision=given.consent_revision,
                role=FRAME_ROLES.number(given.role),
                data=frame.data,
            )
        ),
    )


def frame_from_record(record: recording_pb2.RecordedFrame, pixels: bytes | None) -> FrameInput:
    """The frame with its pixels, which are `pixels` where the record itself has none."""
    message = session_pb2.ClientMessage()
    message.CopyFrom(record.message)
    if pixels is not None and not message.video_frame.data:
        message.video_frame.data = pixels
    found = input_from_message(message, lambda ns: ns, record.session_time_ns)
    if not isinstance(found, FrameInput):
        raise RecordingError(
            f"expected a frame in the record of input {record.order}, "
            f"got {message.WhichOneof('message')}"
        )
    return found


def evidence_record(order: int, evidence: Evidence) -> recording_pb2.Evidence:
    """The record of one closed slot."""
    return recording_pb2.Evidence(
        order=order,
        slot=evidence.slot,
        valence=evidence.valence,
        arousal=evidence.arousal,
        quality=evidence.quality,
        tracked=evidence.tracked,
        probabilities=evidence.probabilities,
        focus_angle_cdeg=evidence.focus_angle_cdeg,
        band=evidence.band,
        frames=evidence.frames,
    )


def evidence_from_record(record: recording_pb2.Evidence) -> Evidence:
    """The slot that a record stands for."""
    return Evidence(
        slot=record.slot,
        valence=record.valence,
        arousal=record.arousal,
        quality=record.quality,
        tracked=record.tracked,
        probabilities=tuple(record.probabilities),
        focus_angle_cdeg=record.focus_angle_cdeg,
        band=record.band,
        frames=record.frames,
    )


def message_from_input(given: Input) -> session_pb2.ClientMessage:
    """What a client would have sent, with times of the session. Raises RecordingError for inputs
    that no client sends."""
    message = session_pb2.ClientMessage()
    match given:
        case EventInput():
            message.scenario_event.CopyFrom(event_message(given.event))
        case ConsentInput():
            message.consent_change.CopyFrom(
                consent_pb2.ConsentChange(
                    revision=given.revision, scopes=scope_numbers(given.scopes)
                )
            )
        case PauseInput():
            message.session_pause.SetInParent()
        case ResumeInput():
            message.session_resume.SetInParent()
        case EndInput():
            message.session_end.reason = END_REASONS.number(given.reason)
            message.session_end.SetInParent()
        case BaselineInput():
            message.calibration_command.action = BASELINE_ACTIONS.number(given.action)
        case CameraModelInput():
            message.camera_model.CopyFrom(_camera_message(given))
        case HeadsetPoseInput():
            message.headset_pose.CopyFrom(_pose_message(given))
        case FaceWeightsInput():
            message.face_weights.CopyFrom(_weights_message(given))
        case _:
            raise RecordingError(f"no client sends a {type(given).__name__}")
    return message


def _retime(message: session_pb2.ClientMessage, given: Input) -> None:
    match given:
        case EventInput():
            message.scenario_event.time_ns = given.time_ns
            if isinstance(given.event, ChoiceDue):
                message.scenario_event.choice_due.deadline_ns = given.event.deadline_ns
        case HeadsetPoseInput():
            message.headset_pose.time_ns = given.time_ns
        case FaceWeightsInput():
            message.face_weights.time_ns = given.time_ns


def _camera_message(given: CameraModelInput) -> geometry_pb2.CameraModel:
    camera = given.camera
    return geometry_pb2.CameraModel(
        fx_px=camera.fx,
        fy_px=camera.fy,
        cx_px=camera.cx,
        cy_px=camera.cy,
        width_px=camera.width,
        height_px=camera.height,
        distortion=camera.distortion,
    )


def _pose_message(given: HeadsetPoseInput) -> geometry_pb2.HeadsetPose:
    x, y, z, w = quaternion_of(flip_rotation(given.rotation))
    message = geometry_pb2.HeadsetPose(
        time_ns=given.time_ns,
        tracking_epoch=given.tracking_epoch,
        pose=geometry_pb2.Pose(orientation=geometry_pb2.Quaternion(x=x, y=y, z=z, w=w)),
    )
    position = message.pose.position_m
    position.x, position.y, position.z = map(float, flip_point(given.position_m))
    if given.focus_m is not None:
        focus = message.focus_position_m
        focus.x, focus.y, focus.z = map(float, flip_point(given.focus_m))
        focus.SetInParent()
    return message


def _weights_message(given: FaceWeightsInput) -> session_pb2.FaceWeights:
    return session_pb2.FaceWeights(
        time_ns=given.time_ns,
        schema=WEIGHTS_SCHEMAS.number(WeightsSchema(given.schema)),
        weights=given.weights,
        valid=given.valid,
        source=WEIGHTS_SOURCES.number(given.source),
        confidence=given.confidence,
    )
