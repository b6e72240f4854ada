"""The latest frame not yet read, from files and from what is not there."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from attune.errors import CameraError
from attune.vision.capture import CameraStream, Pacing

COUNT = 20


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Twenty frames at 25 a second, each brighter than the one before."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (64, 48))
    for k in range(COUNT):
        writer.write(np.full((48, 64, 3), 10 * k, np.uint8))
    writer.release()
    return path


class Clock:
    """Advances by a fixed step at every look."""

    def __init__(self, step_ns: int) -> None:
        self.now_ns, self.step_ns = 0, step_ns

    def __call__(self) -> int:
        self.now_ns += self.step_ns
        return self.now_ns


def test_a_file_played_as_read_gives_every_frame_once_with_the_files_times(clip: Path) -> None:
    with CameraStream(str(clip), Clock(0), pacing=Pacing.AS_READ) as stream:
        got = []
        while (frame := stream.read(5.0)) is not None:
            got.append(frame)
    assert [frame.sequence for frame in got] == list(range(COUNT))
    assert [frame.capture_time_ns for frame in got] == [k * 40_000_000 for k in range(COUNT)]
    levels = [float(frame.image.rgb.mean()) for frame in got]
    assert levels == sorted(levels)
    assert got[0].image.rgb.shape == (48, 64, 3)


def test_a_slow_reader_gets_the_latest_frame_and_sees_the_gap(clip: Path) -> None:
    with CameraStream(str(clip), Clock(10**9)) as stream:
        stream._thread.join(5.0)
        frame = stream.read(5.0)
        assert frame is not None
        assert frame.sequence == COUNT - 1
        assert stream.read(5.0) is None


@pytest.mark.parametrize("source", ["\udce9.mp4", "\N{SUPERSCRIPT TWO}", "9" * 30])
def test_a_name_that_opencv_cannot_take_is_a_camera_error(source: str) -> None:
    with pytest.raises(CameraError, match="cannot open"):
        CameraStream(source, Clock(0))


def test_a_looped_file_starts_again_and_says_so(clip: Path) -> None:
    with CameraStream(str(clip), Clock(0), pacing=Pacing.AS_READ, loop=True) as stream:
        got = [stream.read(5.0) for _ in range(2 * COUNT + 1)]
    assert all(frame is not None for frame in got)
    restarts = [k for k, frame in enumerate(got) if frame is not None and frame.restarted]
    assert restarts == [COUNT, 2 * COUNT]
    times = [frame.capture_time_ns for frame in got if frame is not None]
    assert times == sorted(set(times))


def test_what_cannot_be_opened_is_named_with_what_was_expected(tmp_path: Path) -> None:
    for source in (str(tmp_path / "nothing.mp4"), "63"):
        with pytest.raises(CameraError, match="device index") as caught:
            CameraStream(source, Clock(1))
        assert source in str(caught.value)


def test_what_cannot_be_opened_is_named_without_its_password() -> None:
    with pytest.raises(
        CameraError, match=r"cannot open camera http://…@127\.0\.0\.1:9/door…;"
    ) as no:
        CameraStream("http://guard:s3cret@127.0.0.1:9/door?key=s3cret", Clock(1))
    assert "s3cret" not in str(no.value)


def test_what_cannot_be_opened_is_an_error_and_no_chatter_between_log_lines(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(CameraError, match="97"):
        CameraStream("97", Clock(1))

    assert capfd.readouterr().err == ""


def test_a_stream_that_dies_is_opened_again_and_the_reader_is_told(
    clip: Path, tmp_path: Path
) -> None:
    """A URL that ends and then cannot be opened again: read times out with a camera error."""
    gone = tmp_path / "gone.avi"
    gone.write_bytes(clip.read_bytes())
    with CameraStream(f"file://{gone}", Clock(1)) as stream:
        gone.unlink()
        with pytest.raises(CameraError, match="opened again"):
            _read_until_silent(stream)


def _read_until_silent(stream: CameraStream) -> None:
    while True:
        stream.read(0.2)


def test_closing_ends_the_thread_even_while_a_frame_waits(clip: Path) -> None:
    stream = CameraStream(str(clip), Clock(0), pacing=Pacing.AS_READ)
    stream.close()
    assert not stream._thread.is_alive()
