"""Streams a camera or a video file into a session as JPEG frames, in real time."""

import asyncio
from time import monotonic_ns

import cv2
import numpy as np

from attune.client.session import ClientSession
from attune.errors import CameraError
from attune.vision.capture import CameraStream
from attune.vision.frame import Image

MAX_SIDE_PX = 640
JPEG_QUALITY = 85
FRAME_TIMEOUT_S = 5.0


class VideoFeed:
    """Offers every frame of `source` (device index, address or file) to the session; a file starts
    again when it ends, with times that go on rising."""

    def __init__(self, session: ClientSession, source: str) -> None:
        self._session = session
        self._source = source
        self.first_capture_ns: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        """Capture time of the first frame, on the client's clock."""
        self.offered = 0
        """Frames offered so far."""

    async def run(self) -> None:
        """Streams until it is cancelled; raises `CameraError` when the source is lost."""
        with CameraStream(self._source, monotonic_ns, loop=True) as camera:
            while True:
                jpeg, size, capture_ns = await asyncio.to_thread(_next_jpeg, camera)
                self._session.send_frame(
                    jpeg, width_px=size[0], height_px=size[1], capture_time_ns=capture_ns
                )
                self.offered += 1
                if not self.first_capture_ns.done():
                    self.first_capture_ns.set_result(capture_ns)


def _next_jpeg(camera: CameraStream) -> tuple[bytes, tuple[int, int], int]:
    frame = camera.read(FRAME_TIMEOUT_S)
    if frame is None:
        raise CameraError(f"{camera.name} delivered no frame; expected a video with frames in it")
    jpeg, size = encode_jpeg(frame.image)
    return jpeg, size, frame.capture_time_ns


def encode_jpeg(image: Image) -> tuple[bytes, tuple[int, int]]:
    """The image as JPEG, its longer side at most 640 pixels, and its size (width, height)."""
    bgr = cv2.cvtColor(image.rgb, cv2.COLOR_RGB2BGR)
    scale = MAX_SIDE_PX / max(image.width, image.height)
    if scale < 1:
        bgr = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    done, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise CameraError(f"a frame of {image.width}×{image.height} could not be encoded as JPEG")
    return np.asarray(jpeg).tobytes(), (bgr.shape[1], bgr.shape[0])
