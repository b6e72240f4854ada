"""Whether the machine's clock may be believed when sessions are deleted by it, for good.

A clock that is far ahead makes every session overdue at once. So the time that was believed last is
kept beside the sessions, and a clock that has leapt away from it is doubted: until it is back, has
gone on from there for a day, or somebody says that it is right. A machine that merely rested for
long deletes a day late, never later.
"""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from attune.timeline import NS_PER_S

FILE = "retention-clock.json"
"""File in the folder of stored sessions."""

MAX_LEAP_NS = 7 * 24 * 3600 * NS_PER_S
"""A clock further than this from the time that was believed last is doubted."""

LATEST_NS = 2**63
"""No clock of nanoseconds since 1970 gets as far: the year 2262."""

PROBATION_NS = 24 * 3600 * NS_PER_S
"""A doubted clock that has gone on for this long is believed."""

_log = logging.getLogger(__name__)

Newest = Callable[[], int | None]


def _nothing() -> int | None:
    return None


def _is_time(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < LATEST_NS


def moment(unix_ns: int) -> str:
    """A time since 1970 in words, to the minute."""
    return f"{datetime.fromtimestamp(unix_ns / NS_PER_S, UTC):%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why the clock is not believed: which time was believed last, and which the clock showed when
    it was first doubted; both nanoseconds since 1970 UTC."""

    believed_unix_ns: int
    since_unix_ns: int

    @property
    def until_unix_ns(self) -> int:
        """When it will be believed if it goes on."""
        return self.since_unix_ns + PROBATION_NS


class TrustedClock:
    """What is known of the clock by which sessions in `directory` are deleted."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._believed_ns: int | None = None
        self._since_ns: int | None = None

    def doubt(self, now_unix_ns: int, newest: Newest = _nothing) -> Doubt | None:
        """Whether a clock that shows `now_unix_ns` is doubted; changes nothing. Where no time was
        believed yet, what `newest` gives stands in: the end of the newest session; None: none."""
        self._read()
        believed = self._believed_ns if self._believed_ns is not None else newest()
        if believed is None or abs(now_unix_ns - believed) <= MAX_LEAP_NS:
            return None
        since = self._since_ns
        if since is None or now_unix_ns < since or (since < believed) != (now_unix_ns < believed):
            since = now_unix_ns
        found = Doubt(believed, since)
        return None if now_unix_ns >= found.until_unix_ns else found

    def observe(self, now_unix_ns: int, newest: Newest = _nothing) -> Doubt | None:
        """`doubt`, remembered for the next time."""
        found = self.doubt(now_unix_ns, newest)
        if found is None:
            self.believe(now_unix_ns)
        else:
            self._write(found.believed_unix_ns, found.since_unix_ns)
        return found

    def believe(self, now_unix_ns: int) -> None:
        """The clock is right, as somebody says who looked."""
        self._write(now_unix_ns, None)

    def _read(self) -> None:
        """A file that is not there or cannot be read leaves what this process knows itself."""
        try:
            found = json.loads(self._path.read_bytes())
            believed, since = found["believed_unix_ns"], found["doubted_since_unix_ns"]
        except (OSError, ValueError, KeyError, TypeError):
            return
        if _is_time(believed) and (since is None or _is_time(since)):
            self._believed_ns, self._since_ns = believed, since

    def _write(self, believed_ns: int, since_ns: int | None) -> None:
        """On a full disk sessions can still be deleted: what cannot be kept is known until the
        process ends."""
        self._believed_ns, self._since_ns = believed_ns, since_ns
        if not self._path.parent.is_dir():
            return
        text = json.dumps({"believed_unix_ns": believed_ns, "doubted_since_unix_ns": since_ns})
        part = self._path.with_suffix(".part")
        try:
            part.write_text(text + "\n", encoding="utf-8")
            os.replace(part, self._path)
        except OSError as error:
            _log.warning("the time of the clock could not be kept", extra={"cause": error.strerror})
