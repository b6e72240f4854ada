"""Write protos/testdata/bridge.json with ML-Agents' own encoder.

Runs in the environment of `make mlagents`:

    .tools/mlagents/bin/python tests/unity/bridge_vectors.py [--print]
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")
from mlagents_envs.side_channel.outgoing_message import OutgoingMessage

VECTORS = Path(__file__).resolve().parents[2] / "protos" / "testdata" / "bridge.json"
NUMBERS = [62.5, 0.5, 0.25, -0.125, 0.75, 0.875]
TRAITS = [-1.0, 0.5, 0.25, 0.125, -0.125, 0.75, 0.0625, 0.03125]


def encoded(*values: object) -> bytes:
    """One message of strings, single floats and integers, as ML-Agents writes it."""
    message = OutgoingMessage()
    for value in values:
        if isinstance(value, str):
            message.write_string(value)
        elif isinstance(value, float):
            message.write_float32(value)
        else:
            message.write_int32(value)
    return bytes(message.buffer)


def vectors() -> dict[str, str]:
    """Messages by name, hexadecimal."""
    return {
        "state": encoded(1, 1, 1, *NUMBERS, "street").hex(),
        "choice": encoded(1, 2, "after-the-street", 2, "come-close", 1).hex(),
        "over": encoded(1, 3, 7).hex(),
        "visitor": encoded(1, 16, -3, *TRAITS).hex(),
    }


if __name__ == "__main__":
    text = json.dumps(vectors(), indent=2) + "\n"
    if "--print" in sys.argv:
        sys.stdout.write(text)
    else:
        VECTORS.write_text(text, encoding="utf-8")
