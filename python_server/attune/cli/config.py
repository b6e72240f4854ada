"""`attune config`: what the settings are and where each came from."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from attune.addresses import without_secrets
from attune.config import LoadedSettings, config_file, read_settings
from attune.section import Section

app = typer.Typer(no_args_is_help=True, help="Show or check the settings.")

WIDE = 400
"""Columns of output that goes to a file or a program, so that no value is folded."""

ConfigOption = Annotated[Path | None, typer.Option("--config", help="Settings file (TOML).")]


@app.command()
def show(config: ConfigOption = None) -> None:
    """Every setting in force, and whether it is a default or comes from file or environment."""
    loaded = read_settings(config)
    table = Table("setting", box=None, pad_edge=False)
    table.add_column("value", overflow="fold")
    table.add_column("from", overflow="fold")
    for name, value in _values(loaded):
        source = loaded.sources.get(name, "default")
        style = "dim" if source == "default" else ""
        table.add_row(name, _shown(value), source, style=style)
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    console.print(table)


@app.command()
def check(config: ConfigOption = None) -> None:
    """Say whether the server would start with these settings; exit status 1 where not."""
    from attune.server.security import TokenFile, check_exposure
    from attune.server.tls import server_credentials

    settings = read_settings(config).settings
    check_exposure(settings.server, settings.security)
    server_credentials(settings.security)
    if settings.security.token_file is not None:
        TokenFile(settings.security.token_file)
    path = config_file(config)
    typer.echo(f"{path or 'no settings file'}: the settings are consistent")


def _values(loaded: LoadedSettings) -> Iterator[tuple[str, Any]]:
    for section in type(loaded.settings).model_fields:
        yield from _fields(section, getattr(loaded.settings, section))


def _fields(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Section):
        for field in type(value).model_fields:
            yield from _fields(f"{name}.{field}", getattr(value, field))
    elif isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _fields(f"{name}.{key}", inner)
    else:
        yield name, value


def _shown(value: Any) -> str:
    """The value; an address without its password."""
    if value is None or value in ({}, ()):
        return "none"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return without_secrets(str(value))
