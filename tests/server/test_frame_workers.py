"""Frames that are read by worker processes: as here, and what happens when one dies."""

import dataclasses
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest

from attune.config import Settings, load_settings, resource_root
from attune.errors import InputError, ModelError
from attune.expression.store import ModelStore
from attune.server.frame_workers import (
    FATAL_FRAMES,
    FrameWorkers,
    TrackerLost,
    WorkerAway,
    WorkerLost,
)
from attune.server.telemetry import StageTimer, Telemetry
from attune.session.analysis import FrameReader, LocalReaders, Reading, Vantage
from attune.session.inputs import FrameInput
from attune.timeline import UntimedStages
from attune.vision.frame import CaptureTimeSource, EncodedFrame, Encoding, FrameRole

VANTAGE = Vantage(region=None, declared_headset=None)
PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings()


@pytest.fixture(scope="module")
def frames() -> list[FrameInput]:
    """The first frames of the bundled visitor."""
    clip = sorted((resource_root() / "examples/visitors").glob("*.mp4"))[0]
    capture = cv2.VideoCapture(str(clip))
    found = []
    for index in range(4):
        there, bgr = capture.read()
        assert there
        data = cv2.imencode(".jpg", bgr)[1].tobytes()
        height, width = bgr.shape[:2]
        found.append(frame(index, EncodedFrame(Encoding.JPEG, data, width, height)))
    capture.release()
    return found


def frame(index: int, encoded: EncodedFrame) -> FrameInput:
    return FrameInput(
        time_ns=index * 33_000_000,
        sequence=index + 1,
        frame=encoded,
        role=FrameRole.WEARER,
        capture_time_source=CaptureTimeSource.SENSOR,
        consent_revision=1,
    )


@contextmanager
def running(
    settings: Settings, on_lost: Callable[[], None] = lambda: None, answer_timeout_s: float = 10.0
) -> Iterator[FrameWorkers]:
    """A pool of one worker."""
    pool = FrameWorkers(1, settings, on_lost, answer_timeout_s)
    try:
        pool.launch()
        pool.wait()
        yield pool
    finally:
        pool.close()


@pytest.fixture(scope="module")
def pool(settings: Settings) -> Iterator[FrameWorkers]:
    with running(settings) as pool:
        yield pool


def reader_of(pool: FrameWorkers) -> FrameReader:
    return pool.readers(0, VANTAGE, StageTimer(Telemetry())).open()


