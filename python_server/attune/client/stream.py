"""The bidirectional call under a session: one reader, one writer, taken up again when it breaks."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import grpc
import grpc.aio

from attune.client.outbox import Outbox
from attune.client.request import resumption
from attune.errors import SessionError
from attune.v1 import session_pb2

Call = Any
"""A `grpc.aio.StreamStreamCall`; grpc.aio has no types."""

FIRST_RETRY_S = 0.2
LONGEST_RETRY_S = 2.0


@dataclass(frozen=True, slots=True)
class ResumePoint:
    """What a broken stream goes on with, and for how long the server keeps the session."""

    token: str
    window_s: float
    last_decision_id: str


class ResumableStream:
    """Writes what is in `outbox` and hands every message of the server to `receive`.

    `resume_point` is asked when the connection broke: None ends the stream for good. Any other
    status than UNAVAILABLE is the server's last word and is never tried again.
    """

    def __init__(
        self,
        open_call: Callable[[], Call],
        outbox: Outbox,
        receive: Callable[[session_pb2.ServerMessage], None],
        resume_point: Callable[[], ResumePoint | None],
    ) -> None:
        self._open_call = open_call
        self._outbox = outbox
        self._receive = receive
        self._resume_point = resume_point
        self._welcomed = asyncio.Event()

    async def run(self, first: session_pb2.SessionStart) -> SessionError | None:
        """Runs until the session is over; the error, where it broke for good."""
        broken_since: float | None = None
        pause_s = FIRST_RETRY_S
        while True:
            started = monotonic()
            try:
                await self._once(first)
            except SessionError as unread:
                return unread
            except grpc.aio.AioRpcError as broken:
                problem = SessionError(f"{broken.code().name}: {broken.details()}")
                problem.__cause__ = broken
                point = self._resume_point()
                if broken.code() is not grpc.StatusCode.UNAVAILABLE or point is None:
                    return problem
            else:
                return None
            # An attempt that nobody answered may take long, too, and is none that worked.
            worked = self._welcomed.is_set() and monotonic() - started > LONGEST_RETRY_S
            if broken_since is None or worked:
                broken_since, pause_s = monotonic(), FIRST_RETRY_S
            if monotonic() - broken_since > point.window_s:
                return problem
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, LONGEST_RETRY_S)
            first = resumption(point.token, point.last_decision_id)

    async def _once(self, first: session_pb2.SessionStart) -> None:
        call = self._open_call()
        self._welcomed = asyncio.Event()
        writer = asyncio.create_task(self._write(call, first), name="attune writer")
        try:
            async for message in call:
                self._receive(message)
                if message.WhichOneof("message") == "session_ready":
                    self._welcomed.set()
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            call.cancel()

    async def _write(self, call: Call, first: session_pb2.SessionStart) -> None:
        # A write into an ended call raises; the reader is told the same, with the reason.
        with contextlib.suppress(grpc.aio.AioRpcError, asyncio.InvalidStateError):
            await call.write(session_pb2.ClientMessage(session_start=first))
            await self._welcomed.wait()
            while True:
                message = await self._outbox.next()
                await call.write(message)
                if message.WhichOneof("message") == "session_end":
                    await call.done_writing()
                    return
