"""The `attune` program: mounts one module a command group."""

from typing import Any

import typer
from typer.core import TyperGroup

from attune import __version__
from attune.cli import config, models, scenario
from attune.cli.demo import demo
from attune.cli.doctor import doctor
from attune.cli.serve import serve
from attune.errors import AttuneError


class Program(TyperGroup):
    """The outermost loop: an error that Attune raises on purpose is a sentence, not a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; exit status 1 with the error's sentence."""
        try:
            return super().invoke(ctx)
        except AttuneError as error:
            typer.secho(f"attune: {error}", fg=typer.colors.RED, err=True)
            raise typer.Exit(1) from error


app = typer.Typer(
    cls=Program,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Reads a headset visitor's face and lets the story answer.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"attune {__version__}")
        raise typer.Exit()


@app.callback()
def options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """Options of the whole program."""


app.command()(demo)
app.command()(doctor)
app.command()(serve)
app.add_typer(config.app, name="config")
app.add_typer(models.app, name="models")
app.add_typer(scenario.app, name="scenario")
