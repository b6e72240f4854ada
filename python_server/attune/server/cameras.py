"""The cameras that the server itself opens: only those in its settings, each for one session
unless the settings share it.

A camera is open while somebody in front of it has consented to be seen: it is opened for the first
such session and closed soon after the last one refuses, pauses or ends. One that cannot be opened
or has stopped is tried again, ever less often; its sessions are told when it goes and when it is
back. A frame is encoded once, as JPEG, and takes the way of a client's frame from there; where
nobody may look at it, it is not even encoded.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Protocol

import cv2

from attune.addresses import without_secrets
from attune.config import CameraSettings, LimitSettings
from attune.errors import CameraError, SessionError
from attune.session.inputs import FrameInput
from attune.session.outputs import NoticeKind
from attune.timeline import NS_PER_S
from attune.vision.capture import CameraStream, CapturedFrame
from attune.vision.frame import CaptureTimeSource, EncodedFrame, Encoding, FrameRole, Image

READ_TIMEOUT_S = 2.0
GONE_NS = NS_PER_S
"""A read that fails sooner than this did not wait for a frame: the source is gone for good."""

FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 10.0
LINGER_NS = 2 * NS_PER_S
"""How long a camera stays open that nobody may look at."""

LOOK_S = 0.1
"""How often a closed one asks whether somebody may."""

QUALITIES = (92, 80, 60, 40)
"""JPEG qualities, tried in turn until a frame fits the limit."""

_log = logging.getLogger(__name__)


class CameraUser(Protocol):
    """A session as its camera sees it; used on the event loop only, but for `allows`."""

    def camera_frame(self, encoded: EncodedFrame, captured_ns: int) -> None:
        """Take in a frame, captured at that moment of the server's clock."""
        ...

    def camera_notice(self, kind: NoticeKind, **parameters: str) -> None:
        """The camera is lost or back."""
        ...

    def camera_wanted(self) -> bool:
        """Whether a frame would be looked at now; called from the camera's thread."""
        ...


class CameraHub:
    """The allow-list and who uses what. Used on the event loop only."""

    def __init__(self, cameras: Mapping[str, CameraSettings], limits: LimitSettings) -> None:
        self._cameras = cameras
        self._limits = limits
        self._feeds: dict[str, CameraFeed] = {}
        self._reserved: dict[str, str] = {}

    def reserve(self, camera_id: str, session_id: str) -> "CameraLease":
        """The right of a session to use a camera. Raises SessionError where it is in use."""
        settings = self._cameras[camera_id]
        if not settings.shared and camera_id in self._reserved.values():
            raise SessionError(
                f"camera {camera_id!r} is in use by another session; end that one, or set "
                f"cameras.{camera_id}.shared where it may watch several stations"
            )
        self._reserved[session_id] = camera_id
        return CameraLease(self, camera_id, session_id)

    def begin(self, camera_id: str, session_id: str, user: CameraUser) -> None:
        """Send the camera's frames to `user` from now on."""
        feed = self._feeds.get(camera_id)
        if feed is None:
            feed = CameraFeed(
                camera_id,
                self._cameras[camera_id],
                self._limits.max_frame_bytes,
                asyncio.get_running_loop(),
            )
            self._feeds[camera_id] = feed
        feed.add(session_id, user)

    def release(self, session_id: str) -> None:
        """The session uses no camera any more; the last one to leave closes it."""
        camera_id = self._reserved.pop(session_id, None)
        feed = self._feeds.get(camera_id) if camera_id is not None else None
        if feed is not None and feed.remove(session_id):
            del self._feeds[str(camera_id)]
            feed.close()


class CameraLease:
    """One session's right to one camera."""

    def __init__(self, hub: CameraHub, camera_id: str, session_id: str) -> None:
        self._hub = hub
        self._camera_id = camera_id
        self._session_id = session_id

    def begin(self, user: CameraUser) -> None:
        """Send the frames to `user` from now on."""
        self._hub.begin(self._camera_id, self._session_id, user)

    def release(self) -> None:
        """Give the right back."""
        self._hub.release(self._session_id)


