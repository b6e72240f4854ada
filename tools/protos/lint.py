"""Reads the contract as a stranger would: is everything explained, named by the rules, with a unit?

The rules: every message, field, enum, enum value, service and call has a comment; value zero of an
enum ends in _UNSPECIFIED; enum values begin with the enum's name; fields are lower_snake_case; a
number whose comment speaks of a unit carries that unit in its name.
"""

import re
from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
)

UNITS = {
    "degrees": "_deg",
    "hundredths of a degree": "_cdeg",
    "nanoseconds": "_ns",
    "microseconds": "_us",
    "milliseconds": "_ms",
    "pixels": "_px",
    "metres": "_m",
    "bytes": "_bytes",
    "updates a second": "_hz",
    "per second": "_hz",
}
"""What a comment begins with, or says behind a comma, and how the field's name then ends."""

NOT_NUMBERS = (
    FieldDescriptorProto.TYPE_BOOL,
    FieldDescriptorProto.TYPE_BYTES,
    FieldDescriptorProto.TYPE_ENUM,
    FieldDescriptorProto.TYPE_MESSAGE,
    FieldDescriptorProto.TYPE_STRING,
)

Path = tuple[int, ...]
_MESSAGE = FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER
_ENUM = FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER
_SERVICE = FileDescriptorProto.SERVICE_FIELD_NUMBER


def findings(descriptors: FileDescriptorSet) -> list[str]:
    """One sentence for each breach of the rules; empty: there is none."""
    return [finding for file in descriptors.file for finding in _file(file)]


def _file(file: FileDescriptorProto) -> Iterator[str]:
    comments = {
        tuple(place.path): (place.leading_comments or place.trailing_comments).strip()
        for place in file.source_code_info.location
    }
    for index, message in enumerate(file.message_type):
        yield from _message(f"{file.package}.{message.name}", message, (_MESSAGE, index), comments)
    for index, enum in enumerate(file.enum_type):
        yield from _enum(f"{file.package}.{enum.name}", enum, (_ENUM, index), comments)
    for index, service in enumerate(file.service):
        name = f"{file.package}.{service.name}"
        yield from _explained("service", name, (_SERVICE, index), comments)
        for number, method in enumerate(service.method):
            place = (_SERVICE, index, 2, number)
            yield from _explained("call", f"{name}.{method.name}", place, comments)


def _explained(kind: str, name: str, place: Path, comments: dict[Path, str]) -> Iterator[str]:
    if not comments.get(place):
        yield f"{kind} {name} has no comment"


def _message(
    name: str, message: DescriptorProto, place: Path, comments: dict[Path, str]
) -> Iterator[str]:
    if message.options.map_entry:
        return
    yield from _explained("message", name, place, comments)
    for index, field in enumerate(message.field):
        here = (*place, DescriptorProto.FIELD_FIELD_NUMBER, index)
        yield from _explained("field", f"{name}.{field.name}", here, comments)
        yield from _field(f"{name}.{field.name}", field, comments.get(here, ""))
    for index, nested in enumerate(message.nested_type):
        here = (*place, DescriptorProto.NESTED_TYPE_FIELD_NUMBER, index)
        yield from _message(f"{name}.{nested.name}", nested, here, comments)
    for index, enum in enumerate(message.enum_type):
        here = (*place, DescriptorProto.ENUM_TYPE_FIELD_NUMBER, index)
        yield from _enum(f"{name}.{enum.name}", enum, here, comments)


def _field(name: str, field: FieldDescriptorProto, comment: str) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", field.name):
        yield f"field {name} is not lower_snake_case"
    if field.type in NOT_NUMBERS:
        return
    flat = " ".join(comment.lower().split())
    for unit, ending in UNITS.items():
        if re.search(rf"(^|, ){unit}\b", flat) and not field.name.endswith(ending):
            yield f"field {name} is in {unit}, so its name ends in {ending}"


def _enum(
    name: str, enum: EnumDescriptorProto, place: Path, comments: dict[Path, str]
) -> Iterator[str]:
    yield from _explained("enum", name, place, comments)
    prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", enum.name).upper() + "_"
    for index, value in enumerate(enum.value):
        here = (*place, EnumDescriptorProto.VALUE_FIELD_NUMBER, index)
        yield from _explained("enum value", f"{name}.{value.name}", here, comments)
        if not value.name.startswith(prefix):
            yield f"enum value {name}.{value.name} does not begin with {prefix}"
        if (value.number == 0) != (value.name == prefix + "UNSPECIFIED"):
            yield f"enum {name}: zero, and only zero, is {prefix}UNSPECIFIED, not {value.name}"
