"""Keeps native libraries from talking to stderr while they load, without hiding their errors."""

import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

_CHATTER = re.compile(
    rb"^(WARNING: All log messages before absl.*|[IW]\d{4} .*|INFO: Created TensorFlow Lite .*)\s*$"
)


class _HeldBack:
    """File descriptor 2 while at least one block holds it back, whichever threads they run on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._blocks = 0
        self._last = ExitStack()

    def enter(self) -> None:
        """A block begins; the first one takes the descriptor away."""
        with self._lock:
            if self._blocks == 0:
                self._last.enter_context(_taken_away())
            self._blocks += 1

    def leave(self) -> None:
        """A block ends; the last one gives the descriptor back and passes on what was said."""
        with self._lock:
            self._blocks -= 1
            if self._blocks == 0:
                self._last.close()


@contextmanager
def _taken_away() -> Iterator[None]:
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(saved, 2)
            os.close(saved)
            held.seek(0)
            for line in held:
                if not _CHATTER.match(line):
                    os.write(2, line)


_HELD_BACK = _HeldBack()


@contextmanager
def quiet_native_logs() -> Iterator[None]:
    """Hold back what is written to file descriptor 2; pass on all but information and warnings.

    Lines of other shapes, errors among them, are written once the block ends, also when it raises;
    of blocks that overlap in several threads, the last. Other threads that write to stderr
    meanwhile are delayed, not lost.
    """
    os.environ.setdefault("GLOG_minloglevel", "2")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    _HELD_BACK.enter()
    try:
        yield
    finally:
        _HELD_BACK.leave()
