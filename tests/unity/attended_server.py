"""`attune serve` that drains and stops when standard input closes, so that it outlives no test.

Takes the arguments of `attune serve`.
"""

import os
import signal
import sys
import threading

from attune.cli.main import app


def _stop_with_standard_input() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_stop_with_standard_input, daemon=True).start()
    app(["serve", *sys.argv[1:]])
