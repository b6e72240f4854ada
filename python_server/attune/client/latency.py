"""How old a state is when it arrives, and where the time went; kept for every update."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from attune.timeline import NS_PER_MS
from attune.v1 import session_pb2

END_TO_END = "capture → update"


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """Distribution of one stage, milliseconds."""

    name: str
    count: int
    median_ms: float
    p95_ms: float
    p99_ms: float


@dataclass(slots=True)
class LatencyLog:
    """An observer of a session: the stages that the server measured, and the whole way as the
    client sees it, from capture to arrival."""

    _samples_ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def observe(self, message: session_pb2.ServerMessage, arrival_ns: int) -> None:
        """Takes in what arrived; only updates that rest on a frame count."""
        if not message.HasField("update") or not message.update.capture_time_ns:
            return
        update = message.update
        for stage, duration_us in update.stage_us.items():
            self._samples_ms[stage].append(duration_us / 1e3)
        age_ms = (arrival_ns - update.capture_time_ns) / NS_PER_MS
        self._samples_ms[END_TO_END].append(age_ms)

    def clear(self) -> None:
        """Forgets everything so far."""
        self._samples_ms.clear()

    def samples_ms(self, name: str) -> list[float]:
        """Every duration of one stage, milliseconds, in the order of arrival."""
        return list(self._samples_ms.get(name, ()))

    def rows(self) -> list[LatencyRow]:
        """One row a stage, in the order of first appearance, the whole way last."""
        names = [name for name in self._samples_ms if name != END_TO_END]
        if END_TO_END in self._samples_ms:
            names.append(END_TO_END)
        return [_row(name, self._samples_ms[name]) for name in names]


def _row(name: str, samples_ms: list[float]) -> LatencyRow:
    median, p95, p99 = (float(value) for value in np.percentile(samples_ms, [50, 95, 99]))
    return LatencyRow(name, len(samples_ms), median, p95, p99)
