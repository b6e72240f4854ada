"""A stand-in for a built scene: speaks the scene's side of ML-Agents' protocol over a real socket.

It plays the memorial's three choices with one rule: a visitor with empathy above zero takes the
branch that comes close, one below zero the one that leaves, anybody else the default. Runs in the
environment of `make mlagents`, started by mlagents-envs like a built scene: `--mlagents-port N`.
"""

import argparse
import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")
import grpc
from bridge_vectors import encoded
from mlagents_envs.communicator_objects.unity_message_pb2 import UnityMessageProto
from mlagents_envs.communicator_objects.unity_output_pb2 import UnityOutputProto
from mlagents_envs.communicator_objects.unity_to_external_pb2_grpc import UnityToExternalProtoStub
from mlagents_envs.environment import UnityEnvironment

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tools.mlagents.wire import CHANNEL, CHOICE, OVER, STATE, VERSION, VISITOR

CLOSE = {
    "after-the-street": "come-close",
    "at-the-door": "go-inside",
    "how-to-leave": "light-a-candle",
}
APART = {
    "after-the-street": "pass-by",
    "at-the-door": "stay-outside",
    "how-to-leave": "step-outside",
}
DEFAULTS = {**APART, "how-to-leave": "read-on"}


def _packed(*values: object) -> bytes:
    message = encoded(*values)
    return CHANNEL.bytes_le + struct.pack("<i", len(message)) + message


class Story:
    """One visitor's way, a choice at every exchange."""

    def __init__(self, seed: int, empathy: float) -> None:
        branches = CLOSE if empathy > 0 else APART if empathy < 0 else DEFAULTS
        by = 1 if empathy else 2
        self.left = [
            _packed(VERSION, STATE, 1, 50.0 + 10 * empathy, 0.5, 0.0, 0.0, 0.0, 1.0, "hall"),
            *(
                _packed(VERSION, CHOICE, choice, 1, branch, by)
                for choice, branch in branches.items()
            ),
            _packed(VERSION, OVER, seed),
        ]


def _asked(data: bytes) -> Story | None:
    """The visitor that the other side asks for, if any."""
    at = 0
    while at < len(data):
        channel, length = data[at : at + 16], struct.unpack_from("<i", data, at + 16)[0]
        body = data[at + 20 : at + 20 + length]
        at += 20 + length
        if channel == CHANNEL.bytes_le:
            version, kind, seed, empathy = struct.unpack_from("<3if", body)
            assert (version, kind) == (VERSION, VISITOR)
            return Story(seed, empathy)
    return None


def main() -> None:
    """Answer until the other side says that it is over."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mlagents-port", type=int, required=True)
    arguments, _ = parser.parse_known_args()
    stub = UnityToExternalProtoStub(grpc.insecure_channel(f"localhost:{arguments.mlagents_port}"))

    def exchange(output: UnityOutputProto | None) -> UnityMessageProto:
        message = UnityMessageProto()
        message.header.status = 200
        if output is not None:
            message.unity_output.CopyFrom(output)
        return stub.Exchange(message, wait_for_ready=True, timeout=60)

    introduction = UnityOutputProto()
    introduction.rl_initialization_output.name = "stand-in"
    introduction.rl_initialization_output.communication_version = UnityEnvironment.API_VERSION
    introduction.rl_initialization_output.package_version = "2.0.0"
    introduction.rl_initialization_output.capabilities.baseRLCapabilities = True
    exchange(introduction)
    asked = exchange(None)
    story: Story | None = None
    while asked.header.status == 200:
        story = _asked(asked.unity_input.rl_input.side_channel) or story
        output = UnityOutputProto()
        output.rl_output.side_channel = story.left.pop(0) if story and story.left else b""
        asked = exchange(output)


if __name__ == "__main__":
    main()
