"""The audit log: what was done about visitors' data, one line of JSON each, none ever changed.

Every line carries the SHA-256 of itself together with the line before, so that a line that was
changed, removed or put in later breaks the chain. What the chain cannot show is that its newest
lines were cut off, or that somebody reckoned it anew from some line on: for that, keep the hash of
the newest line elsewhere, as the server's ordinary log does, and ask `verify` whether it is still
there. A file holds one year. Sessions are named by their identifiers, visitors not at all.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attune.errors import RecordingError
from attune.session.container import wait_for_claim
from attune.timeline import NS_PER_S

NO_LINE = "0" * 64
"""What the first line of all has in place of the hash of the line before."""

TAIL_BYTES = 64 * 1024
_FILE = re.compile(r"audit-(\d{4})\.jsonl")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line. `number` counts from 1 over all files; `time` is ISO 8601, UTC."""

    number: int
    time: str
    event: str
    details: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """Something that is wrong with a line."""

    file: str
    line: int
    what: str


@dataclass(slots=True)
class AuditReport:
    """What `verify` found: the entries that can be read, and everything wrong with the chain."""

    entries: list[AuditEntry] = field(default_factory=list)
    findings: list[AuditFinding] = field(default_factory=list)

    @property
    def head(self) -> str:
        """The hash of the newest line."""
        return self.entries[-1].hash if self.entries else NO_LINE


class AuditLog:
    """Appends to the log in `directory`. Several processes may, each line is written alone."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def append(self, event: str, now_unix_ns: int, **details: Any) -> AuditEntry:
        """Write one line and bring it to the disk. Raises OSError, and then nothing was written."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _alone(self.directory):
            newest = max(_files(self.directory), default=None)
            number, previous = (0, NO_LINE) if newest is None else _tail(newest)
            moment = datetime.fromtimestamp(now_unix_ns / NS_PER_S, UTC)
            path = self.directory / f"audit-{moment.year:04d}.jsonl"
            if newest is not None and newest > path:
                path = newest  # the clock went back over New Year; the chain does not
            content: dict[str, Any] = {
                "number": number + 1,
                "time": moment.isoformat(timespec="milliseconds"),
                "event": event,
                **details,
                "previous": previous,
            }
            digest = _digest(content)
            _write_line(path, json.dumps({**content, "hash": digest}, ensure_ascii=False))
            return AuditEntry(number + 1, content["time"], event, details, digest)


def verify(directory: Path) -> AuditReport:
    """Read the whole log and check its chain. Raises RecordingError where it cannot be read."""
    report = AuditReport()
    number, previous = 0, NO_LINE
    for path in sorted(_files(directory)):
        for line, text in enumerate(_lines(path), 1):
            content = _content(text)
            if content is None:
                what = "no entry: changed, or cut off when the power failed"
                report.findings.append(AuditFinding(path.name, line, what))
                continue
            wrong = _wrong(content, number, previous)
            if wrong:
                report.findings.append(AuditFinding(path.name, line, wrong))
            entry = _entry(content)
            report.entries.append(entry)
            number, previous = entry.number, entry.hash
    return report


def _wrong(content: Mapping[str, Any], number: int, previous: str) -> str:
    """What is wrong with an entry that follows number `number` of hash `previous`; or nothing."""
    if content["hash"] != _digest({k: v for k, v in content.items() if k != "hash"}):
        return "changed after it was written"
    if content["number"] != number + 1:
        return f"expected number {number + 1}, got {content['number']}: lines were removed or added"
    if content["previous"] != previous:
        return "does not follow from the line before: that one was changed or replaced"
    return ""


def _digest(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _content(text: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    kinds = {"number": int, "time": str, "event": str, "previous": str, "hash": str}
    return found if all(isinstance(found.get(name), kinds[name]) for name in kinds) else None


def _entry(content: Mapping[str, Any]) -> AuditEntry:
    own = {"number", "time", "event", "previous", "hash"}
    details = {name: value for name, value in content.items() if name not in own}
    return AuditEntry(
        content["number"], content["time"], content["event"], details, content["hash"]
    )


def _files(directory: Path) -> list[Path]:
    if not directory.is_dir():
        return []
    return [path for path in directory.iterdir() if _FILE.fullmatch(path.name)]


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from (line.rstrip(b"\n") for line in file)
    except OSError as error:
        raise RecordingError(f"cannot read {path}: {error.strerror}") from error


def _tail(path: Path) -> tuple[int, str]:
    """Number and hash of the newest entry that can be read."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL_BYTES))
        lines = file.read().split(b"\n")
    for text in reversed(lines):
        content = _content(text)
        if content is not None:
            return content["number"], content["hash"]
    return 0, NO_LINE


def _write_line(path: Path, text: str) -> None:
    new = not path.exists()
    with path.open("ab", buffering=0) as file:
        os.chmod(path, 0o600)
        before = file.seek(0, os.SEEK_END)
        data = text.encode() + b"\n"
        if before and not _ends_a_line(path):
            data = b"\n" + data
        try:
            while data:
                data = data[file.write(data) :]
            os.fsync(file.fileno())
        except OSError:
            file.truncate(before)
            raise
    if new:
        _sync_folder(path.parent)


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Nobody else appends meanwhile, where the system has such marks."""
    if os.name != "posix":
        yield
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        wait_for_claim(descriptor)
        yield
    finally:
        os.close(descriptor)
