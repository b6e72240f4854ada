"""Relates the client's clock to the server's by pings, as NTP does."""

from dataclasses import dataclass

PINGS_PER_EPOCH = 5
"""Pings that follow every new clock epoch, before frames."""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One ping: the client's send and receive times, the server's in between; nanoseconds."""

    client_send_ns: int
    server_receive_ns: int
    server_send_ns: int
    client_receive_ns: int

    @property
    def round_trip_ns(self) -> int:
        """Time on the way, without the server's own."""
        return (self.client_receive_ns - self.client_send_ns) - (
            self.server_send_ns - self.server_receive_ns
        )

    @property
    def offset_ns(self) -> int:
        """Server clock minus client clock, where both ways took equally long."""
        there = self.server_receive_ns - self.client_send_ns
        back = self.server_send_ns - self.client_receive_ns
        return (there + back) // 2

    @property
    def uncertainty_ns(self) -> int:
        """The true offset lies within this of `offset_ns`, however unequal the ways were."""
        return (self.round_trip_ns + 1) // 2


def best_reading(readings: list[ClockReading]) -> ClockReading:
    """The reading with the shortest round trip: the one that queues disturbed least."""
    return min(readings, key=lambda reading: reading.round_trip_ns)
