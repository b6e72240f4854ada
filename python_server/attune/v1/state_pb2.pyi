from attune.v1 import geometry_pb2 as _geometry_pb2
from attune.v1 import story_pb2 as _story_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Emotion(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EMOTION_UNSPECIFIED: _ClassVar[Emotion]
    EMOTION_ANGRY: _ClassVar[Emotion]
    EMOTION_DISGUST: _ClassVar[Emotion]
    EMOTION_FEAR: _ClassVar[Emotion]
    EMOTION_HAPPY: _ClassVar[Emotion]
    EMOTION_SAD: _ClassVar[Emotion]
    EMOTION_SURPRISE: _ClassVar[Emotion]
    EMOTION_NEUTRAL: _ClassVar[Emotion]
    EMOTION_CONTEMPT: _ClassVar[Emotion]

class FaceRegion(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACE_REGION_UNSPECIFIED: _ClassVar[FaceRegion]
    FACE_REGION_LEFT_EYE: _ClassVar[FaceRegion]
    FACE_REGION_RIGHT_EYE: _ClassVar[FaceRegion]
    FACE_REGION_LEFT_BROW: _ClassVar[FaceRegion]
    FACE_REGION_RIGHT_BROW: _ClassVar[FaceRegion]
    FACE_REGION_NOSE: _ClassVar[FaceRegion]
    FACE_REGION_MOUTH: _ClassVar[FaceRegion]
    FACE_REGION_CHIN: _ClassVar[FaceRegion]
    FACE_REGION_LEFT_CHEEK: _ClassVar[FaceRegion]
    FACE_REGION_RIGHT_CHEEK: _ClassVar[FaceRegion]

class VisibilityBand(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VISIBILITY_BAND_UNSPECIFIED: _ClassVar[VisibilityBand]
    VISIBILITY_BAND_FULL: _ClassVar[VisibilityBand]
    VISIBILITY_BAND_LOWER_FACE: _ClassVar[VisibilityBand]
    VISIBILITY_BAND_POOR: _ClassVar[VisibilityBand]

class PoseSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    POSE_SOURCE_UNSPECIFIED: _ClassVar[PoseSource]
    POSE_SOURCE_LANDMARKS: _ClassVar[PoseSource]
    POSE_SOURCE_TRACKER_MATRIX: _ClassVar[PoseSource]
    POSE_SOURCE_HEADSET: _ClassVar[PoseSource]
    POSE_SOURCE_FUSED: _ClassVar[PoseSource]

class EmpathyStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EMPATHY_STATUS_UNSPECIFIED: _ClassVar[EmpathyStatus]
    EMPATHY_STATUS_OK: _ClassVar[EmpathyStatus]
    EMPATHY_STATUS_ABSTAIN: _ClassVar[EmpathyStatus]
    EMPATHY_STATUS_PAUSED: _ClassVar[EmpathyStatus]
EMOTION_UNSPECIFIED: Emotion
EMOTION_ANGRY: Emotion
EMOTION_DISGUST: Emotion
EMOTION_FEAR: Emotion
EMOTION_HAPPY: Emotion
EMOTION_SAD: Emotion
EMOTION_SURPRISE: Emotion
EMOTION_NEUTRAL: Emotion
EMOTION_CONTEMPT: Emotion
FACE_REGION_UNSPECIFIED: FaceRegion
FACE_REGION_LEFT_EYE: FaceRegion
FACE_REGION_RIGHT_EYE: FaceRegion
FACE_REGION_LEFT_BROW: FaceRegion
FACE_REGION_RIGHT_BROW: FaceRegion
FACE_REGION_NOSE: FaceRegion
FACE_REGION_MOUTH: FaceRegion
FACE_REGION_CHIN: FaceRegion
FACE_REGION_LEFT_CHEEK: FaceRegion
FACE_REGION_RIGHT_CHEEK: FaceRegion
VISIBILITY_BAND_UNSPECIFIED: VisibilityBand
VISIBILITY_BAND_FULL: VisibilityBand
VISIBILITY_BAND_LOWER_FACE: VisibilityBand
VISIBILITY_BAND_POOR: VisibilityBand
POSE_SOURCE_UNSPECIFIED: PoseSource
POSE_SOURCE_LANDMARKS: PoseSource
POSE_SOURCE_TRACKER_MATRIX: PoseSource
POSE_SOURCE_HEADSET: PoseSource
POSE_SOURCE_FUSED: PoseSource
EMPATHY_STATUS_UNSPECIFIED: EmpathyStatus
EMPATHY_STATUS_OK: EmpathyStatus
EMPATHY_STATUS_ABSTAIN: EmpathyStatus
EMPATHY_STATUS_PAUSED: EmpathyStatus

class RegionVisibility(_message.Message):
    __slots__ = ("region", "visible")
    REGION_FIELD_NUMBER: _ClassVar[int]
    VISIBLE_FIELD_NUMBER: _ClassVar[int]
    region: FaceRegion
    visible: float
    def __init__(self, region: _Optional[_Union[FaceRegion, str]] = ..., visible: _Optional[float] = ...) -> None: ...

class EmotionProbability(_message.Message):
    __slots__ = ("emotion", "probability")
    EMOTION_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    emotion: Emotion
    probability: float
    def __init__(self, emotion: _Optional[_Union[Emotion, str]] = ..., probability: _Optional[float] = ...) -> None: ...

class HeadPose(_message.Message):
    __slots__ = ("yaw_deg", "pitch_deg", "roll_deg", "position_m", "source")
    YAW_DEG_FIELD_NUMBER: _ClassVar[int]
    PITCH_DEG_FIELD_NUMBER: _ClassVar[int]
    ROLL_DEG_FIELD_NUMBER: _ClassVar[int]
    POSITION_M_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    position_m: _geometry_pb2.Vector3
    source: PoseSource
    def __init__(self, yaw_deg: _Optional[float] = ..., pitch_deg: _Optional[float] = ..., roll_deg: _Optional[float] = ..., position_m: _Optional[_Union[_geometry_pb2.Vector3, _Mapping]] = ..., source: _Optional[_Union[PoseSource, str]] = ...) -> None: ...

class FaceState(_message.Message):
    __slots__ = ("found", "box_x_px", "box_y_px", "box_width_px", "box_height_px", "regions", "band", "headset_probability", "quality", "pose")
    FOUND_FIELD_NUMBER: _ClassVar[int]
    BOX_X_PX_FIELD_NUMBER: _ClassVar[int]
    BOX_Y_PX_FIELD_NUMBER: _ClassVar[int]
    BOX_WIDTH_PX_FIELD_NUMBER: _ClassVar[int]
    BOX_HEIGHT_PX_FIELD_NUMBER: _ClassVar[int]
    REGIONS_FIELD_NUMBER: _ClassVar[int]
    BAND_FIELD_NUMBER: _ClassVar[int]
    HEADSET_PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    POSE_FIELD_NUMBER: _ClassVar[int]
    found: bool
    box_x_px: float
    box_y_px: float
    box_width_px: float
    box_height_px: float
    regions: _containers.RepeatedCompositeFieldContainer[RegionVisibility]
    band: VisibilityBand
    headset_probability: float
    quality: float
    pose: HeadPose
    def __init__(self, found: bool = ..., box_x_px: _Optional[float] = ..., box_y_px: _Optional[float] = ..., box_width_px: _Optional[float] = ..., box_height_px: _Optional[float] = ..., regions: _Optional[_Iterable[_Union[RegionVisibility, _Mapping]]] = ..., band: _Optional[_Union[VisibilityBand, str]] = ..., headset_probability: _Optional[float] = ..., quality: _Optional[float] = ..., pose: _Optional[_Union[HeadPose, _Mapping]] = ...) -> None: ...

class ExpressionState(_message.Message):
    __slots__ = ("emotions", "valence", "arousal", "reliability", "intensity", "withheld")
    EMOTIONS_FIELD_NUMBER: _ClassVar[int]
    VALENCE_FIELD_NUMBER: _ClassVar[int]
    AROUSAL_FIELD_NUMBER: _ClassVar[int]
    RELIABILITY_FIELD_NUMBER: _ClassVar[int]
    INTENSITY_FIELD_NUMBER: _ClassVar[int]
    WITHHELD_FIELD_NUMBER: _ClassVar[int]
    emotions: _containers.RepeatedCompositeFieldContainer[EmotionProbability]
    valence: float
    arousal: float
    reliability: float
    intensity: float
    withheld: bool
    def __init__(self, emotions: _Optional[_Iterable[_Union[EmotionProbability, _Mapping]]] = ..., valence: _Optional[float] = ..., arousal: _Optional[float] = ..., reliability: _Optional[float] = ..., intensity: _Optional[float] = ..., withheld: bool = ...) -> None: ...

class EmpathyComponent(_message.Message):
    __slots__ = ("measured", "value", "confidence")
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    measured: bool
    value: float
    confidence: float
    def __init__(self, measured: bool = ..., value: _Optional[float] = ..., confidence: _Optional[float] = ...) -> None: ...

class EmpathyContribution(_message.Message):
    __slots__ = ("stimulus_id", "points", "evidence", "resonance")
    STIMULUS_ID_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    RESONANCE_FIELD_NUMBER: _ClassVar[int]
    stimulus_id: str
    points: float
    evidence: float
    resonance: float
    def __init__(self, stimulus_id: _Optional[str] = ..., points: _Optional[float] = ..., evidence: _Optional[float] = ..., resonance: _Optional[float] = ...) -> None: ...

class EmpathyState(_message.Message):
    __slots__ = ("eri", "confidence", "status", "interval_low", "interval_high", "affective", "associative", "cognitive", "valence", "arousal", "intensity", "attention", "baseline_ready", "distress", "contributions")
    ERI_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_LOW_FIELD_NUMBER: _ClassVar[int]
    INTERVAL_HIGH_FIELD_NUMBER: _ClassVar[int]
    AFFECTIVE_FIELD_NUMBER: _ClassVar[int]
    ASSOCIATIVE_FIELD_NUMBER: _ClassVar[int]
    COGNITIVE_FIELD_NUMBER: _ClassVar[int]
    VALENCE_FIELD_NUMBER: _ClassVar[int]
    AROUSAL_FIELD_NUMBER: _ClassVar[int]
    INTENSITY_FIELD_NUMBER: _ClassVar[int]
    ATTENTION_FIELD_NUMBER: _ClassVar[int]
    BASELINE_READY_FIELD_NUMBER: _ClassVar[int]
    DISTRESS_FIELD_NUMBER: _ClassVar[int]
    CONTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    eri: float
    confidence: float
    status: EmpathyStatus
    interval_low: float
    interval_high: float
    affective: EmpathyComponent
    associative: EmpathyComponent
    cognitive: EmpathyComponent
    valence: float
    arousal: float
    intensity: float
    attention: float
    baseline_ready: bool
    distress: bool
    contributions: _containers.RepeatedCompositeFieldContainer[EmpathyContribution]
    def __init__(self, eri: _Optional[float] = ..., confidence: _Optional[float] = ..., status: _Optional[_Union[EmpathyStatus, str]] = ..., interval_low: _Optional[float] = ..., interval_high: _Optional[float] = ..., affective: _Optional[_Union[EmpathyComponent, _Mapping]] = ..., associative: _Optional[_Union[EmpathyComponent, _Mapping]] = ..., cognitive: _Optional[_Union[EmpathyComponent, _Mapping]] = ..., valence: _Optional[float] = ..., arousal: _Optional[float] = ..., intensity: _Optional[float] = ..., attention: _Optional[float] = ..., baseline_ready: bool = ..., distress: bool = ..., contributions: _Optional[_Iterable[_Union[EmpathyContribution, _Mapping]]] = ...) -> None: ...

class Update(_message.Message):
    __slots__ = ("sequence", "frame_sequence", "capture_time_ns", "age_ms", "session_time_ns", "face", "expression", "empathy", "beat_id", "stage_us", "bystanders", "outlook")
    class StageUsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    FRAME_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CAPTURE_TIME_NS_FIELD_NUMBER: _ClassVar[int]
    AGE_MS_FIELD_NUMBER: _ClassVar[int]
    SESSION_TIME_NS_FIELD_NUMBER: _ClassVar[int]
    FACE_FIELD_NUMBER: _ClassVar[int]
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    EMPATHY_FIELD_NUMBER: _ClassVar[int]
    BEAT_ID_FIELD_NUMBER: _ClassVar[int]
    STAGE_US_FIELD_NUMBER: _ClassVar[int]
    BYSTANDERS_FIELD_NUMBER: _ClassVar[int]
    OUTLOOK_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    frame_sequence: int
    capture_time_ns: int
    age_ms: float
    session_time_ns: int
    face: FaceState
    expression: ExpressionState
    empathy: EmpathyState
    beat_id: str
    stage_us: _containers.ScalarMap[str, int]
    bystanders: _containers.RepeatedCompositeFieldContainer[FaceState]
    outlook: _containers.RepeatedCompositeFieldContainer[_story_pb2.ChoiceOutlook]
    def __init__(self, sequence: _Optional[int] = ..., frame_sequence: _Optional[int] = ..., capture_time_ns: _Optional[int] = ..., age_ms: _Optional[float] = ..., session_time_ns: _Optional[int] = ..., face: _Optional[_Union[FaceState, _Mapping]] = ..., expression: _Optional[_Union[ExpressionState, _Mapping]] = ..., empathy: _Optional[_Union[EmpathyState, _Mapping]] = ..., beat_id: _Optional[str] = ..., stage_us: _Optional[_Mapping[str, int]] = ..., bystanders: _Optional[_Iterable[_Union[FaceState, _Mapping]]] = ..., outlook: _Optional[_Iterable[_Union[_story_pb2.ChoiceOutlook, _Mapping]]] = ...) -> None: ...
