"""A server at a real socket that follows a script, for what a real one does only on a bad day."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic_ns

import grpc
import grpc.aio

from attune.v1 import attune_pb2_grpc, session_pb2

Stream = grpc.aio.ServicerContext
Script = Callable[[Stream, session_pb2.SessionStart], Awaitable[None]]


class Scripted(attune_pb2_grpc.AttuneServiceServicer):
    """Runs one script a stream, in order; the last one for all that follow."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = list(scripts)
        self.streams = 0

    async def Attune(self, request_iterator: object, context: Stream) -> None:
        script = self._scripts[min(self.streams, len(self._scripts) - 1)]
        self.streams += 1
        first = await context.read()
        await script(context, first.session_start)


@asynccontextmanager
async def serving(*scripts: Script) -> AsyncIterator[tuple[str, Scripted]]:
    """Address of a server that follows `scripts`, and the server's own count of streams."""
    server = grpc.aio.server()
    servicer = Scripted(*scripts)
    attune_pb2_grpc.add_AttuneServiceServicer_to_server(servicer, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        yield f"127.0.0.1:{port}", servicer
    finally:
        await server.stop(0)


def ready(**terms: object) -> session_pb2.ServerMessage:
    """The server's terms, with a resume window of ten seconds."""
    usual = {"session_id": "s", "resume_token": "t", "resume_window_ms": 10_000}
    return session_pb2.ServerMessage(
        session_ready=session_pb2.SessionReady(
            **{**usual, "max_frames_in_flight": 2, **terms}  # type: ignore[arg-type]
        )
    )


def pong(message: session_pb2.ClientMessage) -> session_pb2.ServerMessage:
    """The answer to a ping."""
    answer, now_ns = session_pb2.ServerMessage(), monotonic_ns()
    answer.pong.id = message.ping.id
    answer.pong.client_send_ns = message.ping.client_send_ns
    answer.pong.server_receive_ns = answer.pong.server_send_ns = now_ns
    return answer


async def converse(
    context: Stream, received: list[session_pb2.ClientMessage], *, acknowledge: bool = True
) -> None:
    """Answers pings, frames, consent and the end; keeps everything else in `received`."""
    while (message := await context.read()) is not grpc.aio.EOF:
        answer = session_pb2.ServerMessage()
        match message.WhichOneof("message"):
            case "ping":
                answer = pong(message)
            case "video_frame":
                received.append(message)
                if not acknowledge:
                    continue
                answer.frame_ack.through_sequence = message.video_frame.sequence
                answer.frame_ack.disposition = 1
            case "consent_change":
                received.append(message)
                answer.consent_applied.revision = message.consent_change.revision
            case "session_end":
                answer.session_summary.reason = message.session_end.reason
                await context.write(answer)
                return
            case _:
                received.append(message)
                continue
        await context.write(answer)


def conversing(
    received: list[session_pb2.ClientMessage], *, acknowledge: bool = True, **terms: object
) -> Script:
    """A server that welcomes on `terms` and then does no more than `converse`."""

    async def script(context: Stream, first: session_pb2.SessionStart) -> None:
        await context.write(ready(**terms))
        await converse(context, received, acknowledge=acknowledge)

    return script


async def eventually(condition: Callable[[], bool]) -> None:
    """Waits until `condition` holds; fails after five seconds."""
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in the server
            await asyncio.sleep(0.005)
