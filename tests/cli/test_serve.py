"""`attune serve`: flags reach the server, and it ends when it is told to."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attune.cli.main import app

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
def test_a_mistake_is_one_sentence_and_exit_status_1(flags: list[str], says: str) -> None:
    served = CliRunner().invoke(app, ["serve", "--port", "0", "--metrics-port", "off", *flags])

    assert served.exit_code == 1
    assert says in served.output
    assert "Traceback" not in served.output
