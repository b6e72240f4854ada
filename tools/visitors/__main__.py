"""``python tools/visitors …`` from the repository, or ``python -m tools.visitors …``."""

import sys
from pathlib import Path

if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    # run as a folder, Python knows neither the package nor the library beside it
    sys.path[:0] = [str(root), str(root / "python_server")]
    from tools.visitors.commands import app

    app(prog_name="visitors")
