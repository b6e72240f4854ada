"""What training and measuring refuse, and how a command says so: one sentence, status 1."""

import sys

import typer
import typer.core
from rich.console import Console
from rich.markup import escape

from attune.errors import AttuneError

EXTRA = ("keras", "tensorflow", "tf2onnx", "scipy", "onnx")
"""Packages of the train extra."""


class TrainingError(AttuneError):
    """What was given cannot be trained on or measured; says what was expected and what to do."""


class Commands(typer.core.TyperGroup):
    """Commands whose expected errors are a sentence, not a traceback."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except AttuneError as error:
            _say(str(error))
            raise typer.Exit(1) from error
        except ModuleNotFoundError as error:
            if error.name not in EXTRA:
                raise
            _say(f"{error.name} is not installed here; `make environment-train` adds it")
            raise typer.Exit(1) from error


def _say(sentence: str) -> None:
    console = Console(file=sys.stderr, soft_wrap=True)
    console.print("[red]error:[/]", escape(sentence), highlight=False)
