"""One worker process as its server holds it: how it is started and ended.

This module imports nothing that takes time, so that `attune serve` starts its workers before it
loads its own libraries, and all of them load at once.
"""

import os
import socket
import subprocess
import sys
from contextlib import suppress

from attune.config import Settings
from attune.server.frame_link import send

START_TIMEOUT_S = 60.0
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class WorkerProcess:
    """A process that is starting or running, and `link`, our end of the socket pair to it."""

    def __init__(self, settings: Settings) -> None:
        """Start it without waiting; its first answer is `Ready` or `Unready`."""
        self.link, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "attune.server.frame_worker", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **_ONE_THREAD},
            )
        self.link.settimeout(START_TIMEOUT_S)
        with suppress(OSError):  # whoever waits for its first answer learns that it is gone
            send(self.link, settings)

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def status(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.poll()

    def end(self, patience_s: float) -> None:
        """Close the link, which ends the process; kill it where that takes longer."""
        with suppress(OSError):  # the other side may have closed it before
            self.link.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for an answer
        self.link.close()
        try:
            self._process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
