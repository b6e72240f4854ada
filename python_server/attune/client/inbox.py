"""What the server sent and the caller has not read: control in order, and only the newest state."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from attune.errors import SessionError
from attune.v1 import consent_pb2, session_pb2, state_pb2, story_pb2

Message = (
    state_pb2.Update
    | story_pb2.BranchDecision
    | consent_pb2.ConsentApplied
    | session_pb2.CalibrationProgress
    | session_pb2.Notice
    | session_pb2.SessionSummary
)
"""What a caller reads; acknowledgements and pongs stay with the session."""

MAX_UNREAD = 4096
"""Control that may wait for a caller who does not read."""


class Inbox:
    """Never drops control; a newer `Update` replaces one that was not read."""

    def __init__(self) -> None:
        self._control: deque[Message] = deque()
        self._update: state_pb2.Update | None = None
        self._arrived = asyncio.Event()
        self._closed = False
        self._error: Exception | None = None

    def put(self, message: Message) -> None:
        """Adds what arrived. Raises SessionError where nobody has read for long."""
        if not isinstance(message, state_pb2.Update) and len(self._control) >= MAX_UNREAD:
            raise SessionError(
                f"{MAX_UNREAD} messages of the server were not read; read `messages()` all the time"
            )
        if isinstance(message, state_pb2.Update):
            self._update = message
        else:
            self._control.append(message)
        self._arrived.set()

    def close(self, error: Exception | None = None) -> None:
        """Nothing more comes; `error` is raised to the reader once everything is read."""
        self._closed = True
        self._error = error
        self._arrived.set()

    async def messages(self) -> AsyncIterator[Message]:
        """Everything from here on; control overtakes updates. Ends with the stream."""
        while True:
            if self._control:
                yield self._control.popleft()
            elif self._update is not None:
                update, self._update = self._update, None
                yield update
            elif self._closed:
                if self._error is not None:
                    raise self._error
                return
            else:
                self._arrived.clear()
                await self._arrived.wait()
