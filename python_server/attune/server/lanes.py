"""What waits to be written to one client: an ordered lane beside a mailbox of one for updates.

The ordered lane holds decisions, acknowledgements, consent, notices and pongs, in order, none
dropped, and is bounded: a client that does not read is let go rather than remembered. A newer
update replaces the one that waits. Everything is built at the moment of writing, so that ages and
send times are true.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import grpc

from attune.session.outputs import Disposition
from attune.session.vocabulary import DISPOSITIONS
from attune.v1 import session_pb2, video_pb2

Build = Callable[[], session_pb2.ServerMessage]


MAX_SENTENCE = 2000
"""Characters of a verdict."""

MAX_HEADER = 6000
"""Bytes of a verdict on the wire: a status travels in HTTP/2 headers, which clients limit to 8 kB,
and every byte that is not printable ASCII travels as three there."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a stream ends: a status code, and a sentence that says what to do."""

    code: grpc.StatusCode
    sentence: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "sentence", _cut(self.sentence))


def _cut(sentence: str) -> str:
    room = MAX_HEADER
    for at, character in enumerate(sentence):
        printable = " " <= character <= "~" and character != "%"
        room -= 1 if printable else 3 * len(character.encode())
        if at == MAX_SENTENCE or room < 0:
            return sentence[:at] + " …"
    return sentence


LANE_FULL = Verdict(
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    "the client does not read fast enough: its messages piled up beyond the limit; "
    "read the stream without waiting for anything else",
)


@dataclass(slots=True)
class _Ack:
    """An acknowledgement that waits; of frames dropped one after the other the last one speaks."""

    sequence: int
    disposition: Disposition

    def __call__(self) -> session_pb2.ServerMessage:
        number = DISPOSITIONS.number(self.disposition)
        ack = video_pb2.FrameAck(through_sequence=self.sequence, disposition=number)
        return session_pb2.ServerMessage(frame_ack=ack)


@dataclass(frozen=True, slots=True)
class _Waiting:
    build: Build
    keep: bool


class Lanes:
    """Outgoing messages of one stream; used on the event loop only."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._ordered: deque[_Waiting] = deque()
        self._update: Build | None = None
        self._update_of_frame = False
        self._finished = False
        self._changed = asyncio.Event()
        self.cut_off = asyncio.Event()
        """Set when the stream has to end without writing what waits."""
        self.verdict: Verdict | None = None
        """How the stream ends; None: well."""

    def put(self, build: Build, keep: bool = True) -> None:
        """Add to the ordered lane; `keep` if a stream that takes over should say it too. A full
        lane cuts the stream off."""
        if self._finished or self.cut_off.is_set():
            return
        if len(self._ordered) >= self._capacity:
            self.cut(LANE_FULL)
            return
        self._ordered.append(_Waiting(build, keep))
        self._changed.set()

    def make_room(self, messages: int) -> None:
        """Take in so many more than the limit, which the client is not to blame for."""
        self._capacity += messages

    def put_ack(self, sequence: int, disposition: Disposition) -> None:
        """Add an acknowledgement; dropped frames in a row are acknowledged together."""
        last = self._ordered[-1].build if self._ordered else None
        dropped = disposition is Disposition.DROPPED
        if dropped and isinstance(last, _Ack) and last.disposition is disposition:
            last.sequence = sequence
            return
        self.put(_Ack(sequence, disposition), keep=False)

    def put_update(self, build: Build, of_frame: bool) -> None:
        """Replace the update that waits; but what a frame showed does not give way to an update
        without one, which the next tick brings again."""
        if self._update is None or of_frame or not self._update_of_frame:
            self._update = build
            self._update_of_frame = of_frame
            self._changed.set()

    def drop_update(self) -> None:
        """Throw the waiting update away, unsent."""
        self._update = None

    def finish(self, verdict: Verdict | None = None) -> None:
        """Nothing more will come: the stream ends when everything is written."""
        if not self._finished:
            self._finished = True
            self._update = None
            self.verdict = self.verdict or verdict
            self._changed.set()

    def cut(self, verdict: Verdict) -> None:
        """The stream ends now; what waits is not written."""
        if not self.cut_off.is_set():
            self.verdict = verdict
            self._finished = True
            self.cut_off.set()
            self._changed.set()

    def unsent(self) -> list[Build]:
        """What the ordered lane still holds and a stream that takes over should say."""
        return [waiting.build for waiting in self._ordered if waiting.keep]

    async def next(self) -> session_pb2.ServerMessage | None:
        """The next message to write, the ordered lane's first; None: the stream ends."""
        while not self.cut_off.is_set():
            if self._ordered:
                return self._ordered.popleft().build()
            if self._update is not None:
                build, self._update = self._update, None
                return build()
            if self._finished:
                return None
            self._changed.clear()
            await self._changed.wait()
        return None
