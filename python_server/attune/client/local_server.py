"""A real server in a process of its own, for demonstrations, measurements and tests."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from attune.errors import SessionError

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 15.0
LOG_TAIL = 2000


class LocalServer:
    """Runs `attune serve` on a free port of loopback; use as an async context manager.

    `environment` adds settings (``ATTUNE_RECORDING__DIRECTORY=…``); the server's log goes to
    `log`. The process is in a group of its own, so that Ctrl-C reaches only its owner, who then
    stops it. Raises `SessionError` with the end of the log when it does not come up.
    """

    def __init__(self, log: Path, environment: Mapping[str, str] | None = None) -> None:
        self._log = log
        self._environment = {
            **os.environ,
            "ATTUNE_SERVER__METRICS_PORT": "0",
            **(environment or {}),
        }
        self._process: asyncio.subprocess.Process | None = None
        self.port = 0
        self.metrics_port: int | None = None

    @property
    def target(self) -> str:
        """Address to connect to."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process of the server."""
        if self._process is None:
            raise SessionError("the server is not running; enter the context manager first")
        return self._process.pid

    async def __aenter__(self) -> Self:
        with self._log.open("wb") as log:
            process = self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "attune", "serve", "--port", "0", "--announce"),
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                announcement = await self._announcement(process)
        except TimeoutError as error:
            await self.stop()
            raise SessionError(
                self._story(f"did not come up in {START_TIMEOUT_S:.0f} s")
            ) from error
        except BaseException:
            await self.stop()
            raise
        self.port = announcement["grpc_port"]
        self.metrics_port = announcement.get("metrics_port")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> int | None:
        """Asks the server to drain and end; returns its exit status."""
        process = self._process
        if process is None:
            return None
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
        return process.returncode

    async def _announcement(self, process: asyncio.subprocess.Process) -> dict[str, int]:
        while process.stdout is not None and (line := await process.stdout.readline()):
            if line.startswith(b"{"):
                announcement: dict[str, int] = json.loads(line)
                return announcement
        raise SessionError(self._story(f"ended with {await process.wait()}"))

    def _story(self, what: str) -> str:
        tail = self._log.read_text(errors="replace")[-LOG_TAIL:].strip()
        return f"the server {what}; its log ({self._log}) ends with:\n{tail}"
