"""Programs in processes of their own: for what a library does once in each, or to all of it."""

import subprocess
import sys
from pathlib import Path

PATIENCE_S = 60.0
REPOSITORY = Path(__file__).parents[1]


def printed_by(program: str, patience_s: float = PATIENCE_S) -> str:
    """What a Python program prints. Raises where it fails, or is not done within `patience_s`."""
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=patience_s,
    ).stdout


def refused(module: str, *arguments: str) -> str:
    """What a tool says on standard error about a command line that it does not accept."""
    answer = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )
    assert answer.returncode == 2, answer.stderr
    return answer.stderr
