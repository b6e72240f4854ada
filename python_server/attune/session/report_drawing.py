"""What the report's plots are drawn with: a shared time axis and SVG primitives.

Colours, line styles and type come from the page's style sheet, so that one drawing serves light and
dark.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape

from attune.scenario.events import SceneEvent, StimulusOffset, StimulusOnset
from attune.session.recorded import Recording, StatePoint
from attune.timeline import seconds

WIDTH = 960
LEFT, RIGHT = 58, 92
PLOT = WIDTH - LEFT - RIGHT
MAX_POINTS = 800
GAP_S = 0.6
"""A line is broken where this much time lies between two states."""

STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600)
CHARACTER = 6.3
"""Width of a character of a label, pixels; labels are laid out by this estimate."""

Pick = Callable[[StatePoint], float | None]
Scale = Callable[[float], float]


class Axis:
    """Session time to pixels, and what is marked across all panels."""

    def __init__(self, recording: Recording) -> None:
        self.end_s = max(1.0, seconds(recording.last_ns))
        self.decisions_s = [seconds(one.time_ns) for one in recording.decisions]
        self.stimuli = _spans(recording.events, self.end_s)

    def x(self, time_s: float) -> float:
        """Pixels from the left, clipped to the plot."""
        return LEFT + PLOT * min(max(time_s / self.end_s, 0.0), 1.0)

    @property
    def ticks_s(self) -> list[float]:
        """Where the axis is labelled, at most thirteen times."""
        longest = STEPS_S[-1] * math.ceil(self.end_s / 12 / STEPS_S[-1])
        step = next((step for step in STEPS_S if self.end_s / step <= 12), longest)
        return [float(tick) for tick in range(0, int(self.end_s) + 1, step)]

    def backdrop(self, top: float, bottom: float) -> str:
        """Stimuli as faint areas, decisions as dashed lines."""
        areas = "".join(
            f'<rect class="stimulus-area" x="{self.x(start):.1f}" y="{top}" '
            f'width="{max(1.0, self.x(end) - self.x(start)):.1f}" height="{bottom - top}"/>'
            for _, start, end in self.stimuli
        )
        lines = "".join(
            f'<line class="decision-line" x1="{self.x(at):.1f}" x2="{self.x(at):.1f}" '
            f'y1="{top}" y2="{bottom}"/>'
            for at in self.decisions_s
        )
        return areas + lines

    def labels(self, y: float) -> str:
        """The labels of the axis."""
        return "".join(
            f'<text class="tick" x="{self.x(tick):.1f}" y="{y}" text-anchor="middle">'
            f"{clock_time(tick)}</text>"
            for tick in self.ticks_s
        )


def _spans(events: Iterable[SceneEvent], end_s: float) -> list[tuple[str, float, float]]:
    """Stimuli as (name, start, end); one without an end is its two-second window."""
    spans: list[tuple[str, float, float]] = []
    for event in events:
        if isinstance(event, StimulusOnset):
            start = seconds(event.time_ns)
            spans.append((event.stimulus_id, start, min(end_s, start + 2.0)))
        elif isinstance(event, StimulusOffset):
            for number in range(len(spans) - 1, -1, -1):
                if spans[number][0] == event.stimulus_id:
                    name, start, _ = spans[number]
                    spans[number] = (name, start, seconds(event.time_ns))
                    break
    return spans


def drawing(title: str, words: str, height: float, body: str, axis: Axis) -> str:
    """One panel as SVG: title and description for readers who do not see, time labels below."""
    name = title.lower().replace(" ", "-")
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" '
        f'aria-labelledby="{name}-title {name}-words">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-words">{escape(words)}</desc>{body}{axis.labels(height - 6)}</svg>'
    )


def rules(rows: Iterable[tuple[float, str]], y: Scale, zero: float) -> str:
    """Horizontal lines with their labels; the one at `zero` is stronger."""
    return "".join(
        f'<line class="{"zero" if value == zero else "grid"}" x1="{LEFT}" x2="{LEFT + PLOT}" '
        f'y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        f'<text class="tick" x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{text}</text>'
        for value, text in rows
    )


def named_lines(
    series: Sequence[tuple[str, str, Pick]],
    states: Sequence[StatePoint | None],
    axis: Axis,
    y: Scale,
) -> str:
    """Lines of (style, name, figure), each named at its end; names never overlap."""
    drawn, ends = [], []
    last = next((one for one in reversed(states) if one is not None), None)
    for style, label, pick in series:
        drawn.append(line_path(style, states, pick, axis, y))
        value = None if last is None else pick(last)
        if value is not None:
            ends.append((y(value), style, label))
    placed = -math.inf
    for at, style, label in sorted(ends):
        placed = max(at, placed + 14)
        drawn.append(end_label(style, label, placed))
    return "".join(drawn)


def line_path(
    style: str,
    states: Sequence[StatePoint | None],
    pick: Pick,
    axis: Axis,
    y: Scale,
) -> str:
    """One line, broken where a state or its figure is missing."""
    pieces = []
    for run in runs_of(states):
        points = [(axis.x(seconds(one.time_ns)), pick(one)) for one in run]
        known = [(x, value) for x, value in points if value is not None]
        if len(known) > 1:
            pieces.append("M" + "L".join(f"{x:.1f} {y(value):.1f}" for x, value in known))
    return f'<path class="line {style}" d="{"".join(pieces)}"/>' if pieces else ""


def interval_band(states: Sequence[StatePoint], axis: Axis, y: Scale) -> str:
    """The area between the ends of the 80 % interval."""
    pieces = []
    for run in runs_of(states):
        xs = [axis.x(seconds(one.time_ns)) for one in run]
        upper = [f"{x:.1f} {y(one.interval[1]):.1f}" for x, one in zip(xs, run, strict=True)]
        lower = [f"{x:.1f} {y(one.interval[0]):.1f}" for x, one in zip(xs, run, strict=True)]
        pieces.append("M" + "L".join([*upper, *reversed(lower)]) + "z")
    return f'<path class="band" d="{"".join(pieces)}"/>'


def end_label(style: str, text: str, y: float) -> str:
    """A name or figure to the right of the plot."""
    x = LEFT + PLOT + 8
    return (
        f'<circle class="dot {style}" cx="{x}" cy="{y:.1f}" r="4"/>'
        f'<text class="label" x="{x + 8}" y="{y + 4:.1f}">{escape(text)}</text>'
    )


def runs_of(states: Sequence[StatePoint | None]) -> list[list[StatePoint]]:
    """Stretches without a gap."""
    longest = GAP_S
    present = [one for one in states if one is not None]
    if len(present) > 1:
        span = seconds(present[-1].time_ns - present[0].time_ns)
        longest = max(GAP_S, 3 * span / MAX_POINTS)
    runs: list[list[StatePoint]] = []
    before: StatePoint | None = None
    for one in states:
        if one is not None:
            close = before is not None and seconds(one.time_ns - before.time_ns) <= longest
            if close:
                runs[-1].append(one)
            else:
                runs.append([one])
        before = one
    return runs


def thinned(states: Sequence[StatePoint]) -> list[StatePoint]:
    """At most `MAX_POINTS` states, evenly chosen back from the last."""
    stride = max(1, math.ceil(len(states) / MAX_POINTS))
    return list(states[::-stride][::-1])


def in_lanes(labels: Sequence[tuple[float, str]]) -> tuple[list[int], int]:
    """A lane for each label so that none overlaps, and how many lanes there are."""
    ends: list[float] = []
    lanes = []
    for x, text in labels:
        start = min(x, WIDTH - CHARACTER * len(text) - 18)
        lane = next((number for number, end in enumerate(ends) if end <= start), len(ends))
        if lane == len(ends):
            ends.append(0.0)
        ends[lane] = start + CHARACTER * len(text) + 24
        lanes.append(lane)
    return lanes, len(ends)


def vertical(low: float, high: float, top: float, bottom: float) -> Scale:
    """Figures to pixels, clipped to the panel."""
    return lambda value: bottom - (bottom - top) * (min(max(value, low), high) - low) / (high - low)


def fitted(text: str, width: float) -> str:
    """The text, shortened to the width; empty where nothing useful would fit."""
    room = int(width / CHARACTER)
    if len(text) <= room:
        return text
    return text[: room - 1] + "…" if room > 3 else ""


def clock_time(time_s: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(round(time_s), 60)
    return f"{minutes}:{rest:02d}"


def mean(values: Iterable[float]) -> float:
    """Mean, 0 of nothing."""
    held = list(values)
    return sum(held) / len(held) if held else 0.0


def share(flags: Iterable[bool]) -> str:
    """How many are true, in per cent."""
    held = list(flags)
    return f"{100 * sum(held) / max(1, len(held)):.0f} %"
