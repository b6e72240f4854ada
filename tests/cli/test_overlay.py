"""`attune overlay` keeps what it reads, says what it could not write, and plays at true speed."""

import os
import resource
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from attune.cli.main import app
from attune.cli.overlay import _film
from attune.errors import InputError
from attune.vision.frame import Image
from attune.vision.overlay_shapes import draw_headset

runner = CliRunner()
MS = 1_000_000
HEADSET = draw_headset(np.random.default_rng(1))
GRAY = Image(np.full((60, 80, 3), 90, np.uint8))


@pytest.fixture
def face(repository: Path) -> np.ndarray:
    """A simulated visitor."""
    film = cv2.VideoCapture(str(repository / "examples" / "visitors" / "3-resonant-bare.mp4"))
    there, picture = film.read()
    film.release()
    assert there
    return picture


def play(path: Path) -> tuple[float, int]:
    """Rate and number of the images of a film."""
    film = cv2.VideoCapture(str(path))
    count = 0
    while film.read()[0]:
        count += 1
    return film.get(cv2.CAP_PROP_FPS), count


def film_of(path: Path, count: int, size: int = 64) -> bytes:
    """Write a film without a face and return its bytes."""
    noise = np.random.default_rng(0)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 25, (size, size))
    for _ in range(count):
        writer.write(noise.integers(0, 256, (size, size, 3)).astype(np.uint8))
    writer.release()
    return path.read_bytes()


def painted(folder: Path, out: Path) -> set[str]:
    done = runner.invoke(app, ["overlay", "--images", str(folder), "--out", str(out)])
    assert done.exit_code == 0, done.output
    return {path.name for path in out.iterdir()}


def test_a_source_that_slows_down_plays_as_long_as_it_lasted(tmp_path: Path) -> None:
    """Twelve images at 30 a second, then fifty at ten: 5.4 seconds."""
    times = [33 * k * MS for k in range(12)] + [(363 + 100 * k) * MS for k in range(1, 51)]

    found, total, path = _film(((GRAY, t) for t in times), HEADSET, tmp_path / "film.mp4")

    rate, count = play(path)
    assert (found, total) == (0, 62)
    assert count / rate == pytest.approx(5.363, abs=0.1)


def test_evenly_taken_images_are_each_shown_once(tmp_path: Path) -> None:
    times = [100 * MS + 40 * k * MS for k in range(30)]
    _, _, path = _film(((GRAY, t) for t in times), HEADSET, tmp_path / "film.mp4")
    assert play(path) == (25.0, 30)


def test_a_rate_that_mpeg_4_cannot_count_is_rounded(tmp_path: Path) -> None:
    times = [round(k * 1e9 / 239.9813) for k in range(24)]
    _, _, path = _film(((GRAY, t) for t in times), HEADSET, tmp_path / "film.mp4")
    assert play(path) == (240.0, 24)


def test_a_film_is_never_written_over_its_source(tmp_path: Path) -> None:
    source = tmp_path / "overlay.mp4"
    before = film_of(source, 20)

    for option in ("--video", "--camera"):
        refused = runner.invoke(app, ["overlay", option, str(source), "--out", str(tmp_path)])
        assert refused.exit_code == 1
        assert "expected --out in another folder" in " ".join(refused.output.split())

    assert source.read_bytes() == before


def test_images_that_the_film_lost_are_not_counted_as_written(tmp_path: Path) -> None:
    wide = Image(np.full((60, 160, 3), 90, np.uint8))
    frames = [(GRAY, 0), (GRAY, 40 * MS), (wide, 80 * MS), (GRAY, 120 * MS)]
    with pytest.raises(InputError, match="only 3 of 4 images"):
        _film(iter(frames), HEADSET, tmp_path / "film.mp4")


def test_a_film_that_the_disk_cannot_hold_is_no_success(tmp_path: Path) -> None:
    film_of(tmp_path / "long.mp4", 60, 160)

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = [sys.executable, "-m", "attune", "overlay", "--video", "long.mp4", "--out", "out"]
    done = subprocess.run(
        command, cwd=tmp_path, preexec_fn=small_files, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "of 60 images could be written" in done.stderr


def test_a_video_called_by_a_number_is_no_device(tmp_path: Path) -> None:
    refused = runner.invoke(
        app, ["overlay", "--video", "0", "--out", str(tmp_path)], env={"COLUMNS": "400"}
    )
    assert refused.exit_code == 1
    assert f"cannot open camera {Path('0').absolute()};" in refused.output


@pytest.mark.parametrize("seconds", ["0", "-3", "nan"])
def test_no_time_at_all_is_refused(seconds: str) -> None:
    assert runner.invoke(app, ["overlay", "--camera", "0", "--seconds", seconds]).exit_code == 2


def test_no_picture_is_painted_over_another_s(tmp_path: Path, face: np.ndarray) -> None:
    for name in ("a.jpg", "a.png", "a.jpg.webp", "b.png"):
        cv2.imwrite(str(tmp_path / name), face)
    assert painted(tmp_path, tmp_path / "out") == {
        "a.jpg.png",
        "a.png.png",
        "a.jpg.webp.png",
        "b.png",
    }


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux alone")
def test_a_picture_whose_name_is_not_utf_8_is_painted(tmp_path: Path, face: np.ndarray) -> None:
    cv2.imwrite(str(tmp_path / "face.png"), face)
    (tmp_path / "face.png").rename(tmp_path / os.fsdecode(b"caf\xe9.png"))
    assert painted(tmp_path, tmp_path / "out") == {os.fsdecode(b"caf\xe9.png")}


def test_folders_and_hidden_files_are_no_pictures(tmp_path: Path, face: np.ndarray) -> None:
    (tmp_path / "album.png").mkdir()
    (tmp_path / "._face.png").write_bytes(b"a note of another system")
    cv2.imwrite(str(tmp_path / "face.png"), face)
    assert painted(tmp_path, tmp_path / "out") == {"face.png"}


def _bomb() -> bytes:
    """A PNG that says it is 65000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", 65000, 65000, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body


@pytest.mark.parametrize("content", [b"", b"no picture", _bomb()], ids=["empty", "text", "bomb"])
def test_what_is_no_picture_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.png").write_bytes(content)
    refused = runner.invoke(
        app, ["overlay", "--images", str(tmp_path), "--out", str(tmp_path / "out")]
    )
    assert refused.exit_code == 1
    assert isinstance(refused.exception, SystemExit)
    assert "x.png cannot be read as a picture" in refused.output


def test_gray_deep_and_transparent_pictures_are_painted_alike(
    tmp_path: Path, face: np.ndarray
) -> None:
    gray = cv2.cvtColor(face, cv2.COLOR_BGR2GRAY)
    cv2.imwrite(str(tmp_path / "gray.png"), gray)
    cv2.imwrite(str(tmp_path / "deep.png"), gray.astype(np.uint16) * 257)
    cv2.imwrite(str(tmp_path / "clear.png"), np.dstack([gray] * 3 + [np.full_like(gray, 3)]))
    painted(tmp_path, tmp_path / "out")
    first, *others = (cv2.imread(str(path)) for path in sorted((tmp_path / "out").iterdir()))
    assert first is not None
    assert len(others) == 2
    for other in others:
        np.testing.assert_array_equal(first, other)
