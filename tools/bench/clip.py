"""The clip that everything is measured on, as 640×480 JPEG frames."""

from pathlib import Path

import cv2

from attune.config import resource_root
from attune.errors import CameraError

WIDTH_PX, HEIGHT_PX = 640, 480
JPEG_QUALITY = 85


def bundled_clip() -> Path:
    """The simulated visitor that ships with the examples."""
    clips = sorted((resource_root() / "examples/visitors").glob("*.mp4"))
    if not clips:
        raise CameraError("no clip in examples/visitors; name one with --video FILE")
    return clips[0]


def jpeg_frames(video: Path, count: int) -> list[bytes]:
    """The first `count` frames, cut to 4:3 around the middle and scaled; a shorter clip starts
    again."""
    capture = cv2.VideoCapture(str(video))
    frames: list[bytes] = []
    while len(frames) < count:
        there, bgr = capture.read()
        if not there:
            break
        frames.append(_jpeg(bgr))
    capture.release()
    if not frames:
        raise CameraError(f"{video} holds no frame that can be read")
    return [frames[index % len(frames)] for index in range(count)]


def _jpeg(bgr: cv2.typing.MatLike) -> bytes:
    height, width = bgr.shape[:2]
    wide = min(width, height * WIDTH_PX // HEIGHT_PX)
    tall = min(height, width * HEIGHT_PX // WIDTH_PX)
    left, top = (width - wide) // 2, (height - tall) // 2
    cut = cv2.resize(bgr[top : top + tall, left : left + wide], (WIDTH_PX, HEIGHT_PX))
    return cv2.imencode(".jpg", cut, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()
