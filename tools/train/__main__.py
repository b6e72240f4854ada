"""`python -m tools.train`: one command for each step from raw faces to a shipped model."""

from tools.train.cli import app

app()
