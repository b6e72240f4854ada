"""The hourly look for overdue sessions outlives whatever goes wrong in one of them."""

import asyncio
import threading
import time
from pathlib import Path

import pytest

from attune.privacy import RetentionSettings
from attune.server import retention
from attune.server.auditing import Audit
from attune.server.retention import RetentionTimer
from attune.server.telemetry import Telemetry
from attune.session.store import DeletionReceipt, SessionStore, StoredSession
from tests.session.recordings import EVERYTHING, a_session, write

OLD = "0a" * 16
PATIENCE_S = 20.0


class BreakingOnce(SessionStore):
    """A store that breaks in a way that nobody foresaw, the first time."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.broken = False
        self.deleted = threading.Event()

    def delete(self, session_id: str, now_unix_ns: int) -> DeletionReceipt:
        receipt = super().delete(session_id, now_unix_ns)
        self.deleted.set()
        return receipt

    def everything(self) -> tuple[StoredSession, ...]:
        if not self.broken:
            self.broken = True
            raise RuntimeError("nobody foresaw this")
        return super().everything()


async def test_what_goes_wrong_in_one_look_is_counted_and_the_next_one_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retention, "EVERY_S", 0.01)
    store = BreakingOnce(tmp_path)
    write(store.path_for(OLD), a_session(5), EVERYTHING)
    retention.TrustedClock(tmp_path).believe(time.time_ns())
    telemetry = Telemetry()
    timer = RetentionTimer(store, RetentionSettings(), Audit(None, telemetry), telemetry)
    running = asyncio.create_task(timer.run())

    assert await asyncio.to_thread(store.deleted.wait, PATIENCE_S)
    running.cancel()

    assert not store.path_for(OLD).exists()
    assert telemetry.registry.get_sample_value("attune_retention_failures_total") == 1
    assert "nobody foresaw this" in caplog.text
