"""The folder of stored sessions: list, export, and delete with a receipt."""

import hashlib
import json
import logging
import os
import re
import struct
import zlib
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from mcap.exceptions import McapError
from mcap.reader import make_reader
from mcap.writer import MCAP0_MAGIC

from attune.errors import RecordingError
from attune.session.container import claim
from attune.session.recorded import read_header, read_recording
from attune.session.recording import PART_SUFFIX

SUFFIX = ".mcap"
RECEIPTS = "deletions.jsonl"
"""File in the folder that keeps the receipts of deleted sessions."""

PIECE_BYTES = 64 * 1024

_FOOTER = struct.Struct("<BQQQI")
_CRC_BYTES = 4
_SESSION_ID = re.compile(r"[0-9a-f]{32}")
_BEGINNING = re.compile(r"[0-9a-f]{1,32}")
_log = logging.getLogger(__name__)


class Holding(StrEnum):
    """The most that a stored session holds: pictures of a face, what was read from one, or neither,
    which leaves events and decisions."""

    VIDEO = "video"
    FEATURES = "features"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One stored session. `started_unix_ns` is nanoseconds since 1970 UTC; `finished` is false for
    one that is still recorded, which `recording` tells, or whose recorder was killed."""

    session_id: str
    participant_id: str
    started_unix_ns: int
    duration_ns: int
    size_bytes: int
    has_video: bool
    finished: bool
    path: Path
    has_features: bool = False
    recording: bool = False

    @property
    def holds(self) -> Holding:
        """The most that it holds."""
        if self.has_video:
            return Holding.VIDEO
        return Holding.FEATURES if self.has_features else Holding.EVENTS


@dataclass(frozen=True, slots=True)
class DeletionReceipt:
    """Proof that a stored session was deleted: which, when, and what its file was."""

    session_id: str
    deleted_unix_ns: int
    sha256: str
    size_bytes: int

    def audited(self) -> dict[str, str | int]:
        """What the audit log says of it; the time is the line's own."""
        return {"session": self.session_id, "sha256": self.sha256, "size_bytes": self.size_bytes}


