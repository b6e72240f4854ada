"""The sessions of one server: how they start, are taken up again, and end.

Building a session and finishing its recording block, so they run on threads of their own; both go
on when the call that asked for them is cancelled.
"""

import asyncio
import hashlib
import logging
import secrets
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import grpc

from attune.config import Settings
from attune.errors import InputError, SessionError
from attune.expression.store import ModelStore
from attune.scenario.library import ScenarioLibrary
from attune.server.actor import ActorParts, SessionActor
from attune.server.auditing import Audit
from attune.server.cameras import CameraHub, CameraLease
from attune.server.frame_workers import FrameWorkers
from attune.server.lanes import Lanes, Verdict
from attune.server.scheduler import Scheduler
from attune.server.telemetry import StageTimer, Telemetry
from attune.server.turn import Consumed, Consumer
from attune.session.analysis import Vantage
from attune.session.clock import SessionClock
from attune.session.header import models_in_use, recording_header
from attune.session.inbound import plan_from_start
from attune.session.inputs import EndReason
from attune.session.outbound import StreamTotals
from attune.session.outputs import NoticeKind, Summary
from attune.session.pipeline import Pipeline
from attune.session.plan import SessionPlan, VideoSource
from attune.session.recording import Recorder
from attune.v1 import session_pb2

TOKEN_BYTES = 32
HANG_LIMIT_S = 15.0
"""Time that ending one session may take on shutdown, its recording included."""

FRAMES_A_WORKER = 2
"""One that a worker reads and one that waits at its door."""

_log = logging.getLogger(__name__)

SUPERSEDED = Verdict(
    grpc.StatusCode.ABORTED, "the session goes on through another stream that resumed it"
)
FAILED = Verdict(
    grpc.StatusCode.INTERNAL, "the server made a mistake and ended this session; start a new one"
)
SHUTTING_DOWN = Verdict(
    grpc.StatusCode.UNAVAILABLE, "the server is shutting down; connect again in a moment"
)


