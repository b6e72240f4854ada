"""Readings of single frames to closed slots of evidence, in order.

A slot closes at the first frame whose capture time lies 300 ms past its end. Session time closes
it too, but waits 500 ms longer, so that a camera whose frames all arrive late loses none of them.
A frame for a slot that has closed is counted and ignored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from attune.empathy.evidence import ANGLE_UNKNOWN, UNIT, Evidence
from attune.timeline import CLOSING_DELAY_NS, NS_PER_MS, NS_PER_S, SLOT_NS, slot_of, slot_start_ns

LATENESS_NS = 500 * NS_PER_MS
"""How much later than a frame would session time alone closes a slot."""

HOLD_NS = 250 * NS_PER_MS
"""A tracked frame also stands for slots without a frame that end within this time after it, so that
a camera of 5 frames a second is not taken for a lost face."""

MAX_AHEAD_NS = NS_PER_S
"""A frame further ahead of session time than this has a wrong clock and is ignored."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one analysed frame showed. With `tracked` false everything but the time is ignored.

    `valence` and `arousal` in [−1, 1], `quality` q in [0, 1], `probabilities` (C,) summing to 1,
    `focus_angle_deg` in [0, 180] or None where it is unknown, `band` 0 full, 1 lower face, 2 poor.
    """

    time_ns: int
    tracked: bool
    valence: float = 0.0
    arousal: float = 0.0
    quality: float = 0.0
    probabilities: Sequence[float] = ()
    focus_angle_deg: float | None = None
    band: int = 2


class SlotAccumulator:
    """Collects readings and yields closed `Evidence` slots, none left out, each once."""

    def __init__(self, first_slot: int = 0) -> None:
        self._next = first_slot
        self._told_ns: int | None = None
        self._open: dict[int, list[Reading]] = {}
        self._held: Reading | None = None
        self.late = 0
        """Frames that came after their slot had closed."""
        self.ahead = 0
        """Frames too far ahead of session time."""

    def add(self, reading: Reading) -> tuple[Evidence, ...]:
        """Take in one frame; returns the slots that it closes."""
        if self._told_ns is not None and reading.time_ns > self._told_ns + MAX_AHEAD_NS:
            self.ahead += 1
            return ()
        slot = slot_of(reading.time_ns)
        if slot < self._next:
            self.late += 1
            return ()
        self._open.setdefault(slot, []).append(reading)
        return tuple(self._close(reading.time_ns - CLOSING_DELAY_NS))

    def advance(self, time_ns: int) -> tuple[Evidence, ...]:
        """Session time has come to `time_ns`; returns the slots that it closes."""
        self._told_ns = time_ns if self._told_ns is None else max(self._told_ns, time_ns)
        return tuple(self._close(time_ns - CLOSING_DELAY_NS - LATENESS_NS))

    def discard(self) -> None:
        """Forget the readings of slots that are still open, as a withdrawn consent asks."""
        self._open.clear()
        self._held = None

    def _close(self, until_ns: int) -> Iterator[Evidence]:
        while slot_start_ns(self._next) + SLOT_NS <= until_ns:
            slot, self._next = self._next, self._next + 1
            yield self._evidence(slot, self._open.pop(slot, []))

    def _evidence(self, slot: int, readings: list[Reading]) -> Evidence:
        if readings:
            last = max(readings, key=lambda one: one.time_ns)
            self._held = last if last.tracked else None
            tracked = [one for one in readings if one.tracked]
            return _mean(slot, tracked, frames=len(readings))
        end_ns = slot_start_ns(slot) + SLOT_NS
        if self._held is not None and end_ns - self._held.time_ns <= HOLD_NS:
            return _mean(slot, [self._held], frames=0)
        return Evidence.empty(slot)


def _mean(slot: int, tracked: list[Reading], frames: int) -> Evidence:
    count = len(tracked)
    if count == 0:
        nothing = Evidence.empty(slot)
        return Evidence(slot, 0, 0, 0, 0, (), ANGLE_UNKNOWN, nothing.band, frames)
    angles = [one.focus_angle_deg for one in tracked if one.focus_angle_deg is not None]
    columns = zip(*(one.probabilities for one in tracked), strict=True)
    return Evidence(
        slot=slot,
        valence=_units(sum(one.valence for one in tracked) / count, -UNIT),
        arousal=_units(sum(one.arousal for one in tracked) / count, -UNIT),
        quality=_units(sum(one.quality for one in tracked) / count, 0),
        tracked=1,
        probabilities=tuple(_units(float(sum(column)) / count, 0) for column in columns),
        focus_angle_cdeg=round(100 * sum(angles) / len(angles)) if angles else ANGLE_UNKNOWN,
        band=max(one.band for one in tracked),
        frames=frames,
    )


def _units(value: float, low: int) -> int:
    return max(low, min(UNIT, round(UNIT * value)))
