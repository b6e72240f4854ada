from attune.v1 import consent_pb2 as _consent_pb2
from attune.v1 import session_pb2 as _session_pb2
from attune.v1 import state_pb2 as _state_pb2
from attune.v1 import story_pb2 as _story_pb2
from attune.v1 import video_pb2 as _video_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RecordingHeader(_message.Message):
    __slots__ = ("format_version", "session_id", "start", "started_unix_ns", "software_version", "models", "scenario_yaml", "packages", "cpu", "settings_json", "labels", "follows_scenario", "camera_region")
    class PackagesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    FORMAT_VERSION_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    STARTED_UNIX_NS_FIELD_NUMBER: _ClassVar[int]
    SOFTWARE_VERSION_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_YAML_FIELD_NUMBER: _ClassVar[int]
    PACKAGES_FIELD_NUMBER: _ClassVar[int]
    CPU_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_JSON_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    FOLLOWS_SCENARIO_FIELD_NUMBER: _ClassVar[int]
    CAMERA_REGION_FIELD_NUMBER: _ClassVar[int]
    format_version: int
    session_id: str
    start: _session_pb2.SessionStart
    started_unix_ns: int
    software_version: str
    models: _containers.RepeatedCompositeFieldContainer[_session_pb2.ModelInfo]
    scenario_yaml: str
    packages: _containers.ScalarMap[str, str]
    cpu: str
    settings_json: str
    labels: _containers.RepeatedScalarFieldContainer[str]
    follows_scenario: bool
    camera_region: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, format_version: _Optional[int] = ..., session_id: _Optional[str] = ..., start: _Optional[_Union[_session_pb2.SessionStart, _Mapping]] = ..., started_unix_ns: _Optional[int] = ..., software_version: _Optional[str] = ..., models: _Optional[_Iterable[_Union[_session_pb2.ModelInfo, _Mapping]]] = ..., scenario_yaml: _Optional[str] = ..., packages: _Optional[_Mapping[str, str]] = ..., cpu: _Optional[str] = ..., settings_json: _Optional[str] = ..., labels: _Optional[_Iterable[str]] = ..., follows_scenario: bool = ..., camera_region: _Optional[_Iterable[float]] = ...) -> None: ...

class Tick(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class FrameConsumed(_message.Message):
    __slots__ = ("frame_sequence",)
    FRAME_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    frame_sequence: int
    def __init__(self, frame_sequence: _Optional[int] = ...) -> None: ...

class RecordedInput(_message.Message):
    __slots__ = ("order", "session_time_ns", "message", "tick", "frame", "operator_choice", "client_time_ns")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SESSION_TIME_NS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    TICK_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    OPERATOR_CHOICE_FIELD_NUMBER: _ClassVar[int]
    CLIENT_TIME_NS_FIELD_NUMBER: _ClassVar[int]
    order: int
    session_time_ns: int
    message: _session_pb2.ClientMessage
    tick: Tick
    frame: FrameConsumed
    operator_choice: _story_pb2.OperatorChoice
    client_time_ns: int
    def __init__(self, order: _Optional[int] = ..., session_time_ns: _Optional[int] = ..., message: _Optional[_Union[_session_pb2.ClientMessage, _Mapping]] = ..., tick: _Optional[_Union[Tick, _Mapping]] = ..., frame: _Optional[_Union[FrameConsumed, _Mapping]] = ..., operator_choice: _Optional[_Union[_story_pb2.OperatorChoice, _Mapping]] = ..., client_time_ns: _Optional[int] = ...) -> None: ...

class RecordedFrame(_message.Message):
    __slots__ = ("order", "session_time_ns", "message", "redacted")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SESSION_TIME_NS_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    REDACTED_FIELD_NUMBER: _ClassVar[int]
    order: int
    session_time_ns: int
    message: _session_pb2.ClientMessage
    redacted: bool
    def __init__(self, order: _Optional[int] = ..., session_time_ns: _Optional[int] = ..., message: _Optional[_Union[_session_pb2.ClientMessage, _Mapping]] = ..., redacted: bool = ...) -> None: ...

class Evidence(_message.Message):
    __slots__ = ("slot", "valence", "arousal", "quality", "tracked", "probabilities", "focus_angle_cdeg", "band", "frames", "order")
    SLOT_FIELD_NUMBER: _ClassVar[int]
    VALENCE_FIELD_NUMBER: _ClassVar[int]
    AROUSAL_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    TRACKED_FIELD_NUMBER: _ClassVar[int]
    PROBABILITIES_FIELD_NUMBER: _ClassVar[int]
    FOCUS_ANGLE_CDEG_FIELD_NUMBER: _ClassVar[int]
    BAND_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    slot: int
    valence: int
    arousal: int
    quality: int
    tracked: int
    probabilities: _containers.RepeatedScalarFieldContainer[int]
    focus_angle_cdeg: int
    band: int
    frames: int
    order: int
    def __init__(self, slot: _Optional[int] = ..., valence: _Optional[int] = ..., arousal: _Optional[int] = ..., quality: _Optional[int] = ..., tracked: _Optional[int] = ..., probabilities: _Optional[_Iterable[int]] = ..., focus_angle_cdeg: _Optional[int] = ..., band: _Optional[int] = ..., frames: _Optional[int] = ..., order: _Optional[int] = ...) -> None: ...

class RecordedOutput(_message.Message):
    __slots__ = ("order", "session_time_ns", "update", "decision", "notice", "consent", "summary", "frame_ack")
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SESSION_TIME_NS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    CONSENT_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    FRAME_ACK_FIELD_NUMBER: _ClassVar[int]
    order: int
    session_time_ns: int
    update: _state_pb2.Update
    decision: _story_pb2.BranchDecision
    notice: _session_pb2.Notice
    consent: _consent_pb2.ConsentApplied
    summary: _session_pb2.SessionSummary
    frame_ack: _video_pb2.FrameAck
    def __init__(self, order: _Optional[int] = ..., session_time_ns: _Optional[int] = ..., update: _Optional[_Union[_state_pb2.Update, _Mapping]] = ..., decision: _Optional[_Union[_story_pb2.BranchDecision, _Mapping]] = ..., notice: _Optional[_Union[_session_pb2.Notice, _Mapping]] = ..., consent: _Optional[_Union[_consent_pb2.ConsentApplied, _Mapping]] = ..., summary: _Optional[_Union[_session_pb2.SessionSummary, _Mapping]] = ..., frame_ack: _Optional[_Union[_video_pb2.FrameAck, _Mapping]] = ...) -> None: ...
