"""How long a client tries to go on with a broken stream."""

from collections.abc import AsyncIterator

import grpc
import grpc.aio
import pytest

from attune.client import stream
from attune.client.outbox import Outbox
from attune.client.stream import ResumableStream, ResumePoint
from attune.v1 import session_pb2
from tests.client.scripted_server import ready

CONNECT_S = 20.0
"""What gRPC takes to find out that nothing at all answers."""

WINDOW_S = 50.0


class Network:
    """Calls over a network that carries the first one and loses every packet from then on."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.calls = 0

    def open_call(self) -> "Call":
        """Begin a call."""
        self.calls += 1
        assert self.calls < 20, "the client never gives up"
        return Call(self, welcomed=self.calls == 1)


class Call:
    """gRPC's side of a stream."""

    def __init__(self, network: Network, welcomed: bool) -> None:
        self._network = network
        self._welcomed = welcomed

    async def write(self, message: session_pb2.ClientMessage) -> None:
        """Lose it."""

    def cancel(self) -> None:
        """Nothing is left to cancel."""

    async def __aiter__(self) -> AsyncIterator[session_pb2.ServerMessage]:
        if self._welcomed:
            yield ready(resume_window_ms=round(WINDOW_S * 1000))
        self._network.now_s += CONNECT_S
        nothing = grpc.aio.Metadata()
        raise grpc.aio.AioRpcError(grpc.StatusCode.UNAVAILABLE, nothing, nothing, "no answer")


async def test_a_client_gives_up_when_the_window_has_passed_however_slowly_attempts_fail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = Network()
    monkeypatch.setattr(stream, "monotonic", lambda: network.now_s)
    point = ResumePoint("t", WINDOW_S, "")
    broken = ResumableStream(network.open_call, Outbox(), lambda _message: None, lambda: point)
    problem = await broken.run(session_pb2.SessionStart())

    assert "no answer" in str(problem)
    assert network.calls == 1 + 3
