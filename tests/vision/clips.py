"""Frames of a clip as upright RGB images."""

from collections.abc import Iterator
from pathlib import Path

import cv2

from attune.vision.frame import Image


def frames(path: Path, every: int = 1) -> Iterator[Image]:
    """Yield each `every`-th frame of a video."""
    capture = cv2.VideoCapture(str(path))
    index = 0
    while True:
        ok, bgr = capture.read()
        if not ok:
            break
        if index % every == 0:
            yield Image(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
        index += 1
    capture.release()
    assert index, f"no frame could be read from {path}"
