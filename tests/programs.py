"""Programs in processes of their own: for what a library does once in each, or to all of it."""

import subprocess
import sys

PATIENCE_S = 60.0


def printed_by(program: str, patience_s: float = PATIENCE_S) -> str:
    """What a Python program prints. Raises where it fails, or is not done within `patience_s`."""
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        timeout=patience_s,
    ).stdout
