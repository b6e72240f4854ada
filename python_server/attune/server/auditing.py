"""The server's audit log: entries are written by a thread of their own, so that no session waits
for the disk. Where they cannot be written the server says so once, and lives on.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attune.server.telemetry import Telemetry
from attune.session.audit import AuditLog

WAITING = 4096
"""Entries that may wait for the disk; further ones are lost, and counted."""

PATIENCE_S = 10.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Noted:
    event: str
    unix_ns: int
    details: dict[str, Any]


class Audit:
    """`directory` None: nothing is written. May be used from any thread."""

    def __init__(
        self,
        directory: Path | None,
        telemetry: Telemetry,
        unix_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._log = AuditLog(directory) if directory is not None else None
        self._telemetry = telemetry
        self._unix_ns = unix_ns
        self._queue: queue.Queue[_Noted | None] = queue.Queue(WAITING)
        self._lost = 0
        self._losing = threading.Lock()
        self._head = ""
        self._thread: threading.Thread | None = None
        self._beginning = threading.Lock()

    def note(self, event: str, **details: Any) -> None:
        """Write an entry soon; it carries the time of now. Never blocks, never raises."""
        if self._log is None:
            return
        with self._beginning:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="audit", daemon=True)
                self._thread.start()
        try:
            self._queue.put_nowait(_Noted(event, self._unix_ns(), details))
        except queue.Full:
            self._lose("the disk is too slow")

    def close(self) -> None:
        """Write what waits. Blocks."""
        if self._thread is None:
            return
        try:
            self._queue.put(None, timeout=PATIENCE_S)
        except queue.Full:
            return
        self._thread.join(PATIENCE_S)
        if self._head:
            _log.info("the audit log ends with %s", self._head)

    def _run(self) -> None:
        while (noted := self._queue.get()) is not None:
            self._write(noted)

    def _write(self, noted: _Noted) -> None:
        assert self._log is not None
        try:
            if lost := self._lost:
                self._log.append("entries_lost", noted.unix_ns, count=lost)
                _log.info("the audit log is written again")
                with self._losing:
                    self._lost -= lost
            self._head = self._log.append(noted.event, noted.unix_ns, **noted.details).hash
        except OSError as error:
            self._lose(error.strerror or str(error))

    def _lose(self, cause: str) -> None:
        self._telemetry.audit_lost.inc()
        with self._losing:
            self._lost += 1
            first = self._lost == 1
        if first:
            _log.error("the audit log cannot be written", extra={"cause": cause})
