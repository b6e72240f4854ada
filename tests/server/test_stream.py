"""One stream of a session, while another takes the session over."""

import asyncio
from typing import Any

import pytest

from attune.config import LimitSettings
from attune.server.lanes import Lanes
from attune.server.registry import SUPERSEDED, SessionRegistry
from attune.server.stream import Call, carry
from attune.v1 import session_pb2
from tests.e2e.talk import ANALYSE, frame, start_message


class Wire:
    """What gRPC gives a handler: messages that arrive, and a way to write some."""

    def __init__(self) -> None:
        self.arriving: asyncio.Queue[session_pb2.ClientMessage] = asyncio.Queue()

    async def read(self) -> session_pb2.ClientMessage:
        """The next message."""
        return await self.arriving.get()

    async def write(self, message: Any) -> None:
        """Lose it."""


@pytest.mark.parametrize("backlog", [1, 5])
async def test_what_still_arrives_through_a_superseded_stream_is_not_taken_in(
    registry: SessionRegistry, backlog: int
) -> None:
    actor, _ = await registry.start(start_message(ANALYSE))
    wire, lanes = Wire(), Lanes(16)
    stream = registry.attach(actor, lanes)
    carrying = asyncio.create_task(
        carry(Call(wire, registry, LimitSettings()), actor, lanes, stream)
    )
    await asyncio.sleep(0)
    for sequence in range(500, 500 + backlog):
        wire.arriving.put_nowait(session_pb2.ClientMessage(video_frame=frame(sequence)))
    registry.attach(actor, Lanes(16))

    assert await carrying == SUPERSEDED
    assert actor.frames.received == 0
