"""`attune report`: one recording as a page to read."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from attune.config import load_settings
from attune.session.report import write_report
from attune.session.store import SessionStore

_console = Console(markup=False)


def report(
    file: Annotated[Path, typer.Argument(help="A recording (MCAP), or a stored session's id.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Page to write.")] = Path("report.html"),
    config: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
) -> None:
    """Writes a self-contained HTML report: plots on one time axis, decisions with reasons, notices,
    versions. Face crops are in it only where the visitor allowed video to be stored."""
    settings = load_settings(config)
    path = SessionStore(settings.recording.directory).resolve(file)
    write_report(path, out, settings=settings)
    _console.print(f"wrote {out}", soft_wrap=True)
