"""What a demonstration shows while it runs: a live table, or a line a second without a terminal."""

from collections import deque
from dataclasses import dataclass, field

from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table

from attune.client import BranchDecision, Message, Notice, SessionSummary, Update
from attune.client.latency import LatencyRow
from attune.client.names import (
    abstains,
    band_name,
    emotion_name,
    notice_name,
    reason_name,
    region_name,
)
from attune.timeline import NS_PER_S

RATE_WINDOW_NS = 2 * NS_PER_S
BAR_CELLS = 20
WIDTH_CELLS = 96
SHOWN = ("eri", "confidence", "dwell_s")
"""Figures of a decision that are shown; the others are in the report."""

TOP_EMOTIONS = 3


@dataclass(slots=True)
class DemoView:
    """Collects what the server says and draws it."""

    title: str
    _seen: Update | None = None
    _state: Update | None = None
    _arrivals_ns: deque[int] = field(default_factory=deque)
    _age_ms: float = 0.0
    _beat: str = ""
    _notice: str = ""
    decisions: list[str] = field(default_factory=list)

    def take(self, message: Message, now_ns: int) -> None:
        """Takes in what the server said."""
        match message:
            case Update():
                self._take_update(message, now_ns)
            case BranchDecision():
                self.decisions.append(describe_decision(message))
            case Notice():
                details = ", ".join(f"{name} {value}" for name, value in message.parameters.items())
                self._notice = f"{notice_name(message.code)} {details}".strip()
            case _:
                pass

    def enter(self, beat: str) -> None:
        """The story has come to `beat`."""
        self._beat = beat

    def _take_update(self, update: Update, now_ns: int) -> None:
        self._state = update
        if update.frame_sequence:
            self._seen = update
            self._age_ms = (now_ns - update.capture_time_ns) / 1e6
            self._arrivals_ns.append(now_ns)
        while self._arrivals_ns and self._arrivals_ns[0] < now_ns - RATE_WINDOW_NS:
            self._arrivals_ns.popleft()

    @property
    def rate_hz(self) -> float:
        """Analysed frames a second over the last two seconds."""
        arrivals = self._arrivals_ns
        span_ns = arrivals[-1] - arrivals[0] if arrivals else 0
        return (len(arrivals) - 1) * NS_PER_S / span_ns if span_ns else 0.0

    def render(self) -> RenderableType:
        """The live table."""
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", justify="right")
        table.add_column()
        table.add_row("frames", f"{self.rate_hz:4.1f} a second, {self._age_ms:4.0f} ms old")
        if self._seen is not None and self._state is not None:
            table.add_row("face", _face(self._seen))
            table.add_row("visible", _visibility(self._seen))
            table.add_row("head", _pose(self._seen))
            table.add_row("expression", _emotions(self._seen))
            table.add_row("affect", _affect(self._seen))
            table.add_row("ERI", _eri(self._state, BAR_CELLS))
        table.add_row("beat", self._beat)
        table.add_row("decision", self.decisions[-1] if self.decisions else "none yet")
        if self._notice:
            table.add_row("notice", self._notice)
        return Panel(table, title=self.title, title_align="left", width=WIDTH_CELLS)

    def line(self) -> str:
        """The same in one line."""
        parts = [self._beat, f"{self.rate_hz:.0f} frames a second, {self._age_ms:.0f} ms old"]
        if self._seen is not None and self._state is not None:
            parts += [
                f"face {_face(self._seen)}",
                _pose(self._seen),
                _emotions(self._seen),
                _affect(self._seen),
                f"ERI {_eri(self._state)}",
            ]
        return " | ".join(part for part in parts if part)


def describe_decision(decision: BranchDecision) -> str:
    """What was proposed, and on which figures."""
    figures = ", ".join(
        f"{name} {decision.evidence[name]:.2f}" for name in SHOWN if name in decision.evidence
    )
    why = reason_name(decision.reason)
    return f"{decision.choice_id} → {decision.branch_id}: {why}" + (f" ({figures})" * bool(figures))


def _face(update: Update) -> str:
    face = update.face
    if not face.found:
        return "none"
    return (
        f"seen: {band_name(face.band)}, headset {face.headset_probability:.0%}, "
        f"quality {face.quality:.2f}"
    )


def _visibility(update: Update) -> str:
    seen = {region_name(one.region): one.visible for one in update.face.regions}
    if not seen:
        return ""
    eyes = (seen["left_eye"] + seen["right_eye"]) / 2
    parts = {"eyes": eyes, "nose": seen["nose"], "mouth": seen["mouth"]}
    return "   ".join(f"{name} {_bar(value, 8)} {value:.2f}" for name, value in parts.items())


def _pose(update: Update) -> str:
    if not update.face.HasField("pose"):
        return ""
    pose = update.face.pose
    angles = {"yaw": pose.yaw_deg, "pitch": pose.pitch_deg, "roll": pose.roll_deg}
    return "  ".join(f"{name} {degrees:+.0f}°" for name, degrees in angles.items())


def _emotions(update: Update) -> str:
    ranked = sorted(update.expression.emotions, key=lambda one: -one.probability)[:TOP_EMOTIONS]
    said = "  ".join(f"{emotion_name(one.emotion)} {one.probability:.0%}" for one in ranked)
    return f"unsure: {said}" if update.expression.withheld else said


def _affect(update: Update) -> str:
    expression = update.expression
    if not expression.emotions:
        return ""
    return (
        f"valence {expression.valence:+.2f} arousal {expression.arousal:+.2f} "
        f"(reliability {expression.reliability:.2f})"
    )


def _eri(update: Update, bar_cells: int = 0) -> str:
    state = update.empathy
    bar = _bar(state.eri / 100, bar_cells) + " " if bar_cells else ""
    enough = ", not enough evidence" if abstains(state.status) else ""
    return f"{bar}{state.eri:.1f} (confidence {state.confidence:.2f}{enough})"


def _bar(fraction: float, cells: int) -> str:
    full = round(max(0.0, min(1.0, fraction)) * cells)
    return "█" * full + "░" * (cells - full)


def latency_table(rows: list[LatencyRow]) -> Table:
    """Median, 95th and 99th percentile of each stage."""
    table = Table(title="Latency, milliseconds", title_justify="left")
    table.add_column("stage")
    for name in ("n", "median", "p95", "p99"):
        table.add_column(name, justify="right")
    for row in rows:
        figures = (f"{value:.2f}" for value in (row.median_ms, row.p95_ms, row.p99_ms))
        table.add_row(row.name, str(row.count), *figures)
    return table


def summary_line(summary: SessionSummary) -> str:
    """The end of a session in one line."""
    return (
        f"{summary.duration_ns / NS_PER_S:.1f} s, {summary.frames_received} frames received, "
        f"{summary.frames_analysed} analysed, face in {summary.frames_with_face}, "
        f"decisions: {summary.decisions}, ERI {summary.empathy.eri:.1f} "
        f"(confidence {summary.empathy.confidence:.2f})"
    )
