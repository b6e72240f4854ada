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

    def __init__(self, name: str, turns: list[Urgency], log: list[str], lane: int = 0) -> None:
        self.name = name
        self.lane = lane
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


async def run(sessions: list[Patient], lanes: int = 1) -> list[str]:
    """Serve the sessions until all their turns have ended; returns the order in which they began.
    Two more sessions hold the first lane and a turn of control until all of them are ready."""
    ended = asyncio.Event()
    left = sum(len(one.turns) for one in sessions)

    def one_ended() -> None:
        nonlocal left
        left -= 1
        if not left:
            ended.set()

    released = threading.Event()
    scheduler: Scheduler[str] = Scheduler(lanes, clock_ns=lambda: NOW)
    for turn in (control(0), frame(0)):
        hold = Patient("hold", [turn], [])
        hold.work = lambda: str(released.wait(10))
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


async def test_control_does_not_wait_for_a_frame() -> None:
    log: list[str] = []
    frames = Patient("frame", [frame(0)], log)
    events = Patient("control", [control(NOW)], log)
    heard = threading.Event()
    frames.work = lambda: str(heard.wait(10))
    events.work = lambda: str(heard.set())

    await run([frames, events])

    assert frames.results == ["True"]


async def test_each_lane_reads_a_frame_at_a_time() -> None:
    log: list[str] = []
    both = threading.Barrier(2)
    sessions = [Patient(f"lane {lane}", [frame(0)], log, lane) for lane in (1, 2)]
    for one in sessions:
        one.work = lambda: str(both.wait(10))

    await run(sessions, lanes=3)

    assert not [one.errors for one in sessions if one.errors]


async def test_a_second_frame_waits_at_the_door_of_a_lane_and_a_third_outside() -> None:
    log: list[str] = []
    sessions = [Patient(name, [frame(since)], log) for since, name in enumerate("abcd")]
    ended = asyncio.Event()
    released = threading.Event()
    for one in sessions:
        one.work = lambda: str(released.wait(10))
    sessions[-1].on_end = ended.set
    scheduler: Scheduler[str] = Scheduler(1, frames_a_lane=2, clock_ns=lambda: NOW)
    for one in sessions:
        scheduler.add(one)
    begun = log[:]
    released.set()
    async with asyncio.timeout(10):
        await ended.wait()
    scheduler.close()

    assert begun == ["a", "b"]
    assert log == ["a", "b", "c", "d"]


async def test_a_flood_of_control_leaves_every_second_turn_to_others() -> None:
    log: list[str] = []
    flood = Patient("flood", [control(0) for _ in range(6)], log)
    other = Patient("other", [control(5), control(6), control(7)], log)

    order = await run([flood, other])

    assert order[:6] == ["flood", "other"] * 3


async def test_a_session_has_one_turn_in_flight_at_most() -> None:
    log: list[str] = []
    turns = [frame(n) if n % 2 else control(n) for n in range(20)]
    one = Patient("one", turns[:], log, lane=0)
    two = Patient("two", turns[:], log, lane=1)

    await run([one, two], lanes=4)

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


@pytest.mark.parametrize("lanes", [1, 3])
async def test_a_removed_session_is_served_no_more(lanes: int) -> None:
    log: list[str] = []
    one = Patient("one", [], log)
    scheduler: Scheduler[str] = Scheduler(lanes, clock_ns=lambda: NOW)
    scheduler.add(one)
    scheduler.remove(one)
    one.turns = [frame(1)]
    scheduler.wake()

    assert log == []
    scheduler.close()
