"""Whose turn it is: at most one turn in flight a session, the oldest first.

A turn is a few control inputs or one frame. Each session is pinned to a lane: behind it is a worker
process, or the server's own. A worker's lane has two frames in flight at most, of two sessions: one
is read while the other waits at the worker's door, so that the worker never waits for the event
loop. Control never waits for a lane. No session gets two control turns in a row while another one
waits, so a flood of events delays nobody but its sender.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

from attune.server.inbox import Urgency
from attune.timeline import seconds

Result = TypeVar("Result")


class Schedulable(Protocol[Result]):
    """A session as the scheduler sees it. All but the turn itself runs on the event loop."""

    @property
    def lane(self) -> int:
        """Where its frames are read."""
        ...

    def urgency(self, now_ns: int) -> Urgency | None:
        """How urgent the next turn is; None: nothing waits."""
        ...

    @property
    def next_due_ns(self) -> int:
        """When the session becomes ready by itself."""
        ...

    def begin_turn(self, now_ns: int) -> Callable[[], Result]:
        """Take inputs and return the work on them, to be run on a thread."""
        ...

    def end_turn(self, result: Result) -> None:
        """Take what the work returned."""
        ...

    def fail(self, error: BaseException) -> None:
        """The work raised."""
        ...


class Scheduler(Generic[Result]):
    """Serves sessions that have something to do, `frames_a_lane` frames of each lane and `lanes`
    turns of control at a time. Used on the event loop only."""

    def __init__(
        self,
        lanes: int,
        frames_a_lane: int = 1,
        clock_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._pool = ThreadPoolExecutor((1 + frames_a_lane) * lanes, thread_name_prefix="turn")
        self._controls_free = lanes
        self._frames_a_lane = frames_a_lane
        self._frames_in: Counter[int] = Counter()
        self._clock_ns = clock_ns
        self._sessions: dict[Schedulable[Result], asyncio.TimerHandle | None] = {}
        self._busy: set[Schedulable[Result]] = set()
        self._last_control: Schedulable[Result] | None = None

    def add(self, session: Schedulable[Result]) -> None:
        """Serve this session from now on."""
        self._sessions[session] = None
        self._arm(session)
        self.wake()

    def remove(self, session: Schedulable[Result]) -> None:
        """Never serve this session again; a turn in flight ends by itself."""
        if self._last_control is session:
            self._last_control = None
        timer = self._sessions.pop(session, None)
        if timer is not None:
            timer.cancel()

    def wake(self) -> None:
        """Start turns while there are ready sessions that can have one."""
        while True:
            now_ns = self._clock_ns()
            chosen = self._choose(now_ns)
            if chosen is None:
                return
            self._start(*chosen, now_ns)

    def close(self) -> None:
        """Stop the threads after the turns in flight."""
        for session in list(self._sessions):
            self.remove(session)
        self._pool.shutdown(wait=False)

    def _choose(self, now_ns: int) -> tuple[Schedulable[Result], bool] | None:
        """The session whose turn it is, and whether the turn is a frame's."""
        ready = [
            (urgency, session)
            for session in self._sessions
            if session not in self._busy
            and (urgency := session.urgency(now_ns)) is not None
            and self._has_room(session, urgency)
        ]
        if not ready:
            return None

        def order(entry: tuple[Urgency, Schedulable[Result]]) -> tuple[bool, bool, int]:
            urgency, session = entry
            again = session is self._last_control and not urgency.frame
            return again, urgency.frame, urgency.since_ns

        urgency, session = min(ready, key=order)
        if not urgency.frame:
            self._last_control = session
        return session, urgency.frame

    def _has_room(self, session: Schedulable[Result], urgency: Urgency) -> bool:
        if urgency.frame:
            return self._frames_in[session.lane] < self._frames_a_lane
        return self._controls_free > 0

    def _start(self, session: Schedulable[Result], frame: bool, now_ns: int) -> None:
        work = session.begin_turn(now_ns)
        self._busy.add(session)
        if frame:
            self._frames_in[session.lane] += 1
        else:
            self._controls_free -= 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        future.add_done_callback(lambda done: self._end(session, frame, done))

    def _end(
        self, session: Schedulable[Result], frame: bool, done: "asyncio.Future[Result]"
    ) -> None:
        if frame:
            self._frames_in[session.lane] -= 1
        else:
            self._controls_free += 1
        self._busy.discard(session)
        error = done.exception() if not done.cancelled() else None
        try:
            if error is not None:
                session.fail(error)
            elif not done.cancelled():
                session.end_turn(done.result())
        finally:
            self._arm(session)
            self.wake()

    def _arm(self, session: Schedulable[Result]) -> None:
        if session not in self._sessions:
            return
        timer = self._sessions[session]
        if timer is not None:
            timer.cancel()
        delay_s = max(0.0, seconds(session.next_due_ns - self._clock_ns()))
        loop = asyncio.get_running_loop()
        self._sessions[session] = loop.call_later(delay_s, self._on_due, session)

    def _on_due(self, session: Schedulable[Result]) -> None:
        self.wake()
        # A timer may fire a moment early; when it was late, the end of a turn arms the next one.
        if session not in self._busy and session.next_due_ns > self._clock_ns():
            self._arm(session)
