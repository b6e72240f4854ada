"""One bidirectional call: a task that reads, a task that writes, and the session between them."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import grpc

from attune.config import LimitSettings
from attune.errors import InputError
from attune.server.actor import SessionActor
from attune.server.inbox import Arrival
from attune.server.lanes import Lanes, Verdict
from attune.server.pace import Pace
from attune.server.registry import Refused, SessionRegistry
from attune.session.inbound import MAX_IDENTIFIER, input_from_message
from attune.session.inputs import EndReason, FrameInput, PauseInput, ResumeInput
from attune.session.outputs import NoticeKind
from attune.session.start import PROTOCOL_VERSION
from attune.timeline import NS_PER_S
from attune.v1 import session_pb2

_CLIENT_TIME = {
    "video_frame": "capture_time_ns",
    "scenario_event": "time_ns",
    "headset_pose": "time_ns",
    "face_weights": "time_ns",
}
"""Messages that state a time of their own, and the field that holds it."""

REPEATED_START = Verdict(
    grpc.StatusCode.INVALID_ARGUMENT,
    "session_start came twice; it is the first message of a stream, and only that",
)


def violation(error: InputError) -> Verdict:
    """How a stream ends that breaks the contract."""
    return Verdict(grpc.StatusCode.INVALID_ARGUMENT, str(error))


@dataclass(slots=True)
class Call:
    """What every part of one call needs."""

    context: Any
    registry: SessionRegistry
    limits: LimitSettings


class Reader:
    """Reads one stream: converts, answers pings at once, and hands the rest to the session, as long
    as no other stream has taken that over."""

    def __init__(self, call: Call, actor: SessionActor, stream: int) -> None:
        self._call = call
        self._actor = actor
        self._stream = stream
        self._pace = Pace(call.limits.max_control_rate_hz)

    async def run(self) -> None:
        """Read until the client says no more, or the session has ended. Raises `Refused`."""
        while not self._actor.ended:
            message = await self._read()
            if message is None or self._actor.stream != self._stream:
                return
            arrived_ns = time.monotonic_ns()
            self._take(message, arrived_ns)
            if not message.HasField("video_frame"):
                await self._keep_pace(arrived_ns)
            await self._actor.room.wait()

    async def _keep_pace(self, arrived_ns: int) -> None:
        wait_ns = self._pace.wait_ns(arrived_ns)
        if wait_ns > 0:
            await asyncio.sleep(wait_ns / NS_PER_S)

    async def _read(self) -> session_pb2.ClientMessage | None:
        idle_s = self._call.limits.idle_timeout_s
        try:
            async with asyncio.timeout(idle_s):
                message = await self._call.context.read()
        except TimeoutError as error:
            raise Refused(
                Verdict(
                    grpc.StatusCode.DEADLINE_EXCEEDED,
                    f"nothing came for {idle_s:g} s; send a ping now and then, or resume",
                )
            ) from error
        return None if message is grpc.aio.EOF else message

    def _take(self, message: session_pb2.ClientMessage, arrived_ns: int) -> None:
        kind = message.WhichOneof("message")
        try:
            if kind == "ping":
                self._actor.answers.pong(message.ping, arrived_ns)
            elif kind == "clock_estimate":
                estimate = message.clock_estimate
                self._actor.clock.estimate(
                    estimate.clock_epoch_id, estimate.offset_ns, estimate.uncertainty_ns
                )
            elif kind == "session_start":
                self._actor.end(EndReason.VIOLATION, REPEATED_START)
            else:
                self._offer(message, kind, arrived_ns)
        except InputError as error:
            self._refuse(message, kind, error)

    def _offer(self, message: session_pb2.ClientMessage, kind: str | None, arrived_ns: int) -> None:
        clock, actor = self._actor.clock, self._actor
        client_ns = 0
        if kind in _CLIENT_TIME:
            client_ns = getattr(getattr(message, kind), _CLIENT_TIME[kind])
            clock.observe(client_ns, arrived_ns)
        given = input_from_message(message, clock.to_session_ns, clock.session_ns(arrived_ns))
        if isinstance(given, FrameInput):
            actor.offer_frame(given, arrived_ns, client_ns)
        elif given is not None:
            actor.offer(Arrival(given, arrived_ns, message, client_ns))
        if isinstance(given, PauseInput):
            self._pause(message.session_pause.reason)
        elif isinstance(given, ResumeInput):
            self._call.registry.is_back(actor)

    def _pause(self, reason: session_pb2.PauseReason) -> None:
        """A headset that was taken off may go to somebody else: that visit is over. Any other
        pause may last as long as the resume window."""
        if reason == session_pb2.PAUSE_REASON_DOFFED:
            self._actor.end(EndReason.VISITOR)
        else:
            self._call.registry.end_unless_back(self._actor)

    def _refuse(
        self, message: session_pb2.ClientMessage, kind: str | None, error: InputError
    ) -> None:
        """Unknown words break the contract and end the session; anything else is said."""
        breaks = error.code.endswith(".enum_unknown")
        if breaks or error.code == "message.missing":
            self._actor.end(EndReason.VIOLATION, violation(error))
        elif kind == "video_frame":
            self._actor.frames.refuse_unread(message.video_frame.sequence, error)
        else:
            event = kind == "scenario_event"
            notice = NoticeKind.EVENT_REFUSED if event else NoticeKind.INPUT_REFUSED
            meant: dict[str, str] = {}
            if kind == "operator_choice":
                order = message.operator_choice
                meant = {
                    "choice_id": order.choice_id[:MAX_IDENTIFIER],
                    "occurrence": str(order.occurrence),
                    "branch_id": order.branch_id[:MAX_IDENTIFIER],
                }
            self._actor.answers.notice(notice, code=error.code, detail=str(error), **meant)


async def write(call: Call, lanes: Lanes) -> None:
    """Write what the lanes hold until they end.

    Raises `Refused` when the client does not take a message in time.
    """
    timeout_s = call.limits.write_timeout_s
    while (message := await lanes.next()) is not None:
        try:
            async with asyncio.timeout(timeout_s):
                await call.context.write(message)
        except TimeoutError as error:
            raise Refused(
                Verdict(
                    grpc.StatusCode.RESOURCE_EXHAUSTED,
                    f"the client did not take a message for {timeout_s:g} s; "
                    "read the stream without waiting for anything else",
                )
            ) from error


async def read_start(call: Call) -> session_pb2.SessionStart:
    """The first message of a stream, which has to be a start. Raises `Refused`."""
    try:
        async with asyncio.timeout(call.limits.start_timeout_s):
            message = await call.context.read()
    except TimeoutError as error:
        raise Refused(
            Verdict(
                grpc.StatusCode.DEADLINE_EXCEEDED,
                f"expected session_start within {call.limits.start_timeout_s:g} s, got nothing",
            )
        ) from error
    kind = None if message is grpc.aio.EOF else message.WhichOneof("message")
    if kind != "session_start":
        raise Refused(
            Verdict(
                grpc.StatusCode.INVALID_ARGUMENT,
                "expected session_start as the first message of a stream, got "
                f"{kind or 'none'}; send SessionStart with protocol_version {PROTOCOL_VERSION}",
            )
        )
    start: session_pb2.SessionStart = message.session_start
    return start


async def carry(call: Call, actor: SessionActor, lanes: Lanes, stream: int) -> Verdict | None:
    """Carry a session until it ends or the stream breaks; returns how the stream ends."""
    reader = asyncio.create_task(Reader(call, actor, stream).run(), name="reader")
    writer = asyncio.create_task(write(call, lanes), name="writer")
    cut = asyncio.create_task(lanes.cut_off.wait(), name="cut")
    try:
        await asyncio.wait({reader, writer, cut}, return_when=asyncio.FIRST_COMPLETED)
        if reader.done() and reader.exception() is None and actor.ended:
            await asyncio.wait({writer, cut}, return_when=asyncio.FIRST_COMPLETED)
        return _outcome(actor, lanes, stream, reader, writer)
    finally:
        for task in (reader, writer, cut):
            task.cancel()
        await asyncio.gather(reader, writer, cut, return_exceptions=True)


def _outcome(
    actor: SessionActor,
    lanes: Lanes,
    stream: int,
    reader: "asyncio.Task[None]",
    writer: "asyncio.Task[None]",
) -> Verdict | None:
    for task in (writer, reader):
        error = task.exception() if task.done() and not task.cancelled() else None
        if isinstance(error, Refused):
            if task is writer:
                actor.end(EndReason.VIOLATION, error.verdict)
            return error.verdict
        if error is not None:
            raise error
    if lanes.cut_off.is_set() and actor.stream == stream and not actor.ended:
        actor.end(EndReason.VIOLATION, lanes.verdict)
    return lanes.verdict
