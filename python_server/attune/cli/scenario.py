"""`attune scenario`: check a story and draw it."""

from pathlib import Path
from typing import Annotated

import typer

from attune.config import load_settings
from attune.scenario.describe import describe
from attune.scenario.loading import load_scenario, remarks

app = typer.Typer(no_args_is_help=True, help="Check and show authored stories.")

File = Annotated[Path, typer.Argument(help="The scenario file (YAML).", exists=True)]


@app.command()
def validate(
    file: File,
    config: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
) -> None:
    """Says whether a story can be played, and lists everything that is wrong with it.

    A story that can be played may still have findings that depend on the settings: stimuli too
    short ever to be scored.
    """
    loaded = load_scenario(file)
    scenario = loaded.scenario
    typer.echo(
        f"{scenario.id} {scenario.version} can be played: {len(scenario.beats)} beats, "
        f"{len(scenario.stimuli)} stimuli, {len(scenario.choices)} choices"
    )
    typer.echo(f"sha256 {loaded.sha256}")
    found = remarks(loaded, load_settings(config).empathy)
    if found:
        typer.echo(f"{len(found)} finding(s) that do not keep it from being played:")
    for sentence in found:
        typer.echo(f"- {sentence}")


@app.command()
def show(
    file: File,
    locale: Annotated[str | None, typer.Option(help="Language of the titles.")] = None,
) -> None:
    """Draws a story as a tree of beats, stimuli, choices and branches."""
    typer.echo(describe(load_scenario(file).scenario, locale))
