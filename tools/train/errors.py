"""What training and measuring refuse, and how a command says so: one sentence, status 1."""

import sys

import typer
import typer.core
from rich.console import Console

from attune.errors import AttuneError


class TrainingError(AttuneError):
    """What was given cannot be trained on or measured; says what was expected and what to do."""


class Commands(typer.core.TyperGroup):
    """Commands whose expected errors are a sentence, not a traceback."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except AttuneError as error:
            Console(file=sys.stderr, soft_wrap=True).print(
                f"[red]error:[/] {error}", highlight=False
            )
            raise typer.Exit(1) from error
