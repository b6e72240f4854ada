"""What waits for a session's next step: control in order, and the latest frame of each role.

Control overtakes frames; a newer frame replaces the one that waits; a `Tick` for every 100 ms of
session time goes before whatever is consumed after it.
"""

from collections import deque
from dataclasses import dataclass

from attune.session.inputs import FrameInput, Input, Tick
from attune.timeline import SLOT_NS
from attune.v1 import session_pb2
from attune.vision.frame import FrameRole

CONTROL_CAPACITY = 256
"""Control that may wait; when it is full the stream is not read until there is room."""

CONTROL_BATCH = 32
"""Control that one turn on a worker takes at most, so that no session holds a worker for long."""

MAX_TICKS_A_TURN = 50


@dataclass(frozen=True, slots=True)
class Arrival:
    """One input as it arrived: when, on the server's clock, and what it was before conversion."""

    given: Input
    arrived_ns: int
    message: session_pb2.ClientMessage | None = None
    client_time_ns: int = 0
    stream: int = 0


@dataclass(frozen=True, slots=True)
class Urgency:
    """Orders ready sessions: control before frames, then the oldest first."""

    frame: bool
    since_ns: int


class Inbox:
    """Waiting inputs of one session; `start_ns` is session time 0 on the server's clock."""

    def __init__(self, start_ns: int) -> None:
        self._start_ns = start_ns
        self._control: deque[Arrival] = deque()
        self._frames: dict[FrameRole, Arrival] = {}
        self._next_tick = 1

    @property
    def full(self) -> bool:
        """Whether control has to wait outside."""
        return len(self._control) >= CONTROL_CAPACITY

    @property
    def next_tick_ns(self) -> int:
        """When the next tick is due, on the server's clock."""
        return self._start_ns + self._next_tick * SLOT_NS

    def put(self, arrival: Arrival) -> None:
        """Add control behind what waits already."""
        self._control.append(arrival)

    def put_frame(self, arrival: Arrival) -> Arrival | None:
        """Let a frame wait; returns the one that it replaces."""
        assert isinstance(arrival.given, FrameInput)
        replaced = self._frames.pop(arrival.given.role, None)
        self._frames[arrival.given.role] = arrival
        return replaced

    def drop_frames(self, role: FrameRole | None = None) -> list[Arrival]:
        """Empty the mailbox of that role, or every mailbox; returns what was in it."""
        roles = list(self._frames) if role is None else [role]
        return [self._frames.pop(one) for one in roles if one in self._frames]

    def urgency(self, now_ns: int) -> Urgency | None:
        """How urgent the next turn is; None: nothing waits."""
        if self._control or self.next_tick_ns <= now_ns:
            due = min(self._control[0].arrived_ns if self._control else now_ns, self.next_tick_ns)
            return Urgency(frame=False, since_ns=due)
        if self._frames:
            captured = min(frame.given.time_ns for frame in self._frames.values())
            return Urgency(frame=True, since_ns=self._start_ns + captured)
        return None

    def take(self, now_ns: int) -> list[Arrival]:
        """The inputs of one turn: due ticks and control, or else the oldest frame."""
        taken = self._due_ticks(now_ns)
        while self._control and len(taken) < CONTROL_BATCH:
            taken.append(self._control.popleft())
        if not taken and self._frames:
            role = min(self._frames, key=lambda one: self._frames[one].given.time_ns)
            taken.append(self._frames.pop(role))
        return taken

    def _due_ticks(self, now_ns: int) -> list[Arrival]:
        ticks: list[Arrival] = []
        while self.next_tick_ns <= now_ns and len(ticks) < MAX_TICKS_A_TURN:
            ticks.append(Arrival(Tick(self._next_tick * SLOT_NS), self.next_tick_ns))
            self._next_tick += 1
        return ticks
