"""AttuneService: the stream of one visitor, and unary calls for tools and operators."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import grpc

import attune
from attune.errors import InputError, RecordingError, ScenarioError
from attune.scenario.loading import parse_scenario
from attune.server.actor import SessionActor
from attune.server.lanes import Lanes, Verdict
from attune.server.registry import House, Refused, SessionRegistry
from attune.server.stream import Call, carry, read_start, violation
from attune.session.consent import ConsentScope
from attune.session.outputs import ConsentInForce, NoticeKind
from attune.session.plan import SessionPlan
from attune.session.start import (
    MAX_INLINE_BYTES,
    PROTOCOL_VERSION,
    asked_consent,
    check_version,
)
from attune.session.store import SessionStore
from attune.v1 import attune_pb2, attune_pb2_grpc, session_pb2

Answer = TypeVar("Answer")
MAX_FINDINGS = 200
STATUS_TIMEOUT_S = 1.0
"""Time that a call's last word may take; it is short, and goes at once where anything does."""


class AttuneService(attune_pb2_grpc.AttuneServiceServicer):
    """Answers calls; what they are about lives in the registry and in the session store."""

    def __init__(
        self, house: House, registry: SessionRegistry, calibration_profiles: tuple[str, ...]
    ) -> None:
        self._house = house
        self._registry = registry
        self._profiles = calibration_profiles
        self._audit = house.audit
        self._store = SessionStore(house.settings.recording.directory)
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="store")

    async def Attune(self, request_iterator: Any, context: Any) -> None:  # noqa: N802 - the contract's
        """One visitor's session, or one more stream of it."""
        del request_iterator
        call = Call(context, self._registry, self._house.settings.limits)
        # Sent apart from the first message: a call whose first message is stuck could otherwise not
        # be ended, for its status would wait for the metadata that wait with the message.
        await context.send_initial_metadata(())
        try:
            verdict = await self._serve(call)
        except Refused as refusal:
            verdict = refusal.verdict
        if verdict is not None:
            await _abort(context, verdict)

    async def ListModels(self, request: Any, context: Any) -> attune_pb2.ListModelsResponse:  # noqa: N802
        """The models in the store."""
        store = self._house.models
        cards = await self._off_loop(lambda: [store.card(name) for name in store.names()])
        return attune_pb2.ListModelsResponse(
            models=[
                session_pb2.ModelInfo(
                    name=card.model.name,
                    version=card.model.version,
                    sha256=card.model.sha256,
                    kind=card.model.kind,
                )
                for card in cards
            ]
        )

    async def ListScenarios(self, request: Any, context: Any) -> attune_pb2.ListScenariosResponse:  # noqa: N802
        """The scenarios that the server knows."""
        return attune_pb2.ListScenariosResponse(
            scenarios=[
                attune_pb2.ScenarioInfo(
                    id=one.scenario.id,
                    title=one.scenario.title.get("en", next(iter(one.scenario.title.values()), "")),
                    version=str(one.scenario.version),
                    sha256=one.sha256,
                )
                for one in self._house.scenarios.all()
            ]
        )

    async def ValidateScenario(  # noqa: N802
        self, request: attune_pb2.ValidateScenarioRequest, context: Any
    ) -> attune_pb2.ValidateScenarioResponse:
        """Every finding about a scenario."""
        size = len(request.yaml.encode())
        if size > MAX_INLINE_BYTES:
            await context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                f"expected at most {MAX_INLINE_BYTES} bytes of YAML, got {size}",
            )
        try:
            loaded = await self._off_loop(lambda: parse_scenario(request.yaml))
        except ScenarioError as error:
            findings = error.findings or (str(error),)
            shown = list(findings[:MAX_FINDINGS])
            if len(findings) > MAX_FINDINGS:
                shown.append(f"and {len(findings) - MAX_FINDINGS} more")
            return attune_pb2.ValidateScenarioResponse(findings=shown)
        return attune_pb2.ValidateScenarioResponse(sha256=loaded.sha256)

    async def ListSessions(self, request: Any, context: Any) -> attune_pb2.ListSessionsResponse:  # noqa: N802
        """The stored sessions, oldest first."""
        return await self._off_loop(lambda: _listed(self._store))

    async def ExportSession(  # noqa: N802
        self, request: attune_pb2.ExportSessionRequest, context: Any
    ) -> None:
        """The pieces of a stored session's file; the next one is read when one is taken, which may
        take as long as a message of a session."""
        session_id = await self._stored(request.session_id, context)
        await context.send_initial_metadata(())  # as in Attune
        pieces, size, whole = self._store.export(session_id), 0, False
        try:
            while piece := await self._next_piece(pieces):
                await self._send_piece(piece, context)
                size += len(piece)
            whole = True
        except TimeoutError:
            await _abort(context, self._unread)
        except RecordingError as error:
            await _abort(context, Verdict(grpc.StatusCode.DATA_LOSS, str(error)))
        finally:
            pieces.close()
            self._audit.note(
                "session_exported", by="call", session=session_id, size_bytes=size, whole=whole
            )

    async def _next_piece(self, pieces: Iterator[bytes]) -> bytes:
        """A client that leaves does not interrupt the reading: it ends first, then the file is
        closed."""
        reading = asyncio.ensure_future(self._off_loop(lambda: next(pieces, b"")))
        try:
            return await asyncio.shield(reading)
        except asyncio.CancelledError:
            await asyncio.wait({reading})
            raise

    async def _send_piece(self, piece: bytes, context: Any) -> None:
        async with asyncio.timeout(self._house.settings.limits.write_timeout_s):
            await context.write(attune_pb2.ExportSessionChunk(data=piece))

    @property
    def _unread(self) -> Verdict:
        return Verdict(
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "the client did not take a piece of the file for "
            f"{self._house.settings.limits.write_timeout_s:g} s; export it again, and read at once",
        )

    async def DeleteSession(  # noqa: N802
        self, request: attune_pb2.DeleteSessionRequest, context: Any
    ) -> attune_pb2.DeletionReceipt:
        """Delete a stored session; the receipt says what its file was."""
        session_id = await self._stored(request.session_id, context)
        try:
            receipt = await self._off_loop(lambda: self._store.delete(session_id, time.time_ns()))
        except RecordingError as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
        self._audit.note("session_deleted", by="call", **receipt.audited())
        return attune_pb2.DeletionReceipt(
            session_id=receipt.session_id,
            deleted_unix_ns=receipt.deleted_unix_ns,
            sha256=receipt.sha256,
            size_bytes=receipt.size_bytes,
        )

    async def _stored(self, session_id: str, context: Any) -> str:
        """The identifier, which has to be a whole one: over the network nobody may delete or read
        a session by a guess at its beginning."""
        try:
            path = self._store.path_for(session_id)
            found = await self._off_loop(lambda: self._store.find(session_id))
        except RecordingError as error:
            await context.abort(grpc.StatusCode.NOT_FOUND, str(error))
        assert found.name.startswith(path.stem)
        return session_id

    async def _serve(self, call: Call) -> Verdict | None:
        start = await read_start(call)
        lanes = Lanes(self._house.settings.limits.ordered_lane)
        resumed = start.HasField("resumption")
        token = start.resumption.resume_token
        if resumed:
            _check_protocol(start)
            actor = self._registry.resume(start.resumption)
        else:
            actor, token = await self._registry.start(start)
        stream = self._registry.attach(actor, lanes)
        try:
            ready = self._ready(actor, token, resumed)
            lanes.put(lambda: session_pb2.ServerMessage(session_ready=ready), keep=False)
            if resumed:
                actor.repeat(start.resumption.last_decision_id)
            else:
                actor.answers.catch_up()
                self._remark(actor, start)
            return await carry(call, actor, lanes, stream)
        finally:
            self._registry.detach(actor, stream)

    def _ready(self, actor: SessionActor, token: str, resumed: bool) -> session_pb2.SessionReady:
        settings, plan = self._house.settings, actor.plan
        limits = settings.limits
        return session_pb2.SessionReady(
            session_id=plan.session_id,
            resume_token=token,
            resume_window_ms=round(limits.resume_window_s * 1000),
            max_frames_in_flight=limits.max_frames_in_flight,
            max_frame_bytes=limits.max_frame_bytes,
            max_frame_rate_hz=limits.max_frame_rate_hz,
            update_rate_hz=plan.update_rate_hz,
            models=self._house.models_in_use,
            calibration_profiles=self._profiles,
            analysis_locked=plan.lock is not None,
            scenario_sha256=_scenario_hash(plan),
            resumed=resumed,
            session_time_ns=actor.now_ns(),
            protocol_version=PROTOCOL_VERSION,
            server_version=attune.__version__,
        )

    def _remark(self, actor: SessionActor, start: session_pb2.SessionStart) -> None:
        """Say where a new session's terms are not what the client asked for."""
        if not actor.plan.follows_scenario:
            actor.answers.notice(NoticeKind.SCENARIO_MISMATCH, **self._mismatch(start))
        lock, asked = actor.plan.lock, asked_consent(start)
        if lock is not None and asked.scopes:
            nothing: frozenset[ConsentScope] = frozenset()
            actor.answers.send(ConsentInForce(actor.now_ns(), asked.revision, nothing, nothing, 0))
            if asked.allows(ConsentScope.ANALYSE):
                session_id = actor.plan.session_id
                self._audit.note("analysis_refused", session=session_id, **lock.parameters)
                actor.answers.notice(NoticeKind.ANALYSIS_LOCKED, **lock.parameters)

    def _mismatch(self, start: session_pb2.SessionStart) -> dict[str, str]:
        known = self._house.scenarios.get(start.scenario_reference.id)
        return {
            "expected": known.sha256 if known is not None else "",
            "received": start.scenario_reference.sha256,
        }

    async def _off_loop(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


async def _abort(context: Any, verdict: Verdict) -> None:
    """End the call. Its status waits behind a message that the client does not read; this handler
    does not: it ends as if cancelled, and the transport keeps both until the client reads or
    goes."""
    try:
        async with asyncio.timeout(STATUS_TIMEOUT_S):
            await context.abort(verdict.code, verdict.sentence)
    except TimeoutError:
        raise asyncio.CancelledError from None


def _listed(store: SessionStore) -> attune_pb2.ListSessionsResponse:
    """For a year of visitors this takes long, filling the message too: not on the loop."""
    return attune_pb2.ListSessionsResponse(
        sessions=[
            attune_pb2.StoredSession(
                session_id=one.session_id,
                participant_id=one.participant_id,
                started_unix_ns=one.started_unix_ns,
                duration_ns=one.duration_ns,
                size_bytes=one.size_bytes,
                has_video=one.has_video,
            )
            for one in store.sessions()
        ]
    )


def _check_protocol(start: session_pb2.SessionStart) -> None:
    try:
        check_version(start.protocol_version)
    except InputError as error:
        raise Refused(violation(error)) from error


def _scenario_hash(plan: SessionPlan) -> str:
    if plan.scenario is None or not plan.follows_scenario:
        return ""
    return hashlib.sha256(plan.scenario_yaml.encode()).hexdigest()
