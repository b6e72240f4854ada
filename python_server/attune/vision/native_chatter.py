"""Keeps native libraries from talking to stderr while they load, without hiding their errors."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_CHATTER = re.compile(
    rb"^(WARNING: All log messages before absl.*|[IW]\d{4} .*|INFO: Created TensorFlow Lite .*)\s*$"
)


@contextmanager
def quiet_native_logs() -> Iterator[None]:
    """Hold back what is written to file descriptor 2; pass on all but information and warnings.

    Lines of other shapes, errors among them, are written once the block ends, also when it raises.
    Other threads that write to stderr meanwhile are delayed, not lost.
    """
    os.environ.setdefault("GLOG_minloglevel", "2")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
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