class CameraFeed:
    """Reads one camera on a thread of its own and hands its frames to the event loop."""

    def __init__(
        self,
        camera_id: str,
        settings: CameraSettings,
        max_frame_bytes: int,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._camera_id = camera_id
        self._settings = settings
        self._max_frame_bytes = max_frame_bytes
        self._loop = loop
        self._users: dict[str, CameraUser] = {}
        self._lost: str | None = None
        self._delivered = False
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"feed {camera_id}", daemon=True)

    def add(self, session_id: str, user: CameraUser) -> None:
        """Send frames to `user` too; it is told at once if the camera is lost."""
        self._users = {**self._users, session_id: user}
        if self._lost is not None:
            user.camera_notice(NoticeKind.CAMERA_LOST, camera=self._camera_id, cause=self._lost)
        if self._thread.ident is None:
            self._thread.start()

    def remove(self, session_id: str) -> bool:
        """Send no frames to that session; returns whether nobody is left."""
        self._users = {name: user for name, user in self._users.items() if name != session_id}
        return not self._users

    def close(self) -> None:
        """Let the thread end by itself; the camera is free a moment later."""
        self._stop.set()

    def _run(self) -> None:
        pause_s = FIRST_RETRY_S
        while not self._stop.is_set():
            if not self._wanted():
                self._stop.wait(LOOK_S)
                continue
            self._delivered = False
            try:
                self._read_until_lost()
            except CameraError as error:
                self._post(self._on_lost, self._told(error))
            pause_s = FIRST_RETRY_S if self._delivered else min(2 * pause_s, LONGEST_RETRY_S)
            self._stop.wait(pause_s)

    def _read_until_lost(self) -> None:
        """Deliver frames until nobody may look at them any more, or the source ends; raises
        CameraError then."""
        settings = self._settings
        next_ns = 0
        wanted_ns = time.monotonic_ns()
        interval_ns = round(NS_PER_S / settings.rate_hz)
        with CameraStream(settings.source, time.monotonic_ns, loop=settings.loop) as camera:
            while not self._stop.is_set():
                if self._wanted():
                    wanted_ns = time.monotonic_ns()
                elif time.monotonic_ns() - wanted_ns > LINGER_NS:
                    return
                asked_ns = time.monotonic_ns()
                try:
                    frame = camera.read(READ_TIMEOUT_S)
                except CameraError as error:
                    if time.monotonic_ns() - asked_ns < GONE_NS:
                        raise
                    # Its own thread opens the source again.
                    self._post(self._on_lost, self._told(error))
                    continue
                if frame is None:
                    raise CameraError(f"camera {self._camera_id} has ended")
                self._delivered = True
                if frame.capture_time_ns < next_ns - interval_ns // 4:
                    continue
                next_ns = max(next_ns + interval_ns, frame.capture_time_ns)
                self._deliver(frame)

    def _deliver(self, frame: CapturedFrame) -> None:
        if not self._wanted():
            self._post(self._on_back)
            return
        encoded = encode(frame.image, self._max_frame_bytes)
        self._post(self._on_frame, encoded, frame.capture_time_ns)

    def _told(self, error: CameraError) -> str:
        """What clients and logs are told: an address goes by the name of its camera."""
        source = self._settings.source
        if "://" not in source:
            return str(error)
        return str(error).replace(without_secrets(source), self._camera_id)

    def _wanted(self) -> bool:
        return any(user.camera_wanted() for user in self._users.values())

    def _post(self, call: Callable[..., None], *arguments: object) -> None:
        if not self._loop.is_closed() and not self._stop.is_set():
            self._loop.call_soon_threadsafe(call, *arguments)

    def _on_frame(self, encoded: EncodedFrame, captured_ns: int) -> None:
        self._on_back()
        for user in self._users.values():
            user.camera_frame(encoded, captured_ns)

    def _on_back(self) -> None:
        if self._lost is not None:
            self._lost = None
            for user in self._users.values():
                user.camera_notice(NoticeKind.CAMERA_BACK, camera=self._camera_id)

    def _on_lost(self, cause: str) -> None:
        if self._lost is None:
            self._lost = cause
            _log.warning("camera lost", extra={"camera": self._camera_id, "cause": cause})
            for user in self._users.values():
                user.camera_notice(NoticeKind.CAMERA_LOST, camera=self._camera_id, cause=cause)


def encode(image: Image, max_bytes: int) -> EncodedFrame:
    """`image` as a JPEG of at most `max_bytes`, in the best quality and size that fit."""
    bgr = cv2.cvtColor(image.rgb, cv2.COLOR_RGB2BGR)
    while True:
        for quality in QUALITIES:
            _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
            if len(jpeg) <= max_bytes:
                height, width = bgr.shape[:2]
                return EncodedFrame(Encoding.JPEG, jpeg.tobytes(), width, height)
        bgr = cv2.resize(bgr, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)


def camera_frame_input(encoded: EncodedFrame, session_ns: int, role: FrameRole) -> FrameInput:
    """A frame of the server's camera as an input; the session numbers it."""
    return FrameInput(
        session_ns, 0, encoded, role, CaptureTimeSource.FRAME_ARRIVAL, consent_revision=0
    )
