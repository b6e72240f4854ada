"""The report's plots: panels on one time axis, each with a description that says in words what can
be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from attune.scenario.events import BeatEntered
from attune.session.recorded import Recording, StatePoint
from attune.session.report_drawing import (
    CHARACTER,
    LEFT,
    WIDTH,
    Axis,
    Pick,
    clock_time,
    drawing,
    end_label,
    fitted,
    in_lanes,
    interval_band,
    line_path,
    mean,
    named_lines,
    rules,
    runs_of,
    share,
    thinned,
    vertical,
)
from attune.timeline import seconds


@dataclass(frozen=True, slots=True)
class Panel:
    """One plot: its heading, its legend as (style class, text), and its SVG."""

    heading: str
    legend: tuple[tuple[str, str], ...]
    svg: str


@dataclass(frozen=True, slots=True)
class Names:
    """What the scenario calls its beats and stimuli."""

    beats: dict[str, str]
    stimuli: dict[str, str]

    def beat(self, identifier: str) -> str:
        """The title of a beat, or its identifier."""
        return self.beats.get(identifier, identifier)

    def stimulus(self, identifier: str) -> str:
        """The title of a stimulus, or its identifier."""
        return self.stimuli.get(identifier, identifier)


def panels(recording: Recording, names: Names, abstain_below: float) -> list[Panel]:
    """Every panel that the recording has something for, from the story down; below a confidence of
    `abstain_below` the session's index abstained."""
    axis = Axis(recording)
    found = [story_panel(recording, names, axis)]
    states = thinned(recording.states)
    if states:
        found += [
            _eri_panel(states, axis, abstain_below),
            _confidence_panel(states, axis, abstain_below),
            _affect_panel(recording.states, axis),
            _pose_panel(recording.states, axis),
            _visibility_panel(recording.states, axis),
        ]
    return found


def story_panel(recording: Recording, names: Names, axis: Axis) -> Panel:
    """Beats, stimuli and the branches that were proposed."""
    beats = [
        (names.beat(event.beat_id), seconds(event.time_ns))
        for event in recording.events
        if isinstance(event, BeatEntered)
    ]
    ends = [start for _, start in beats[1:]] + [axis.end_s]
    parts = [
        _beat(axis, title, start, end, odd=bool(number % 2))
        for number, ((title, start), end) in enumerate(zip(beats, ends, strict=False))
    ]
    lanes, rows = in_lanes(
        [(axis.x(start), names.stimulus(name)) for name, start, _ in axis.stimuli]
    )
    for (name, start, end), lane in zip(axis.stimuli, lanes, strict=True):
        parts.append(_stimulus(axis, names.stimulus(name), start, end, 40 + 26 * lane))
    below = 40 + 26 * rows
    marks = [
        (axis.x(seconds(one.time_ns)), one.branch_id.replace("-", " ").replace("_", " "))
        for one in recording.decisions
    ]
    lanes, rows = in_lanes(marks)
    for (x, text), lane in zip(marks, lanes, strict=True):
        parts.append(_branch(x, text, below + 8 + 20 * lane))
    height = below + 20 * max(rows, 0) + 30
    words = (
        f"{len(beats)} beats, {len(axis.stimuli)} stimuli and {len(marks)} branch decisions over "
        f"{axis.end_s:.0f} seconds."
    )
    legend = (("beat", "beat"), ("stimulus", "stimulus"), ("branch", "branch proposed"))
    backdrop = axis.backdrop(30, height - 22)
    svg = drawing("The story", words, height, backdrop + "".join(parts), axis)
    return Panel("The story", legend, svg)


def _beat(axis: Axis, title: str, start: float, end: float, odd: bool) -> str:
    x, width = axis.x(start), max(0.0, axis.x(end) - axis.x(start) - 2)
    shown = fitted(title, width - 10)
    return (
        f"<g><title>{escape(title)}, {clock_time(start)} to {clock_time(end)}</title>"
        f'<rect class="beat{" odd" if odd else ""}" x="{x:.1f}" y="4" width="{width:.1f}" '
        f'height="22" rx="3"/><text class="beat-label" x="{x + 5:.1f}" y="19">{escape(shown)}'
        "</text></g>"
    )


