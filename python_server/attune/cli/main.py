"""The `attune` program: mounts one module a command or command group.

A module is imported when its command is used, so that `attune serve` does not wait for what only a
demonstration needs.
"""

import errno
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from attune import __version__
from attune.errors import AttuneError

COMMANDS = ("serve", "demo", "doctor", "replay", "report", "overlay")
"""Modules of this package with a function of the same name."""

GROUPS = ("config", "models", "scenario", "sessions")
"""Modules of this package with a typer application called `app`."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
"""What writing fails with on a full disk; the error then names no file."""


class Program(TyperGroup):
    """The outermost loop: an error that Attune raises on purpose is a sentence, not a traceback,
    and so is a file or folder that the system does not give, and a disk that is full."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order in which a newcomer needs them."""
        return [*COMMANDS, *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name; None where there is none."""
        if cmd_name not in (*COMMANDS, *GROUPS):
            return None
        module = import_module(f"attune.cli.{cmd_name}")
        if cmd_name in GROUPS:
            command: Any = typer.main.get_group(module.app)
        else:
            alone = typer.Typer(add_completion=False)
            alone.command(cmd_name)(getattr(module, cmd_name))
            command = typer.main.get_command(alone)
        command.name = cmd_name
        return command

    def invoke(self, ctx: Any) -> Any:
        """Runs the command; exit status 1 with the error's sentence. Any other OSError that names
        no file is a mistake of ours and passes."""
        try:
            return super().invoke(ctx)
        except AttuneError as error:
            typer.secho(f"attune: {error}", fg=typer.colors.RED, err=True)
            raise typer.Exit(1) from error
        except OSError as error:
            if error.filename is None and error.errno not in NO_ROOM:
                raise
            what = f"cannot use {error.filename}" if error.filename is not None else "cannot write"
            sentence = f"attune: {what}: {error.strerror}; name another place"
            typer.secho(sentence, fg=typer.colors.RED, err=True)
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
