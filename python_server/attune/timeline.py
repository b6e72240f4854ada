"""Session time: integer nanoseconds since the session began, and the 100 ms slots it is cut into.

The core never reads a clock. Whoever drives it (server or replay) converts clocks once, at its
edge, to this timeline. `StageClock` lets a shell time the stages of the core without the core
knowing any clock.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000
SLOT_NS = 100 * NS_PER_MS
"""Length of one evidence slot and of one tick."""

CLOSING_DELAY_NS = 300 * NS_PER_MS
"""A slot or window closes at the first input this long past its end; later frames do not reopen
it."""


def slot_of(time_ns: int) -> int:
    """Index of the 100 ms slot that holds `time_ns` (floor, so negative times work too)."""
    return time_ns // SLOT_NS


def slot_start_ns(slot: int) -> int:
    """Session time at which slot `slot` begins."""
    return slot * SLOT_NS


def seconds(time_ns: int) -> float:
    """Nanoseconds as seconds."""
    return time_ns / NS_PER_S


def nanoseconds(time_s: float) -> int:
    """Seconds as nanoseconds, rounded to the nearest."""
    return round(time_s * NS_PER_S)


class StageClock(Protocol):
    """Receives the boundaries of the stages of one step; a shell measures, replay may not."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Context manager around one stage: decode, track, pose, crop, expression, …"""
        ...


class UntimedStages:
    """A `StageClock` that measures nothing."""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        yield
