"""Two well-known schemas that MCAP viewers show without knowing Attune.

They are foxglove.CompressedImage and foxglove.Log, with the public names and field numbers
(github.com/foxglove/foxglove-sdk, MIT).

They live in a descriptor pool of their own, so that a program that also imports Foxglove's own
generated modules meets no duplicate.
"""

from typing import Any

from google.protobuf import timestamp_pb2
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    EnumValueDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from attune.errors import RecordingError
from attune.timeline import NS_PER_S

LEVEL_INFO = 2
LEVEL_WARNING = 3

_Field = FieldDescriptorProto
_TIMESTAMP = ".google.protobuf.Timestamp"
_LEVELS = ("UNKNOWN", "DEBUG", "INFO", "WARNING", "ERROR", "FATAL")


def compressed_image(time_ns: int, data: bytes, image_format: str, frame_id: str) -> Message:
    """A foxglove.CompressedImage; `image_format` is jpeg or png."""
    image: Message = _compressed_image(
        timestamp=_timestamp(time_ns), data=data, format=image_format, frame_id=frame_id
    )
    return image


def log(time_ns: int, level: int, text: str) -> Message:
    """A foxglove.Log of the program `attune`."""
    entry: Message = _log(timestamp=_timestamp(time_ns), level=level, message=text, name="attune")
    return entry


def image_bytes(serialized: bytes) -> bytes:
    """The pixels of a serialized foxglove.CompressedImage. Raises RecordingError."""
    try:
        data: bytes = _compressed_image.FromString(serialized).data
    except DecodeError as error:
        raise RecordingError("a recorded picture cannot be read") from error
    return data


def _timestamp(time_ns: int) -> Any:
    return _pool_class("google.protobuf.Timestamp")(
        seconds=time_ns // NS_PER_S, nanos=time_ns % NS_PER_S
    )


def _field(name: str, number: int, kind: int, type_name: str = "") -> FieldDescriptorProto:
    return FieldDescriptorProto(
        name=name,
        number=number,
        label=_Field.LABEL_OPTIONAL,
        type=_Field.Type.Name(kind),  # type: ignore[arg-type]
        type_name=type_name or None,
    )


def _files() -> tuple[FileDescriptorProto, ...]:
    timestamp = FileDescriptorProto()
    timestamp_pb2.DESCRIPTOR.CopyToProto(timestamp)
    image = DescriptorProto(
        name="CompressedImage",
        field=[
            _field("timestamp", 1, _Field.TYPE_MESSAGE, _TIMESTAMP),
            _field("frame_id", 4, _Field.TYPE_STRING),
            _field("data", 2, _Field.TYPE_BYTES),
            _field("format", 3, _Field.TYPE_STRING),
        ],
    )
    levels = EnumDescriptorProto(
        name="Level",
        value=[
            EnumValueDescriptorProto(name=name, number=number)
            for number, name in enumerate(_LEVELS)
        ],
    )
    entry = DescriptorProto(
        name="Log",
        enum_type=[levels],
        field=[
            _field("timestamp", 1, _Field.TYPE_MESSAGE, _TIMESTAMP),
            _field("level", 2, _Field.TYPE_ENUM, ".foxglove.Log.Level"),
            _field("message", 3, _Field.TYPE_STRING),
            _field("name", 4, _Field.TYPE_STRING),
            _field("file", 5, _Field.TYPE_STRING),
            _field("line", 6, _Field.TYPE_FIXED32),
        ],
    )
    return timestamp, _file("CompressedImage", image), _file("Log", entry)


def _file(name: str, message: DescriptorProto) -> FileDescriptorProto:
    return FileDescriptorProto(
        name=f"foxglove/{name}.proto",
        package="foxglove",
        syntax="proto3",
        dependency=["google/protobuf/timestamp.proto"],
        message_type=[message],
    )


_POOL = DescriptorPool()
for _one in _files():
    _POOL.Add(_one)


def _pool_class(full_name: str) -> Any:
    return GetMessageClass(_POOL.FindMessageTypeByName(full_name))


_compressed_image = _pool_class("foxglove.CompressedImage")
_log = _pool_class("foxglove.Log")
COMPRESSED_IMAGE: type[Message] = _compressed_image
LOG: type[Message] = _log
