"""The folder of stored sessions: list, export, and delete with a receipt."""

import hashlib
import json
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from mcap.exceptions import McapError
from mcap.reader import make_reader

from attune.errors import RecordingError
from attune.session.container import claim
from attune.session.recorded import read_header, read_recording
from attune.session.recording import PART_SUFFIX
from attune.v1 import recording_pb2

SUFFIX = ".mcap"
RECEIPTS = "deletions.jsonl"
"""File in the folder that keeps the receipts of deleted sessions."""

PIECE_BYTES = 64 * 1024

_SESSION_ID = re.compile(r"[0-9a-f]{32}")
_BEGINNING = re.compile(r"[0-9a-f]{1,32}")


@dataclass(frozen=True, slots=True)
class StoredSession:
    """One stored session. `started_unix_ns` is nanoseconds since 1970 UTC; `finished` is false for
    one that is still recorded or whose recorder was killed."""

    session_id: str
    participant_id: str
    started_unix_ns: int
    duration_ns: int
    size_bytes: int
    has_video: bool
    finished: bool
    path: Path


@dataclass(frozen=True, slots=True)
class DeletionReceipt:
    """Proof that a stored session was deleted: which, when, and what its file was."""

    session_id: str
    deleted_unix_ns: int
    sha256: str
    size_bytes: int


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
        """Every stored session that can be read, oldest first."""
        found = []
        for path in self._paths():
            try:
                found.append(_described(path))
            except RecordingError:
                # Too damaged to say what it is; it stays where it is and can still be deleted.
                continue
        return tuple(sorted(found, key=lambda one: (one.started_unix_ns, one.session_id)))

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

    def export(self, session_id: str) -> Iterator[bytes]:
        """The bytes of a session's file, in pieces. Raises RecordingError."""
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
            with (self.directory / RECEIPTS).open("a", encoding="utf-8") as receipts:
                receipts.write(json.dumps(asdict(receipt)) + "\n")
        except OSError as error:
            raise RecordingError(f"cannot delete {path}: {error.strerror}") from error
        return receipt

    def _paths(self) -> list[Path]:
        if not self.directory.is_dir():
            return []
        names = (SUFFIX, SUFFIX + PART_SUFFIX)
        return sorted(
            path
            for path in self.directory.iterdir()
            if path.name.endswith(names) and _SESSION_ID.fullmatch(_session_id(path))
        )


def _session_id(path: Path) -> str:
    return path.name.split(".")[0]


def _described(path: Path) -> StoredSession:
    header = read_header(path)
    duration_ns, has_video = _from_index(path) or _from_content(path)
    return _stored(path, header, duration_ns, has_video)


def _stored(
    path: Path, header: recording_pb2.RecordingHeader, duration_ns: int, has_video: bool
) -> StoredSession:
    return StoredSession(
        session_id=_session_id(path),
        participant_id=header.start.participant_id,
        started_unix_ns=header.started_unix_ns,
        duration_ns=duration_ns,
        size_bytes=path.stat().st_size,
        has_video=has_video,
        finished=path.suffix == SUFFIX,
        path=path,
    )


def _from_index(path: Path) -> tuple[int, bool] | None:
    """Length and presence of video from the index at the end, without reading the rest; None where
    there is no usable index."""
    try:
        with path.open("rb") as file:
            summary = make_reader(file).get_summary()
    except (McapError, OSError, ValueError, struct.error):
        return None
    if summary is None or summary.statistics is None:
        return None
    counts = summary.statistics.channel_message_counts
    frames = sum(
        counts.get(number, 0)
        for number, channel in summary.channels.items()
        if channel.topic == "/frame"
    )
    return summary.statistics.message_end_time, frames > 0


def _from_content(path: Path) -> tuple[int, bool]:
    recording = read_recording(path)
    return recording.last_ns, recording.pictures > 0
