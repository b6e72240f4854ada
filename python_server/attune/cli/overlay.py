"""`attune overlay`: puts a painted headset on the faces of a camera, a video or pictures."""

import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from rich.console import Console
from rich.progress import track

from attune.errors import InputError
from attune.vision.capture import CameraStream, Pacing
from attune.vision.frame import Image
from attune.vision.overlay_live import LiveOverlay
from attune.vision.overlay_shapes import Family, Headset, draw_headset

_console = Console(markup=False)
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
WAIT_S = 5.0
RATE_FRAMES = 12


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
    families = (shape,) if shape is not None else tuple(Family)
    headset = draw_headset(np.random.default_rng(seed), families)
    out.mkdir(parents=True, exist_ok=True)
    if images is not None:
        found, total, where = _pictures(images, headset, out)
    else:
        found, total, where = _film(_frames(camera, video, seconds), headset, out / "overlay.mp4")
    _console.print(f"{headset.family} on {found} of {total} images, written to {where}")


def _frames(camera: str | None, video: Path | None, seconds: float) -> Iterator[tuple[Image, int]]:
    """Images with capture times: a whole file as it is read, or some seconds of a camera."""
    source, pacing = (camera, Pacing.REAL_TIME) if video is None else (str(video), Pacing.AS_READ)
    assert source is not None
    with CameraStream(source, time.monotonic_ns, pacing=pacing) as stream:
        began: int | None = None
        while (frame := stream.read(WAIT_S)) is not None:
            began = frame.capture_time_ns if began is None else began
            if video is None and frame.capture_time_ns - began > seconds * 1e9:
                return
            yield frame.image, frame.capture_time_ns


def _film(
    frames: Iterator[tuple[Image, int]], headset: Headset, path: Path
) -> tuple[int, int, Path]:
    """Paint a sequence into an MP4 at the rate of its start; return faces found, images, path."""
    painter = LiveOverlay(headset)
    start = list(islice(frames, RATE_FRAMES))
    if not start:
        raise InputError("overlay.empty", "expected at least one image, the source gave none")
    (first, began), (_, ended) = start[0], start[-1]
    rate = (len(start) - 1) * 1e9 / (ended - began) if ended > began else 25.0
    codec = cv2.VideoWriter.fourcc(*"mp4v")
    writer = cv2.VideoWriter(str(path), codec, rate, (first.width, first.height))
    if not writer.isOpened():
        raise InputError("overlay.write", f"cannot write a video to {path}")
    found = total = 0
    try:
        for image, time_ns in track(chain(start, frames), "painting", console=_console):
            painted = painter.wear(image, time_ns)
            writer.write(cv2.cvtColor((painted or image).rgb, cv2.COLOR_RGB2BGR))
            found, total = found + (painted is not None), total + 1
    finally:
        writer.release()
        painter.close()
    return found, total, path


def _pictures(folder: Path, headset: Headset, out: Path) -> tuple[int, int, Path]:
    """Paint every picture of a folder on its own; return faces found, pictures, folder."""
    paths = sorted(p for p in folder.glob("*") if p.suffix.lower() in PICTURES)
    if not paths:
        raise InputError("overlay.empty", f"expected pictures ({', '.join(PICTURES)}) in {folder}")
    if out.resolve() == folder.resolve():
        raise InputError("overlay.out", f"expected --out beside {folder}, whose pictures stay")
    alike = Counter(path.stem for path in paths)
    found = 0
    for path in track(paths, "painting", console=_console):
        pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if pixels is None:
            raise InputError("overlay.picture", f"{path} cannot be read as a picture")
        image = Image(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8))
        painter = LiveOverlay(headset)
        painted = painter.wear(image, 0)
        painter.close()
        if painted is not None:
            found += 1
            bgr = cv2.cvtColor(painted.rgb, cv2.COLOR_RGB2BGR)
            target = out / f"{path.stem if alike[path.stem] == 1 else path.name}.png"
            if not cv2.imwrite(str(target), bgr):
                raise InputError("overlay.write", f"cannot write a picture to {target}")
    return found, len(paths), out
