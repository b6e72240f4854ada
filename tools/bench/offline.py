"""Parts that run the core in this process: the stages of a frame, and replay."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import process_time

from attune.config import load_settings
from attune.expression.store import ModelStore
from attune.server.stages import StageSums
from attune.session.consent import Consent, ConsentScope
from attune.session.inputs import FrameInput, Tick
from attune.session.pipeline import Pipeline
from attune.session.plan import SessionPlan, VideoSource
from attune.session.replay import Source, replay
from attune.timeline import NS_PER_MS, SLOT_NS, nanoseconds
from attune.vision.frame import CaptureTimeSource, EncodedFrame, Encoding, FrameRole
from tools.bench.clip import HEIGHT_PX, WIDTH_PX
from tools.bench.live import LATENCY_RATE_HZ
from tools.bench.measurement import Measurement, percentiles, settled
from tools.bench.visitors import server_on_two_cores, stay


@contextmanager
def one_core() -> Iterator[None]:
    """Everything inside runs on one core."""
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(mine)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, mine)


def measure_stages(frames: list[bytes], seconds: float, folder: Path) -> list[Measurement]:
    """What one 640×480 JPEG frame costs the core, on one core, in processor time; its stages in
    wall time."""
    settings = load_settings()
    stages = StageSums()
    stages_ms: dict[str, list[float]] = defaultdict(list)
    plan = SessionPlan(
        session_id="0" * 32,
        consent=Consent(1, frozenset({ConsentScope.ANALYSE})),
        video_source=VideoSource.CLIENT_FRAMES,
    )
    totals_ms = []
    next_tick_ns = SLOT_NS
    with one_core():
        pipeline = Pipeline(plan, settings, ModelStore(settings.expression.models_dir), stages)
        for index in range(round(LATENCY_RATE_HZ * seconds)):
            given = _frame(index, frames[index % len(frames)])
            started = process_time()
            while next_tick_ns <= given.time_ns:
                pipeline.step(Tick(next_tick_ns))
                next_tick_ns += SLOT_NS
            pipeline.step(given)
            totals_ms.append((process_time() - started) * 1e3)
            for name, spent_ns in stages.take().items():
                stages_ms[name].append(spent_ns / NS_PER_MS)
        pipeline.close()
    rows = percentiles("stages", "frame, processor time", settled(totals_ms), {50: 14.0, 95: 20.0})
    for name, samples_ms in stages_ms.items():
        rows += percentiles("stages", name, settled(samples_ms), {})[:2]
    return rows


def _frame(index: int, jpeg: bytes) -> FrameInput:
    return FrameInput(
        time_ns=nanoseconds(index / LATENCY_RATE_HZ),
        sequence=index + 1,
        frame=EncodedFrame(Encoding.JPEG, jpeg, WIDTH_PX, HEIGHT_PX),
        role=FrameRole.WEARER,
        capture_time_source=CaptureTimeSource.SENSOR,
        consent_revision=1,
    )


def measure_replay(frames: list[bytes], seconds: float, folder: Path) -> list[Measurement]:
    """Replay on one core of two sessions at 30 fps that ran together: one whose video was stored,
    from its pixels, and one whose features alone were; the latter takes a blink, so that the median
    of several counts."""
    features = frozenset({ConsentScope.STORE_FEATURES})
    stored = (features | {ConsentScope.STORE_VIDEO}, features)

    async def record() -> None:
        async with server_on_two_cores(folder) as server:
            await asyncio.gather(
                *(
                    stay(server.target, frames, rate_hz=LATENCY_RATE_HZ, seconds=seconds, store=one)
                    for one in stored
                )
            )

    asyncio.run(record())
    recordings = sorted(
        (folder / "recordings").rglob("*.mcap"), key=lambda path: path.stat().st_size
    )
    rows = []
    for source, path, times, budget in (
        (Source.PIXELS, recordings[-1], 1, 2.3),
        (Source.FEATURES, recordings[0], 9, 200.0),
    ):
        with one_core():
            reports = [replay(path, source=source) for _ in range(times)]
        rows.append(
            Measurement(
                "replay",
                f"speed from {source.value}, one core ({reports[0].comparison.verdict.value})",
                median(report.speed for report in reports),
                "× real time",
                budget,
                at_least=True,
            )
        )
    return rows
