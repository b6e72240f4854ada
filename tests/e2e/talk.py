"""Talks to a server message by message, so that tests can say what no client would."""

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import cv2
import grpc
import grpc.aio
import numpy as np

from attune.server.app import Server
from attune.v1 import (
    attune_pb2_grpc,
    consent_pb2,
    session_pb2,
    story_pb2,
    video_pb2,
)

PATIENCE_S = 10.0
CHOICE = "after-the-street"
"""A choice of the memorial, in the street; its default is to pass by."""

DEFAULT = "pass-by"
ANALYSE = consent_pb2.CONSENT_SCOPE_ANALYSE
STORE_FEATURES = consent_pb2.CONSENT_SCOPE_STORE_FEATURES
STORE_VIDEO = consent_pb2.CONSENT_SCOPE_STORE_VIDEO


def start_message(
    *scopes: consent_pb2.ConsentScope, revision: int = 1, **fields: Any
) -> session_pb2.SessionStart:
    """A start that is accepted: client frames from an external camera, memorial as the story."""
    given: dict[str, Any] = {
        "protocol_version": 1,
        "station_id": "",
        "participant_id": "p-01",
        "consent": consent_pb2.ConsentChange(revision=revision, scopes=scopes),
        "video_source": session_pb2.VIDEO_SOURCE_CLIENT_FRAMES,
        "camera_kind": session_pb2.CAMERA_KIND_EXTERNAL,
        "scenario_reference": session_pb2.ScenarioReference(id="memorial"),
    }
    if "inline_scenario" in fields:
        del given["scenario_reference"]
    return session_pb2.SessionStart(**{**given, **fields})


