"""`attune doctor`: is this machine ready for visitors?"""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from attune.config import load_settings
from attune.server.diagnosis import diagnose


def doctor(
    camera: Annotated[
        list[str] | None, typer.Option(help="A camera to open as well; may be repeated.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
) -> None:
    """Checks models, tracker, camera, port, certificates, clock, processor and disk.

    Each failed line says what to do. Exit status 1 when anything failed.
    """
    console = Console(markup=False)  # details name files and cameras, whatever they are called
    failed = 0
    for finding in diagnose(load_settings(config), tuple(camera or ())):
        mark = ("ok  ", "green") if finding.passed else ("FAIL", "red")
        line = Text.assemble(mark, f" {finding.name}: {finding.detail}")
        console.print(line, soft_wrap=True, highlight=False)
        if not finding.passed:
            failed += 1
            if finding.remedy:
                console.print(f"     → {finding.remedy}", soft_wrap=True, highlight=False)
    if failed:
        raise typer.Exit(1)
