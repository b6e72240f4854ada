"""`attune serve`: flags reach the server, and it ends when it is told to."""

import asyncio
import json
import logging
import signal
import sys
from pathlib import Path

import grpc
import grpc.aio
import pytest
from typer.testing import CliRunner

from attune.cli.main import app
from attune.v1 import session_pb2
from tests.e2e.talk import Talk

PATIENCE_S = 60.0


async def test_it_announces_its_ports_and_ends_on_ctrl_c(tmp_path: Path) -> None:
    flags = ["--port", "0", "--metrics-port", "off", "--recordings", str(tmp_path), "--announce"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "attune", "serve", *flags, "--set", "limits.max_sessions=1"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        ports = json.loads(await process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, errors = await process.communicate()

    assert ports["grpc_port"] > 0
    assert ports["metrics_port"] is None
    assert process.returncode == 0, errors.decode()


async def test_a_second_signal_ends_sessions_at_once_and_finishes_their_recordings(
    tmp_path: Path,
) -> None:
    flags = ["--port", "0", "--metrics-port", "off", "--recordings", str(tmp_path), "--announce"]
    patient = ["--set", "server.drain_s=600", "--set", "recording.free_space_floor_mb=0"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "attune", "serve", *flags, *patient, "--workers", "0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        ports = json.loads(await process.stdout.readline())
        async with (
            grpc.aio.insecure_channel(f"127.0.0.1:{ports['grpc_port']}") as channel,
            Talk(channel) as talk,
        ):
            await talk.start()
            process.send_signal(signal.SIGINT)
            await talk.notice(session_pb2.NOTICE_CODE_SHUTTING_DOWN)
            process.send_signal(signal.SIGINT)
            summary = await talk.hear("session_summary")
            _, errors = await process.communicate()

    assert summary.reason == session_pb2.END_REASON_SERVER_SHUTDOWN
    assert process.returncode == 0, errors.decode()
    assert "Traceback" not in errors.decode()
    assert len(list(tmp_path.glob("*.mcap"))) == 1  # noqa: ASYNC240


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--host", "0.0.0.0"], "refusing to listen on 0.0.0.0"),
        (["--set", "server.prot=1"], "did you mean port"),
        (["--set", "nonsense"], "expected section.field=value"),
        (["--set", "expression.pixel_model=mind-reader"], "no model 'mind-reader'"),
        (["--tls-key", "key.pem"], "tls_key is given without tls_certificate"),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_status_1(
    flags: list[str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()  # the command makes it write to the runner's stream, soon closed
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)

    served = CliRunner().invoke(app, ["serve", "--port", "0", "--metrics-port", "off", *flags])

    assert served.exit_code == 1
    assert says in served.output
    assert "Traceback" not in served.output
