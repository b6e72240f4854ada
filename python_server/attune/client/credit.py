"""Latest frame wins: a mailbox of one, opened by the server's acknowledgements."""

from dataclasses import dataclass, field

from attune.timeline import NS_PER_S
from attune.v1 import video_pb2

ACK_TIMEOUT_NS = NS_PER_S
"""A frame that is not acknowledged for this long no longer counts, so that a lost acknowledgement
cannot stall the stream."""


@dataclass(slots=True)
class FrameMailbox:
    """Holds the newest frame until there is credit to send it.

    At most `max_in_flight` frames are under way. `replaced` counts the frames that a newer one
    pushed out, `expired` the frames whose acknowledgement never came.
    """

    max_in_flight: int = 2
    replaced: int = 0
    expired: int = 0
    _waiting: video_pb2.VideoFrame | None = None
    _in_flight: dict[int, int] = field(default_factory=dict)

    def put(self, frame: video_pb2.VideoFrame) -> None:
        """Offers a frame in the place of one that was not sent yet."""
        if self._waiting is not None:
            self.replaced += 1
        self._waiting = frame

    def take(self, now_ns: int) -> video_pb2.VideoFrame | None:
        """The frame to send now; None without a frame or without credit."""
        self._expire(now_ns)
        if self._waiting is None or len(self._in_flight) >= self.max_in_flight:
            return None
        frame, self._waiting = self._waiting, None
        self._in_flight[frame.sequence] = now_ns
        return frame

    def acknowledge(self, through_sequence: int) -> None:
        """Settles every frame up to and including that sequence."""
        for sequence in [one for one in self._in_flight if one <= through_sequence]:
            del self._in_flight[sequence]

    def retry_ns(self, now_ns: int) -> int | None:
        """How long until a waiting frame may go even without an acknowledgement; None: no frame
        waits."""
        if self._waiting is None or not self._in_flight:
            return None
        return max(0, min(self._in_flight.values()) + ACK_TIMEOUT_NS - now_ns)

    def forget_in_flight(self) -> None:
        """The stream broke: nothing is under way any more."""
        self._in_flight.clear()

    def empty(self) -> None:
        """Throws the waiting frame away, unseen."""
        self._waiting = None

    def _expire(self, now_ns: int) -> None:
        for sequence, sent_ns in list(self._in_flight.items()):
            if now_ns - sent_ns >= ACK_TIMEOUT_NS:
                del self._in_flight[sequence]
                self.expired += 1
