"""``python tools/visitors …`` from the repository, or ``python -m tools.visitors …``."""

import os
import sys
from pathlib import Path

if __name__ == "__main__":
    # A head is too small a matrix to share out: threads would only wait for each other, awake.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    root = Path(__file__).resolve().parents[2]
    # run as a folder, Python knows neither the package nor the library beside it
    sys.path[:0] = [str(root), str(root / "python_server")]
    from tools.visitors.commands import app

    app(prog_name="python tools/visitors")
