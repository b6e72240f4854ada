"""Opens a camera, stream or file and hands out the latest frame not yet read.

Reading runs in a thread of its own, so a slow analysis never works through a backlog. A device or
URL that stops is opened again, first after half a second, then ever less often; a file ends.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from types import TracebackType

import cv2
import numpy as np

from attune.addresses import without_secrets
from attune.errors import CameraError
from attune.timeline import NS_PER_S, seconds
from attune.vision.frame import Image

cv2.setLogLevel(0)  # what cannot be opened is a CameraError, also in logs that are JSON

FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 10.0


class Pacing(Enum):
    """How fast a file plays; devices and streams set their own pace."""

    REAL_TIME = auto()
    AS_READ = auto()


@dataclass(frozen=True, slots=True)
class CapturedFrame:
    """A frame with its number and its time.

    `sequence` counts frames as the camera delivered them, so a gap is a frame that nobody read.
    `capture_time_ns` is the clock's time of arrival; for a file that plays as it is read, the time
    in the file. `restarted` is true for the first frame after a reconnection or a new loop.
    """

    image: Image
    sequence: int
    capture_time_ns: int
    restarted: bool


class CameraStream:
    """The frames of one source, in the order of capture, the latest only.

    `source` is a device index (``"0"``), an RTSP or HTTP URL, or a file path; `clock_ns` the time
    to stamp frames with. Use as a context manager. A file with `Pacing.AS_READ` waits for its
    reader, so every frame is delivered. Raises `CameraError` where the source cannot be opened;
    errors call the source by its `name`, which holds no password.
    """

    def __init__(
        self,
        source: str,
        clock_ns: Callable[[], int],
        *,
        pacing: Pacing = Pacing.REAL_TIME,
        loop: bool = False,
        rate_hz: float | None = None,
    ) -> None:
        self.name = without_secrets(source)
        self._source = source
        self._clock_ns = clock_ns
        self._loop = loop
        self._is_file = not source.isdecimal() and "://" not in source
        self._waits = self._is_file and pacing is Pacing.AS_READ
        self._capture = self._open()
        self._interval_ns = self._frame_interval_ns(rate_hz)
        self._lock = threading.Condition()
        self._latest: CapturedFrame | None = None
        self._stop = threading.Event()
        self._ended = False
        self._error: CameraError | None = None
        self._thread = threading.Thread(target=self._run, name=f"camera {self.name}", daemon=True)
        self._thread.start()

    def read(self, timeout_s: float) -> CapturedFrame | None:
        """Return the latest frame not yet read, waiting for one; None when a file has ended.

        Raises `CameraError` when none came within `timeout_s`, or the source was lost for good.
        """
        with self._lock:
            arrived = self._lock.wait_for(
                lambda: self._latest is not None or self._ended or self._error is not None,
                timeout_s,
            )
            frame, self._latest = self._latest, None
            self._lock.notify_all()
        if frame is not None:
            return frame
        if self._error is not None:
            raise self._error
        if not arrived:
            raise CameraError(
                f"no frame came from {self.name} within {timeout_s:g} s; "
                "check its cable or address (it is being opened again meanwhile)"
            )
        return None

    def close(self) -> None:
        """Stop reading and free the source."""
        self._stop.set()
        with self._lock:
            self._lock.notify_all()
        self._thread.join(timeout=5.0)

    def __enter__(self) -> "CameraStream":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self) -> cv2.VideoCapture:
        try:
            self._source.encode()  # OpenCV crashes at what is not UTF-8
            target: int | str = int(self._source) if self._source.isdecimal() else self._source
            capture = cv2.VideoCapture(target)
        except UnicodeEncodeError as error:
            raise CameraError(f"cannot open {self.name!a}: its name is not UTF-8") from error
        except cv2.error as error:
            raise CameraError(f"cannot open camera {self.name}: {error}") from error
        if not capture.isOpened():
            capture.release()
            raise CameraError(
                f"cannot open camera {self.name}; expected a device index such as 0, an rtsp:// "
                "or http:// address, or a video file, present and not in use elsewhere"
            )
        if not self._is_file:
            capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return capture

    def _frame_interval_ns(self, rate_hz: float | None) -> int:
        rate = rate_hz or self._capture.get(cv2.CAP_PROP_FPS)
        return round(NS_PER_S / rate) if 1 <= rate <= 1000 else NS_PER_S // 30

    def _run(self) -> None:
        try:
            self._deliver_all()
        except CameraError as error:
            self._fail(error)
        except cv2.error as error:
            failure = CameraError(f"reading from {self.name} failed: {error}")
            failure.__cause__ = error
            self._fail(failure)
        finally:
            self._capture.release()
            with self._lock:
                self._ended = True
                self._lock.notify_all()

    def _fail(self, error: CameraError) -> None:
        with self._lock:
            self._error = error

    def _deliver_all(self) -> None:
        sequence = in_run = 0
        start_ns = self._clock_ns()
        while not self._stop.is_set():
            ok, bgr = self._capture.read()
            if not ok:
                if self._is_file and not (self._loop and in_run):
                    return
                if not self._reopened():
                    return
                in_run, start_ns = 0, start_ns + in_run * self._interval_ns
                continue
            rgb = np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)
            due_ns = start_ns + in_run * self._interval_ns
            if self._is_file and not self._waits and not self._wait_until(due_ns):
                return
            time_ns = due_ns if self._waits else self._clock_ns()
            restarted = in_run == 0 and sequence > 0
            if not self._hand_over(CapturedFrame(Image(rgb), sequence, time_ns, restarted)):
                return
            sequence, in_run = sequence + 1, in_run + 1

    def _hand_over(self, frame: CapturedFrame) -> bool:
        with self._lock:
            if self._waits:
                self._lock.wait_for(lambda: self._latest is None or self._stop.is_set())
            self._latest = frame
            self._lock.notify_all()
        return not self._stop.is_set()

    def _wait_until(self, due_ns: int) -> bool:
        return not self._stop.wait(max(0.0, seconds(due_ns - self._clock_ns())))

    def _reopened(self) -> bool:
        """Open the source again; a file at once, anything else with growing pauses."""
        self._capture.release()
        if self._is_file:
            self._capture = self._open()
            return True
        pause_s = FIRST_RETRY_S
        while not self._stop.wait(pause_s):
            try:
                self._capture = self._open()
            except CameraError:
                pause_s = min(2 * pause_s, LONGEST_RETRY_S)
            else:
                return True
        return False