def _stimulus(axis: Axis, title: str, start: float, end: float, y: float) -> str:
    x, width = axis.x(start), max(3.0, axis.x(end) - axis.x(start))
    anchor, at = ("start", x) if x + CHARACTER * len(title) < WIDTH else ("end", x + width)
    return (
        f"<g><title>{escape(title)}, from {clock_time(start)}</title>"
        f'<rect class="stimulus" x="{x:.1f}" y="{y}" width="{width:.1f}" height="6" rx="3"/>'
        f'<text class="label" x="{at:.1f}" y="{y + 18}" text-anchor="{anchor}">{escape(title)}'
        "</text></g>"
    )


def _branch(x: float, text: str, y: float) -> str:
    anchor, at = ("start", x + 9) if x + 9 + CHARACTER * len(text) < WIDTH else ("end", x - 9)
    return (
        f'<path class="branch" d="M{x:.1f} {y - 6}l6 6l-6 6l-6 -6z"/>'
        f'<text class="label strong" x="{at:.1f}" y="{y + 4}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


def _eri_panel(states: Sequence[StatePoint], axis: Axis, abstain_below: float) -> Panel:
    top, bottom = 8.0, 188.0
    y = vertical(0, 100, top, bottom)
    # A pause hides the status, not what the evidence is worth.
    weak = [
        one.confidence < abstain_below if one.status == "paused" else one.status == "abstain"
        for one in states
    ]
    sure = [None if is_weak else one for one, is_weak in zip(states, weak, strict=True)]
    unsure = [
        one if is_weak or was_weak else None
        for one, is_weak, was_weak in zip(states, weak, [weak[0], *weak], strict=False)
    ]
    body = "".join(
        (
            rules(((0, "0"), (25, "25"), (50, "50"), (75, "75"), (100, "100")), y, 50),
            interval_band(states, axis, y),
            line_path("abstain", unsure, lambda one: one.eri, axis, y),
            line_path("s1", sure, lambda one: one.eri, axis, y),
            end_label("s1", f"{states[-1].eri:.0f}", y(states[-1].eri)),
        )
    )
    last = states[-1]
    low, high = last.interval
    interval = f" (80 % interval {low:.0f} to {high:.0f})" if last.confidence > 0 else ""
    words = (
        f"The index goes from {states[0].eri:.0f} to {last.eri:.0f}{interval}; "
        f"it abstains {share(one.status == 'abstain' for one in states)} of the time."
    )
    legend = (
        ("s1", "ERI (50: neutral or no evidence)"),
        ("band", "80 % interval"),
        ("abstain", "not enough evidence"),
    )
    drawn = axis.backdrop(top, bottom) + body
    return Panel("Expressive Resonance Index", legend, drawing("ERI", words, 212, drawn, axis))


def _confidence_panel(states: Sequence[StatePoint], axis: Axis, abstain_below: float) -> Panel:
    top, bottom = 6.0, 66.0
    y = vertical(0, 1, top, bottom)
    runs = runs_of(states)
    areas = "".join(
        f'<path class="area" d="M{axis.x(seconds(run[0].time_ns)):.1f} {bottom}'
        + "".join(f"L{axis.x(seconds(p.time_ns)):.1f} {y(p.confidence):.1f}" for p in run)
        + f'L{axis.x(seconds(run[-1].time_ns)):.1f} {bottom}z"/>'
        for run in runs
    )
    below = f"{abstain_below:g}".removeprefix("0") or "0"
    body = rules(((0, "0"), (abstain_below, below), (1, "1")), y, abstain_below) + areas
    body += line_path("s1", states, lambda one: one.confidence, axis, y)
    body += end_label("s1", f"{states[-1].confidence:.2f}", y(states[-1].confidence))
    words = f"Confidence ends at {states[-1].confidence:.2f}; below {below} the index abstains."
    drawn = axis.backdrop(top, bottom) + body
    svg = drawing("Confidence", words, 90, drawn, axis)
    legend = (("s1", f"confidence (below {below}: abstains)"),)
    return Panel("Confidence of the index", legend, svg)


def _affect_panel(states: Sequence[StatePoint], axis: Axis) -> Panel:
    top, bottom = 8.0, 138.0
    y = vertical(-1, 1, top, bottom)
    found = [one for one in states if one.found]
    seen = [one if one.found else None for one in thinned(states)]
    series: list[tuple[str, str, Pick]] = [
        ("s1", "valence", lambda one: one.valence),
        ("s2", "arousal", lambda one: one.arousal),
    ]
    body = rules(((-1, "−1"), (0, "0"), (1, "1")), y, 0) + named_lines(series, seen, axis, y)
    means = [mean(one.valence for one in found), mean(one.arousal for one in found)]
    words = f"Mean valence {means[0]:+.2f}, mean arousal {means[1]:+.2f}, while a face was found."
    words = words if found else "No face was found."
    legend = (("s1", "valence (unpleasant −1 … 1 pleasant)"), ("s2", "arousal (calm −1 … 1)"))
    drawn = axis.backdrop(top, bottom) + body
    return Panel(
        "Visible valence and arousal",
        legend,
        drawing("Valence and arousal", words, 162, drawn, axis),
    )


def _pose_panel(states: Sequence[StatePoint], axis: Axis) -> Panel:
    top, bottom = 8.0, 138.0
    angles = [
        abs(angle)
        for one in states
        for angle in (one.yaw_deg, one.pitch_deg, one.roll_deg)
        if angle is not None
    ]
    limit = next((edge for edge in (15, 30, 45, 60, 90) if max(angles, default=0) <= edge), 180)
    y = vertical(-limit, limit, top, bottom)
    series: list[tuple[str, str, Pick]] = [
        ("s1", "yaw", lambda one: one.yaw_deg),
        ("s2", "pitch", lambda one: one.pitch_deg),
        ("s3", "roll", lambda one: one.roll_deg),
    ]
    rows = ((-limit, f"−{limit}°"), (0, "0°"), (limit, f"{limit}°"))
    body = rules(rows, y, 0) + named_lines(series, thinned(states), axis, y)
    words = f"Head angles stay within {max(angles, default=0):.0f} degrees of straight ahead."
    words = words if angles else "No head pose was measured."
    legend = (
        ("s1", "yaw (+ to the visitor's left)"),
        ("s2", "pitch (+ up)"),
        ("s3", "roll (+ to the visitor's left shoulder)"),
    )
    drawn = axis.backdrop(top, bottom) + body
    return Panel("Head pose", legend, drawing("Head pose", words, 162, drawn, axis))


REGION_GROUPS = (
    ("eyes, brows", ("left_eye", "right_eye", "left_brow", "right_brow")),
    ("nose", ("nose",)),
    ("mouth, chin", ("mouth", "chin")),
    ("cheeks", ("left_cheek", "right_cheek")),
)


def _visibility_panel(states: Sequence[StatePoint], axis: Axis) -> Panel:
    bins = 160
    width_s = axis.end_s / bins
    held: dict[int, list[StatePoint]] = {}
    for one in states:
        held.setdefault(min(bins - 1, int(seconds(one.time_ns) / width_s)), []).append(one)
    cells = []
    for row, (label, regions) in enumerate(REGION_GROUPS):
        y = 6 + 22 * row
        cells.append(f'<text class="tick" x="{LEFT - 6}" y="{y + 14}" text-anchor="end">')
        cells.append(f"{escape(label.split(',')[0])}</text>")
        cells += [
            _cell(axis, number * width_s, width_s, y, _seen(held[number], regions))
            for number in sorted(held)
        ]
    found = share(one.found for one in states if one.status != "paused")
    eyes = mean(one.visibility.get("left_eye", 0) for one in states if one.found)
    mouth = mean(one.visibility.get("mouth", 0) for one in states if one.found)
    words = f"A face was found {found} of the time."
    if any(one.found for one in states):
        words += f" Mean visibility of the left eye {eyes:.2f}, of the mouth {mouth:.2f}."
    legend = (("seen", "visible"), ("hidden", "hidden"), ("none", "no face found"))
    bottom = 6 + 22 * len(REGION_GROUPS)
    svg = drawing("Face visibility", words, bottom + 24, "".join(cells), axis)
    return Panel("What could be seen of the face", legend, svg)


def _cell(axis: Axis, start: float, width_s: float, y: float, visible: float | None) -> str:
    x, width = axis.x(start), axis.x(start + width_s) - axis.x(start) + 0.3
    place = f'x="{x:.1f}" y="{y}" width="{width:.1f}" height="20"'
    if visible is None:
        return f'<rect class="none" {place}/>'
    return (
        f'<rect class="hidden" {place}/><rect class="seen" {place} fill-opacity="{visible:.2f}"/>'
    )


def _seen(states: Sequence[StatePoint], regions: Sequence[str]) -> float | None:
    found = [one for one in states if one.found]
    if not found:
        return None
    return mean(one.visibility.get(region, 0.0) for one in found for region in regions)
