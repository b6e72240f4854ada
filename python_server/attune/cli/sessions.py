"""`attune sessions`: what is stored about visitors, and how to hand it out or delete it."""

import time
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from attune.config import load_settings
from attune.errors import RecordingError
from attune.session.audit import AuditEntry, AuditLog, verify
from attune.session.consent import ConsentScope
from attune.session.recorded import Recording, read_recording
from attune.session.retention import days_kept, expire, overdue
from attune.session.store import DeletionReceipt, SessionStore
from attune.session.table import write_table
from attune.session.trusted_clock import TrustedClock, moment
from attune.timeline import NS_PER_S, seconds

app = typer.Typer(
    no_args_is_help=True, help="List, show, export and delete stored sessions; audit what was done."
)
_console = Console(markup=False)  # pseudonyms are a client's, names of folders anybody's

Config = Annotated[Path | None, typer.Option(help="Settings file (TOML).")]
SessionId = Annotated[
    str, typer.Argument(help="The session's identifier, or enough of its beginning.")
]


def _store(config: Path | None) -> SessionStore:
    return SessionStore(load_settings(config).recording.directory)


def _audit(config: Path | None, event: str, **details: Any) -> None:
    """Note what was done; where that cannot be, it was done all the same, and this is said."""
    settings = load_settings(config)
    if not settings.audit.enabled:
        return
    log = AuditLog(settings.recording.directory)
    try:
        log.append(event, time.time_ns(), by="command", **details)
    except OSError as error:
        typer.secho(
            f"attune: the audit log in {log.directory} cannot be written: {error.strerror}",
            fg=typer.colors.RED,
            err=True,
        )


def _whole(store: SessionStore, session: str) -> str:
    return store.find(session).name.split(".")[0]


