"""What the client has to send: control in order, then the newest frame as far as credit goes."""

import asyncio
import contextlib
from collections import deque
from time import monotonic_ns

from attune.client.credit import FrameMailbox
from attune.errors import SessionError
from attune.timeline import NS_PER_S
from attune.v1 import session_pb2, video_pb2

MAX_WAITING = 4096
"""Control that may wait for a server that does not read or is away."""


class Outbox:
    """Filled by the session, emptied by the stream's one writer.

    Frames go only while `frames_open`: not before the clocks are related, nor during a pause.
    """

    def __init__(self) -> None:
        self.frames = FrameMailbox()
        self.frames_open = False
        self._control: deque[session_pb2.ClientMessage] = deque()
        self._changed = asyncio.Event()

    def put(self, message: session_pb2.ClientMessage) -> None:
        """Adds control behind what waits already. Raises SessionError where too much waits."""
        if len(self._control) >= MAX_WAITING:
            raise SessionError(
                f"{MAX_WAITING} messages wait for the server; it is away or reads too slowly"
            )
        self._control.append(message)
        self._changed.set()

    def put_first(self, message: session_pb2.ClientMessage) -> None:
        """Adds control before what waits already."""
        self._control.appendleft(message)
        self._changed.set()

    def put_frame(self, frame: video_pb2.VideoFrame) -> None:
        """Offers a frame in the place of one that was not sent yet."""
        self.frames.put(frame)
        self._changed.set()

    def acknowledge(self, through_sequence: int) -> None:
        """Gives credit back."""
        self.frames.acknowledge(through_sequence)
        self._changed.set()

    def open_frames(self) -> None:
        """Frames may go from here on."""
        self.frames_open = True
        self._changed.set()

    async def next(self) -> session_pb2.ClientMessage:
        """The next message to write, as soon as there is one."""
        while True:
            self._changed.clear()
            if self._control:
                return self._control.popleft()
            frame = self.frames.take(monotonic_ns()) if self.frames_open else None
            if frame is not None:
                return session_pb2.ClientMessage(video_frame=frame)
            await self._wait()

    async def _wait(self) -> None:
        retry_ns = self.frames.retry_ns(monotonic_ns()) if self.frames_open else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if retry_ns is None else retry_ns / NS_PER_S):
                await self._changed.wait()
