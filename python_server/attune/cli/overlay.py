"""`attune overlay`: puts a painted headset on the faces of a camera, a video or pictures."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from attune.errors import InputError
from attune.timeline import NS_PER_S
from attune.vision.capture import CameraStream, Pacing
from attune.vision.frame import Image
from attune.vision.overlay_live import LiveOverlay
from attune.vision.overlay_shapes import Family, Headset, draw_headset

_console = Console(markup=False)
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
WAIT_S = 5.0
RATE_FRAMES = 12
_USUAL_RATE_HZ, _EXACT_RATE_HZ, _MOST_RATE_HZ = 25.0, 60.0, 240.0


def overlay(
    *,
    camera: Annotated[str | None, typer.Option(help="Device index or stream address.")] = None,
    video: Annotated[Path | None, typer.Option(help="A video file.")] = None,
    images: Annotated[Path | None, typer.Option(help="A folder of pictures.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for what is painted.")] = Path("overlay-out"),
    shape: Annotated[Family | None, typer.Option(help="Outline family; any without.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Draws size, tone, gloss, wear and straps.")] = 1,
    seconds: Annotated[float, typer.Option(help="How long to read a camera.")] = 10.0,
) -> None:
    """Paints a headset onto the largest face and writes the result: video as MP4, pictures as PNG.

    A painted headset is a stand-in for trying things out, not a measurement of a real one.
    """
    if sum(source is not None for source in (camera, video, images)) != 1:
        raise typer.BadParameter("give one of --camera, --video and --images")
    if not seconds > 0:
        raise typer.BadParameter("--seconds must be above 0")
    families = (shape,) if shape is not None else tuple(Family)
    headset = draw_headset(np.random.default_rng(seed), families)
    out.mkdir(parents=True, exist_ok=True)
    if images is not None:
        found, total, where = _pictures(images, headset, out)
    else:
        path = out / "overlay.mp4"
        found, total, where = _film(_frames(camera, video, seconds, path), headset, path)
    _console.print(f"{headset.family} on {found} of {total} images, written to {where}")


def _frames(
    camera: str | None, video: Path | None, seconds: float, into: Path
) -> Iterator[tuple[Image, int]]:
    """Images with capture times: a whole file as it is read, or some seconds of a camera.

    Raises InputError where `into`, the film that will be written, is the source itself.
    """
    # A name of digits alone would be a device.
    source = camera if video is None else str(video.absolute())
    assert source is not None
    if os.path.exists(source) and into.exists() and into.samefile(source):
        raise InputError("overlay.out", f"expected --out in another folder: {into} is the source")
    pacing = Pacing.REAL_TIME if video is None else Pacing.AS_READ
    with CameraStream(source, time.monotonic_ns, pacing=pacing) as stream:
        began: int | None = None
        while (frame := stream.read(WAIT_S)) is not None:
            began = frame.capture_time_ns if began is None else began
            if video is None and frame.capture_time_ns - began > seconds * NS_PER_S:
                return
            yield frame.image, frame.capture_time_ns


def _film(
    frames: Iterator[tuple[Image, int]], headset: Headset, path: Path
) -> tuple[int, int, Path]:
    """Paint a sequence into an MP4 at the rate of its start; return faces found, images, path.

    An image lasts in the film until the next was captured, also where a camera or painting slows.
    """
    start = list(islice(frames, RATE_FRAMES))
    if not start:
        raise InputError("overlay.empty", "expected at least one image, the source gave none")
    first, began = start[0]
    rate = _rate([time_ns for _, time_ns in start])
    codec = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), codec, rate, (first.width, first.height))
    if not writer.isOpened():
        raise InputError("overlay.write", f"cannot write a video to {path}")
    painter = LiveOverlay(headset)
    found = total = written = 0
    shown = first.rgb
    try:
        for image, time_ns in track(chain(start, frames), "painting", console=_console):
            due = round((time_ns - began) * rate / NS_PER_S)
            for _ in range(written, due):
                writer.write(shown)
            written = max(written, due)
            painted = painter.wear(image, time_ns)
            shown = _bgr(painted or image)
            found, total = found + (painted is not None), total + 1
        writer.write(shown)
    finally:
        writer.release()
        painter.close()
    _check_length(path, written + 1)
    return found, total, path


def _rate(times_ns: list[int]) -> float:
    """Images a second of a film: by the usual gap, whole where MPEG-4 cannot count thousandths."""
    gaps = np.diff(times_ns)
    usual_ns = float(np.median(gaps)) if len(gaps) else 0.0
    rate = NS_PER_S / usual_ns if usual_ns > 0 else _USUAL_RATE_HZ
    return rate if rate <= _EXACT_RATE_HZ else float(min(round(rate), _MOST_RATE_HZ))


def _check_length(path: Path, expected: int) -> None:
    """Raise InputError where a film lacks images: its writer keeps silent about those it lost."""
    film = cv2.VideoCapture(str(path))
    there = int(film.get(cv2.CAP_PROP_FRAME_COUNT)) if film.isOpened() else 0
    film.release()
    if there != expected:
        raise InputError(
            "overlay.write",
            f"only {there} of {expected} images could be written to {path}; the disk is full, or "
            "the source changed the size of its images",
        )


def _pictures(folder: Path, headset: Headset, out: Path) -> tuple[int, int, Path]:
    """Paint every picture of a folder on its own; return faces found, pictures, folder."""
    paths = sorted(
        path
        for path in folder.glob("*")
        if path.suffix.lower() in PICTURES and path.is_file() and not path.name.startswith(".")
    )
    if not paths:
        raise InputError("overlay.empty", f"expected pictures ({', '.join(PICTURES)}) in {folder}")
    if out.resolve() == folder.resolve():
        raise InputError("overlay.out", f"expected --out beside {folder}, whose pictures stay")
    taken = Counter(chain.from_iterable((path.stem, path.name) for path in paths))
    found = 0
    for path in track(paths, "painting", console=_console):
        painter = LiveOverlay(headset)
        painted = painter.wear(_read(path), 0)
        painter.close()
        if painted is not None:
            found += 1
            _write(painted, out / f"{path.stem if taken[path.stem] == 1 else path.name}.png")
    return found, len(paths), out


def _read(path: Path) -> Image:
    """Return a picture. OpenCV gets its bytes: it crashes at names that are not UTF-8."""
    try:
        pixels = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    except cv2.error as error:
        raise InputError(
            "overlay.picture", f"{path} cannot be read as a picture: {error.err}"
        ) from error
    if pixels is None:
        raise InputError("overlay.picture", f"{path} cannot be read as a picture")
    return Image(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8))


def _write(image: Image, path: Path) -> None:
    try:
        path.write_bytes(cv2.imencode(".png", _bgr(image))[1].tobytes())
    except OSError as error:
        raise InputError(
            "overlay.write", f"cannot write a picture to {path}: {error.strerror}"
        ) from error


def _bgr(image: Image) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(image.rgb, cv2.COLOR_RGB2BGR), np.uint8)
