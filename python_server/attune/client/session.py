"""One visitor's session as the client sees it: frames with credit, control in order, resumption."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from time import monotonic_ns
from typing import Any

from attune.client.clock import PINGS_PER_EPOCH, ClockReading, best_reading
from attune.client.inbox import Inbox, Message
from attune.client.outbox import Outbox
from attune.client.request import SessionRequest
from attune.client.stream import Call, ResumableStream, ResumePoint
from attune.errors import SessionError
from attune.scenario.events import SceneEvent
from attune.session.consent import ConsentScope
from attune.session.event_messages import event_message
from attune.session.inputs import BaselineAction, EndReason
from attune.session.outputs import Disposition
from attune.session.plan import CameraKind
from attune.session.vocabulary import (
    BASELINE_ACTIONS,
    CAPTURE_TIME_SOURCES,
    DISPOSITIONS,
    ENCODINGS,
    END_REASONS,
    FRAME_ROLES,
    SCOPES,
)
from attune.v1 import consent_pb2, session_pb2, state_pb2, story_pb2, video_pb2
from attune.vision.frame import CaptureTimeSource, Encoding, FrameRole

Observer = Callable[[session_pb2.ServerMessage, int], None]

REPLY_TIMEOUT_S = 10.0
PING_INTERVAL_S = 15.0


class ClientSession:
    """A running session; made by `AttuneClient.start`.

    `open_call` begins the bidirectional call. `observer` is called with every message of the
    server and its time of arrival, before anything else sees it. A stream that breaks is resumed
    for as long as the server keeps the session; what was being written when it broke may be lost,
    except consent, which is sent again until it is applied.
    """

    def __init__(
        self,
        open_call: Callable[[], Call],
        request: SessionRequest,
        observer: Observer | None = None,
    ) -> None:
        self._request = request
        self._observer = observer
        self._clock_epoch = 1
        self._revision = request.consent_revision
        self._revised_ns = 0
        self._unapplied: consent_pb2.ConsentChange | None = None
        self._sequence = 0
        self._last_decision_id = ""
        self._outbox = Outbox()
        self._inbox = Inbox()
        self._stream = ResumableStream(open_call, self._outbox, self._receive, self._resume_point)
        self._pings: dict[int, asyncio.Future[ClockReading]] = {}
        self._ping_id = 0
        loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[session_pb2.SessionReady] = loop.create_future()
        self._summary: asyncio.Future[session_pb2.SessionSummary] = loop.create_future()
        self._tasks: list[asyncio.Task[None]] = []
        self.acknowledged: Counter[Disposition] = Counter()
        """Frames by what became of them."""
        self.resumptions = 0
        """How often a broken stream was taken up again."""

    async def open(self) -> None:
        """Waits for the server's terms and relates the clocks.

        Raises `SessionError` with the server's sentence when it refuses.
        """
        first = self._request.message(self._clock_epoch)
        self._tasks.append(asyncio.create_task(self._run(first), name="attune client stream"))
        try:
            async with asyncio.timeout(REPLY_TIMEOUT_S):
                await asyncio.shield(self._ready)
        except TimeoutError as error:
            await self.abandon()
            raise SessionError(f"no answer to the start within {REPLY_TIMEOUT_S:.0f} s") from error
        await self.synchronise()
        self._tasks.append(asyncio.create_task(self._keep_alive(), name="attune client pings"))

    async def end(self, reason: EndReason = EndReason.FINISHED) -> session_pb2.SessionSummary:
        """Ends the session and returns the server's summary."""
        end = session_pb2.SessionEnd(reason=END_REASONS.number(reason))
        self._outbox.frames.empty()
        self.send(session_end=end)
        try:
            async with asyncio.timeout(REPLY_TIMEOUT_S):
                summary = await asyncio.shield(self._summary)
                await asyncio.gather(self._tasks[0], return_exceptions=True)
                return summary
        except TimeoutError as error:
            raise SessionError(f"no summary within {REPLY_TIMEOUT_S:.0f} s") from error
        finally:
            await self.abandon()

    async def abandon(self) -> None:
        """Leaves without a word; the server keeps the session for its resume window."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def over(self) -> bool:
        """Whether its stream has ended for good."""
        return bool(self._tasks) and self._tasks[0].done()

    @property
    def ready(self) -> session_pb2.SessionReady:
        """The server's terms."""
        return self._ready.result()

    @property
    def consent_revision(self) -> int:
        """Revision of the consent that frames are sent under."""
        return self._revision

    @property
    def frames_replaced(self) -> int:
        """Frames that a newer one pushed out before they were sent."""
        return self._outbox.frames.replaced

    @property
    def acknowledgements_missed(self) -> int:
        """Frames whose acknowledgement did not come in time."""
        return self._outbox.frames.expired

    def send_frame(
        self,
        data: bytes,
        *,
        width_px: int,
        height_px: int,
        capture_time_ns: int,
        encoding: Encoding = Encoding.JPEG,
        capture_time_source: CaptureTimeSource = CaptureTimeSource.FRAME_ARRIVAL,
        rotation_deg: int = 0,
        mirrored: bool = False,
    ) -> int:
        """Offers a frame and returns its sequence; a newer one may take its place unsent. In a
        locked session none is sent."""
        self._sequence += 1
        external = self._request.camera_kind is CameraKind.EXTERNAL
        frame = video_pb2.VideoFrame(
            sequence=self._sequence,
            capture_time_ns=capture_time_ns,
            capture_time_source=CAPTURE_TIME_SOURCES.number(capture_time_source),
            encoding=ENCODINGS.number(encoding),
            width_px=width_px,
            height_px=height_px,
            rotation_deg=rotation_deg,
            mirrored=mirrored,
            # One from before the last change was captured under another, which is not in force.
            consent_revision=self._revision - (capture_time_ns < self._revised_ns),
            role=FRAME_ROLES.number(FrameRole.WEARER if external else FrameRole.BYSTANDERS),
            data=data,
        )
        if not self.ready.analysis_locked:
            self._outbox.put_frame(frame)
        return self._sequence

    def send_event(self, event: SceneEvent) -> None:
        """Reports what happened in the scene."""
        self.send(scenario_event=event_message(event))

    def choose(self, choice_id: str, occurrence: int, branch_id: str) -> None:
        """Says what an operator chooses, now or ahead of the moment when the choice falls due. It
        comes back as a decision; too late or misspelt, as a notice."""
        self.send(
            operator_choice=story_pb2.OperatorChoice(
                choice_id=choice_id, occurrence=occurrence, branch_id=branch_id
            )
        )

    def send(self, **message: Any) -> None:
        """Sends one control message of the contract by its name, for example
        `send(headset_pose=pose)`; control keeps its order and overtakes frames."""
        self._outbox.put(session_pb2.ClientMessage(**message))

    def change_consent(self, scopes: Iterable[ConsentScope]) -> int:
        """Replaces the consent and returns its revision; a waiting frame is thrown away."""
        self._revision += 1
        self._revised_ns = monotonic_ns()
        self._outbox.frames.empty()
        self._unapplied = consent_pb2.ConsentChange(
            revision=self._revision, scopes=[SCOPES.number(scope) for scope in sorted(scopes)]
        )
        self.send(consent_change=self._unapplied)
        return self._revision

    def calibrate(self, action: BaselineAction) -> None:
        """Starts, finishes or forgets the personal baseline."""
        number = BASELINE_ACTIONS.number(action)
        self.send(calibration_command=session_pb2.CalibrationCommand(action=number))

    def pause(self) -> None:
        """Evidence stands still; frames wait until `go_on`."""
        self._outbox.frames.empty()
        self._outbox.frames_open = False
        self.send(session_pause=session_pb2.SessionPause())

    async def go_on(self) -> None:
        """Ends a pause, in a new clock epoch."""
        self.send(session_resume=session_pb2.SessionResume())
        self._clock_epoch += 1
        await self.synchronise()

    async def synchronise(self) -> ClockReading:
        """Relates the clocks by five pings; frames may go from here on."""
        readings = [await self.ping() for _ in range(PINGS_PER_EPOCH)]
        best = best_reading(readings)
        self.send(
            clock_estimate=session_pb2.ClockEstimate(
                clock_epoch_id=self._clock_epoch,
                offset_ns=best.offset_ns,
                uncertainty_ns=best.uncertainty_ns,
            )
        )
        self._outbox.open_frames()
        return best

    async def ping(self) -> ClockReading:
        """One reading of both clocks."""
        try:
            async with asyncio.timeout(REPLY_TIMEOUT_S):
                return await self._send_ping()
        except TimeoutError as error:
            raise SessionError(f"no answer to a ping within {REPLY_TIMEOUT_S:.0f} s") from error

    def messages(self) -> AsyncIterator[Message]:
        """Everything that the server says, control first and only the newest state. Ends with the
        session; raises `SessionError` where it broke for good."""
        return self._inbox.messages()

    async def _run(self, first: session_pb2.SessionStart) -> None:
        problem: SessionError | None = None
        try:
            problem = await self._stream.run(first)
            if self._summary.done():
                problem = None  # the last word was said; the stream may break as it closes
        except Exception as error:
            problem = SessionError(f"the client cannot go on: {error}")
            problem.__cause__ = error
            raise
        finally:
            waiting: list[asyncio.Future[Any]] = [self._ready, self._summary, *self._pings.values()]
            for future in waiting:
                if not future.done():
                    future.set_exception(problem or SessionError("the session is over"))
                    future.exception()  # nobody may be waiting, which is no loose end
            self._inbox.close(problem)

    async def _keep_alive(self) -> None:
        """The server ends a stream that is silent, and a story may be."""
        while True:
            await asyncio.sleep(PING_INTERVAL_S)
            self._send_ping()

    def _send_ping(self) -> asyncio.Future[ClockReading]:
        self._ping_id += 1
        pong: asyncio.Future[ClockReading] = asyncio.get_running_loop().create_future()
        self._pings[self._ping_id] = pong
        self.send(ping=session_pb2.Ping(id=self._ping_id, client_send_ns=monotonic_ns()))
        return pong

    def _resume_point(self) -> ResumePoint | None:
        if self._summary.done() or not self._ready.done():
            return None
        terms = self.ready
        return ResumePoint(terms.resume_token, terms.resume_window_ms / 1e3, self._last_decision_id)

    def _receive(self, message: session_pb2.ServerMessage) -> None:
        now_ns = monotonic_ns()
        if self._observer is not None:
            self._observer(message, now_ns)
        kind = message.WhichOneof("message")
        match getattr(message, kind) if kind else None:
            case video_pb2.FrameAck() as ack:
                self.acknowledged[DISPOSITIONS.member(ack.disposition, "disposition", "ack")] += 1
                self._outbox.acknowledge(ack.through_sequence)
            case session_pb2.Pong() as pong:
                self._answer(pong, now_ns)
            case session_pb2.SessionReady() as ready:
                self._welcome(ready)
            case session_pb2.SessionSummary() as summary:
                if not self._summary.done():
                    self._summary.set_result(summary)
                self._inbox.put(summary)
            case consent_pb2.ConsentApplied() as applied:
                if self._unapplied and applied.revision >= self._unapplied.revision:
                    self._unapplied = None
                self._inbox.put(applied)
            case story_pb2.BranchDecision() as decision:
                self._last_decision_id = decision.decision_id
                self._inbox.put(decision)
            case (
                state_pb2.Update() | session_pb2.Notice() | session_pb2.CalibrationProgress()
            ) as plain:
                self._inbox.put(plain)

    def _welcome(self, ready: session_pb2.SessionReady) -> None:
        self._outbox.frames.max_in_flight = max(1, ready.max_frames_in_flight)
        if ready.resumed:
            self.resumptions += 1
            self._outbox.frames.forget_in_flight()
            if self._unapplied is not None:
                self._outbox.put_first(session_pb2.ClientMessage(consent_change=self._unapplied))
        if not self._ready.done():
            self._ready.set_result(ready)

    def _answer(self, pong: session_pb2.Pong, now_ns: int) -> None:
        waiting = self._pings.pop(pong.id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(
                ClockReading(
                    pong.client_send_ns, pong.server_receive_ns, pong.server_send_ns, now_ns
                )
            )