def _moment(unix_ns: int) -> str:
    return datetime.fromtimestamp(unix_ns / NS_PER_S, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


@app.command("list")
def list_sessions(config: Config = None) -> None:
    """Lists the stored sessions, oldest first."""
    store = _store(config)
    sessions = store.sessions()
    if not sessions:
        _console.print(f"No session is stored in {store.directory}.", soft_wrap=True)
        return
    table = Table("session", "started", "length", "size", "visitor", "video", "finished")
    for one in sessions:
        table.add_row(
            one.session_id,
            _moment(one.started_unix_ns),
            f"{seconds(one.duration_ns):.0f} s",
            _size(one.size_bytes),
            one.participant_id or "–",
            "yes" if one.has_video else "no",
            "yes" if one.finished else "no",
        )
    _console.print(table)


@app.command()
def show(session: SessionId, config: Config = None) -> None:
    """Shows what one stored session holds, and what is missing from it."""
    recording = read_recording(_store(config).find(session))
    header = recording.header
    at_start, at_end = _allowed(recording.scopes_at_start), _allowed(recording.scopes_at_end)
    models = ", ".join(f"{one.name} {one.version}" for one in header.models)
    _console.print(
        f"{header.session_id} · visitor {header.start.participant_id or '–'}", style="bold"
    )
    _console.print(
        f"started {_moment(header.started_unix_ns)}, {seconds(recording.last_ns):.1f} s long, "
        f"written by attune {header.software_version}\n"
        f"consent at the start: {at_start}; at the end: {at_end} "
        f"(changed {len(recording.consents)} times)\n"
        f"read by {models or 'no model'}\n"
        f"inputs {recording.inputs}, frames {recording.frames} "
        f"({recording.pictures} with pixels), slots of evidence {len(recording.slots)}, "
        f"states {len(recording.states)}, events {len(recording.events)}",
        soft_wrap=True,
    )
    _print_decisions(recording)
    if not recording.closed:
        _console.print("The recording was not finished; its last second may be missing.")
    for damage in recording.damage:
        lost = "" if damage.lost_s is None else f", {damage.lost_s:.1f} s are missing"
        _console.print(f"damage at byte {damage.offset}: {damage.what}{lost}", soft_wrap=True)


def _allowed(scopes: Collection[ConsentScope]) -> str:
    return ", ".join(sorted(scope.value for scope in scopes)) or "nothing"


def _print_purpose(path: Path) -> None:
    try:
        allowed = ConsentScope.RESEARCH in read_recording(path).scopes_at_end
    except RecordingError:
        _console.print("It is too damaged to say what the visitor allowed.")
        return
    if not allowed:
        _console.print(
            "This visitor did not allow research: give it to the visitor, not to a study."
        )


def _print_decisions(recording: Recording) -> None:
    if not recording.decisions:
        return
    table = Table("at", "choice", "branch", "because")
    for one in recording.decisions:
        at = f"{seconds(one.time_ns):.1f} s"
        table.add_row(at, f"{one.choice_id} ({one.occurrence})", one.branch_id, one.reason.value)
    _console.print(table)


@app.command()
def export(
    session: SessionId,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write.")] = None,
    config: Config = None,
) -> None:
    """Copies a stored session's MCAP file."""
    store = _store(config)
    target = out or Path(_whole(store, session) + ".mcap")
    size = store.copy(session, target)
    _audit(config, "session_exported", session=_whole(store, session), size_bytes=size, whole=True)
    _console.print(f"wrote {target}, {_size(size)}", soft_wrap=True)
    _print_purpose(target)


@app.command()
def table(
    session: SessionId,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write.")] = None,
    config: Config = None,
) -> None:
    """Writes a stored session's states and decisions as CSV, which scenes can replay."""
    path = _store(config).find(session)
    target = out or Path(path.name.split(".")[0] + ".csv")
    count = write_table(read_recording(path), target)
    whole = path.name.split(".")[0]
    _audit(config, "session_exported", session=whole, size_bytes=target.stat().st_size, whole=False)
    _console.print(f"wrote {target}, {count} rows", soft_wrap=True)
    _print_purpose(path)


@app.command()
def delete(
    session: SessionId,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = None,
) -> None:
    """Deletes a stored session for good and prints the receipt."""
    store = _store(config)
    path = store.find(session)
    if not yes:
        typer.confirm(f"Delete {path} for good?", abort=True)
    receipt = store.delete(session, time.time_ns())
    _audit(config, "session_deleted", **receipt.audited())
    _print_receipt(receipt)


def _print_receipt(receipt: DeletionReceipt) -> None:
    _console.print(
        f"deleted session {receipt.session_id} at {_moment(receipt.deleted_unix_ns)}: "
        f"{receipt.size_bytes} bytes, sha256 {receipt.sha256}",
        soft_wrap=True,
    )


@app.command("expire")
def expire_sessions(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what is overdue.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = None,
) -> None:
    """Deletes every stored session whose time has come, as the running server does each hour.

    How long sessions are kept is set by retention.video_days, features_days and events_days.
    """
    store, settings = _store(config), load_settings(config).retention
    clock, now = TrustedClock(store.directory), time.time_ns()
    doubt, due = clock.doubt(now), overdue(store.everything(), now, settings)
    if yes and not dry_run:
        clock.believe(now)
    if not due:
        _console.print(f"No session in {store.directory} is overdue.", soft_wrap=True)
        return
    table = Table("session", "started", "holds", "kept for")
    for one in due:
        days = f"{days_kept(one, settings):g} days"
        table.add_row(one.session_id, _moment(one.started_unix_ns), one.holds.value, days)
    _console.print(table)
    if doubt is not None:
        _console.print(
            f"The clock shows {moment(now)}, far from {moment(doubt.believed_unix_ns)}, "
            "when it was believed last: is it right?",
            style="red",
            soft_wrap=True,
        )
    if dry_run:
        return
    if not yes:
        typer.confirm(f"Delete {len(due)} sessions for good?", abort=True)
    clock.believe(now)
    expiry = expire(store, settings, now)
    for receipt in expiry.receipts:
        _audit(config, "session_deleted", **receipt.audited())
        _print_receipt(receipt)
    for cause in expiry.kept.values():
        typer.secho(f"attune: {cause}", fg=typer.colors.RED, err=True)
    if expiry.kept:
        raise typer.Exit(1)


@app.command()
def audit(
    last: Annotated[int, typer.Option(help="How many of the newest lines to show.", min=0)] = 20,
    holds: Annotated[
        str | None, typer.Option(help="Hash of a line that was noted elsewhere; is it still there?")
    ] = None,
    config: Config = None,
) -> None:
    """Checks the audit log line by line and shows the newest; exit status 1 if it was changed."""
    report = verify(_store(config).directory)
    table = Table("line", "time", "event", "details")
    for entry in report.entries[len(report.entries) - min(last, len(report.entries)) :]:
        table.add_row(str(entry.number), entry.time, entry.event, _details(entry))
    _console.print(table)
    for finding in report.findings:
        where = f"{finding.file}, line {finding.line}"
        _console.print(f"{where}: {finding.what}", style="red", soft_wrap=True)
    missing = holds is not None and holds not in {entry.hash for entry in report.entries}
    if missing:
        _console.print(f"no line has the hash {holds}: it was removed", style="red", soft_wrap=True)
    _console.print(f"{len(report.entries)} lines; the newest has the hash {report.head}")
    if report.findings or missing:
        raise typer.Exit(1)
    _console.print("Every line follows from the one before.")


def _details(entry: AuditEntry) -> str:
    return ", ".join(f"{name} {_said(value)}" for name, value in entry.details.items())


def _said(value: Any) -> str:
    if isinstance(value, list):
        return "+".join(_said(one) for one in value) or "none"
    if isinstance(value, dict):
        return " ".join(f"{name}={_said(one)}" for name, one in value.items()) or "none"
    return str(value) or "none"