def read_when_back(reader: FrameReader, given: FrameInput) -> Reading:
    """Read as soon as the worker is replaced."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            return reader.read(given, None, None)
        except WorkerAway:
            time.sleep(0.05)  # a process that starts has no event to wait for
    raise TimeoutError("the worker was not replaced")


def kill(pool: FrameWorkers, number: signal.Signals = signal.SIGKILL) -> None:
    (pid,) = pool.pids
    os.kill(pid, number)


def test_a_worker_sees_in_a_frame_what_is_seen_here(
    settings: Settings, pool: FrameWorkers, frames: list[FrameInput]
) -> None:
    models = ModelStore(settings.expression.models_dir)
    local = LocalReaders(VANTAGE, settings, models, UntimedStages())
    timer = StageTimer(Telemetry())
    remote = pool.readers(0, VANTAGE, timer)
    assert remote.labels == local.labels
    here, there = local.open(), remote.open()

    for given in frames:
        expected, found = here.read(given, None, None), there.read(given, None, None)

        assert expected.face is not None
        for part in dataclasses.fields(Reading):
            alike(getattr(found, part.name), getattr(expected, part.name))
    assert {"decode", "track", "pose", "crop", "expression"} <= timer.take().keys()
    here.close()
    there.close()


def alike(found: object, expected: object) -> None:
    """Equal in every part; numbers within the rounding of the arithmetic below them, which is not
    the same in every run of one process either."""
    if dataclasses.is_dataclass(expected):
        for part in dataclasses.fields(expected):
            alike(getattr(found, part.name), getattr(expected, part.name))
    elif isinstance(expected, float | np.ndarray):
        np.testing.assert_allclose(found, expected, atol=1e-6)
    else:
        assert found == expected


def test_a_frame_that_cannot_be_used_is_refused_as_here(pool: FrameWorkers) -> None:
    broken = frame(0, EncodedFrame(Encoding.JPEG, b"\xff\xd8 no picture", 640, 480))

    with pytest.raises(InputError, match="jpeg image") as refusal:
        reader_of(pool).read(broken, None, None)

    assert refusal.value.code == "frame.corrupt"


def test_a_pass_through_frame_shows_bystanders(
    pool: FrameWorkers, frames: list[FrameInput]
) -> None:
    assert len(reader_of(pool).read_bystanders(frames[0])) == 1


def test_a_key_pressed_in_the_terminal_never_reaches_a_worker_not_even_while_it_loads(
    pool: FrameWorkers,
) -> None:
    assert {os.getpgid(pid) for pid in pool.pids}.isdisjoint({os.getpgid(0)})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_whole_group_leaves_workers_to_their_server(
    pool: FrameWorkers, frames: list[FrameInput], number: signal.Signals
) -> None:
    kill(pool, number)

    assert reader_of(pool).read(frames[0], None, None).face is not None


def test_a_killed_worker_fails_one_frame_of_each_of_its_sessions_and_is_replaced(
    settings: Settings, frames: list[FrameInput]
) -> None:
    lost: list[None] = []
    with running(settings, lambda: lost.append(None)) as pool:
        reading, neighbour = reader_of(pool), reader_of(pool)
        for one in (reading, neighbour):
            one.read(frames[0], None, None)
        before = pool.pids
        kill(pool)

        with pytest.raises(WorkerLost):
            reading.read(frames[1], None, None)
        with pytest.raises(WorkerAway):
            neighbour.read(frames[1], None, None)
        assert read_when_back(reading, frames[2]).face is not None
        with pytest.raises(TrackerLost):
            neighbour.read(frames[2], None, None)
        assert neighbour.read(frames[3], None, None).face is not None
        assert reader_of(pool).read(frames[0], None, None).face is not None
        assert len(lost) == 1
        assert pool.pids != before


def test_a_worker_that_hangs_is_replaced(settings: Settings, frames: list[FrameInput]) -> None:
    with running(settings, answer_timeout_s=0.5) as pool:
        reader = reader_of(pool)
        before = pool.pids
        kill(pool, signal.SIGSTOP)

        with pytest.raises(WorkerLost, match="hung"):
            reader.read(frames[0], None, None)
        assert read_when_back(reader, frames[1]).face is not None
        assert pool.pids != before


def test_a_session_that_takes_workers_down_again_and_again_is_read_no_more(
    settings: Settings, frames: list[FrameInput]
) -> None:
    with running(settings) as pool:
        session = pool.readers(0, VANTAGE, StageTimer(Telemetry()))
        neighbour = reader_of(pool)
        for _ in range(FATAL_FRAMES):
            read_when_back(neighbour, frames[0])
            kill(pool)
            # Consent that is withdrawn and given again makes a new reader, not a new session.
            reader = session.open()
            with pytest.raises(WorkerLost):
                reader.read(frames[0], None, None)
            reader.close()
            neighbour = reader_of(pool)

        with pytest.raises(InputError) as refusal:
            session.open().read(frames[0], None, None)
        assert refusal.value.code == "frame.analysis_stopped"
        assert read_when_back(neighbour, frames[0]).face is not None


def test_workers_end_by_themselves_when_their_server_lets_go(settings: Settings) -> None:
    with running(settings) as pool:
        (pid,) = pool.pids

    assert not Path(f"/proc/{pid}").exists()


def test_a_worker_that_cannot_load_the_model_says_so(tmp_path: Path) -> None:
    settings = load_settings(expression={"models_dir": tmp_path})

    with pytest.raises(ModelError, match="no model"), running(settings):
        pass
