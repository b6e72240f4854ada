"""The frames of one session at the edge: admitted or not, numbered for the pipeline, counted, and
acknowledged to the stream that sent them.

Each stream counts its frames from 1; the pipeline sees one rising sequence for the whole session.
"""

from collections.abc import Iterable
from dataclasses import replace

from attune.config import LimitSettings
from attune.errors import InputError
from attune.server.answers import Answers
from attune.server.credit import FrameLedger
from attune.server.gate import Dropped, FrameGate
from attune.server.inbox import Arrival, Inbox
from attune.server.telemetry import Telemetry
from attune.session.inputs import FaceWeightsInput, FrameInput, Input
from attune.session.outputs import Disposition, NoticeKind
from attune.session.plan import SessionPlan
from attune.vision.frame import FrameRole

NO_STREAM = 0
"""Stream of the frames that the server's own camera sends."""


class FrameDesk:
    """Takes frames in and settles them."""

    def __init__(
        self,
        plan: SessionPlan,
        limits: LimitSettings,
        telemetry: Telemetry,
        inbox: Inbox,
        answers: Answers,
    ) -> None:
        self.received = 0
        self.dropped = 0
        self._limits = limits
        self._telemetry = telemetry
        self._inbox = inbox
        self._answers = answers
        self._gate = FrameGate(plan, limits)
        self._ledger = FrameLedger()
        self._stream = NO_STREAM
        self._last_sequence = 0
        self._rate_noticed = False
        self._noticed_revision: int | None = None

    def new_stream(self, stream: int) -> None:
        """Another stream sends the frames from now on; the old one's are never acknowledged."""
        self._stream = stream
        self._ledger = FrameLedger()
        self._gate.new_stream()
        self._answers.sequence_base = self._last_sequence

    @property
    def paused(self) -> bool:
        """Whether the session stands still."""
        return self._gate.paused

    def allows(self, role: FrameRole) -> bool:
        """Whether frames of that role may be analysed now."""
        return self._gate.allows(role)

    def forbids(self, given: Input) -> bool:
        """Whether `given` tells of the wearer's face, which may not be analysed now."""
        return isinstance(given, FaceWeightsInput) and not self._gate.allows(FrameRole.WEARER)

    def observe(self, given: Input) -> None:
        """Take in control: a consent or a pause that forbids frames empties their mailbox and
        takes back the update that waits."""
        before = [role for role in FrameRole if self._gate.allows(role)]
        self._gate.observe(given)
        for role in before:
            if not self._gate.allows(role):
                self._drop(self._inbox.drop_frames(role))
                self._answers.drop_update()

    def offer(self, frame: FrameInput, arrived_ns: int, client_time_ns: int) -> None:
        """Let a frame wait for its turn, or settle it at once."""
        self._count_arrival()
        try:
            dropped = self._gate.admit(frame, arrived_ns)
        except InputError as refusal:
            self.refuse(frame.sequence, refusal)
            return
        sequence = self._answers.sequence_base + frame.sequence
        self._last_sequence = sequence
        if dropped is None:
            self._ledger.expect(frame.sequence)
            numbered = replace(frame, sequence=sequence)
            self._wait(Arrival(numbered, arrived_ns, None, client_time_ns, self._stream))
            return
        self._settle_here(frame.sequence, Disposition.DROPPED)
        self._explain(frame.sequence, dropped)

    def offer_own(self, frame: FrameInput, arrived_ns: int) -> None:
        """Let a frame of the server's own camera wait for its turn, if it may be analysed."""
        if not self._gate.allows_own(frame):
            return
        self._count_arrival()
        self._last_sequence += 1
        revision = self._gate.consent.revision
        numbered = replace(frame, sequence=self._last_sequence, consent_revision=revision)
        self._wait(Arrival(numbered, arrived_ns, stream=NO_STREAM))

    def refuse_unread(self, sequence: int, refusal: InputError) -> None:
        """A frame that could not even be converted arrived."""
        self._count_arrival()
        self.refuse(sequence, refusal)

    def refuse(self, sequence: int, refusal: InputError) -> None:
        """Settle a frame of the stream that cannot be used, and say why."""
        self._settle_here(sequence, Disposition.REFUSED)
        detail = {"code": refusal.code, "detail": str(refusal)}
        self._answers.notice(NoticeKind.FRAME_REFUSED, sequence=str(sequence), **detail)

    def settle(self, arrival: Arrival, sequence: int, disposition: Disposition) -> None:
        """The pipeline, or the mailbox, settled a frame; `sequence` is the session's."""
        self._count(disposition)
        if arrival.stream == self._stream:
            self._acknowledge(sequence - self._answers.sequence_base, disposition)

    def drop_waiting(self) -> None:
        """Empty the mailboxes."""
        self._drop(self._inbox.drop_frames())

    def _explain(self, sequence: int, dropped: Dropped) -> None:
        """Say once why frames are dropped, where the client can do something about it."""
        revision = self._gate.consent.revision
        if dropped.rate_limited and not self._rate_noticed:
            self._rate_noticed = True
            limit = f"{self._limits.max_frame_rate_hz:g}"
            self._answers.notice(NoticeKind.FRAME_RATE_LIMITED, limit_hz=limit)
        elif dropped.lacks is not None and self._noticed_revision != revision:
            self._noticed_revision = revision
            self._answers.notice(
                NoticeKind.FRAME_REFUSED,
                sequence=str(sequence),
                code="consent.missing",
                detail=f"frames of this role need the consent {dropped.lacks.value!r}; send none "
                "before a ConsentChange grants it",
            )

    def _wait(self, arrival: Arrival) -> None:
        replaced = self._inbox.put_frame(arrival)
        if replaced is not None:
            self._drop([replaced])

    def _drop(self, arrivals: Iterable[Arrival]) -> None:
        for arrival in arrivals:
            assert isinstance(arrival.given, FrameInput)
            self.settle(arrival, arrival.given.sequence, Disposition.DROPPED)

    def _settle_here(self, sequence: int, disposition: Disposition) -> None:
        self._count(disposition)
        self._acknowledge(sequence, disposition)

    def _acknowledge(self, sequence: int, disposition: Disposition) -> None:
        for ack in self._ledger.settle(sequence, disposition):
            self._answers.acknowledge(ack.sequence, ack.disposition)

    def _count_arrival(self) -> None:
        self.received += 1
        self._telemetry.frames_received.inc()

    def _count(self, disposition: Disposition) -> None:
        self.dropped += disposition is not Disposition.ANALYSED
        self._telemetry.frames_settled.labels(disposition.value).inc()
