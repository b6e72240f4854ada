"""Worker processes that are started before the libraries of their server are loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from attune.errors import ConfigError
from attune.server.app import Server
from attune.server.worker_process import WorkerProcess
from tests.e2e.conftest import settings_for_tests
from tests.programs import PATIENCE_S, printed_by


def loaded_by(module: str) -> set[str]:
    """Everything that is loaded when that module has been."""
    return set(printed_by(f"import {module}, sys; print(*sys.modules)").split())


def test_workers_can_be_started_before_anything_large_is_loaded() -> None:
    loaded = loaded_by("attune.cli.serve")

    assert "attune.server.worker_process" in loaded
    assert not loaded & {"numpy", "cv2", "grpc", "google.protobuf", "onnxruntime", "mediapipe"}


def test_a_server_loads_nothing_that_only_its_workers_need() -> None:
    loaded = loaded_by("attune.server.app")

    assert "attune.server.frame_workers" in loaded
    assert not loaded & {"onnxruntime", "mediapipe", "matplotlib"}


async def test_a_server_goes_on_with_workers_that_were_started_before_it(tmp_path: Path) -> None:
    settings = settings_for_tests(tmp_path, server={"workers": 2})
    early = WorkerProcess(settings)
    server = Server(settings, [early])

    await server.start()
    pids = server.worker_pids
    await server.stop()

    assert len(pids) == 2
    assert pids[0] == early.pid
    assert early.status == 0


async def test_a_server_that_may_not_listen_ends_workers_that_were_started_before_it(
    tmp_path: Path,
) -> None:
    settings = settings_for_tests(tmp_path, server={"workers": 1, "host": "0.0.0.0"})
    early = WorkerProcess(settings)

    with pytest.raises(ConfigError, match="--insecure"):
        await Server(settings, [early]).start()

    assert early.status is not None


def test_a_worker_that_is_still_loading_ends_when_its_server_is_killed() -> None:
    start_and_die = (
        "import os, signal\n"
        "from attune.config import load_settings\n"
        "from attune.server.worker_process import WorkerProcess\n"
        "WorkerProcess(load_settings())\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    # The worker has inherited the standard error stream: it closes when the last of both ends.
    ended = subprocess.run(
        [sys.executable, "-c", start_and_die],
        check=False,
        stderr=subprocess.PIPE,
        timeout=PATIENCE_S,
    )

    assert ended.returncode < 0
    assert "Traceback" not in ended.stderr.decode()
