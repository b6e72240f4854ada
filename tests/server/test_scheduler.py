"""Whose turn it is."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from attune.server.inbox import Urgency
from attune.server.scheduler import Scheduler

FAR = 10**18
NOW = 1_000_000


class Patient:
    """A session with a list of turns to take; each waits until `release` is called."""

    def __init__(self, name: str, turns: list[Urgency], log: list[str]) -> None:
        self.name = name
        self.turns = turns
        self.log = log
        self.results: list[str] = []
        self.errors: list[BaseException] = []
        self.at_once = 0
        self.most_at_once = 0
        self.next_due_ns = FAR
        self.on_end: Callable[[], None] = lambda: None
        self.work: Callable[[], str] = lambda: name

    def urgency(self, now_ns: int) -> Urgency | None:
        """The first turn that is left."""
        return self.turns[0] if self.turns else None

    def begin_turn(self, now_ns: int) -> Callable[[], str]:
        """Take a turn."""
        self.turns.pop(0)
        self.log.append(self.name)

        def run() -> str:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            try:
                return self.work()
            finally:
                self.at_once -= 1

        return run

    def end_turn(self, result: str) -> None:
        """Keep the result."""
        self.results.append(result)
        self.on_end()

    def fail(self, error: BaseException) -> None:
        """Keep the error."""
        self.errors.append(error)
        self.on_end()


def frame(since_ns: int) -> Urgency:
    """A frame's turn."""
    return Urgency(frame=True, since_ns=since_ns)


def control(since_ns: int = NOW) -> Urgency:
    """A turn for control."""
    return Urgency(frame=False, since_ns=since_ns)


async def run(sessions: list[Patient], workers: int = 1) -> list[str]:
    """Serve the sessions until all their turns have ended; returns the order in which they began.
    One more session holds the only worker until all of them are ready."""
    ended = asyncio.Event()
    left = sum(len(one.turns) for one in sessions)

    def one_ended() -> None:
        nonlocal left
        left -= 1
        if not left:
            ended.set()

    released = threading.Event()
    hold = Patient("hold", [control(0)], [])
    hold.work = lambda: str(released.wait(10))
    scheduler: Scheduler[str] = Scheduler(workers, lambda: NOW)
    scheduler.add(hold)
    for one in sessions:
        one.on_end = one_ended
        scheduler.add(one)
    released.set()
    async with asyncio.timeout(10):
        await ended.wait()
    scheduler.close()
    return sessions[0].log


async def test_the_oldest_frame_goes_first() -> None:
    log: list[str] = []
    sessions = [
        Patient("young", [frame(30)], log),
        Patient("old", [frame(10)], log),
        Patient("middle", [frame(20)], log),
    ]

    assert await run(sessions) == ["old", "middle", "young"]


async def test_control_goes_before_frames() -> None:
    log: list[str] = []
    sessions = [Patient("frame", [frame(0)], log), Patient("control", [control(NOW)], log)]

    assert await run(sessions) == ["control", "frame"]


async def test_a_flood_of_control_leaves_every_second_turn_to_others() -> None:
    log: list[str] = []
    flood = Patient("flood", [control(0) for _ in range(6)], log)
    other = Patient("other", [frame(5), frame(6), frame(7)], log)

    order = await run([flood, other])

    assert order[:6] == ["flood", "other"] * 3


async def test_a_session_has_one_turn_in_flight_at_most() -> None:
    log: list[str] = []
    one = Patient("one", [frame(n) for n in range(20)], log)
    two = Patient("two", [frame(n) for n in range(20)], log)

    await run([one, two], workers=4)

    assert one.most_at_once == two.most_at_once == 1
    assert len(one.results) == len(two.results) == 20


async def test_a_turn_that_raises_fails_its_own_session_only() -> None:
    log: list[str] = []
    bad = Patient("bad", [frame(1), frame(2)], log)
    good = Patient("good", [frame(3)], log)

    def raise_it() -> str:
        raise ValueError("a mistake")

    bad.work = raise_it
    await run([bad, good])

    assert [str(error) for error in bad.errors] == ["a mistake"] * 2
    assert good.results == ["good"]


@pytest.mark.parametrize("workers", [1, 3])
async def test_a_removed_session_is_served_no_more(workers: int) -> None:
    log: list[str] = []
    one = Patient("one", [], log)
    scheduler: Scheduler[str] = Scheduler(workers, lambda: NOW)
    scheduler.add(one)
    scheduler.remove(one)
    one.turns = [frame(1)]
    scheduler.wake()

    assert log == []
    scheduler.close()
