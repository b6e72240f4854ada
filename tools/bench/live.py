"""Parts that run against a real server: start-up, latency, sessions held, memory."""

import asyncio
from pathlib import Path
from time import perf_counter

import numpy as np

from attune.client.latency import END_TO_END
from tools.bench.measurement import Measurement, percentiles
from tools.bench.processes import Usage, UsageMeter, resident_mb
from tools.bench.visitors import WARM_UP_S, Stay, server_on_two_cores, stay

LATENCY_RATE_HZ = 30.0
HELD_RATE_HZ = 15.0
HELD = (1, 2, 4, 6)
STARVED_BELOW = 0.9
"""A session is starved when fewer than this share of its frames were analysed."""

JUDGED_FROM_S = 600.0
"""How long a session has to last for its growth to say something."""

NO_GROWTH_MB = 10.0
"""What growth in an hour counts as none: a session's recording keeps an index of its chunks."""


def measure_start(frames: list[bytes], seconds: float, folder: Path) -> list[Measurement]:
    """Time from the command to a server that listens, median of three."""

    async def once() -> float:
        started = perf_counter()
        async with server_on_two_cores(folder):
            return perf_counter() - started

    took = sorted(asyncio.run(once()) for _ in range(3))
    return [Measurement("start", "`attune serve` to listening", took[1], "s", 4.0)]


def measure_latency(frames: list[bytes], seconds: float, folder: Path) -> list[Measurement]:
    """Capture to update on loopback at 30 fps, seen from the client, and the server's stages."""

    async def run() -> Stay:
        async with server_on_two_cores(folder) as server:
            return await stay(server.target, frames, rate_hz=LATENCY_RATE_HZ, seconds=seconds)

    log = asyncio.run(run()).latency
    samples = log.samples_ms(END_TO_END)
    rows = percentiles("latency", END_TO_END, samples, {95: 33.0, 99: 50.0})
    rate = len(log.samples_ms(END_TO_END)) / seconds
    rows.append(Measurement("latency", "updates a second at 30 fps", rate, "1/s"))
    return rows


def measure_sessions(frames: list[bytes], seconds: float, folder: Path) -> list[Measurement]:
    """How many sessions at 15 fps two cores hold without starving any, and what the server and the
    clients, which share the cores on a small machine, take of them."""
    rows = []
    for count in HELD:
        stays, usage = asyncio.run(_together(count, frames, seconds, folder))
        shares = [
            len(one.latency.samples_ms(END_TO_END)) / (HELD_RATE_HZ * one.seconds) for one in stays
        ]
        ages = [age for one in stays for age in one.latency.samples_ms(END_TO_END)]
        most = count == HELD[-1]
        what = f"{count} sessions at 15 fps"
        rows += [
            Measurement(
                "sessions",
                f"{what}: frames analysed, worst session",
                min(shares) * 100,
                "%",
                STARVED_BELOW * 100 if most else None,
                at_least=True,
            ),
            percentiles("sessions", f"{what}: age", ages, {95: 100.0} if most else {})[1],
            *(
                Measurement("sessions", f"{what}: {who}", cores, "cores")
                for who, cores in (
                    ("server", usage.server),
                    ("workers that read frames", usage.workers),
                    ("clients", usage.clients),
                    ("everything else here", usage.others),
                )
            ),
        ]
    return rows


async def _together(
    count: int, frames: list[bytes], seconds: float, folder: Path
) -> tuple[list[Stay], Usage]:
    async with server_on_two_cores(folder) as server:
        stays = asyncio.gather(
            *(
                stay(
                    server.target,
                    frames,
                    rate_hz=HELD_RATE_HZ,
                    seconds=seconds,
                    delay_s=index / HELD_RATE_HZ / count,
                )
                for index in range(count)
            )
        )
        await asyncio.sleep(WARM_UP_S)
        meter = UsageMeter(server.pid)
        await asyncio.sleep(seconds)
        usage = meter.read()
        return list(await stays), usage


def measure_memory(frames: list[bytes], seconds: float, folder: Path) -> list[Measurement]:
    """Memory that one more session takes, and what a running session adds over time.

    Growth is the slope over the second half of one session of `4 × seconds`, scaled to an hour,
    and judged when that session lasts ten minutes (--seconds 150).
    """
    return asyncio.run(_memory(frames, seconds, folder))


async def _memory(frames: list[bytes], seconds: float, folder: Path) -> list[Measurement]:
    sizes = []
    async with server_on_two_cores(folder) as server:
        for count in (1, 4):
            stays = [
                asyncio.create_task(stay(server.target, frames, rate_hz=5.0, seconds=seconds))
                for _ in range(count)
            ]
            await asyncio.sleep(WARM_UP_S + seconds * 0.8)
            sizes.append(resident_mb(server.pid))
            await asyncio.gather(*stays)
        one = asyncio.create_task(
            stay(server.target, frames, rate_hz=HELD_RATE_HZ, seconds=4 * seconds)
        )
        await asyncio.sleep(WARM_UP_S + 2 * seconds)
        times, grown = [], []
        while not one.done():
            times.append(perf_counter())
            grown.append(resident_mb(server.pid))
            await asyncio.wait({one}, timeout=1.0)
        await one  # a session that broke off has no growth
        slope = float(np.polyfit(times, grown, 1)[0])
    return [
        Measurement("memory", "server with one session", sizes[0], "MB"),
        Measurement("memory", "each further session", (sizes[1] - sizes[0]) / 3, "MB", 120.0),
        Measurement(
            "memory",
            f"growth in an hour, from {4 * seconds / 60:.0f} min",
            slope * 3600,
            "MB",
            NO_GROWTH_MB if 4 * seconds >= JUDGED_FROM_S else None,
        ),
    ]
