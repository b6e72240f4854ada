"""`attune replay`: plays a recording through the pipeline again and compares the decisions."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from attune.config import assignments, load_settings
from attune.scenario.events import Decision
from attune.scenario.loading import load_scenario
from attune.session import replay as playback
from attune.session.comparison import Comparison, Verdict
from attune.session.replay import Changes, ReplayReport, Source
from attune.session.store import SessionStore
from attune.timeline import seconds

_console = Console()

_SOURCES = {
    Source.PIXELS: "from the recorded frames",
    Source.FEATURES: "from the recorded slots of evidence",
    Source.EVENTS: "from events alone",
}
_VERDICTS = {
    Verdict.SAME_BYTES: "[bold green]Decisions are equal[/], byte for byte.",
    Verdict.WITHIN_TOLERANCE: (
        "[bold green]Decisions are equal[/]: branches exactly, figures to 1e-3."
    ),
    Verdict.DIFFERENT: "[bold red]Decisions differ.[/]",
    Verdict.NOTHING_DECIDED: "No decision was made, live or in replay.",
}

_NONE = "–"
_UNDECIDED = (
    "nothing was proposed in time: the recorded scene played its branch when it did, and a choice "
    "that was played is closed"
)


def replay(
    file: Annotated[Path, typer.Argument(help="A recording (MCAP), or a stored session's id.")],
    *,
    speed: Annotated[
        float, typer.Option(min=0, help="1: in the session's own time; 0: at once.")
    ] = 0.0,
    model: Annotated[
        str | None, typer.Option(help="Read the frames with another model of the store.")
    ] = None,
    scenario: Annotated[Path | None, typer.Option(help="Follow another scenario file.")] = None,
    changed: Annotated[
        list[str] | None,
        typer.Option("--set", help="Change a setting: section.field=value. Repeatable."),
    ] = None,
    source: Annotated[
        Source | None, typer.Option("--from", help="Start from less than the recording holds.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="Where to write the new session: beside FILE by default, of a stored one here.",
        ),
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
) -> None:
    """Replays a recording through the same pipeline, writes a new session, and says whether the
    decisions are equal. Exit status 1: they differ although nothing was changed."""
    store = SessionStore(load_settings(config).recording.directory)
    path = store.resolve(file)
    target = out or _free_name(path, store)
    changes = Changes(
        model, load_scenario(scenario) if scenario is not None else None, assignments(changed or [])
    )
    columns = (TextColumn("replay"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_console, transient=True) as bar:
        task = bar.add_task("replay", total=1.0)
        report = playback.replay(
            path,
            config=config,
            changes=changes,
            source=source,
            out=target,
            speed=speed,
            progress=lambda done: bar.update(task, completed=done),
        )
    _print(report)
    if report.comparison.verdict is Verdict.DIFFERENT and not changes.any:
        raise typer.Exit(1)


def _free_name(path: Path, store: SessionStore) -> Path:
    """Beside the recording; of a stored session in the current folder, as what is exported: among
    the stored ones nobody would list, expire or delete it."""
    stored = path.parent.resolve() == store.directory.resolve()
    folder = Path.cwd() if stored else path.parent
    stem = path.name.split(".")[0]
    number, found = 1, folder / f"{stem}-replay.mcap"
    while found.exists():
        number += 1
        found = folder / f"{stem}-replay-{number}.mcap"
    return found


def _print(report: ReplayReport) -> None:
    length = seconds(report.recording.last_ns)
    _console.print(
        f"Replayed {length:.1f} s {_SOURCES[report.source]} in {report.took_s:.1f} s "
        f"({report.speed:.0f}× real time); new session: {escape(str(report.out))}",
        soft_wrap=True,
    )
    for damage in report.recording.damage:
        lost = "" if damage.lost_s is None else f"; {damage.lost_s:.1f} s are missing"
        _console.print(f"[yellow]damage[/] at byte {damage.offset}: {escape(damage.what)}{lost}")
    if report.comparison.pairs:
        _console.print(_decisions(report.comparison))
        if any(pair.after is None for pair in report.comparison.pairs):
            _console.print(f"{_NONE} {_UNDECIDED}", soft_wrap=True)
    _console.print(_VERDICTS[report.comparison.verdict])
    if report.comparison.verdict is Verdict.DIFFERENT:
        branches = sum(not pair.same_branch for pair in report.comparison.pairs)
        _console.print(
            f"{branches} of {len(report.comparison.pairs)} in branch, reason or time"
            if branches
            else "The branches and reasons are the same; the figures behind them are not."
        )
    apart = report.comparison.states_apart
    if apart:
        worst = max(apart, key=lambda name: apart[name])
        _console.print(
            f"{report.comparison.states_compared} states compared; furthest apart: "
            f"{worst} by {apart[worst]:.2g}"
        )
    for hindrance in report.hindrances:
        _console.print(f"Equality could not be expected: {escape(hindrance)}.", soft_wrap=True)


def _decisions(comparison: Comparison) -> Table:
    table = Table("choice", "recorded", "replayed", "same")
    for pair in comparison.pairs:
        same = "bytes" if pair.same_bytes else "branch" if pair.same_branch else "[red]no[/]"
        table.add_row(
            f"{pair.choice_id} ({pair.occurrence})", _cell(pair.before), _cell(pair.after), same
        )
    return table


def _cell(decision: Decision | None) -> str:
    if decision is None:
        return _NONE
    figures = ", ".join(
        f"{name} {decision.evidence[name]:.2f}"
        for name in ("eri", "confidence")
        if name in decision.evidence
    )
    at = f"{seconds(decision.time_ns):.1f} s"
    return f"{decision.branch_id}\n{decision.reason.value} at {at}\n{figures}".rstrip()
