"""A server whose frames are read by worker processes."""

import asyncio
import os
import signal

import pytest

from attune.errors import ConfigError
from attune.server.app import Server
from attune.v1 import session_pb2, video_pb2
from tests.e2e.conftest import Neighbour, OpenTalk, StartServer
from tests.e2e.talk import ANALYSE, PATIENCE_S, Talk, frame

ANALYSED = video_pb2.FRAME_DISPOSITION_ANALYSED
REFUSED = video_pb2.FRAME_DISPOSITION_REFUSED


async def analysed_after(talk: Talk, sequence: int) -> int:
    """Send frames after that one until one is analysed; returns its number."""
    async with asyncio.timeout(3 * PATIENCE_S):
        while True:
            sequence += 1
            await talk.say(video_frame=frame(sequence))
            if await talk.acknowledged(sequence) == ANALYSED:
                return sequence
            await asyncio.sleep(0.05)  # frames are dropped as they come until the worker is back


async def test_a_killed_worker_costs_its_visitor_a_frame_and_others_nothing(
    start_server: StartServer, talk_to: OpenTalk
) -> None:
    server = await start_server(server={"workers": 2})
    talk = await (await talk_to(server)).start(ANALYSE)
    neighbour = Neighbour(await (await talk_to(server)).start(ANALYSE))
    first = await analysed_after(talk, 0)
    killed, spared = server.worker_pids

    os.kill(killed, signal.SIGKILL)
    await talk.say(video_frame=frame(first + 1))

    assert await talk.acknowledged(first + 1) == REFUSED
    notice = await talk.notice(session_pb2.NOTICE_CODE_ANALYSIS_FAILED)
    assert notice.parameters["sequence"] == str(first + 1)
    await neighbour.talk.say(video_frame=frame(1))
    assert await neighbour.talk.acknowledged(1) == ANALYSED
    last = await analysed_after(talk, first + 1)
    assert len(talk.all("notice")) == 1
    assert spared in server.worker_pids
    assert killed not in server.worker_pids
    assert server.telemetry.registry.get_sample_value("attune_workers_lost_total") == 1
    await neighbour.noticed_nothing()
    summary = await talk.end()
    assert (summary.frames_received, summary.frames_analysed) == (last, 2)


async def test_a_server_that_cannot_start_leaves_no_worker_behind(
    start_server: StartServer,
) -> None:
    first = await start_server()
    second = Server(
        first.settings.model_copy(
            update={
                "server": first.settings.server.model_copy(
                    update={"port": first.port, "workers": 1}
                )
            }
        )
    )

    with pytest.raises(ConfigError, match="cannot listen"):
        await second.start()

    assert second.worker_pids == ()
