"""Shared vectors: every message of the contract with every field set, as bytes and as JSON.

C# must read the bytes, write the same bytes, and find in them what the JSON says; so must Python.

    python tests/unity/message_vectors.py     writes protos/testdata/messages.json
"""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

REPOSITORY = Path(__file__).resolve().parents[2]
VECTORS = REPOSITORY / "protos" / "testdata" / "messages.json"
DEEPEST = 4


def files() -> list[FileDescriptor]:
    """Every file of the contract, in the order of their names."""
    names = sorted(path.stem for path in (REPOSITORY / "protos" / "attune" / "v1").glob("*.proto"))
    return [importlib.import_module(f"attune.v1.{name}_pb2").DESCRIPTOR for name in names]


def vectors() -> Iterator[dict[str, Any]]:
    """One vector a message, or one for each choice of its oneof."""
    for file in files():
        for descriptor in file.message_types_by_name.values():
            choices = [field for oneof in descriptor.oneofs for field in oneof.fields]
            for choice in choices or [None]:
                message = GetMessageClass(descriptor)()
                _fill(message, descriptor, choice, 1)
                yield {
                    "message": descriptor.full_name,
                    "choice": choice.name if choice else "",
                    "bytes": message.SerializeToString(deterministic=True).hex(),
                    "json": MessageToDict(message, preserving_proto_field_name=True),
                }


def text() -> str:
    """The file of vectors."""
    return json.dumps(list(vectors()), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _fill(
    message: Message, descriptor: Descriptor, choice: FieldDescriptor | None, depth: int
) -> None:
    for field in descriptor.fields:
        first_of_oneof = field.containing_oneof is None or field == field.containing_oneof.fields[0]
        chosen = field.number == choice.number if choice and field.containing_oneof else None
        if chosen if chosen is not None else first_of_oneof:
            _set(message, field, depth)


def _set(message: Message, field: FieldDescriptor, depth: int) -> None:
    if field.message_type and field.message_type.GetOptions().map_entry:
        value = field.message_type.fields_by_name["value"]
        getattr(message, field.name)[f"key {field.number}"] = _scalar(value, field.number)
    elif field.message_type:
        if depth == DEEPEST:
            return
        inner = getattr(message, field.name)
        targets = (
            [inner.add(), inner.add()] if field.label == FieldDescriptor.LABEL_REPEATED else [inner]
        )
        for target in targets:
            target.SetInParent()
            _fill(target, field.message_type, None, depth + 1)
    elif field.label == FieldDescriptor.LABEL_REPEATED:
        getattr(message, field.name).extend([_scalar(field, 1), _scalar(field, 2)])
    else:
        setattr(message, field.name, _scalar(field, field.number))


def _scalar(field: FieldDescriptor, seed: int) -> Any:
    """A value that no other kind of field would give; floats are exact in binary."""
    if field.type == FieldDescriptor.TYPE_ENUM:
        return field.enum_type.values[-1].number
    values = {
        FieldDescriptor.TYPE_STRING: f"Wert {seed} ☺",
        FieldDescriptor.TYPE_BYTES: bytes([0, 255, seed]),
        FieldDescriptor.TYPE_BOOL: True,
        FieldDescriptor.TYPE_FLOAT: seed + 0.125,
        FieldDescriptor.TYPE_DOUBLE: seed + 0.125,
        FieldDescriptor.TYPE_INT32: -seed,
        FieldDescriptor.TYPE_INT64: 2**53 + seed,
        FieldDescriptor.TYPE_UINT32: 2**31 + seed,
        FieldDescriptor.TYPE_UINT64: 2**53 + seed,
        FieldDescriptor.TYPE_SINT32: -1000 - seed,
        FieldDescriptor.TYPE_SINT64: -1000 - seed,
    }
    return values[field.type]


if __name__ == "__main__":
    VECTORS.parent.mkdir(exist_ok=True)
    VECTORS.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{VECTORS.relative_to(REPOSITORY)}\n")