class SessionStore:
    """Stored sessions under one folder, each in a file named by its identifier."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def path_for(self, session_id: str) -> Path:
        """Where a session's recording lies once it is finished. Raises RecordingError unless the
        identifier is 32 hexadecimal digits, so that no name leads out of the folder."""
        if not _SESSION_ID.fullmatch(session_id):
            raise RecordingError(
                f"expected a session's identifier (32 hexadecimal digits), got {session_id[:40]!r}"
            )
        return self.directory / (session_id + SUFFIX)

    def sessions(self) -> tuple[StoredSession, ...]:
        """Every stored session that can be read, oldest first. One that is too damaged to say what
        it is stays where it is and can still be deleted."""
        return self._readable_and_damaged()[0]

    def everything(self) -> tuple[StoredSession, ...]:
        """Every stored session, and behind them what `sessions` leaves out: files too damaged to
        say what they are, or left unfinished by another version. They count as video that ended
        when they were last written."""
        readable, damaged = self._readable_and_damaged()
        return (*readable, *damaged)

    def _readable_and_damaged(self) -> tuple[tuple[StoredSession, ...], tuple[StoredSession, ...]]:
        found: list[StoredSession] = []
        damaged: list[StoredSession] = []
        for path in self._paths():
            try:
                found.append(_described(path))
            except RecordingError:
                damaged += _unreadable(path)
        found.sort(key=lambda one: (one.started_unix_ns, one.session_id))
        return tuple(found), tuple(damaged)

    def find(self, session_id: str) -> Path:
        """The file of a stored session, finished or not; a beginning of its identifier is enough
        where only one session begins so. Raises RecordingError."""
        if not _BEGINNING.fullmatch(session_id):
            raise RecordingError(
                f"expected a session's identifier (hexadecimal digits), got {session_id[:40]!r}"
            )
        matches = [path for path in self._paths() if path.name.startswith(session_id)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise RecordingError(f"{len(matches)} stored sessions begin with {session_id}")
        raise RecordingError(
            f"no stored session {session_id} in {self.directory}; `attune sessions list` shows all"
        )

    def resolve(self, given: Path) -> Path:
        """The recording that somebody means by a path or by a session's identifier. Raises
        RecordingError."""
        if given.is_file():
            return given
        if not _BEGINNING.fullmatch(str(given)):
            raise RecordingError(f"{given} is neither a file nor a stored session's identifier")
        return self.find(str(given))

    def copy(self, session_id: str, target: Path) -> int:
        """Copy a session's file to `target`, which must not exist; returns its size in bytes.
        Raises RecordingError."""
        try:
            with target.open("xb") as file:
                for piece in self.export(session_id):
                    file.write(piece)
                return file.tell()
        except OSError as error:
            raise RecordingError(f"cannot write {target}: {error.strerror}") from error

    def export(self, session_id: str) -> Generator[bytes, None, None]:
        """The bytes of a session's file, in pieces; closing it closes the file. Raises
        RecordingError."""
        path = self.find(session_id)
        try:
            with path.open("rb") as file:
                while piece := file.read(PIECE_BYTES):
                    yield piece
        except OSError as error:
            raise RecordingError(f"cannot read {path}: {error.strerror}") from error

    def delete(self, session_id: str, now_unix_ns: int) -> DeletionReceipt:
        """Delete a session's file and keep the receipt in the folder.

        Raises RecordingError where there is none, or where it is still being recorded.
        """
        path = self.find(session_id)
        try:
            with path.open("rb") as file:
                if not claim(file.fileno()):
                    raise RecordingError(
                        f"session {session_id} is still being recorded; end it, then delete it"
                    )
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                size = os.fstat(file.fileno()).st_size
            receipt = DeletionReceipt(_session_id(path), now_unix_ns, digest, size)
            path.unlink()
        except OSError as error:
            raise RecordingError(f"cannot delete {path}: {error.strerror}") from error
        self._keep(receipt)
        return receipt

    def _keep(self, receipt: DeletionReceipt) -> None:
        """The session is gone whether or not its receipt can be kept: whoever asked has it too."""
        try:
            with (self.directory / RECEIPTS).open("a", encoding="utf-8") as receipts:
                receipts.write(json.dumps(asdict(receipt)) + "\n")
                receipts.flush()
                os.fsync(receipts.fileno())
        except OSError as error:
            _log.warning("a receipt could not be kept", extra={"cause": error.strerror})

    def _paths(self) -> list[Path]:
        if not self.directory.is_dir():
            return []
        names = (SUFFIX, SUFFIX + PART_SUFFIX)
        try:
            return sorted(
                path
                for path in self.directory.iterdir()
                if path.name.endswith(names) and _SESSION_ID.fullmatch(_session_id(path))
            )
        except OSError as error:
            raise RecordingError(f"cannot read {self.directory}: {error.strerror}") from error


def _session_id(path: Path) -> str:
    return path.name.split(".")[0]


@dataclass(frozen=True, slots=True)
class _Content:
    duration_ns: int
    has_video: bool
    has_features: bool


def _described(path: Path) -> StoredSession:
    header = read_header(path)
    content = _from_index(path) or _from_content(path)
    try:
        size = path.stat().st_size
    except OSError as error:
        raise RecordingError(f"cannot read {path}: {error.strerror}") from error
    return StoredSession(
        session_id=_session_id(path),
        participant_id=header.start.participant_id,
        started_unix_ns=header.started_unix_ns,
        duration_ns=content.duration_ns,
        size_bytes=size,
        has_video=content.has_video,
        finished=path.suffix == SUFFIX,
        path=path,
        has_features=content.has_features,
        recording=_is_being_written(path),
    )


def _unreadable(path: Path) -> Iterator[StoredSession]:
    """As much as can be said of a file that cannot be read; nothing where it is gone by now."""
    try:
        found = path.stat()
    except OSError:
        return
    yield StoredSession(
        session_id=_session_id(path),
        participant_id="",
        started_unix_ns=found.st_mtime_ns,
        duration_ns=0,
        size_bytes=found.st_size,
        has_video=True,
        finished=path.suffix == SUFFIX,
        path=path,
        recording=_is_being_written(path),
    )


def _is_being_written(path: Path) -> bool:
    if path.suffix == SUFFIX:
        return False
    try:
        with path.open("rb") as file:
            return not claim(file.fileno())
    except OSError:
        return False


def _from_index(path: Path) -> _Content | None:
    """What the index at the end says, without reading the rest; None where there is no usable
    index."""
    try:
        with path.open("rb") as file:
            summary = make_reader(file).get_summary() if _index_is_whole(file) else None
    except (McapError, OSError, ValueError, struct.error):
        return None
    if summary is None or summary.statistics is None:
        return None
    counts = summary.statistics.channel_message_counts
    topics = {
        channel.topic for number, channel in summary.channels.items() if counts.get(number, 0)
    }
    return _Content(summary.statistics.message_end_time, "/frame" in topics, "/evidence" in topics)


def _index_is_whole(file: BinaryIO) -> bool:
    """Whether the index is as it was written: sessions are kept by what it says of them."""
    ends = file.seek(0, os.SEEK_END) - len(MCAP0_MAGIC)
    file.seek(max(0, ends - _FOOTER.size))
    footer = file.read(_FOOTER.size)
    if len(footer) < _FOOTER.size:
        return False
    *_, begins, _, crc = _FOOTER.unpack(footer)
    if not begins < ends:
        return False
    file.seek(begins)
    return not crc or zlib.crc32(file.read(ends - begins - _CRC_BYTES)) == crc


def _from_content(path: Path) -> _Content:
    recording = read_recording(path)
    return _Content(recording.last_ns, recording.pictures > 0, bool(recording.slots))
