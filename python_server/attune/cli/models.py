"""`attune models`: what reads the faces, how good it is, and the one bundle that is not shipped."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table

from attune.config import load_settings
from attune.expression.store import ModelStore
from attune.vision import landmarker_bundle

app = typer.Typer(no_args_is_help=True, help="List, show and install models.")
_console = Console(markup=False)

Config = Annotated[Path | None, typer.Option(help="Settings file (TOML).")]


class Pullable(StrEnum):
    """What can be fetched from its publisher."""

    FACE_LANDMARKER = "face-landmarker"


@app.command("list")
def list_models(config: Config = None) -> None:
    """Lists the models in the store with what they are for."""
    store = ModelStore(load_settings(config).expression.models_dir)
    table = Table("name", "version", "kind", "parameters", "licence")
    for name in store.names():
        model = store.card(name).model
        table.add_row(name, model.version, model.kind, f"{model.parameters:,}", model.licence)
    _console.print(table)
    bundle = landmarker_bundle.install_path()
    state = str(bundle) if bundle.exists() else "not installed (attune models pull face-landmarker)"
    _console.print(f"face-landmarker: {state}", soft_wrap=True)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A name that `attune models list` prints.")],
    config: Config = None,
) -> None:
    """Shows a model's card: accuracy with intervals, data, licence, intended use."""
    stored = ModelStore(load_settings(config).expression.models_dir).load(name)
    card = stored.card
    _console.print(
        f"{stored.name} · {card.model.architecture} · {card.model.licence}", style="bold"
    )
    _console.print(f"data: {card.model.data}\nintended: {card.use.intended}", soft_wrap=True)
    for caveat in card.use.caveats:
        _console.print(f"caveat: {caveat}", soft_wrap=True)
    table = Table("set", "condition", box=None, pad_edge=False, collapse_padding=True)
    for title, width in {"n": 5, "accuracy": 8, "95 %": 11, "macro F1": 8, "ECE": 5}.items():
        table.add_column(title, justify="right", min_width=width, no_wrap=True)
    for row in card.metrics:
        table.add_row(
            row.split,
            row.condition,
            str(row.n),
            f"{row.accuracy:.3f}",
            f"{row.low:.3f}–{row.high:.3f}",
            f"{row.macro_f1:.3f}",
            f"{row.ece:.3f}",
        )
    _console.print(table)
    _console.print(f"weights {stored.path}, sha256 {card.model.sha256}: as the card says")


@app.command()
def pull(
    what: Annotated[Pullable, typer.Argument(help="What to install.")],
    source: Annotated[
        Path | None, typer.Option("--from", help="A file that you have, instead of the network.")
    ] = None,
) -> None:
    """Installs a model that is not shipped, from its publisher, and checks its hash."""
    target = landmarker_bundle.install_path()
    columns = (TextColumn(what.value), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=_console) as progress:
        task = progress.add_task(what.value, total=landmarker_bundle.SIZE_BYTES)
        landmarker_bundle.install(target, source, lambda size: progress.advance(task, size))
    _console.print(
        f"installed {target} ({landmarker_bundle.LICENCE}); to use it:\n"
        "  export ATTUNE_VISION__TRACKER=mediapipe-tasks\n"
        f"  export ATTUNE_VISION__LANDMARKER_BUNDLE={target}",
        soft_wrap=True,
    )
