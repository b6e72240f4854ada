"""Measures the stages of one frame with the machine's clock, which the core itself never reads."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class StageSums:
    """A `StageClock` that sums up what each stage took; used by one thread at a time."""

    def __init__(self) -> None:
        self._spent_ns: dict[str, int] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure one stage."""
        begin_ns = time.perf_counter_ns()
        try:
            yield
        finally:
            self.note(name, time.perf_counter_ns() - begin_ns)

    def note(self, name: str, spent_ns: int) -> None:
        """Take in a stage that was measured elsewhere."""
        self._spent_ns[name] = self._spent_ns.get(name, 0) + spent_ns

    def take(self) -> dict[str, int]:
        """Nanoseconds by stage since the last call."""
        spent, self._spent_ns = self._spent_ns, {}
        return spent
