"""The contract's surface as text, one line a name, so that it can only grow.

A line says everything that clients in the field rely on: name, number, type and cardinality. A line
that is gone breaks them; a new line does not.
"""

from collections.abc import Iterator
from pathlib import Path

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorSet,
)


def surface(descriptors: FileDescriptorSet) -> list[str]:
    """Every field, enum value and call of the contract, sorted."""
    lines: list[str] = []
    for file in descriptors.file:
        for message in file.message_type:
            lines += _message(f"{file.package}.{message.name}", message)
        for enum in file.enum_type:
            lines += _enum(f"{file.package}.{enum.name}", enum)
        for service in file.service:
            for method in service.method:
                up = "stream " if method.client_streaming else ""
                down = "stream " if method.server_streaming else ""
                lines.append(
                    f"rpc {file.package}.{service.name}.{method.name}"
                    f"({up}{method.input_type}) returns ({down}{method.output_type})"
                )
    return sorted(lines)


def _message(name: str, message: DescriptorProto) -> Iterator[str]:
    yield f"message {name}"
    for field in message.field:
        oneof = message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else ""
        within = f" in {oneof}" if oneof else ""
        yield f"field {name}.{field.name} = {field.number} {_type(field)}{within}"
    for nested in message.nested_type:
        yield from _message(f"{name}.{nested.name}", nested)
    for enum in message.enum_type:
        yield from _enum(f"{name}.{enum.name}", enum)


def _enum(name: str, enum: EnumDescriptorProto) -> Iterator[str]:
    for value in enum.value:
        yield f"value {name}.{value.name} = {value.number}"


def _type(field: FieldDescriptorProto) -> str:
    plain = FieldDescriptorProto.Type.Name(field.type).removeprefix("TYPE_").lower()
    label = FieldDescriptorProto.Label.Name(field.label).removeprefix("LABEL_").lower()
    return f"{label} {plain} {field.type_name}".rstrip()


def lost(recorded: Path, descriptors: FileDescriptorSet) -> list[str]:
    """Lines of the recorded surface that the contract no longer has."""
    if not recorded.exists():
        return []
    now = set(surface(descriptors))
    return [line for line in recorded.read_text().splitlines() if line not in now]


def write_surface(recorded: Path, descriptors: FileDescriptorSet) -> None:
    """Records the surface of the contract."""
    recorded.write_text("\n".join(surface(descriptors)) + "\n")
