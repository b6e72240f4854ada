"""One visitor's session as the server runs it, whichever stream carries it.

An actor outlives its streams: a broken one leaves it behind, another may take it up. All of it
runs on the event loop; only the turns that it hands to the scheduler run on a worker.
"""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from attune.config import LimitSettings
from attune.scenario.events import ChoiceResolved
from attune.server.answers import Answers
from attune.server.auditing import Audit
from attune.server.cameras import camera_frame_input
from attune.server.frames import FrameDesk
from attune.server.inbox import Arrival, Inbox, Urgency
from attune.server.lanes import Lanes, Verdict
from attune.server.telemetry import Telemetry
from attune.server.turn import Consumed, Consumer
from attune.session.clock import SessionClock
from attune.session.consent import Consent
from attune.session.inputs import ConsentInput, EndInput, EndReason, EventInput, FrameInput
from attune.session.outputs import (
    ConsentInForce,
    FrameSettled,
    Noticed,
    NoticeKind,
    Output,
    SlotClosed,
    StateUpdate,
    Summary,
)
from attune.session.plan import CameraKind, SessionPlan
from attune.vision.frame import EncodedFrame, FrameRole

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ActorParts:
    """What a session is made of. `lane` says where its frames are read, `token_hash` is the
    SHA-256 of its resumption token, `clock_ns` the server's clock."""

    plan: SessionPlan
    lane: int
    consumer: Consumer
    clock: SessionClock
    limits: LimitSettings
    telemetry: Telemetry
    token_hash: bytes
    clock_ns: Callable[[], int]
    audit: Audit