def noise_jpeg(width: int = 160, height: int = 120, seed: int = 7) -> bytes:
    """A JPEG that shows nobody."""
    pixels = np.random.default_rng(seed).integers(0, 255, (height // 8, width // 8, 3), np.uint8)
    image = cv2.resize(pixels, (width, height))
    return cv2.imencode(".jpg", image)[1].tobytes()


def frame(sequence: int, **fields: Any) -> video_pb2.VideoFrame:
    """A frame that is accepted, captured now."""
    given: dict[str, Any] = {
        "sequence": sequence,
        "capture_time_ns": time.monotonic_ns(),
        "capture_time_source": video_pb2.CAPTURE_TIME_SOURCE_SENSOR,
        "encoding": video_pb2.FRAME_ENCODING_JPEG,
        "width_px": 160,
        "height_px": 120,
        "consent_revision": 1,
        "role": video_pb2.FRAME_ROLE_WEARER,
    }
    if "data" not in fields:
        given["data"] = noise_jpeg()
    return video_pb2.VideoFrame(**{**given, **fields})


def event(**happened: Any) -> story_pb2.ScenarioEvent:
    """An event that happens now."""
    return story_pb2.ScenarioEvent(time_ns=time.monotonic_ns(), **happened)


class Talk:
    """One stream; keeps everything that the server said. Use as an async context manager."""

    def __init__(self, channel: grpc.aio.Channel, metadata: Any = ()) -> None:
        stub = attune_pb2_grpc.AttuneServiceStub(channel)
        self.call = stub.Attune(metadata=metadata)
        self.heard: list[session_pb2.ServerMessage] = []
        self._news = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.call.cancel()
        if self._reader is not None:
            await self._reader

    async def start(self, *scopes: consent_pb2.ConsentScope, **fields: Any) -> Self:
        """Start a session and wait until it is ready."""
        await self.say(session_start=start_message(*scopes, **fields))
        await self.hear("session_ready")
        return self

    async def resume(self, lost: "Talk", last_decision_id: str = "") -> Self:
        """Go on with the session of a stream that broke."""
        resumption = session_pb2.Resumption(
            resume_token=lost.ready.resume_token, last_decision_id=last_decision_id
        )
        await self.say(
            session_start=session_pb2.SessionStart(protocol_version=1, resumption=resumption)
        )
        await self.hear("session_ready")
        return self

    @property
    def ready(self) -> session_pb2.SessionReady:
        """The server's terms."""
        return self.all("session_ready")[0]

    async def say(self, **message: Any) -> None:
        """Send one message."""
        await self.call.write(session_pb2.ClientMessage(**message))

    def all(self, kind: str) -> list[Any]:
        """What was heard of one kind."""
        return [getattr(one, kind) for one in self.heard if one.WhichOneof("message") == kind]

    async def hear(self, kind: str, fits: Callable[[Any], bool] = lambda _: True) -> Any:
        """The first message of that kind that fits, waiting for it."""

        def found() -> list[Any]:
            return [one for one in self.all(kind) if fits(one)]

        async with asyncio.timeout(PATIENCE_S), self._news:
            await self._news.wait_for(lambda: found() or self.call.done())
        assert found(), f"no such {kind}; the stream ended with {await self.outcome()}"
        return found()[0]

    async def notice(self, code: session_pb2.NoticeCode) -> session_pb2.Notice:
        """The first notice of that code, waiting for it."""
        heard: session_pb2.Notice = await self.hear("notice", lambda one: one.code == code)
        return heard

    async def acknowledged(self, sequence: int) -> video_pb2.FrameDisposition:
        """What became of a frame, once it is acknowledged."""
        ack = await self.hear("frame_ack", lambda one: one.through_sequence >= sequence)
        disposition: video_pb2.FrameDisposition = ack.disposition
        return disposition

    async def outcome(self) -> tuple[grpc.StatusCode, str]:
        """How the stream ended, waiting for its end."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.call.code(), await self.call.details()

    async def ping(self) -> float:
        """Seconds that a ping takes there and back."""
        number = len(self.all("pong")) + 1
        sent = time.monotonic()
        await self.say(ping=session_pb2.Ping(id=number, client_send_ns=time.monotonic_ns()))
        await self.hear("pong", lambda one: one.id == number)
        return time.monotonic() - sent

    async def end(self) -> session_pb2.SessionSummary:
        """End the session; returns its summary, when the stream has ended well."""
        await self.say(session_end=session_pb2.SessionEnd(reason=session_pb2.END_REASON_FINISHED))
        summary: session_pb2.SessionSummary = await self.hear("session_summary")
        code, details = await self.outcome()
        assert code is grpc.StatusCode.OK, details
        return summary

    async def _read(self) -> None:
        try:
            async for message in self.call:
                async with self._news:
                    self.heard.append(message)
                    self._news.notify_all()
        except (grpc.aio.AioRpcError, asyncio.CancelledError):
            pass
        async with self._news:
            self._news.notify_all()


async def reach_choice(talk: Talk, occurrence: int = 1) -> story_pb2.BranchDecision:
    """Enter the street, let its choice fall due, and hear the decision."""
    await talk.say(scenario_event=event(beat_entered=story_pb2.BeatEntered(beat_id="street")))
    due = story_pb2.ChoiceDue(
        choice_id=CHOICE,
        occurrence=occurrence,
        deadline_ns=time.monotonic_ns() + 200_000_000,
    )
    await talk.say(scenario_event=event(choice_due=due))
    decision: story_pb2.BranchDecision = await talk.hear(
        "branch_decision", lambda one: one.occurrence == occurrence
    )
    return decision


async def resolve(talk: Talk, decision: story_pb2.BranchDecision) -> None:
    """Tell that the decision was played."""
    resolved = story_pb2.ChoiceResolved(
        choice_id=decision.choice_id,
        occurrence=decision.occurrence,
        decision_id=decision.decision_id,
        branch_id=decision.branch_id,
        by=story_pb2.RESOLVED_BY_SERVER,
    )
    await talk.say(scenario_event=event(choice_resolved=resolved))
    await talk.ping()


async def ended(server: Server, reason: str, sessions: int = 1) -> None:
    """Wait until the server counts that many sessions as ended for that reason."""
    await counted(server, "attune_sessions_ended_total", {"reason": reason}, sessions)


async def counted(server: Server, name: str, labels: dict[str, str], value: float = 1) -> None:
    """Wait until a counter of the server has come to that value."""
    registry = server.telemetry.registry
    async with asyncio.timeout(PATIENCE_S):
        while registry.get_sample_value(name, labels) != value:  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # a counter has no event to wait for


class CuttingProxy:
    """Stands between a client and a server and can cut the wire in the middle of a message. Use as
    an async context manager."""

    def __init__(self, server_port: int) -> None:
        self.port = 0
        self._server_port = server_port
        self._left: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []

    def cut_after(self, length: int) -> None:
        """Cut both ways when that many more bytes have gone to the server; connections that are
        made later are left alone."""
        self._left = length

    async def __aenter__(self) -> Self:
        self._listener = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listener.close()
        self._cut()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connect(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        far, there = await asyncio.open_connection("127.0.0.1", self._server_port)
        self._writers += [back, there]
        for source, sink, counted in ((near, there, True), (far, back, False)):
            self._tasks.add(asyncio.create_task(self._forward(source, sink, counted)))

    async def _forward(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, counted: bool
    ) -> None:
        while data := await source.read(4096):
            if counted and self._left is not None:
                self._left -= len(data)
                if self._left <= 0:
                    self._left = None
                    self._cut()
                    return
            sink.write(data)
            await sink.drain()

    def _cut(self) -> None:
        while self._writers:
            self._writers.pop().transport.abort()
