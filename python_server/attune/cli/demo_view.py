"""What a demonstration shows while it runs: a live table, or a line a second without a terminal."""

from collections import deque
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

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
TOP_EMOTIONS = 3


@dataclass(slots=True)
class DemoView:
    """Collects what the server says and draws it."""

    title: str
    _update: Update | None = None
    _arrivals_ns: deque[int] = field(default_factory=deque)
    _age_ms: float = 0.0
    _beat: str = ""
    _decision: str = "none yet"
    _notice: str = ""
    decisions: list[str] = field(default_factory=list)

    def take(self, message: Message, now_ns: int) -> None:
        """Takes in what the server said."""
        match message:
            case Update():
                self._take_update(message, now_ns)
            case BranchDecision():
                self._decision = describe_decision(message)
                self.decisions.append(self._decision)
            case Notice():
                details = ", ".join(f"{name} {value}" for name, value in message.parameters.items())
                self._notice = f"{notice_name(message.code)} {details}".strip()
            case _:
                pass

    def enter(self, beat: str) -> None:
        """The story has come to `beat`."""
        self._beat = beat

    def _take_update(self, update: Update, now_ns: int) -> None:
        self._update = update
        if update.capture_time_ns:
            self._age_ms = (now_ns - update.capture_time_ns) / 1e6
        self._arrivals_ns.append(now_ns)
        while self._arrivals_ns[0] < now_ns - RATE_WINDOW_NS:
            self._arrivals_ns.popleft()

    @property
    def rate_hz(self) -> float:
        """Updates a second over the last two seconds."""
        arrivals = self._arrivals_ns
        span_ns = arrivals[-1] - arrivals[0] if arrivals else 0
        return (len(arrivals) - 1) * NS_PER_S / span_ns if span_ns else 0.0

    def render(self) -> RenderableType:
        """The live table."""
        table = Table.grid(padding=(0, 2))
        table.add_column(style="dim", justify="right")
        table.add_column()
        for name, value in self._rows():
            table.add_row(name, value)
        return Panel(Group(table), title=self.title, title_align="left", width=96)

    def line(self) -> str:
        """The same in one line."""
        return " · ".join(f"{name} {value.plain}" for name, value in self._rows() if value.plain)

    def _rows(self) -> list[tuple[str, Text]]:
        update = self._update
        rows = [("frames", Text(f"{self.rate_hz:4.1f} a second, {self._age_ms:4.0f} ms old"))]
        if update is not None:
            rows += [
                ("face", _face(update)),
                ("visible", _visibility(update)),
                ("head", _pose(update)),
                ("expression", _emotions(update)),
                ("affect", _affect(update)),
                ("ERI", _eri(update)),
            ]
        rows += [("beat", Text(self._beat)), ("decision", Text(self._decision))]
        if self._notice:
            rows.append(("notice", Text(self._notice)))
        return rows


def describe_decision(decision: BranchDecision) -> str:
    """What was proposed, and on which figures."""
    figures = ", ".join(f"{name} {value:.3g}" for name, value in decision.evidence.items())
    why = reason_name(decision.reason)
    return f"{decision.choice_id} → {decision.branch_id}: {why}" + (f" ({figures})" * bool(figures))


def _face(update: Update) -> Text:
    face = update.face
    if not face.found:
        return Text("none", style="yellow")
    return Text(
        f"found, {band_name(face.band)}, headset {face.headset_probability:.0%}, "
        f"quality {face.quality:.2f}"
    )


def _visibility(update: Update) -> Text:
    seen = {region_name(one.region): one.visible for one in update.face.regions}
    if not seen:
        return Text("")
    eyes = (seen["left_eye"] + seen["right_eye"]) / 2
    parts = {"eyes": eyes, "nose": seen["nose"], "mouth": seen["mouth"]}
    return Text("   ".join(f"{name} {_bar(value, 8)} {value:.2f}" for name, value in parts.items()))


def _pose(update: Update) -> Text:
    if not update.face.HasField("pose"):
        return Text("")
    pose = update.face.pose
    return Text(
        f"yaw {pose.yaw_deg:+5.1f}°  pitch {pose.pitch_deg:+5.1f}°  roll {pose.roll_deg:+5.1f}°"
    )


def _emotions(update: Update) -> Text:
    ranked = sorted(update.expression.emotions, key=lambda one: -one.probability)[:TOP_EMOTIONS]
    return Text("   ".join(f"{emotion_name(one.emotion)} {one.probability:.0%}" for one in ranked))


def _affect(update: Update) -> Text:
    expression = update.expression
    if not expression.emotions:
        return Text("")
    return Text(
        f"valence {expression.valence:+.2f}  arousal {expression.arousal:+.2f}  "
        f"reliability {expression.reliability:.2f}"
    )


def _eri(update: Update) -> Text:
    state = update.empathy
    enough = "  not enough evidence" if abstains(state.status) else ""
    bar = _bar(state.eri / 100, BAR_CELLS)
    return Text(f"{bar} {state.eri:5.1f}  confidence {state.confidence:.2f}{enough}")


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
        f"{summary.decisions} decisions, ERI {summary.empathy.eri:.1f} "
        f"(confidence {summary.empathy.confidence:.2f})"
    )
