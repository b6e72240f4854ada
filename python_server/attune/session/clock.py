"""The client's clock to session time, once, at the edge.

A client counts nanoseconds on one monotonic clock, named by its epoch. The server counts
nanoseconds on its own. Session time is the server's clock minus the session's start. How the two
relate is what the client estimates from pings (`ClockEstimate`); until its first estimate, and for
clients that never send one, the smallest (arrival − client time) seen stands in for it: the
message that was least delayed.

Nothing here reads a clock.
"""

from attune.errors import InputError
from attune.timeline import NS_PER_S, seconds

FUTURE_SLACK_NS = 2 * NS_PER_S
"""How far past its own arrival a message may claim to have happened."""

PAST_LIMIT_NS = 120 * NS_PER_S
"""How long before its arrival a message may claim to have happened: longer than any resume
window, so that events kept through a broken stream still count."""

SLEW = 0.01
"""A corrected offset is approached by at most this share of the time that passes on the client's
clock, so that converted times keep the order of the client's."""

MAX_UNCERTAINTY_NS = 5 * NS_PER_S
"""An estimate that is less certain than this says less than the arrival of a message does."""

INT64_LIMIT = 2**62


class SessionClock:
    """Converts the times of one session. `start_ns` is its start on the server's clock."""

    def __init__(self, start_ns: int, epoch_id: int = 0) -> None:
        self.start_ns = start_ns
        self.epoch_id = epoch_id
        self._estimated = False
        self._offset_ns: int | None = None
        self._target_ns = 0
        self._latest_client_ns = 0

    def session_ns(self, server_ns: int) -> int:
        """Session time at that moment of the server's clock."""
        return server_ns - self.start_ns

    def estimate(self, epoch_id: int, offset_ns: int, uncertainty_ns: int) -> None:
        """Take the client's estimate: server clock minus client clock.

        The first one of an epoch holds at once; later ones are approached. Raises InputError
        (clock.estimate_invalid) for what cannot be an estimate.
        """
        if not 0 <= uncertainty_ns <= MAX_UNCERTAINTY_NS or abs(offset_ns) > INT64_LIMIT:
            raise InputError(
                "clock.estimate_invalid",
                f"expected an uncertainty_ns between 0 and {MAX_UNCERTAINTY_NS} and an offset_ns "
                f"of server minus client clock, got {uncertainty_ns} and {offset_ns}; "
                "estimate it from at least five pings",
            )
        if epoch_id != self.epoch_id or not self._estimated:
            self.epoch_id = epoch_id
            self._estimated = True
            self._offset_ns = offset_ns
            self._latest_client_ns = -INT64_LIMIT
        self._target_ns = offset_ns

    def observe(self, client_ns: int, arrived_ns: int) -> int:
        """Session time of a message that states `client_ns` and arrived at `arrived_ns` on the
        server's clock.

        Raises InputError (time.in_future, time.too_old) for a time that cannot be true; the clock
        then stays as it was.
        """
        if abs(client_ns) > INT64_LIMIT:
            raise InputError(
                "time.out_of_range",
                f"expected nanoseconds of the client's monotonic clock, got {client_ns}",
            )
        if self._offset_ns is None:
            self._offset_ns = self._target_ns = arrived_ns - client_ns
            self._latest_client_ns = client_ns
        self._check(client_ns + self._offset_ns - arrived_ns)
        if not self._estimated:
            self._target_ns = min(self._target_ns, arrived_ns - client_ns)
        self._slew(client_ns)
        return self.to_session_ns(client_ns)

    def to_session_ns(self, client_ns: int) -> int:
        """Session time of a time of the client, which may lie ahead, as a deadline does.

        Before anything related the two clocks, the session's start.
        """
        if self._offset_ns is None:
            return 0
        return self.session_ns(client_ns + self._offset_ns)

    def to_client_ns(self, session_ns: int) -> int:
        """The client's time at a session time; 0 before anything related the two clocks."""
        if self._offset_ns is None:
            return 0
        return session_ns + self.start_ns - self._offset_ns

    def _slew(self, client_ns: int) -> None:
        assert self._offset_ns is not None
        if self._latest_client_ns == -INT64_LIMIT:
            self._latest_client_ns = client_ns
        passed_ns = client_ns - self._latest_client_ns
        if passed_ns <= 0:
            return
        self._latest_client_ns = client_ns
        reach_ns = int(passed_ns * SLEW)
        error_ns = self._target_ns - self._offset_ns
        self._offset_ns += max(-reach_ns, min(reach_ns, error_ns))

    @staticmethod
    def _check(ahead_ns: int) -> None:
        if ahead_ns > FUTURE_SLACK_NS:
            raise InputError(
                "time.in_future",
                f"the message says it happened {seconds(ahead_ns):.3f} s after it arrived; "
                "send nanoseconds of one monotonic clock, and a clock_estimate with a new "
                "clock_epoch_id whenever that clock changes",
            )
        if -ahead_ns > PAST_LIMIT_NS:
            raise InputError(
                "time.too_old",
                f"the message says it happened {seconds(-ahead_ns):.0f} s before it arrived, "
                f"at most {seconds(PAST_LIMIT_NS):.0f} s are believed; after a pause send a "
                "clock_estimate with a new clock_epoch_id",
            )
