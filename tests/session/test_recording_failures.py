"""A recording loses little when something breaks, and is never in the way of the session."""

import subprocess
import sys
import time
from pathlib import Path

from mcap.reader import make_reader
from mcap.writer import Writer

from attune.session.container import Container, close_chunk
from attune.session.inputs import Tick
from attune.session.recorded import read_recording, read_steps
from attune.session.recording import PART_SUFFIX, Recorder
from attune.session.transcript import evidence_record
from attune.timeline import SLOT_NS
from attune.vision.face import Box
from attune.vision.frame import EncodedFrame, Encoding
from tests.programs import printed_by
from tests.session.recordings import (
    a_frame,
    a_header,
    a_jpeg,
    a_session,
    settings_for,
    some_evidence,
    topics,
    write,
)


def test_a_chunk_reaches_the_disk_before_the_file_is_closed(tmp_path: Path) -> None:
    container = Container(tmp_path / "s.mcap")
    container.write_header(a_header())
    before = (tmp_path / "s.mcap").stat().st_size
    container.write("/evidence", 1, 0, evidence_record(1, some_evidence(0)))
    assert (tmp_path / "s.mcap").stat().st_size == before
    container.sync()
    assert [len(step.closed) for step in read_steps(tmp_path / "s.mcap")] == [1]
    container.finish()


def test_a_writer_without_the_public_call_is_flushed_too(tmp_path: Path) -> None:
    class Older(Writer):
        flush = None

    with (tmp_path / "s.mcap").open("wb") as file:
        writer = Older(file)
        writer.start()
        channel = writer.register_channel("/t", "json", 0)
        writer.add_message(channel, 1, b"{}", 1)
        empty = (tmp_path / "s.mcap").stat().st_size
        close_chunk(writer, file)
        assert (tmp_path / "s.mcap").stat().st_size > empty
        writer.finish()
    assert topics(tmp_path / "s.mcap") == {"/t": 1}


def test_the_disk_falling_below_its_floor_is_a_failure_not_an_exception(tmp_path: Path) -> None:
    recorder = Recorder.open(
        tmp_path / "s.mcap", a_header(), settings_for(free_space_floor_mb=10**9)
    )
    assert recorder.failure is not None
    assert "floor" in recorder.failure
    recorder.input(1, Tick(0))
    recorder.close()
    assert list(tmp_path.iterdir()) == []
    assert not recorder.stored


def test_what_its_writer_could_not_finish_in_time_is_stored_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    recorder = Recorder.open(path, a_header(), settings_for())
    large = EncodedFrame(Encoding.JPEG, a_jpeg(90, 4000, 4000), 4000, 4000)
    recorder.frame(1, a_frame(1, 1, frame=large), bystanders=[Box(0, 0, 50, 50)])
    recorder.close(timeout_s=0.0)
    unfinished = not path.exists()
    said = recorder.stored
    recorder.close()
    assert unfinished
    assert said
    assert recorder.stored


def test_a_folder_that_cannot_be_made_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    recorder = Recorder.open(tmp_path / "file" / "s.mcap", a_header(), settings_for())
    assert recorder.failure is not None
    recorder.close()


def test_a_disk_that_is_full_from_the_start_leaves_no_file(tmp_path: Path) -> None:
    script = f"""
import resource, signal, sys
from pathlib import Path
sys.path[:0] = {sys.path!r}
from attune.session.recording import Recorder
from tests.session.recordings import a_header, settings_for
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
recorder = Recorder.open(Path({str(tmp_path / "s.mcap")!r}), a_header(), settings_for())
print(recorder.failure)
recorder.close()
"""
    assert "File too large" in printed_by(script)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_recording_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(1))
    content = path.read_bytes()
    recorder = write(path, a_session(2))
    assert recorder.failure is not None
    assert "already there" in recorder.failure
    assert path.read_bytes() == content