class Refused(Exception):  # noqa: N818 - reads as the sentence it carries
    """A stream cannot go on; `verdict` says why and what to do."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.sentence)
        self.verdict = verdict


@dataclass(frozen=True)
class House:
    """What all sessions of one server share. `workers` None: frames are read in this process."""

    settings: Settings
    models: ModelStore
    scenarios: ScenarioLibrary
    telemetry: Telemetry
    cameras: CameraHub
    workers: FrameWorkers | None
    audit: Audit
    clock_ns: Callable[[], int] = time.monotonic_ns

    @cached_property
    def models_in_use(self) -> tuple[session_pb2.ModelInfo, ...]:
        """The models that faces are read with, as they were when the server started."""
        return models_in_use(self.settings, self.models)

    @property
    def audited_models(self) -> list[dict[str, str]]:
        """What the audit log says of them."""
        return [
            {"name": one.name, "version": one.version, "sha256": one.sha256}
            for one in self.models_in_use
        ]


class SessionRegistry:
    """Used on the event loop only."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._limits = house.settings.limits
        workers = house.settings.server.workers
        lanes = max(1, workers)
        frames = FRAMES_A_WORKER if workers else 1
        self.scheduler: Scheduler[list[Consumed]] = Scheduler(lanes, frames)
        self._pinned = [0] * lanes
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="sessions")
        self._sessions: dict[str, SessionActor] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._starting = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self._draining = False
        self._hurried = asyncio.Event()

    async def start(self, message: session_pb2.SessionStart) -> tuple[SessionActor, str]:
        """A new session and its resumption token. Raises `Refused`."""
        if self._draining:
            raise Refused(SHUTTING_DOWN)
        session_id = uuid.uuid4().hex
        try:
            # A long inline scenario takes seconds to check, in which nobody else may wait.
            plan = await asyncio.to_thread(
                plan_from_start,
                message,
                settings=self._house.settings,
                scenarios=self._house.scenarios,
                session_id=session_id,
            )
        except InputError as error:
            raise Refused(Verdict(grpc.StatusCode.INVALID_ARGUMENT, str(error))) from error
        self._make_room(plan.station_id)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._starting += 1
        build = self._keep(asyncio.create_task(self._build(plan, message, token)))
        try:
            return await asyncio.shield(build), token
        except SessionError as error:
            raise Refused(Verdict(grpc.StatusCode.FAILED_PRECONDITION, str(error))) from error
        except asyncio.CancelledError:
            build.add_done_callback(_end_unwanted)
            raise

    def resume(self, resumption: session_pb2.Resumption) -> SessionActor:
        """The session that a token proves the right to. Raises `Refused`."""
        found = [one for one in self._sessions.values() if one.knows(resumption.resume_token)]
        if not found or found[0].ended:
            raise Refused(
                Verdict(
                    grpc.StatusCode.NOT_FOUND,
                    "no session waits for this resume_token: it ended, or the "
                    f"{self._limits.resume_window_s:g} s to resume it have passed; "
                    "start a new session, with the visitor's consent",
                )
            )
        return found[0]

    def attach(self, actor: SessionActor, lanes: Lanes) -> int:
        """Let a stream carry the session; one that still does is ended. Returns its number."""
        before = actor.answers.lanes
        if before is not None:
            actor.detach()
            before.cut(SUPERSEDED)
        if not actor.frames.paused:
            self._stop_timer(actor)
        actor.attach(lanes)
        return actor.stream

    def detach(self, actor: SessionActor, stream: int) -> None:
        """A stream broke or ended; nothing happens if another one took over meanwhile."""
        if actor.stream != stream or not actor.attached:
            return
        actor.detach()
        if not actor.ended:
            self.end_unless_back(actor)

    def end_unless_back(self, actor: SessionActor) -> None:
        """End the session when the resume window has passed. A pause that is said again, or through
        which a stream breaks, lasts no longer."""
        if actor.ended or actor.plan.session_id in self._timers:
            return
        loop = asyncio.get_running_loop()
        self._timers[actor.plan.session_id] = loop.call_later(
            self._limits.resume_window_s, actor.end, EndReason.LOST
        )

    def is_back(self, actor: SessionActor) -> None:
        """The pause ended in time."""
        if actor.attached:
            self._stop_timer(actor)

    async def drain(self, patience_s: float) -> None:
        """Tell every session that the server shuts down, give it `patience_s` to end by itself,
        end it, and wait until everything is written."""
        self._draining = True
        for actor in self._sessions.values():
            actor.answers.notice(NoticeKind.SHUTTING_DOWN, seconds=f"{patience_s:g}")
        await self._wait_until_empty(patience_s, or_hurried=True)
        for actor in list(self._sessions.values()):
            actor.end(EndReason.SERVER_SHUTDOWN)
        await self._wait_until_empty(HANG_LIMIT_S)
        for actor in self._sessions.values():
            _log.error("a session did not end in time", extra={"session": actor.plan.session_id})
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=HANG_LIMIT_S)

    def hurry(self) -> None:
        """Let `drain` end sessions at once; what they recorded is still finished."""
        self._hurried.set()

    def close(self) -> None:
        """Stop every thread; call after `drain`."""
        self.scheduler.close()
        self._threads.shutdown(wait=False)

    async def _wait_until_empty(self, timeout_s: float, or_hurried: bool = False) -> None:
        events = (self._empty, self._hurried) if or_hurried else (self._empty,)
        waits = [asyncio.create_task(event.wait()) for event in events]
        try:
            await asyncio.wait(waits, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    def _make_room(self, station_id: str) -> None:
        """A new wearer ends what a broken stream of the same station, or of any station when the
        house is full, left behind."""
        for actor in list(self._sessions.values()):
            if actor.left_behind and station_id and actor.plan.station_id == station_id:
                actor.end(EndReason.LOST)
        running = [one for one in self._sessions.values() if not one.ended]
        if len(running) + self._starting < self._limits.max_sessions:
            return
        left = [one for one in running if one.left_behind]
        if left:
            left[0].end(EndReason.LOST)
            return
        raise Refused(
            Verdict(
                grpc.StatusCode.RESOURCE_EXHAUSTED,
                f"{self._limits.max_sessions} sessions are running, and no more are allowed; "
                "end one, or raise limits.max_sessions",
            )
        )

    async def _build(
        self, plan: SessionPlan, message: session_pb2.SessionStart, token: str
    ) -> SessionActor:
        house = self._house
        loop = asyncio.get_running_loop()
        lease: CameraLease | None = None
        lane = self._pinned.index(min(self._pinned))
        self._pinned[lane] += 1
        try:
            if plan.video_source is VideoSource.SERVER_CAMERA and plan.lock is None:
                lease = house.cameras.reserve(plan.camera_id, plan.session_id)
            build = partial(self._consumer, plan, message, lane)
            consumer = await loop.run_in_executor(self._threads, build)
        except BaseException:
            self._pinned[lane] -= 1
            if lease is not None:
                lease.release()
            raise
        finally:
            self._starting -= 1
        parts = ActorParts(
            plan,
            lane,
            consumer,
            SessionClock(house.clock_ns(), message.clock_epoch_id),
            self._limits,
            house.telemetry,
            hashlib.sha256(token.encode()).digest(),
            house.clock_ns,
            house.audit,
        )
        actor = SessionActor(parts, self.scheduler.wake, self._on_ending, self._on_ended)
        self._sessions[plan.session_id] = actor
        self._empty.clear()
        self.scheduler.add(actor)
        house.telemetry.sessions.set(len(self._sessions))
        self._audit_start(plan, recorded=consumer.recorder is not None)
        _log.info("session started", extra={"session": plan.session_id})
        if lease is not None:
            lease.begin(actor)
        if self._draining:
            actor.end(EndReason.SERVER_SHUTDOWN)
        return actor

    def _audit_start(self, plan: SessionPlan, recorded: bool) -> None:
        lock = plan.lock
        self._house.audit.note(
            "session_started",
            session=plan.session_id,
            station=plan.station_id,
            audience=plan.audience.value,
            locked_by="" if lock is None else lock.setting,
            revision=plan.consent.revision,
            scopes=sorted(plan.consent.scopes),
            models=self._house.audited_models,
            scenario=plan.scenario.id if plan.scenario is not None else "",
            scenario_sha256=_sha256(plan.scenario_yaml),
            recorded=recorded,
        )

    def _consumer(
        self, plan: SessionPlan, message: session_pb2.SessionStart, lane: int
    ) -> Consumer:
        house = self._house
        stages = StageTimer(house.telemetry)
        readers = None
        if house.workers is not None:
            readers = house.workers.readers(lane, Vantage.of(plan), stages)
        pipeline = Pipeline(plan, house.settings, house.models, stages, readers=readers)
        recording = house.settings.recording
        recorder = None
        if recording.enabled:
            header = recording_header(
                plan,
                message,
                settings=house.settings,
                models=house.models_in_use,
                labels=pipeline.labels,
                started_unix_ns=time.time_ns(),
            )
            path = recording.directory / f"{plan.session_id}.mcap"
            recorder = Recorder.open(path, header, recording)
        return Consumer(pipeline, recorder, stages)

    def _on_ending(self, actor: SessionActor) -> None:
        """Who comes next does not wait for the last turn and the recording to have the camera."""
        self._house.cameras.release(actor.plan.session_id)

    def _on_ended(self, actor: SessionActor, summary: Summary | None) -> None:
        self.scheduler.remove(actor)
        self._stop_timer(actor)
        self._house.cameras.release(actor.plan.session_id)
        self._keep(asyncio.create_task(self._conclude(actor, summary)))

    async def _conclude(self, actor: SessionActor, summary: Summary | None) -> None:
        """Finish the recording, then say the last word: when the client reads it, all is done."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._threads, actor.consumer.close)
        finally:
            recorder = actor.consumer.recorder
            if summary is not None:
                totals = StreamTotals(
                    actor.frames.received,
                    actor.frames.dropped,
                    stored=recorder is not None and recorder.stored,
                )
                actor.answers.conclude(summary, totals)
            if actor.answers.lanes is not None:
                actor.answers.lanes.finish(actor.verdict if summary is not None else FAILED)
            del self._sessions[actor.plan.session_id]
            self._pinned[actor.lane] -= 1
            if not self._sessions:
                self._empty.set()
            reason = (actor.ending or EndReason.UNSPECIFIED).value
            self._house.telemetry.sessions.set(len(self._sessions))
            self._house.telemetry.sessions_ended.labels(reason).inc()
            self._house.audit.note(
                "session_ended",
                session=actor.plan.session_id,
                reason=reason,
                stored=recorder is not None and recorder.stored,
            )
            _log.info("session ended", extra={"session": actor.plan.session_id, "reason": reason})

    def _stop_timer(self, actor: SessionActor) -> None:
        timer = self._timers.pop(actor.plan.session_id, None)
        if timer is not None:
            timer.cancel()

    def _keep(self, task: "asyncio.Task[Any]") -> "asyncio.Task[Any]":
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def _end_unwanted(build: "asyncio.Task[SessionActor]") -> None:
    """The client left while its session was being built."""
    if not build.cancelled() and build.exception() is None:
        build.result().end(EndReason.LOST)
