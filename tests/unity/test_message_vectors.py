"""The shared vectors are those of the contract, and Python reads them as it wrote them."""

import importlib.util
import json
from pathlib import Path

from google.protobuf.json_format import ParseDict
from google.protobuf.message_factory import GetMessageClass

_SPEC = importlib.util.spec_from_file_location(
    "message_vectors", Path(__file__).with_name("message_vectors.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
message_vectors = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(message_vectors)


def test_the_committed_vectors_are_those_of_the_contract() -> None:
    committed = message_vectors.VECTORS.read_text(encoding="utf-8")
    assert committed == message_vectors.text(), "run python tests/unity/message_vectors.py"


def test_every_message_has_a_vector_and_survives_the_round_trip() -> None:
    vectors = json.loads(message_vectors.VECTORS.read_text(encoding="utf-8"))
    descriptors = {
        descriptor.full_name: descriptor
        for file in message_vectors.files()
        for descriptor in file.message_types_by_name.values()
    }
    assert {vector["message"] for vector in vectors} == set(descriptors)
    for vector in vectors:
        kind = GetMessageClass(descriptors[vector["message"]])
        message = kind.FromString(bytes.fromhex(vector["bytes"]))
        assert message.SerializeToString(deterministic=True).hex() == vector["bytes"]
        assert message == ParseDict(vector["json"], kind())
