"""One worker process: how its server starts and ends it, and what it does first.

This module imports nothing that takes time, so that `attune serve` starts its workers before it
loads its own libraries, and all of them load at once.

The server starts a worker as ``python -m attune.server.worker_process FD``, with one end of a
socket pair as its only link. The process ends when the link does, so it never outlives its server;
signals that a terminal or a service manager sends are left to the server: it is of another process
group from its first moment, and ignores what reaches it all the same.
"""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from attune.server.frame_link import send
from attune.server.loading import loading

if TYPE_CHECKING:
    from attune.config import Settings

START_TIMEOUT_S = 60.0
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class WorkerProcess:
    """A process that is starting or running, and `link`, our end of the socket pair to it."""

    def __init__(self, settings: "Settings") -> None:
        """Start it without waiting; its first answer is `Ready` or `Unready`."""
        self.link, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "attune.server.worker_process", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                process_group=0,
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


def main(descriptor: int) -> None:
    """Be a worker process on the socket of that file descriptor."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as link:
        try:
            with loading():
                from attune.server.frame_worker import work
            work(link)
        except (EOFError, ConnectionError):
            return  # the server is gone, and so is the need for this process


if __name__ == "__main__":
    main(int(sys.argv[1]))
