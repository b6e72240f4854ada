"""Deletes stored sessions whose time has come: when the server starts, and every hour."""

import asyncio
import logging
import time

from attune.errors import RecordingError
from attune.privacy import RetentionSettings
from attune.server.auditing import Audit
from attune.server.telemetry import Telemetry
from attune.session.retention import expire
from attune.session.store import SessionStore

EVERY_S = 3600.0
_log = logging.getLogger(__name__)


class RetentionTimer:
    """Looks after the stored sessions of one server."""

    def __init__(
        self,
        store: SessionStore,
        settings: RetentionSettings,
        audit: Audit,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._settings = settings
        self._audit = audit
        self._telemetry = telemetry

    async def run(self) -> None:
        """Delete what is overdue now and every hour, until cancelled."""
        while True:
            await asyncio.to_thread(self.once, time.time_ns())
            await asyncio.sleep(EVERY_S)

    def once(self, now_unix_ns: int) -> int:
        """Delete what is overdue at that time since 1970 UTC; returns how many sessions that were.
        Blocks."""
        try:
            expiry = expire(self._store, self._settings, now_unix_ns)
        except RecordingError as error:
            self._fail(str(error))
            return 0
        for cause in expiry.kept.values():
            self._fail(cause)
        for receipt in expiry.receipts:
            self._telemetry.sessions_expired.inc()
            self._audit.note("session_deleted", by="retention", **receipt.audited())
        if expiry.receipts:
            _log.info("%d stored sessions were overdue and are deleted", len(expiry.receipts))
        return len(expiry.receipts)

    def _fail(self, cause: str) -> None:
        self._telemetry.retention_failures.inc()
        _log.error("an overdue session could not be deleted", extra={"cause": cause})
