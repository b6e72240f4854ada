"""What a session says to its client, through whichever stream carries it now.

Keeps what a stream that takes over has to repeat: decisions that are not resolved, and what the
broken stream did not write.
"""

import time
from collections import deque
from collections.abc import Callable

from attune.scenario.events import ChoiceResolved
from attune.server.lanes import Build, Lanes
from attune.server.telemetry import Telemetry
from attune.server.turn import Consumed
from attune.session.consent import Consent
from attune.session.outbound import StreamTotals, message_from_output, update_message
from attune.session.outputs import (
    ConsentInForce,
    DecisionMade,
    Disposition,
    Noticed,
    NoticeKind,
    Output,
    StateUpdate,
    Summary,
)
from attune.timeline import NS_PER_MS, NS_PER_S
from attune.v1 import session_pb2

KEPT_DECISIONS = 64

KEPT_MESSAGES = 256
"""What no stream wrote and the next one says, the newest of it: as much as waits for one client."""


class Answers:
    """`now_ns` tells the session time; `update_rate_hz` 0 means every update is sent.

    `sequence_base` is what the session's frame numbers are ahead of the stream's.
    """

    def __init__(
        self, telemetry: Telemetry, now_ns: Callable[[], int], update_rate_hz: float
    ) -> None:
        self.sequence_base = 0
        self._telemetry = telemetry
        self._now_ns = now_ns
        self._interval_ns = round(NS_PER_S / update_rate_hz) if update_rate_hz else 0
        self._next_update_ns = 0
        self._updates = 0
        self._lanes: Lanes | None = None
        self._unsent: deque[Build] = deque(maxlen=KEPT_MESSAGES)
        self._decisions: dict[str, DecisionMade] = {}

    @property
    def lanes(self) -> Lanes | None:
        """The lanes of the stream that carries the session; None: none does."""
        return self._lanes

    def attach(self, lanes: Lanes) -> None:
        """Speak through `lanes` from now on."""
        self._lanes = lanes

    def detach(self) -> None:
        """The stream broke; what it did not write is kept."""
        if self._lanes is not None:
            self._unsent.extend(self._lanes.unsent())
            self._lanes = None

    def repeat(self, consent: Consent, last_decision_id: str) -> None:
        """Tell a new stream what it has to know: the consent in force, what the broken one did not
        write, and every unresolved decision after the one that the scene applied."""
        if self._lanes is not None:
            self._lanes.make_room(1 + len(self._decisions))
        if consent.revision:
            now_ns, scopes = self._now_ns(), consent.scopes
            self.send(ConsentInForce(now_ns, consent.revision, scopes, frozenset(), 0))
        self.catch_up()
        known = list(self._decisions)
        applied = known.index(last_decision_id) + 1 if last_decision_id in known else 0
        for decision_id in known[applied:]:
            self._put_decision(self._decisions[decision_id])

    def catch_up(self) -> None:
        """Say what was to be said while no stream carried the session, the first one included: a
        camera may be lost before the start is answered."""
        if self._lanes is None:
            return
        self._lanes.make_room(len(self._unsent))
        while self._unsent:
            self._lanes.put(self._unsent.popleft())

    def resolved(self, event: ChoiceResolved) -> None:
        """A branch was played: the decision on it need not be repeated."""
        for decision_id, made in list(self._decisions.items()):
            about = (made.decision.choice_id, made.decision.occurrence)
            if about == (event.choice_id, event.occurrence):
                del self._decisions[decision_id]

    def put(self, build: Build, keep: bool = True) -> None:
        """Say something in order; `keep` if a stream that takes over should say it too."""
        if self._lanes is not None:
            self._lanes.put(build, keep)
        elif keep:
            self._unsent.append(build)

    def send(self, output: Output) -> None:
        """Say one output of the pipeline."""
        match output:
            case DecisionMade():
                self._telemetry.decisions.labels(output.decision.reason.value).inc()
                self._decisions[output.decision.decision_id] = output
                while len(self._decisions) > KEPT_DECISIONS:
                    del self._decisions[next(iter(self._decisions))]
                self._put_decision(output)
            case Noticed():
                self._telemetry.notices.labels(output.kind.value).inc()
                self._put_output(self._with_stream_sequence(output))
            case ConsentInForce():
                message = self._message(output)
                if message is not None:
                    applied = message.consent_applied
                    last = max(0, output.last_analysed_sequence - self.sequence_base)
                    applied.last_analysed_frame_sequence = last
                    self.put(lambda: message)
            case _:
                self._put_output(output)

    def notice(self, kind: NoticeKind, **parameters: str) -> None:
        """Say a remark of the server's own; a sequence in it is the stream's."""
        self._telemetry.notices.labels(kind.value).inc()
        self._put_output(Noticed(self._now_ns(), kind, parameters))

    def acknowledge(self, sequence: int, disposition: Disposition) -> None:
        """Acknowledge frames of the stream."""
        if self._lanes is not None:
            self._lanes.put_ack(sequence, disposition)

    def pong(self, ping: session_pb2.Ping, received_ns: int) -> None:
        """Answer a ping; the time of sending is stamped when it is written."""

        def build() -> session_pb2.ServerMessage:
            return session_pb2.ServerMessage(
                pong=session_pb2.Pong(
                    id=ping.id,
                    client_send_ns=ping.client_send_ns,
                    server_receive_ns=received_ns,
                    server_send_ns=time.monotonic_ns(),
                )
            )

        self.put(build, keep=False)

    def update(
        self,
        update: StateUpdate,
        captured_ns: int | None,
        client_capture_ns: int,
        consumed: Consumed,
    ) -> None:
        """Offer the state to the mailbox of one. `captured_ns` is the frame's session time, None
        without a frame; `consumed` is the input that brought it about."""
        if self._lanes is None or self._too_soon():
            return
        self._updates += 1
        number = self._updates

        def build() -> session_pb2.ServerMessage:
            age_ns = 0 if captured_ns is None else max(0, self._now_ns() - captured_ns)
            message = update_message(
                update,
                sequence=number,
                client_capture_ns=client_capture_ns,
                age_ms=age_ns / NS_PER_MS,
                stage_us=consumed.stage_us,
                outlook=consumed.outlook,
            )
            if captured_ns is not None:
                self._telemetry.frame_age.observe(age_ns / NS_PER_S)
                message.frame_sequence = max(0, update.frame_sequence - self.sequence_base)
            return session_pb2.ServerMessage(update=message)

        self._lanes.put_update(build, of_frame=captured_ns is not None)

    def drop_update(self) -> None:
        """Throw the update that waits away, unsent."""
        if self._lanes is not None:
            self._lanes.drop_update()

    def conclude(self, summary: Summary, totals: StreamTotals) -> None:
        """Say the last word."""
        message = message_from_output(summary, totals=totals)
        if message is not None:
            self.put(lambda: message, keep=False)

    def _too_soon(self) -> bool:
        now_ns = self._now_ns()
        if now_ns < self._next_update_ns:
            return True
        self._next_update_ns = max(self._next_update_ns + self._interval_ns, now_ns)
        return False

    def _put_decision(self, made: DecisionMade) -> None:
        message = self._message(made)
        if message is not None:
            self.put(lambda: message, keep=False)

    def _put_output(self, output: Output) -> None:
        message = self._message(output)
        if message is not None:
            self.put(lambda: message)

    @staticmethod
    def _message(output: Output) -> session_pb2.ServerMessage | None:
        return message_from_output(output)

    def _with_stream_sequence(self, notice: Noticed) -> Noticed:
        sequence = notice.parameters.get("sequence", "")
        if not sequence.isdigit():
            return notice
        own = str(max(0, int(sequence) - self.sequence_base))
        return Noticed(notice.time_ns, notice.kind, {**notice.parameters, "sequence": own})
