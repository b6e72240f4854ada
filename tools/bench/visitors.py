"""Visitors for measurements: frames at a steady rate into a real server."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic_ns

from attune.client import AttuneClient, ClientSession, SessionRequest, SessionSummary
from attune.client.latency import LatencyLog
from attune.client.local_server import LocalServer
from attune.session.consent import ConsentScope
from attune.timeline import NS_PER_S, nanoseconds
from tools.bench.clip import HEIGHT_PX, WIDTH_PX

CORES = 2
"""Cores that the budgets are for."""

WARM_UP_S = 5.0


@dataclass(frozen=True, slots=True)
class Stay:
    """One visitor's session as measured."""

    latency: LatencyLog
    summary: SessionSummary
    seconds: float


@asynccontextmanager
async def server_on_two_cores(
    folder: Path, settings: Mapping[str, str] | None = None
) -> AsyncIterator[LocalServer]:
    """A server that may use two cores; on a larger machine this process uses the others."""
    environment = {"ATTUNE_RECORDING__DIRECTORY": str(folder / "recordings"), **(settings or {})}
    mine = os.sched_getaffinity(0)
    server_cores = set(sorted(mine)[:CORES])
    os.sched_setaffinity(0, server_cores)  # inherited by the server, its threads and its workers
    try:
        server = LocalServer(folder / "server.log", environment)
        async with server:
            os.sched_setaffinity(0, mine - server_cores or mine)
            yield server
    finally:
        os.sched_setaffinity(0, mine)


async def stay(
    target: str,
    frames: list[bytes],
    *,
    rate_hz: float,
    seconds: float,
    store: frozenset[ConsentScope] = frozenset(),
    delay_s: float = 0.0,
) -> Stay:
    """One visitor who sends `frames` over and over for `seconds`, measured after a warm-up in which
    the tracker is made; `store` is what may be stored."""
    await asyncio.sleep(delay_s)
    latency = LatencyLog()
    async with AttuneClient(target) as client:
        request = SessionRequest(consent=store | {ConsentScope.ANALYSE}, participant_id="bench")
        session = await client.start(request, latency.observe)
        reading = asyncio.create_task(_read(session))
        await _send(session, frames, rate_hz, WARM_UP_S)
        latency.clear()
        await _send(session, frames, rate_hz, seconds)
        summary = await session.end()
        await reading
    return Stay(latency, summary, seconds)


async def _send(
    session: ClientSession, frames: list[bytes], rate_hz: float, seconds: float
) -> None:
    started_ns = monotonic_ns()
    for index in range(round(rate_hz * seconds)):
        due_ns = started_ns + nanoseconds(index / rate_hz)
        await asyncio.sleep(max(0, due_ns - monotonic_ns()) / NS_PER_S)
        session.send_frame(
            frames[index % len(frames)],
            width_px=WIDTH_PX,
            height_px=HEIGHT_PX,
            capture_time_ns=monotonic_ns(),
        )


async def _read(session: ClientSession) -> None:
    async for _ in session.messages():
        pass