def test_a_full_disk_ends_the_recording_with_everything_before_it(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    script = f"""
import resource, signal, sys, time
from pathlib import Path
sys.path[:0] = {sys.path!r}
from attune.session.recording import Recorder
from tests.session.recordings import a_frame, a_header, settings_for
import cv2
import numpy as np
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
recorder = Recorder.open(Path({str(path)!r}), a_header(), settings_for(sync_interval_s=0.02))
noise = np.random.default_rng(0)
order = 0
while recorder.failure is None and order < 2000:
    order += 1
    pixels = noise.integers(0, 255, (48, 64, 3), np.uint8)
    jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 100])[1].tobytes()
    recorder.frame(order, a_frame(order * 10**7, order, jpeg))
    time.sleep(0.002)
print(recorder.failure)
recorder.close()
"""
    assert "File too large" in printed_by(script)
    assert path.stat().st_size <= 300_000
    found = read_recording(path)
    assert found.closed
    assert found.damage == ()
    assert 10 < found.pictures < 60
    with path.open("rb") as file:
        assert sum(1 for _ in make_reader(file).iter_messages()) >= 2 * found.pictures


def test_a_killed_writer_leaves_what_was_synced(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    script = f"""
import os, sys, time
from pathlib import Path
sys.path[:0] = {sys.path!r}
from attune.session.recording import Recorder
from tests.session.recordings import a_header, a_session, settings_for
recorder = Recorder.open(Path({str(path)!r}), a_header(), settings_for(sync_interval_s=0.02))
for order, (given, outputs) in enumerate(a_session(5), 1):
    recorder.input(order, given)
    recorder.outputs(order, outputs)
part = Path({str(path) + PART_SUFFIX!r})
size = 0
while part.stat().st_size == size or part.stat().st_size < 8_000:
    size = part.stat().st_size
    time.sleep(0.05)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    assert done.returncode == -9
    found = read_recording(path.with_name(path.name + PART_SUFFIX))
    assert not found.closed
    assert len(found.states) == 5


def test_a_slow_disk_costs_the_recording_not_the_caller(tmp_path: Path) -> None:
    recorder = Recorder.open(tmp_path / "s.mcap", a_header(), settings_for(queue_length=16))
    large = EncodedFrame(Encoding.JPEG, a_jpeg(90, 4000, 4000), 4000, 4000)
    recorder.frame(1, a_frame(1, 1, frame=large), bystanders=[Box(0, 0, 50, 50)])
    began = time.monotonic()
    for order in range(2, 200):
        recorder.input(order, Tick(order * SLOT_NS))
    assert time.monotonic() - began < 1.0
    assert recorder.failure is not None
    assert "too slow" in recorder.failure
    recorder.close()
    assert read_recording(tmp_path / "s.mcap").closed


def test_frames_give_way_before_anything_else(tmp_path: Path) -> None:
    recorder = Recorder.open(tmp_path / "s.mcap", a_header(), settings_for(queue_length=64))
    large = EncodedFrame(Encoding.JPEG, a_jpeg(90, 4000, 4000), 4000, 4000)
    recorder.frame(1, a_frame(1, 1, frame=large), bystanders=[Box(0, 0, 50, 50)])
    for order in range(2, 102):
        recorder.frame(order, a_frame(order, order))
    recorder.input(102, Tick(SLOT_NS))
    recorder.close()
    assert recorder.failure is None
    assert recorder.frames_lost > 0
    assert [step.given for step in read_steps(tmp_path / "s.mcap")][-1] == Tick(SLOT_NS)


def test_a_file_that_cannot_get_its_name_stays_where_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    recorder = Recorder.open(path, a_header(), settings_for())
    recorder.input(1, Tick(SLOT_NS))
    (path / "in the way").mkdir(parents=True)

    recorder.close()

    assert recorder.failure is not None
    part = path.with_name(path.name + PART_SUFFIX)
    assert read_recording(part).closed
    assert [step.given for step in read_steps(part)] == [Tick(SLOT_NS)]


def test_a_finished_file_is_not_closed_twice(tmp_path: Path) -> None:
    container = Container(tmp_path / "s.mcap")
    container.write_header(a_header())
    container.finish()
    with (tmp_path / "other").open("wb") as other:  # takes the number of the closed file
        assert not container.abandon()

        other.write(b"still open")
    assert (tmp_path / "other").read_bytes() == b"still open"