class SessionActor:
    """`on_ready` is called when there is something to do; `on_ending` when the session takes in
    nothing more; `on_ended` once, when the pipeline has said its last word or, without a summary,
    failed."""

    def __init__(
        self,
        parts: ActorParts,
        on_ready: Callable[[], None],
        on_ending: Callable[["SessionActor"], None],
        on_ended: Callable[["SessionActor", Summary | None], None],
    ) -> None:
        self.plan = parts.plan
        self.lane = parts.lane
        self.clock = parts.clock
        self.consumer = parts.consumer
        self.ending: EndReason | None = None
        self.verdict: Verdict | None = None
        self.stream = 0
        self.room = asyncio.Event()
        self.room.set()
        self._clock_ns = parts.clock_ns
        self._token_hash = parts.token_hash
        self._on_ready = on_ready
        self._on_ending = on_ending
        self._on_ended = on_ended
        self._consent = parts.plan.consent
        pass_through = parts.plan.camera_kind is CameraKind.PASS_THROUGH
        self._camera_role = FrameRole.BYSTANDERS if pass_through else FrameRole.WEARER
        self._recording_noticed = False
        self._telemetry = parts.telemetry
        self._audit = parts.audit
        self._inbox = Inbox(parts.clock.start_ns)
        self.answers = Answers(parts.telemetry, self.now_ns, parts.plan.update_rate_hz)
        self.frames = FrameDesk(
            parts.plan, parts.limits, parts.telemetry, self._inbox, self.answers
        )

    @property
    def attached(self) -> bool:
        """Whether a stream carries the session now."""
        return self.answers.lanes is not None

    @property
    def left_behind(self) -> bool:
        """Whether the stream that carried the session broke and none took it up again; a session
        that is just beginning has had none yet."""
        return self.stream > 0 and not self.attached and not self.ended

    @property
    def ended(self) -> bool:
        """Whether the session takes nothing more."""
        return self.ending is not None

    def now_ns(self) -> int:
        """Session time now."""
        return self.clock.session_ns(self._clock_ns())

    def knows(self, token: str) -> bool:
        """Whether that is the session's resumption token; no token takes longer than another."""
        given = hashlib.sha256(token.encode()).digest()
        return hmac.compare_digest(given, self._token_hash)

    def attach(self, lanes: Lanes) -> None:
        """Let `lanes` carry the session; a stream that still does is superseded first."""
        self.stream += 1
        self.answers.attach(lanes)
        self.frames.new_stream(self.stream)

    def detach(self) -> None:
        """The stream broke: what it did not write waits for the next one, frames do not."""
        self.answers.detach()
        self.frames.drop_waiting()

    def repeat(self, last_decision_id: str) -> None:
        """Tell a stream that took over what it has to know."""
        self.answers.repeat(self._consent, last_decision_id)

    def offer(self, arrival: Arrival) -> None:
        """Take in control; it is consumed in order, before any frame."""
        given = arrival.given
        if self.ended or self.frames.forbids(given):
            return
        if isinstance(given, ConsentInput) and self._holds(given):
            in_force = self._consent.scopes
            self.answers.send(
                ConsentInForce(self.now_ns(), given.revision, in_force, frozenset(), 0)
            )
            return
        self.frames.observe(given)
        if isinstance(given, EndInput):
            self.ending = given.reason
            self.frames.drop_waiting()
            self._on_ending(self)
        elif isinstance(given, EventInput) and isinstance(given.event, ChoiceResolved):
            self.answers.resolved(given.event)
        self._inbox.put(arrival)
        if self._inbox.full:
            self.room.clear()
        self._on_ready()

    def offer_frame(self, frame: FrameInput, arrived_ns: int, client_time_ns: int) -> None:
        """Take in a frame of the stream."""
        if not self.ended:
            self.frames.offer(frame, arrived_ns, client_time_ns)
            self._on_ready()

    def camera_frame(self, encoded: EncodedFrame, captured_ns: int) -> None:
        """Take in a frame of the server's own camera."""
        if self.attached and not self.ended:
            session_ns = self.clock.session_ns(captured_ns)
            self.frames.offer_own(
                camera_frame_input(encoded, session_ns, self._camera_role), captured_ns
            )
            self._on_ready()

    def camera_notice(self, kind: NoticeKind, **parameters: str) -> None:
        """The server's own camera is lost or back."""
        self.answers.notice(kind, **parameters)

    def camera_wanted(self) -> bool:
        """Whether a frame of the server's own camera would be looked at: not while the stream is
        broken, through which nobody could say stop."""
        return self.attached and not self.ended and self.frames.allows(self._camera_role)

    def end(self, reason: EndReason, verdict: Verdict | None = None) -> None:
        """End for good; `verdict` is what the stream ends with, None: well."""
        if not self.ended:
            self.verdict = verdict
            self.offer(Arrival(EndInput(max(0, self.now_ns()), reason), self._clock_ns()))

    # What the scheduler asks

    @property
    def next_due_ns(self) -> int:
        """When the next tick is due, on the server's clock."""
        return self._inbox.next_tick_ns

    def urgency(self, now_ns: int) -> Urgency | None:
        """How urgent the next turn is; None: nothing waits."""
        return self._inbox.urgency(now_ns)

    def begin_turn(self, now_ns: int) -> Callable[[], list[Consumed]]:
        """Take the inputs of the next turn; the work on them runs on a worker."""
        arrivals = self._inbox.take(now_ns)
        if not self._inbox.full:
            self.room.set()
        return partial(self.consumer.consume, arrivals)

    def end_turn(self, result: list[Consumed]) -> None:
        """Say what followed from the inputs of a turn."""
        self._notice_recording()
        for consumed in result:
            for output in consumed.outputs:
                self._answer(consumed, output)

    def fail(self, error: BaseException) -> None:
        """A step on control raised: a mistake of ours, and the end of this session alone."""
        _log.error("a session failed", exc_info=error, extra={"session": self.plan.session_id})
        self.ending = self.ending or EndReason.VIOLATION
        self._on_ended(self, None)

    def _answer(self, consumed: Consumed, output: Output) -> None:
        arrival = consumed.arrival
        match output:
            case FrameSettled():
                self.frames.settle(arrival, output.sequence, output.disposition)
            case StateUpdate():
                self._answer_update(consumed, output)
            case Summary():
                self._on_ended(self, output)
            case ConsentInForce():
                self._consent = Consent(output.revision, output.scopes)
                if output.withdrawn:
                    self.answers.drop_update()  # a tick of the same turn brought it about before
                self._note(
                    "consent_changed", revision=output.revision, scopes=sorted(output.scopes)
                )
                self.answers.send(output)
            case Noticed(kind=NoticeKind.ANALYSIS_LOCKED):
                self._note("analysis_refused", **output.parameters)
                self.answers.send(output)
            case SlotClosed():
                pass
            case _:
                self.answers.send(output)

    def _note(self, event: str, **details: object) -> None:
        self._audit.note(event, session=self.plan.session_id, **details)

    def _answer_update(self, consumed: Consumed, update: StateUpdate) -> None:
        given = consumed.arrival.given
        if not isinstance(given, FrameInput):
            self.answers.update(update, None, 0, consumed)
            return
        self._telemetry.frames_face.labels(str(update.face is not None).lower()).inc()
        if self.frames.allows(given.role):
            client_ns = consumed.arrival.client_time_ns or self.clock.to_client_ns(given.time_ns)
            self.answers.update(update, given.time_ns, client_ns, consumed)

    def _holds(self, given: ConsentInput) -> bool:
        """Whether a change that was sent again is in force already."""
        return Consent(given.revision, given.scopes).under(self.plan.lock) == self._consent

    def _notice_recording(self) -> None:
        recorder = self.consumer.recorder
        if recorder is None or recorder.failure is None or self._recording_noticed:
            return
        self._recording_noticed = True
        self._telemetry.recordings_stopped.inc()
        self.answers.notice(NoticeKind.RECORDING_STOPPED, cause=recorder.failure)
