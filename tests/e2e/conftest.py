"""A real server on a real socket, and a visitor in it whom nothing that others do may disturb."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest

from attune.client.local_server import LocalServer
from attune.config import load_settings
from attune.server.app import Server
from attune.v1 import video_pb2
from tests.e2e.talk import ANALYSE, PATIENCE_S, CuttingProxy, Talk, frame

StartServer = Callable[..., Awaitable[Server]]
OpenTalk = Callable[..., Awaitable[Talk]]

A_LATER_FRAME = 1_000
"""Sequence of the frame that shows that a neighbour's frames are still analysed."""


def settings_for_tests(folder: Path, **sections: Any) -> Any:
    """Free ports, recordings in `folder`, no patience on shutdown, and frames read in this process,
    which starts sooner than others."""
    given: dict[str, dict[str, Any]] = {
        "server": {"port": 0, "metrics_port": 0, "drain_s": 0.1, "workers": 0},
        "recording": {"directory": folder / "sessions", "free_space_floor_mb": 0},
    }
    for section, values in sections.items():
        given[section] = {**given.get(section, {}), **values}
    return load_settings(**given)


@pytest.fixture
async def start_server(tmp_path: Path) -> AsyncIterator[StartServer]:
    """Starts servers with given settings; they are stopped after the test."""
    running: list[Server] = []

    async def start(**sections: Any) -> Server:
        server = Server(settings_for_tests(tmp_path, **sections))
        await server.start()
        running.append(server)
        return server

    yield start
    for server in running:
        await server.stop()


@pytest.fixture
async def server(start_server: StartServer) -> Server:
    """A server with the defaults."""
    return await start_server()


@pytest.fixture
async def talk_to() -> AsyncIterator[OpenTalk]:
    """Opens streams to servers, each over a connection of its own."""
    async with AsyncExitStack() as stack:

        async def open_talk(
            server: Server | LocalServer | CuttingProxy, options: Any = (), metadata: Any = ()
        ) -> Talk:
            channel = grpc.aio.insecure_channel(f"127.0.0.1:{server.port}", options=options)
            await stack.enter_async_context(channel)
            return await stack.enter_async_context(Talk(channel, metadata))

        yield open_talk


@pytest.fixture
async def visit(server: Server, talk_to: OpenTalk) -> Talk:
    """A stream to `server` that has said nothing yet."""
    return await talk_to(server)


class Neighbour:
    """A visitor whose session runs while others misbehave."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk

    async def noticed_nothing(self) -> None:
        """A frame is analysed, updates go on, pings are answered, no notice came, and the session
        ends well."""
        seen = len(self.talk.all("update"))
        await self.talk.say(video_frame=frame(A_LATER_FRAME))
        assert await self.talk.acknowledged(A_LATER_FRAME) == video_pb2.FRAME_DISPOSITION_ANALYSED
        await self.talk.hear("update", lambda _: len(self.talk.all("update")) > seen + 1)
        assert await self.talk.ping() < PATIENCE_S / 5
        assert self.talk.all("notice") == []
        summary = await self.talk.end()
        assert summary.duration_ns > 0


@pytest.fixture
async def neighbour(server: Server, talk_to: OpenTalk) -> Neighbour:
    """Another visitor in `server`."""
    return Neighbour(await (await talk_to(server)).start(ANALYSE))


@pytest.fixture
async def talk(server: Server, neighbour: Neighbour, talk_to: OpenTalk) -> Talk:
    """A stream to `server` that has said nothing yet."""
    del neighbour
    return await talk_to(server)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    able = shutil.which("mount") is not None
    if not able or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a file system of one megabyte")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
