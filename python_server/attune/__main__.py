"""`python -m attune`: the same program as the `attune` command."""

from attune.cli.main import app

app(prog_name="attune")
