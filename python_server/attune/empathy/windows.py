"""When a stimulus is scored: one window for a moment, consecutive ones while it lasts.

All times are integer nanoseconds of session time; slots count by how much of them lies inside.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.config import EmpathySettings
from attune.empathy.batch import SlotBatch
from attune.timeline import SLOT_NS, nanoseconds, slot_start_ns

MOMENT_WEIGHT = 1.0
"""Weight of the one window of a stimulus without an end."""

STREAM_WEIGHT = 0.5
"""Weight of each window of a stimulus with one: neighbours are correlated."""

MIN_TRACKED_SHARE = 0.5
"""A window tracked for less than this share of itself is no evidence."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Target:
    """What a stimulus intends: (valence, arousal) relative to neutral, each in [−1, 1];
    `duration_s` None for a moment."""

    stimulus_id: str
    valence: float
    arousal: float
    duration_s: float | None = None

    @property
    def norm(self) -> float:
        """‖g‖."""
        return math.sqrt(self.valence * self.valence + self.arousal * self.arousal)

    @property
    def direction(self) -> tuple[float, float]:
        """ĝ = g/‖g‖."""
        return self.valence / self.norm, self.arousal / self.norm


class Window:
    """Sums over one window, `span_ns`, for V visitors; `members` (V,) are those it was shown to.

    `onset_ns` is the time its evidence is dated at: the onset of the stimulus, or for a later
    window of a lasting one its own beginning less the lag.
    """

    def __init__(
        self,
        stimulus: int,
        onset_ns: int,
        span_ns: tuple[int, int],
        weight: float,
        members: Mask,
    ) -> None:
        self.stimulus = stimulus
        self.onset_ns = onset_ns
        self.start_ns, self.end_ns = span_ns
        self.weight = weight
        self.members = members
        visitors = members.shape[0]
        self.tracked_ns = np.zeros(visitors, dtype=np.int64)
        self._resonance = np.zeros(visitors)
        self._steepness = np.zeros(visitors)
        self._quality = np.zeros(visitors, dtype=np.int64)
        self._attention = np.zeros(visitors, dtype=np.int64)

    def add(
        self,
        batch: SlotBatch,
        along: NDArray[np.float64],
        reach: NDArray[np.float64],
        attention: NDArray[np.int64],
    ) -> None:
        """Take in the part of a slot that lies inside; `along` is ⟨x − median, ĝ⟩ and `reach` ρ_i,
        each (V,)."""
        begin_ns = slot_start_ns(batch.slot)
        inside = min(begin_ns + SLOT_NS, self.end_ns) - max(begin_ns, self.start_ns)
        if inside <= 0:
            return
        time_ns = np.where((batch.tracked > 0) & self.members, inside, 0)
        self.tracked_ns += time_ns
        self._resonance += time_ns * (along / reach)
        self._steepness += time_ns / reach
        self._quality += time_ns * batch.quality
        self._attention += time_ns * attention

    def means(self, length_ns: int) -> "WindowMeans":
        """Means over tracked time; quality is 0 where less than half of `length_ns` was tracked."""
        enough = self.tracked_ns >= MIN_TRACKED_SHARE * length_ns
        time_ns = np.maximum(self.tracked_ns, 1)
        return WindowMeans(
            self._resonance / time_ns,
            np.where(enough, self._quality // time_ns, 0),
            self._attention // time_ns,
            self._steepness / time_ns,
        )


@dataclass(frozen=True, slots=True)
class WindowMeans:
    """What one window showed, each field (V,): `along` is the resonance before it is clipped to
    [−1, 1], `quality` and `attention` are in 1/10 000, `steepness` is how much `along` grows with
    ⟨x, ĝ⟩, which is 1/ρ_i."""

    along: NDArray[np.float64]
    quality: NDArray[np.int64]
    attention: NDArray[np.int64]
    steepness: NDArray[np.float64]


@dataclass(slots=True)
class _Run:
    """A lasting stimulus that is being shown; `next_ns` is where its next window starts."""

    stimulus: int
    next_ns: int
    end_ns: int
    members: Mask


class Schedule:
    """Opens and closes the windows of the stimuli that are shown."""

    def __init__(self, settings: EmpathySettings) -> None:
        self._window_ns = nanoseconds(settings.window_s)
        self._lag_ns = nanoseconds(settings.lag_s)
        self._runs: list[_Run] = []
        self.open: list[Window] = []
        """Windows that have not ended, in the order of their opening."""

    @property
    def window_ns(self) -> int:
        """Length of a whole window."""
        return self._window_ns

    def onset(self, stimulus: int, target: Target, time_ns: int, members: Mask) -> None:
        """A stimulus begins for some visitors; shown again, it begins anew for them."""
        start_ns = time_ns + self._lag_ns
        if target.duration_s is None:
            end_ns = start_ns + self._window_ns
            self.open.append(
                Window(stimulus, time_ns, (start_ns, end_ns), MOMENT_WEIGHT, members.copy())
            )
            return
        self._end_runs(stimulus, time_ns, members)
        end_ns = time_ns + nanoseconds(target.duration_s)
        self._runs.append(_Run(stimulus, start_ns, end_ns, members.copy()))

    def offset(self, stimulus: int, time_ns: int, members: Mask) -> None:
        """A lasting stimulus ends for some visitors; a window that it cuts short is dropped."""
        self._end_runs(stimulus, time_ns, members)

    def _end_runs(self, stimulus: int, time_ns: int, members: Mask) -> None:
        for run in [one for one in self._runs if one.stimulus == stimulus]:
            rest = run.members & ~members
            if rest.any():
                self._runs.append(_Run(stimulus, run.next_ns, run.end_ns, rest))
            run.members &= members
            run.end_ns = min(run.end_ns, time_ns)
        for window in self.open:
            lasting = window.weight == STREAM_WEIGHT
            if window.stimulus == stimulus and lasting and window.end_ns > time_ns:
                window.members &= ~members

    def pause(self, time_ns: int) -> None:
        """Windows under way end here; they count if enough of them was seen."""
        for window in self.open:
            window.end_ns = min(window.end_ns, max(time_ns, window.start_ns))
        for run in self._runs:
            self._open_until(run, time_ns, cut_ns=time_ns)

    def resume(self, time_ns: int, paused_ns: int) -> None:
        """Lasting stimuli go on, their reaction lag begins anew."""
        for run in self._runs:
            run.next_ns = time_ns + self._lag_ns
            run.end_ns += paused_ns

    def open_until(self, time_ns: int) -> None:
        """Open the windows of lasting stimuli that begin before `time_ns`."""
        for run in self._runs:
            self._open_until(run, time_ns)
        self._runs = [run for run in self._runs if run.next_ns + self._window_ns <= run.end_ns]

    def _open_until(self, run: _Run, time_ns: int, cut_ns: int | None = None) -> None:
        while run.next_ns < time_ns and run.next_ns + self._window_ns <= run.end_ns:
            start_ns, run.next_ns = run.next_ns, run.next_ns + self._window_ns
            end_ns = run.next_ns if cut_ns is None else min(run.next_ns, cut_ns)
            self.open.append(
                Window(
                    run.stimulus,
                    start_ns - self._lag_ns,
                    (start_ns, end_ns),
                    STREAM_WEIGHT,
                    run.members.copy(),
                )
            )

    def close(self, time_ns: int) -> Iterator[Window]:
        """Windows that have ended by `time_ns`, in the order of their ends; they leave `open`."""
        ended = sorted(
            (one for one in self.open if one.end_ns <= time_ns), key=lambda one: one.end_ns
        )
        self.open = [one for one in self.open if one.end_ns > time_ns]
        yield from ended
