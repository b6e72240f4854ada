"""Deletes stored sessions whose time has come: when the server starts, and every hour; not while
the clock is doubted."""

import asyncio
import logging
import time

from attune.errors import RecordingError
from attune.privacy import RetentionSettings
from attune.server.auditing import Audit
from attune.server.telemetry import Telemetry
from attune.session.retention import expire, newest_end, overdue
from attune.session.store import SessionStore
from attune.session.trusted_clock import Doubt, TrustedClock, moment

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
        self._clock = TrustedClock(store.directory)
        self._audited: Doubt | None = None

    async def run(self) -> None:
        """Delete what is overdue now and every hour, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.once, time.time_ns())
            except Exception:  # noqa: BLE001 - the runs of a whole season must not end with this one
                self._telemetry.retention_failures.inc()
                _log.exception("overdue sessions could not be sought; again in %.0f s", EVERY_S)
            await asyncio.sleep(EVERY_S)

    def once(self, now_unix_ns: int) -> int:
        """Delete what is overdue at that time since 1970 UTC; returns how many sessions that were.
        Blocks."""
        try:
            if all(days is None for _, days in self._settings):
                return 0
            doubt = self._clock.observe(now_unix_ns, lambda: newest_end(self._store))
            self._telemetry.retention_waits.set(0)
            if doubt is not None:
                self._wait(doubt, now_unix_ns)
                return 0
            expiry = expire(self._store, self._settings, now_unix_ns)
        except RecordingError as error:
            self._fail(str(error))
            return 0
        for cause in expiry.kept.values():
            self._fail(cause)
        if expiry.ahead:
            _log.error(
                "%d stored sessions begin in the future, the first of them %s: the clock was ahead "
                "when they were recorded, and they will be kept for too long. `attune sessions "
                "list` shows them, `attune sessions delete` deletes one",
                len(expiry.ahead),
                expiry.ahead[0],
            )
        for receipt in expiry.receipts:
            self._telemetry.sessions_expired.inc()
            self._audit.note("session_deleted", by="retention", **receipt.audited())
        if expiry.receipts:
            _log.info("%d stored sessions were overdue and are deleted", len(expiry.receipts))
        return len(expiry.receipts)

    def _wait(self, doubt: Doubt, now_unix_ns: int) -> None:
        due = len(overdue(self._store.everything(), now_unix_ns, self._settings))
        if not due:
            return
        self._telemetry.retention_waits.set(due)
        _log.error(
            "%d stored sessions are overdue by a clock that shows %s, far from %s, when it was "
            "believed last. They stay until it is set right or shows %s; if it is right, delete "
            "them now with `attune sessions expire`",
            due,
            moment(now_unix_ns),
            moment(doubt.believed_unix_ns),
            moment(doubt.until_unix_ns),
        )
        if doubt != self._audited:
            self._audited = doubt
            self._audit.note(
                "retention_waits",
                overdue=due,
                believed=moment(doubt.believed_unix_ns),
                until=moment(doubt.until_unix_ns),
            )

    def _fail(self, cause: str) -> None:
        self._telemetry.retention_failures.inc()
        _log.error("an overdue session could not be deleted", extra={"cause": cause})
