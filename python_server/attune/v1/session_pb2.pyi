from attune.v1 import consent_pb2 as _consent_pb2
from attune.v1 import geometry_pb2 as _geometry_pb2
from attune.v1 import state_pb2 as _state_pb2
from attune.v1 import story_pb2 as _story_pb2
from attune.v1 import video_pb2 as _video_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CameraKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CAMERA_KIND_UNSPECIFIED: _ClassVar[CameraKind]
    CAMERA_KIND_EXTERNAL: _ClassVar[CameraKind]
    CAMERA_KIND_PASS_THROUGH: _ClassVar[CameraKind]

class VideoSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VIDEO_SOURCE_UNSPECIFIED: _ClassVar[VideoSource]
    VIDEO_SOURCE_CLIENT_FRAMES: _ClassVar[VideoSource]
    VIDEO_SOURCE_SERVER_CAMERA: _ClassVar[VideoSource]
    VIDEO_SOURCE_NONE: _ClassVar[VideoSource]

class Audience(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AUDIENCE_UNSPECIFIED: _ClassVar[Audience]
    AUDIENCE_PUBLIC: _ClassVar[Audience]
    AUDIENCE_SCHOOL: _ClassVar[Audience]
    AUDIENCE_STAFF: _ClassVar[Audience]

class PauseReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PAUSE_REASON_UNSPECIFIED: _ClassVar[PauseReason]
    PAUSE_REASON_DOFFED: _ClassVar[PauseReason]
    PAUSE_REASON_APPLICATION: _ClassVar[PauseReason]
    PAUSE_REASON_OPERATOR: _ClassVar[PauseReason]

class EndReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    END_REASON_UNSPECIFIED: _ClassVar[EndReason]
    END_REASON_FINISHED: _ClassVar[EndReason]
    END_REASON_VISITOR: _ClassVar[EndReason]
    END_REASON_NEXT_VISITOR: _ClassVar[EndReason]
    END_REASON_APPLICATION: _ClassVar[EndReason]
    END_REASON_SERVER_SHUTDOWN: _ClassVar[EndReason]
    END_REASON_LOST: _ClassVar[EndReason]
    END_REASON_VIOLATION: _ClassVar[EndReason]

class CalibrationAction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CALIBRATION_ACTION_UNSPECIFIED: _ClassVar[CalibrationAction]
    CALIBRATION_ACTION_START_BASELINE: _ClassVar[CalibrationAction]
    CALIBRATION_ACTION_FINISH_BASELINE: _ClassVar[CalibrationAction]
    CALIBRATION_ACTION_RESET_BASELINE: _ClassVar[CalibrationAction]

class FaceWeightsSchema(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACE_WEIGHTS_SCHEMA_UNSPECIFIED: _ClassVar[FaceWeightsSchema]
    FACE_WEIGHTS_SCHEMA_ARKIT_52: _ClassVar[FaceWeightsSchema]
    FACE_WEIGHTS_SCHEMA_META_FB2: _ClassVar[FaceWeightsSchema]
    FACE_WEIGHTS_SCHEMA_HTC: _ClassVar[FaceWeightsSchema]
    FACE_WEIGHTS_SCHEMA_PICO: _ClassVar[FaceWeightsSchema]
    FACE_WEIGHTS_SCHEMA_ANDROID_XR_68: _ClassVar[FaceWeightsSchema]

class FaceWeightsSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACE_WEIGHTS_SOURCE_UNSPECIFIED: _ClassVar[FaceWeightsSource]
    FACE_WEIGHTS_SOURCE_VISUAL: _ClassVar[FaceWeightsSource]
    FACE_WEIGHTS_SOURCE_AUDIO: _ClassVar[FaceWeightsSource]

class NoticeCode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTICE_CODE_UNSPECIFIED: _ClassVar[NoticeCode]
    NOTICE_CODE_FRAME_REFUSED: _ClassVar[NoticeCode]
    NOTICE_CODE_EVENT_REFUSED: _ClassVar[NoticeCode]
    NOTICE_CODE_SCENARIO_MISMATCH: _ClassVar[NoticeCode]
    NOTICE_CODE_NO_BASELINE: _ClassVar[NoticeCode]
    NOTICE_CODE_RECORDING_STOPPED: _ClassVar[NoticeCode]
    NOTICE_CODE_CAMERA_LOST: _ClassVar[NoticeCode]
    NOTICE_CODE_CAMERA_BACK: _ClassVar[NoticeCode]
    NOTICE_CODE_FRAME_RATE_LIMITED: _ClassVar[NoticeCode]
    NOTICE_CODE_SHUTTING_DOWN: _ClassVar[NoticeCode]
    NOTICE_CODE_INPUT_REFUSED: _ClassVar[NoticeCode]
    NOTICE_CODE_DELETION_OFFERED: _ClassVar[NoticeCode]
    NOTICE_CODE_ANALYSIS_FAILED: _ClassVar[NoticeCode]
    NOTICE_CODE_ANALYSIS_LOCKED: _ClassVar[NoticeCode]
CAMERA_KIND_UNSPECIFIED: CameraKind
CAMERA_KIND_EXTERNAL: CameraKind
CAMERA_KIND_PASS_THROUGH: CameraKind
VIDEO_SOURCE_UNSPECIFIED: VideoSource
VIDEO_SOURCE_CLIENT_FRAMES: VideoSource
VIDEO_SOURCE_SERVER_CAMERA: VideoSource
VIDEO_SOURCE_NONE: VideoSource
AUDIENCE_UNSPECIFIED: Audience
AUDIENCE_PUBLIC: Audience
AUDIENCE_SCHOOL: Audience
AUDIENCE_STAFF: Audience
PAUSE_REASON_UNSPECIFIED: PauseReason
PAUSE_REASON_DOFFED: PauseReason
PAUSE_REASON_APPLICATION: PauseReason
PAUSE_REASON_OPERATOR: PauseReason
END_REASON_UNSPECIFIED: EndReason
END_REASON_FINISHED: EndReason
END_REASON_VISITOR: EndReason
END_REASON_NEXT_VISITOR: EndReason
END_REASON_APPLICATION: EndReason
END_REASON_SERVER_SHUTDOWN: EndReason
END_REASON_LOST: EndReason
END_REASON_VIOLATION: EndReason
CALIBRATION_ACTION_UNSPECIFIED: CalibrationAction
CALIBRATION_ACTION_START_BASELINE: CalibrationAction
CALIBRATION_ACTION_FINISH_BASELINE: CalibrationAction
CALIBRATION_ACTION_RESET_BASELINE: CalibrationAction
FACE_WEIGHTS_SCHEMA_UNSPECIFIED: FaceWeightsSchema
FACE_WEIGHTS_SCHEMA_ARKIT_52: FaceWeightsSchema
FACE_WEIGHTS_SCHEMA_META_FB2: FaceWeightsSchema
FACE_WEIGHTS_SCHEMA_HTC: FaceWeightsSchema
FACE_WEIGHTS_SCHEMA_PICO: FaceWeightsSchema
FACE_WEIGHTS_SCHEMA_ANDROID_XR_68: FaceWeightsSchema
FACE_WEIGHTS_SOURCE_UNSPECIFIED: FaceWeightsSource
FACE_WEIGHTS_SOURCE_VISUAL: FaceWeightsSource
FACE_WEIGHTS_SOURCE_AUDIO: FaceWeightsSource
NOTICE_CODE_UNSPECIFIED: NoticeCode
NOTICE_CODE_FRAME_REFUSED: NoticeCode
NOTICE_CODE_EVENT_REFUSED: NoticeCode
NOTICE_CODE_SCENARIO_MISMATCH: NoticeCode
NOTICE_CODE_NO_BASELINE: NoticeCode
NOTICE_CODE_RECORDING_STOPPED: NoticeCode
NOTICE_CODE_CAMERA_LOST: NoticeCode
NOTICE_CODE_CAMERA_BACK: NoticeCode
NOTICE_CODE_FRAME_RATE_LIMITED: NoticeCode
NOTICE_CODE_SHUTTING_DOWN: NoticeCode
NOTICE_CODE_INPUT_REFUSED: NoticeCode
NOTICE_CODE_DELETION_OFFERED: NoticeCode
NOTICE_CODE_ANALYSIS_FAILED: NoticeCode
NOTICE_CODE_ANALYSIS_LOCKED: NoticeCode

class ScenarioReference(_message.Message):
    __slots__ = ("id", "sha256")
    ID_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    id: str
    sha256: str
    def __init__(self, id: _Optional[str] = ..., sha256: _Optional[str] = ...) -> None: ...

class Resumption(_message.Message):
    __slots__ = ("resume_token", "last_decision_id")
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    LAST_DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    resume_token: str
    last_decision_id: str
    def __init__(self, resume_token: _Optional[str] = ..., last_decision_id: _Optional[str] = ...) -> None: ...

class SessionStart(_message.Message):
    __slots__ = ("protocol_version", "station_id", "participant_id", "consent", "locale", "scenario_reference", "inline_scenario", "video_source", "camera_id", "camera_kind", "headset_model", "update_rate_hz", "resumption", "clock_epoch_id", "audience")
    PROTOCOL_VERSION_FIELD_NUMBER: _ClassVar[int]
    STATION_ID_FIELD_NUMBER: _ClassVar[int]
    PARTICIPANT_ID_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    INLINE_SCENARIO_FIELD_NUMBER: _ClassVar[int]
    VIDEO_SOURCE_FIELD_NUMBER: _ClassVar[int]
    CAMERA_ID_FIELD_NUMBER: _ClassVar[int]
    CAMERA_KIND_FIELD_NUMBER: _ClassVar[int]
    HEADSET_MODEL_FIELD_NUMBER: _ClassVar[int]
    UPDATE_RATE_HZ_FIELD_NUMBER: _ClassVar[int]
    RESUMPTION_FIELD_NUMBER: _ClassVar[int]
    CLOCK_EPOCH_ID_FIELD_NUMBER: _ClassVar[int]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    protocol_version: int
    station_id: str
    participant_id: str
    consent: _consent_pb2.ConsentChange
    locale: str
    scenario_reference: ScenarioReference
    inline_scenario: str
    video_source: VideoSource
    camera_id: str
    camera_kind: CameraKind
    headset_model: str
    update_rate_hz: float
    resumption: Resumption
    clock_epoch_id: int
    audience: Audience
    def __init__(self, protocol_version: _Optional[int] = ..., station_id: _Optional[str] = ..., participant_id: _Optional[str] = ..., consent: _Optional[_Union[_consent_pb2.ConsentChange, _Mapping]] = ..., locale: _Optional[str] = ..., scenario_reference: _Optional[_Union[ScenarioReference, _Mapping]] = ..., inline_scenario: _Optional[str] = ..., video_source: _Optional[_Union[VideoSource, str]] = ..., camera_id: _Optional[str] = ..., camera_kind: _Optional[_Union[CameraKind, str]] = ..., headset_model: _Optional[str] = ..., update_rate_hz: _Optional[float] = ..., resumption: _Optional[_Union[Resumption, _Mapping]] = ..., clock_epoch_id: _Optional[int] = ..., audience: _Optional[_Union[Audience, str]] = ...) -> None: ...

class ModelInfo(_message.Message):
    __slots__ = ("name", "version", "sha256", "kind")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    name: str
    version: str
    sha256: str
    kind: str
    def __init__(self, name: _Optional[str] = ..., version: _Optional[str] = ..., sha256: _Optional[str] = ..., kind: _Optional[str] = ...) -> None: ...

class SessionReady(_message.Message):
    __slots__ = ("session_id", "resume_token", "resume_window_ms", "max_frames_in_flight", "max_frame_bytes", "max_frame_rate_hz", "update_rate_hz", "models", "calibration_profiles", "scenario_sha256", "resumed", "session_time_ns", "protocol_version", "server_version", "analysis_locked")
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    RESUME_WINDOW_MS_FIELD_NUMBER: _ClassVar[int]
    MAX_FRAMES_IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
    MAX_FRAME_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_FRAME_RATE_HZ_FIELD_NUMBER: _ClassVar[int]
    UPDATE_RATE_HZ_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_PROFILES_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_SHA256_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    SESSION_TIME_NS_FIELD_NUMBER: _ClassVar[int]
    PROTOCOL_VERSION_FIELD_NUMBER: _ClassVar[int]
    SERVER_VERSION_FIELD_NUMBER: _ClassVar[int]
    ANALYSIS_LOCKED_FIELD_NUMBER: _ClassVar[int]
    session_id: str
    resume_token: str
    resume_window_ms: int
    max_frames_in_flight: int
    max_frame_bytes: int
    max_frame_rate_hz: float
    update_rate_hz: float
    models: _containers.RepeatedCompositeFieldContainer[ModelInfo]
    calibration_profiles: _containers.RepeatedScalarFieldContainer[str]
    scenario_sha256: str
    resumed: bool
    session_time_ns: int
    protocol_version: int
    server_version: str
    analysis_locked: bool
    def __init__(self, session_id: _Optional[str] = ..., resume_token: _Optional[str] = ..., resume_window_ms: _Optional[int] = ..., max_frames_in_flight: _Optional[int] = ..., max_frame_bytes: _Optional[int] = ..., max_frame_rate_hz: _Optional[float] = ..., update_rate_hz: _Optional[float] = ..., models: _Optional[_Iterable[_Union[ModelInfo, _Mapping]]] = ..., calibration_profiles: _Optional[_Iterable[str]] = ..., scenario_sha256: _Optional[str] = ..., resumed: bool = ..., session_time_ns: _Optional[int] = ..., protocol_version: _Optional[int] = ..., server_version: _Optional[str] = ..., analysis_locked: bool = ...) -> None: ...

class SessionPause(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: PauseReason
    def __init__(self, reason: _Optional[_Union[PauseReason, str]] = ...) -> None: ...

class SessionResume(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SessionEnd(_message.Message):
    __slots__ = ("reason",)
    REASON_FIELD_NUMBER: _ClassVar[int]
    reason: EndReason
    def __init__(self, reason: _Optional[_Union[EndReason, str]] = ...) -> None: ...

class SessionSummary(_message.Message):
    __slots__ = ("reason", "frames_received", "frames_analysed", "frames_dropped", "frames_with_face", "decisions", "duration_ns", "empathy", "stored")
    REASON_FIELD_NUMBER: _ClassVar[int]
    FRAMES_RECEIVED_FIELD_NUMBER: _ClassVar[int]
    FRAMES_ANALYSED_FIELD_NUMBER: _ClassVar[int]
    FRAMES_DROPPED_FIELD_NUMBER: _ClassVar[int]
    FRAMES_WITH_FACE_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    DURATION_NS_FIELD_NUMBER: _ClassVar[int]
    EMPATHY_FIELD_NUMBER: _ClassVar[int]
    STORED_FIELD_NUMBER: _ClassVar[int]
    reason: EndReason
    frames_received: int
    frames_analysed: int
    frames_dropped: int
    frames_with_face: int
    decisions: int
    duration_ns: int
    empathy: _state_pb2.EmpathyState
    stored: bool
    def __init__(self, reason: _Optional[_Union[EndReason, str]] = ..., frames_received: _Optional[int] = ..., frames_analysed: _Optional[int] = ..., frames_dropped: _Optional[int] = ..., frames_with_face: _Optional[int] = ..., decisions: _Optional[int] = ..., duration_ns: _Optional[int] = ..., empathy: _Optional[_Union[_state_pb2.EmpathyState, _Mapping]] = ..., stored: bool = ...) -> None: ...

class CalibrationCommand(_message.Message):
    __slots__ = ("action",)
    ACTION_FIELD_NUMBER: _ClassVar[int]
    action: CalibrationAction
    def __init__(self, action: _Optional[_Union[CalibrationAction, str]] = ...) -> None: ...

class CalibrationProgress(_message.Message):
    __slots__ = ("action", "fraction", "in_force")
    ACTION_FIELD_NUMBER: _ClassVar[int]
    FRACTION_FIELD_NUMBER: _ClassVar[int]
    IN_FORCE_FIELD_NUMBER: _ClassVar[int]
    action: CalibrationAction
    fraction: float
    in_force: bool
    def __init__(self, action: _Optional[_Union[CalibrationAction, str]] = ..., fraction: _Optional[float] = ..., in_force: bool = ...) -> None: ...

class Ping(_message.Message):
    __slots__ = ("id", "client_send_ns")
    ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_SEND_NS_FIELD_NUMBER: _ClassVar[int]
    id: int
    client_send_ns: int
    def __init__(self, id: _Optional[int] = ..., client_send_ns: _Optional[int] = ...) -> None: ...

class Pong(_message.Message):
    __slots__ = ("id", "client_send_ns", "server_receive_ns", "server_send_ns")
    ID_FIELD_NUMBER: _ClassVar[int]
    CLIENT_SEND_NS_FIELD_NUMBER: _ClassVar[int]
    SERVER_RECEIVE_NS_FIELD_NUMBER: _ClassVar[int]
    SERVER_SEND_NS_FIELD_NUMBER: _ClassVar[int]
    id: int
    client_send_ns: int
    server_receive_ns: int
    server_send_ns: int
    def __init__(self, id: _Optional[int] = ..., client_send_ns: _Optional[int] = ..., server_receive_ns: _Optional[int] = ..., server_send_ns: _Optional[int] = ...) -> None: ...

class ClockEstimate(_message.Message):
    __slots__ = ("clock_epoch_id", "offset_ns", "uncertainty_ns")
    CLOCK_EPOCH_ID_FIELD_NUMBER: _ClassVar[int]
    OFFSET_NS_FIELD_NUMBER: _ClassVar[int]
    UNCERTAINTY_NS_FIELD_NUMBER: _ClassVar[int]
    clock_epoch_id: int
    offset_ns: int
    uncertainty_ns: int
    def __init__(self, clock_epoch_id: _Optional[int] = ..., offset_ns: _Optional[int] = ..., uncertainty_ns: _Optional[int] = ...) -> None: ...

class FaceWeights(_message.Message):
    __slots__ = ("time_ns", "schema", "weights", "valid", "source", "confidence")
    TIME_NS_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    VALID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    time_ns: int
    schema: FaceWeightsSchema
    weights: _containers.RepeatedScalarFieldContainer[float]
    valid: bool
    source: FaceWeightsSource
    confidence: float
    def __init__(self, time_ns: _Optional[int] = ..., schema: _Optional[_Union[FaceWeightsSchema, str]] = ..., weights: _Optional[_Iterable[float]] = ..., valid: bool = ..., source: _Optional[_Union[FaceWeightsSource, str]] = ..., confidence: _Optional[float] = ...) -> None: ...

class Notice(_message.Message):
    __slots__ = ("code", "parameters")
    class ParametersEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CODE_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    code: NoticeCode
    parameters: _containers.ScalarMap[str, str]
    def __init__(self, code: _Optional[_Union[NoticeCode, str]] = ..., parameters: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ClientMessage(_message.Message):
    __slots__ = ("session_start", "consent_change", "session_pause", "session_resume", "session_end", "video_frame", "camera_model", "headset_pose", "face_weights", "scenario_event", "calibration_command", "ping", "clock_estimate", "operator_choice")
    SESSION_START_FIELD_NUMBER: _ClassVar[int]
    CONSENT_CHANGE_FIELD_NUMBER: _ClassVar[int]
    SESSION_PAUSE_FIELD_NUMBER: _ClassVar[int]
    SESSION_RESUME_FIELD_NUMBER: _ClassVar[int]
    SESSION_END_FIELD_NUMBER: _ClassVar[int]
    VIDEO_FRAME_FIELD_NUMBER: _ClassVar[int]
    CAMERA_MODEL_FIELD_NUMBER: _ClassVar[int]
    HEADSET_POSE_FIELD_NUMBER: _ClassVar[int]
    FACE_WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_EVENT_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_COMMAND_FIELD_NUMBER: _ClassVar[int]
    PING_FIELD_NUMBER: _ClassVar[int]
    CLOCK_ESTIMATE_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_CHOICE_FIELD_NUMBER: _ClassVar[int]
    session_start: SessionStart
    consent_change: _consent_pb2.ConsentChange
    session_pause: SessionPause
    session_resume: SessionResume
    session_end: SessionEnd
    video_frame: _video_pb2.VideoFrame
    camera_model: _geometry_pb2.CameraModel
    headset_pose: _geometry_pb2.HeadsetPose
    face_weights: FaceWeights
    scenario_event: _story_pb2.ScenarioEvent
    calibration_command: CalibrationCommand
    ping: Ping
    clock_estimate: ClockEstimate
    operator_choice: _story_pb2.OperatorChoice
    def __init__(self, session_start: _Optional[_Union[SessionStart, _Mapping]] = ..., consent_change: _Optional[_Union[_consent_pb2.ConsentChange, _Mapping]] = ..., session_pause: _Optional[_Union[SessionPause, _Mapping]] = ..., session_resume: _Optional[_Union[SessionResume, _Mapping]] = ..., session_end: _Optional[_Union[SessionEnd, _Mapping]] = ..., video_frame: _Optional[_Union[_video_pb2.VideoFrame, _Mapping]] = ..., camera_model: _Optional[_Union[_geometry_pb2.CameraModel, _Mapping]] = ..., headset_pose: _Optional[_Union[_geometry_pb2.HeadsetPose, _Mapping]] = ..., face_weights: _Optional[_Union[FaceWeights, _Mapping]] = ..., scenario_event: _Optional[_Union[_story_pb2.ScenarioEvent, _Mapping]] = ..., calibration_command: _Optional[_Union[CalibrationCommand, _Mapping]] = ..., ping: _Optional[_Union[Ping, _Mapping]] = ..., clock_estimate: _Optional[_Union[ClockEstimate, _Mapping]] = ..., operator_choice: _Optional[_Union[_story_pb2.OperatorChoice, _Mapping]] = ...) -> None: ...

class ServerMessage(_message.Message):
    __slots__ = ("session_ready", "frame_ack", "update", "branch_decision", "consent_applied", "calibration_progress", "notice", "pong", "session_summary")
    SESSION_READY_FIELD_NUMBER: _ClassVar[int]
    FRAME_ACK_FIELD_NUMBER: _ClassVar[int]
    UPDATE_FIELD_NUMBER: _ClassVar[int]
    BRANCH_DECISION_FIELD_NUMBER: _ClassVar[int]
    CONSENT_APPLIED_FIELD_NUMBER: _ClassVar[int]
    CALIBRATION_PROGRESS_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    PONG_FIELD_NUMBER: _ClassVar[int]
    SESSION_SUMMARY_FIELD_NUMBER: _ClassVar[int]
    session_ready: SessionReady
    frame_ack: _video_pb2.FrameAck
    update: _state_pb2.Update
    branch_decision: _story_pb2.BranchDecision
    consent_applied: _consent_pb2.ConsentApplied
    calibration_progress: CalibrationProgress
    notice: Notice
    pong: Pong
    session_summary: SessionSummary
    def __init__(self, session_ready: _Optional[_Union[SessionReady, _Mapping]] = ..., frame_ack: _Optional[_Union[_video_pb2.FrameAck, _Mapping]] = ..., update: _Optional[_Union[_state_pb2.Update, _Mapping]] = ..., branch_decision: _Optional[_Union[_story_pb2.BranchDecision, _Mapping]] = ..., consent_applied: _Optional[_Union[_consent_pb2.ConsentApplied, _Mapping]] = ..., calibration_progress: _Optional[_Union[CalibrationProgress, _Mapping]] = ..., notice: _Optional[_Union[Notice, _Mapping]] = ..., pong: _Optional[_Union[Pong, _Mapping]] = ..., session_summary: _Optional[_Union[SessionSummary, _Mapping]] = ...) -> None: ...
