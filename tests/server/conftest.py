"""The sessions of a server without its sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from attune.config import (
    CameraSettings,
    LimitSettings,
    RecordingSettings,
    ServerSettings,
    Settings,
)
from attune.expression.store import ModelStore
from attune.scenario.library import ScenarioLibrary
from attune.server.auditing import Audit
from attune.server.cameras import CameraHub
from attune.server.registry import House, SessionRegistry
from attune.server.telemetry import Telemetry


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[SessionRegistry]:
    """Two sessions at once; frames are read in this process; a camera called door, which is not
    there."""
    settings = Settings(
        server=ServerSettings(workers=0),
        limits=LimitSettings(max_sessions=2),
        recording=RecordingSettings(directory=tmp_path),
        cameras={"door": CameraSettings(source="97")},
    )
    telemetry = Telemetry()
    audit = Audit(None, telemetry)
    house = House(
        settings,
        ModelStore(settings.expression.models_dir),
        ScenarioLibrary.read(settings.scenario.scenarios_dir),
        telemetry,
        CameraHub(settings.cameras, settings.limits),
        None,
        audit,
    )
    registry = SessionRegistry(house)
    yield registry
    await registry.drain(0.0)
    registry.close()
    audit.close()
