"""Slows down the reading of a client that says too much; nothing that it said is lost."""

from attune.timeline import NS_PER_S


class Pace:
    """Allows one second's worth at once, then `rate_hz`. Times are nanoseconds of one clock."""

    def __init__(self, rate_hz: float) -> None:
        self._each_ns = round(NS_PER_S / rate_hz)
        self._due_ns: int | None = None

    def wait_ns(self, now_ns: int) -> int:
        """Count one message, and return how long to wait before the next one is read."""
        earliest_ns = now_ns - NS_PER_S
        due_ns = earliest_ns if self._due_ns is None else max(self._due_ns, earliest_ns)
        self._due_ns = due_ns + self._each_ns
        return max(0, self._due_ns - now_ns)
