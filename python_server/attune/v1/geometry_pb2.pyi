from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Vector3(_message.Message):
    __slots__ = ("x", "y", "z")
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    Z_FIELD_NUMBER: _ClassVar[int]
    x: float
    y: float
    z: float
    def __init__(self, x: _Optional[float] = ..., y: _Optional[float] = ..., z: _Optional[float] = ...) -> None: ...

class Quaternion(_message.Message):
    __slots__ = ("x", "y", "z", "w")
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    Z_FIELD_NUMBER: _ClassVar[int]
    W_FIELD_NUMBER: _ClassVar[int]
    x: float
    y: float
    z: float
    w: float
    def __init__(self, x: _Optional[float] = ..., y: _Optional[float] = ..., z: _Optional[float] = ..., w: _Optional[float] = ...) -> None: ...

class Pose(_message.Message):
    __slots__ = ("position_m", "orientation")
    POSITION_M_FIELD_NUMBER: _ClassVar[int]
    ORIENTATION_FIELD_NUMBER: _ClassVar[int]
    position_m: Vector3
    orientation: Quaternion
    def __init__(self, position_m: _Optional[_Union[Vector3, _Mapping]] = ..., orientation: _Optional[_Union[Quaternion, _Mapping]] = ...) -> None: ...

class CameraModel(_message.Message):
    __slots__ = ("fx_px", "fy_px", "cx_px", "cy_px", "distortion", "width_px", "height_px")
    FX_PX_FIELD_NUMBER: _ClassVar[int]
    FY_PX_FIELD_NUMBER: _ClassVar[int]
    CX_PX_FIELD_NUMBER: _ClassVar[int]
    CY_PX_FIELD_NUMBER: _ClassVar[int]
    DISTORTION_FIELD_NUMBER: _ClassVar[int]
    WIDTH_PX_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_PX_FIELD_NUMBER: _ClassVar[int]
    fx_px: float
    fy_px: float
    cx_px: float
    cy_px: float
    distortion: _containers.RepeatedScalarFieldContainer[float]
    width_px: int
    height_px: int
    def __init__(self, fx_px: _Optional[float] = ..., fy_px: _Optional[float] = ..., cx_px: _Optional[float] = ..., cy_px: _Optional[float] = ..., distortion: _Optional[_Iterable[float]] = ..., width_px: _Optional[int] = ..., height_px: _Optional[int] = ...) -> None: ...

class HeadsetPose(_message.Message):
    __slots__ = ("time_ns", "pose", "tracking_epoch", "focus_position_m")
    TIME_NS_FIELD_NUMBER: _ClassVar[int]
    POSE_FIELD_NUMBER: _ClassVar[int]
    TRACKING_EPOCH_FIELD_NUMBER: _ClassVar[int]
    FOCUS_POSITION_M_FIELD_NUMBER: _ClassVar[int]
    time_ns: int
    pose: Pose
    tracking_epoch: int
    focus_position_m: Vector3
    def __init__(self, time_ns: _Optional[int] = ..., pose: _Optional[_Union[Pose, _Mapping]] = ..., tracking_epoch: _Optional[int] = ..., focus_position_m: _Optional[_Union[Vector3, _Mapping]] = ...) -> None: ...
