from attune.v1 import geometry_pb2 as _geometry_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FrameEncoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FRAME_ENCODING_UNSPECIFIED: _ClassVar[FrameEncoding]
    FRAME_ENCODING_JPEG: _ClassVar[FrameEncoding]
    FRAME_ENCODING_PNG: _ClassVar[FrameEncoding]
    FRAME_ENCODING_RGB24: _ClassVar[FrameEncoding]
    FRAME_ENCODING_GRAY8: _ClassVar[FrameEncoding]
    FRAME_ENCODING_NV12: _ClassVar[FrameEncoding]

class CaptureTimeSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CAPTURE_TIME_SOURCE_UNSPECIFIED: _ClassVar[CaptureTimeSource]
    CAPTURE_TIME_SOURCE_SENSOR: _ClassVar[CaptureTimeSource]
    CAPTURE_TIME_SOURCE_FRAME_ARRIVAL: _ClassVar[CaptureTimeSource]
    CAPTURE_TIME_SOURCE_ESTIMATED: _ClassVar[CaptureTimeSource]

class FrameRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FRAME_ROLE_UNSPECIFIED: _ClassVar[FrameRole]
    FRAME_ROLE_WEARER: _ClassVar[FrameRole]
    FRAME_ROLE_BYSTANDERS: _ClassVar[FrameRole]

class FrameDisposition(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FRAME_DISPOSITION_UNSPECIFIED: _ClassVar[FrameDisposition]
    FRAME_DISPOSITION_ANALYSED: _ClassVar[FrameDisposition]
    FRAME_DISPOSITION_DROPPED: _ClassVar[FrameDisposition]
    FRAME_DISPOSITION_REFUSED: _ClassVar[FrameDisposition]
FRAME_ENCODING_UNSPECIFIED: FrameEncoding
FRAME_ENCODING_JPEG: FrameEncoding
FRAME_ENCODING_PNG: FrameEncoding
FRAME_ENCODING_RGB24: FrameEncoding
FRAME_ENCODING_GRAY8: FrameEncoding
FRAME_ENCODING_NV12: FrameEncoding
CAPTURE_TIME_SOURCE_UNSPECIFIED: CaptureTimeSource
CAPTURE_TIME_SOURCE_SENSOR: CaptureTimeSource
CAPTURE_TIME_SOURCE_FRAME_ARRIVAL: CaptureTimeSource
CAPTURE_TIME_SOURCE_ESTIMATED: CaptureTimeSource
FRAME_ROLE_UNSPECIFIED: FrameRole
FRAME_ROLE_WEARER: FrameRole
FRAME_ROLE_BYSTANDERS: FrameRole
FRAME_DISPOSITION_UNSPECIFIED: FrameDisposition
FRAME_DISPOSITION_ANALYSED: FrameDisposition
FRAME_DISPOSITION_DROPPED: FrameDisposition
FRAME_DISPOSITION_REFUSED: FrameDisposition

class VideoFrame(_message.Message):
    __slots__ = ("sequence", "capture_time_ns", "capture_time_source", "encoding", "width_px", "height_px", "rotation_deg", "mirrored", "camera_pose", "consent_revision", "role", "data")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CAPTURE_TIME_NS_FIELD_NUMBER: _ClassVar[int]
    CAPTURE_TIME_SOURCE_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PX_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PX_FIELD_NUMBER: _ClassVar[int]
    ROTATION_DEG_FIELD_NUMBER: _ClassVar[int]
    MIRRORED_FIELD_NUMBER: _ClassVar[int]
    CAMERA_POSE_FIELD_NUMBER: _ClassVar[int]
    CONSENT_REVISION_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    capture_time_ns: int
    capture_time_source: CaptureTimeSource
    encoding: FrameEncoding
    width_px: int
    height_px: int
    rotation_deg: int
    mirrored: bool
    camera_pose: _geometry_pb2.Pose
    consent_revision: int
    role: FrameRole
    data: bytes
    def __init__(self, sequence: _Optional[int] = ..., capture_time_ns: _Optional[int] = ..., capture_time_source: _Optional[_Union[CaptureTimeSource, str]] = ..., encoding: _Optional[_Union[FrameEncoding, str]] = ..., width_px: _Optional[int] = ..., height_px: _Optional[int] = ..., rotation_deg: _Optional[int] = ..., mirrored: bool = ..., camera_pose: _Optional[_Union[_geometry_pb2.Pose, _Mapping]] = ..., consent_revision: _Optional[int] = ..., role: _Optional[_Union[FrameRole, str]] = ..., data: _Optional[bytes] = ...) -> None: ...

class FrameAck(_message.Message):
    __slots__ = ("through_sequence", "disposition")
    THROUGH_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    DISPOSITION_FIELD_NUMBER: _ClassVar[int]
    through_sequence: int
    disposition: FrameDisposition
    def __init__(self, through_sequence: _Optional[int] = ..., disposition: _Optional[_Union[FrameDisposition, str]] = ...) -> None: ...
