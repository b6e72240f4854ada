"""The bench's parts that do not measure: verdicts, frames, and what it answers to a wrong name."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from attune.errors import CameraError, SessionError
from tests.programs import refused
from tools.bench.clip import bundled_clip, jpeg_frames
from tools.bench.measurement import WARM_UP, Measurement, percentiles, settled
from tools.bench.processes import UsageMeter, family, processor_s, resident_mb


@pytest.mark.parametrize(
    ("value", "budget", "at_least", "verdict"),
    [
        (13.9, 14.0, False, "within"),
        (14.1, 14.0, False, "over"),
        (2.4, 2.3, True, "within"),
        (2.2, 2.3, True, "over"),
        (2.2, None, True, ""),
    ],
)
def test_a_figure_is_held_against_its_budget(
    value: float, budget: float | None, at_least: bool, verdict: str
) -> None:
    assert Measurement("p", "w", value, "ms", budget, at_least).verdict == verdict


def test_percentiles_are_those_of_the_samples() -> None:
    rows = percentiles("p", "w", [float(n) for n in range(1, 102)], {95: 90.0})

    assert [row.value for row in rows] == [51.0, 96.0, 100.0]
    assert [row.verdict for row in rows] == ["", "over", ""]


def test_no_samples_is_said_and_not_averaged() -> None:
    with pytest.raises(SessionError, match="no frame was analysed"):
        percentiles("p", "w", [], {})


@pytest.mark.parametrize("count", [3, 30, 300])
def test_the_warm_up_is_never_more_than_a_third(count: int) -> None:
    kept = settled([float(n) for n in range(count)])

    assert len(kept) == count - min(WARM_UP, count // 3)
    assert kept[-1] == count - 1


def test_a_short_clip_starts_again_and_every_frame_is_640_by_480() -> None:
    frames = jpeg_frames(bundled_clip(), 5)

    assert len(frames) == 5
    for jpeg in frames:
        image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
        assert image.shape == (480, 640, 3)


def test_a_clip_without_frames_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.write_bytes(b"")

    with pytest.raises(CameraError, match="no frame that can be read"):
        jpeg_frames(empty, 1)


def test_memory_of_a_process_counts_its_children() -> None:
    sleeper = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    parent = f"import subprocess, sys; subprocess.run({sleeper!r}, stdin=sys.stdin)"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        with subprocess.Popen(sleeper, stdin=subprocess.PIPE) as alone:
            while not Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text():
                assert process.poll() is None
            assert resident_mb(process.pid) > resident_mb(alone.pid)
            alone.communicate()
        process.communicate()


def test_memory_is_told_in_megabytes_of_a_million_bytes() -> None:
    waiting = [sys.executable, "-c", "print(flush=True); input()"]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        found = resident_mb(process.pid)
        process.communicate(b"\n")

    assert found == pytest.approx(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, rel=0.005)


def test_a_child_of_another_thread_belongs_to_the_family() -> None:
    sleeper = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    begun: list[subprocess.Popen[bytes]] = []

    def begin() -> None:
        begun.append(subprocess.Popen(sleeper, stdin=subprocess.PIPE))
        done.wait(10)

    done = threading.Event()
    thread = threading.Thread(target=begin)
    thread.start()
    while not begun:
        thread.join(0.01)
    assert begun[0].pid in family(os.getpid())
    done.set()
    thread.join()
    begun[0].communicate()


def test_processor_time_goes_to_whom_it_was_spent_by() -> None:
    parent = "import subprocess, sys; subprocess.run({0!r}, stdin=sys.stdin)"
    worker = [sys.executable, "-c", "sum(range(20_000_000)); print(flush=True); input()"]
    with subprocess.Popen(
        [sys.executable, "-c", parent.format(worker)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        while len(list(family(process.pid))) < 2:
            assert process.poll() is None
        meter = UsageMeter(process.pid)
        process.stdout.readline()
        usage = meter.read()
        assert processor_s(process.pid) > 0
        process.communicate(b"\n")
    assert usage.workers > 2 * usage.server
    assert usage.workers > 2 * usage.clients


def test_an_unknown_part_is_answered_with_the_known_ones() -> None:
    known = "there are start, stages, latency, sessions, memory, replay, truth, peer"
    assert known in refused("tools.bench", "horoscope")


def test_a_part_that_fails_does_not_lose_what_was_measured_before(
    repository: Path, tmp_path: Path
) -> None:
    parts = ["stages", "truth", "--seconds", "1", "--facekit", str(tmp_path / "nowhere.npz")]
    answer = subprocess.run(
        [sys.executable, "-m", "tools.bench", *parts, "--out", str(tmp_path)],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    kept = json.loads((tmp_path / "bench.json").read_text())["measurements"]
    assert {one["part"] for one in kept} == {"stages"}


def test_a_folder_that_cannot_be_made_is_said_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused("tools.bench", "stages", "--out", str(tmp_path / "file"))
    assert "File exists" in said
