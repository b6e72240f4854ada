"""A built scene, or the editor's Play mode, as a place that visitors are sent through."""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

# Generated messages as old as these need protobuf's Python implementation.
os.environ.setdefault("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python")

import numpy as np

if not hasattr(np, "bool"):
    np.bool = np.bool_  # mlagents-envs still says numpy.bool, which numpy 1.24 dropped

from mlagents_envs.environment import UnityEnvironment
from mlagents_envs.side_channel.incoming_message import IncomingMessage
from mlagents_envs.side_channel.outgoing_message import OutgoingMessage
from mlagents_envs.side_channel.side_channel import SideChannel

from tools.mlagents.wire import CHANNEL, Choice, Over, State, Traits, decode, encode_visitor

Message = State | Choice | Over


class VisitorChannel(SideChannel):
    """Keeps what the scene says until somebody asks."""

    def __init__(self) -> None:
        super().__init__(CHANNEL)
        self._heard: list[Message] = []

    def on_message_received(self, msg: IncomingMessage) -> None:
        """Called by ML-Agents for every message of the last exchange."""
        self._heard.append(decode(bytes(msg.get_raw_bytes())))

    def ask_for(self, seed: int, traits: Traits) -> None:
        """Sent with the next exchange."""
        message = OutgoingMessage()
        message.set_raw_bytes(bytearray(encode_visitor(seed, traits)))
        self.queue_message_to_send(message)

    def take(self) -> list[Message]:
        """What was heard since the last time."""
        heard, self._heard = self._heard, []
        return heard


class Scene:
    """Starts a scene, or waits for the editor's Play; ends it with the `with` block."""

    def __init__(self, build: Path | None, *, worker: int = 0, port: int | None = None) -> None:
        self._channel = VisitorChannel()
        self._environment = UnityEnvironment(
            file_name=str(build) if build else None,
            worker_id=worker,
            base_port=port,
            no_graphics=True,
            side_channels=[self._channel],
            timeout_wait=60,
        )
        self._environment.reset()
        self._channel.take()

    def visit(self, seed: int, traits: Traits, most_steps: int = 100_000) -> Iterator[Message]:
        """One visitor's story, message by message.

        Raises TimeoutError when the story does not end within `most_steps` exchanges.
        """
        self._channel.ask_for(seed, traits)
        for _ in range(most_steps):
            self._environment.step()
            for message in self._channel.take():
                yield message
                if message == Over(seed):
                    return
        raise TimeoutError(f"the story of visitor {seed} did not end within {most_steps} exchanges")

    def __enter__(self) -> "Scene":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._environment.close()
