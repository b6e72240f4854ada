"""Reads the messages of an MCAP file in the order they were written, whatever happened to the file.

The index is not needed and not trusted. A chunk whose checksum is wrong is skipped; where a
record's length makes no sense, the next record that does is searched for. What was lost is
reported as damage with the seconds that are missing between the messages around it.
"""

import mmap
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import zstandard
from mcap.opcode import Opcode
from mcap.writer import MCAP0_MAGIC

from attune.errors import RecordingError
from attune.session.container import CHANNELS, HEADER_ATTACHMENT
from attune.timeline import NS_PER_S, seconds

MAX_CHUNK_BYTES = 256 * 1024 * 1024
"""Largest chunk that is unpacked; a damaged size could ask for anything."""

LONGEST_CHUNK_NS = 60 * NS_PER_S
"""A chunk that claims to reach further than this past what is known is not believed."""

INDEX_DAMAGED = "the index is damaged; it is not needed here"

_PREFIX = struct.Struct("<BQ")
_CHUNK = struct.Struct("<QQQII")
_MESSAGE = struct.Struct("<HIQQ")
_CHANNEL = struct.Struct("<HH")
_FOOTER = struct.Struct("<QQI")
_CANDIDATE = re.compile(rb"(?=[\x01\x02\x06-\x0f][\x00-\xff]{5}\x00{3})")
"""Where a record may begin. Schemas, channels and messages are left out: video does not compress,
so those of a broken chunk can lie in the open, interrupted by the compressor's own marks."""

_OPCODES = frozenset(int(code) for code in Opcode)
_MESSAGE_OPCODE = int(Opcode.MESSAGE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: its channel, the order of the input it belongs to, its session time, its
    serialized content."""

    topic: str
    order: int
    time_ns: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that could not be read at byte `offset`. `lost_s` is the gap between the messages
    before and after it; at the end of the file, what the cut chunk says it held. 0 where no message
    is missing, None where nothing tells."""

    offset: int
    what: str
    lost_s: float | None


@dataclass(slots=True)
class Salvage:
    """One pass over a file. `damage`, `header` (the attached copy, or None) and `closed` are
    complete once `entries` is exhausted; a pass can be repeated."""

    path: Path
    damage: list[Damage] = field(default_factory=list)
    closed: bool = False
    header: bytes | None = None
    _topics: dict[int, str] = field(default_factory=dict)
    _last_ns: int | None = None
    _pending: list[tuple[int, str, int | None]] = field(default_factory=list)

    def entries(self) -> Iterator[Entry]:
        """Every message that can be read, in the order of writing.

        Raises RecordingError for a file that cannot be opened or is no MCAP file at all.
        """
        self.damage, self.closed, self.header = [], False, None
        self._last_ns, self._pending = None, []
        self._topics = dict(enumerate(CHANNELS, 1))
        try:
            with self.path.open("rb") as file:
                if file.seek(0, 2) == 0:
                    raise RecordingError(f"{self.path} is empty; expected an MCAP recording")
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                    yield from self._scan(content)
        except OSError as error:
            raise RecordingError(f"cannot read {self.path}: {error.strerror}") from error

    def _scan(self, content: mmap.mmap) -> Iterator[Entry]:
        at, found = 0, 0
        if content[: len(MCAP0_MAGIC)] == MCAP0_MAGIC:
            at = len(MCAP0_MAGIC)
        while at < len(content):
            if _is_final_magic(content, at):
                self.closed = True
                break
            end = _record_end(content, at)
            if end is None:
                after = _next_record(content, at + 1)
                what = "unreadable bytes" if after < len(content) else "it ends in mid-record"
                self._pending.append((at, what, _claimed_end_ns(content, at)))
                at = after
                continue
            for entry in self._record(content, at, end):
                found += 1
                if self._pending or self._last_ns is None or entry.time_ns > self._last_ns:
                    self._settle(entry.time_ns)
                yield entry
            at = end
        if not found and self.header is None and not self.closed:
            raise RecordingError(f"{self.path} holds no record of a recording; is it an MCAP file?")
        self._settle(None)

    def _record(self, content: mmap.mmap, at: int, end: int) -> Iterator[Entry]:
        opcode, body = content[at], at + _PREFIX.size
        if opcode == Opcode.CHUNK:
            try:
                yield from self._inside(_unpacked(content[body:end]))
            except ValueError as error:
                self._pending.append((at, str(error), _claimed_end_ns(content, at)))
            except struct.error:
                what = "the records of a chunk do not fit into it"
                self._pending.append((at, what, _claimed_end_ns(content, at)))
        elif opcode == Opcode.ATTACHMENT:
            self._attachment(content[body:end], at)
        elif opcode == Opcode.FOOTER:
            self._footer(content, at)

    def _inside(self, records: bytes) -> Iterator[Entry]:
        at = 0
        while at < len(records):
            opcode, length = _PREFIX.unpack_from(records, at)
            body, at = at + _PREFIX.size, at + _PREFIX.size + length
            if opcode == _MESSAGE_OPCODE:
                channel, order, time_ns, _ = _MESSAGE.unpack_from(records, body)
                topic = self._topics.get(channel)
                if topic is not None:
                    yield Entry(topic, order, time_ns, records[body + _MESSAGE.size : at])
            elif opcode == Opcode.CHANNEL:
                number, _ = _CHANNEL.unpack_from(records, body)
                self._topics[number] = _string(records, body + _CHANNEL.size)

    def _attachment(self, body: bytes, at: int) -> None:
        if zlib.crc32(body[:-4]) != int.from_bytes(body[-4:], "little"):
            self._pending.append((at, "the checksum of the attached header is wrong", None))
            return
        name = _string(body, 16)
        media = 16 + 4 + len(name.encode())
        start = media + 4 + int.from_bytes(body[media : media + 4], "little") + 8
        if name == HEADER_ATTACHMENT:
            self.header = body[start:-4]

    def _footer(self, content: mmap.mmap, at: int) -> None:
        """The index is not used; a damaged one is worth a remark, for other programs do use it."""
        summary, _, crc = _FOOTER.unpack_from(content, at + _PREFIX.size)
        if crc and (summary > at or zlib.crc32(content[summary : at + 25]) != crc):
            self._pending.append((at, INDEX_DAMAGED, None))

    def _settle(self, next_ns: int | None) -> None:
        """Account for what is pending, now that the next message is known, or that none follows."""
        at_ns = self._last_ns or 0
        for number, (offset, what, claimed_ns) in enumerate(self._pending, 1):
            if what == INDEX_DAMAGED:
                self.damage.append(Damage(offset, what, 0.0))
                continue
            until_ns = None
            if next_ns is not None and number == len(self._pending):
                until_ns = max(next_ns, at_ns)
            elif claimed_ns is not None and 0 <= claimed_ns - at_ns <= LONGEST_CHUNK_NS:
                until_ns = claimed_ns
            lost_s = None if until_ns is None else seconds(until_ns - at_ns)
            self.damage.append(Damage(offset, what, lost_s))
            at_ns = at_ns if until_ns is None else until_ns
        self._pending.clear()
        if next_ns is not None:
            self._last_ns = max(next_ns, self._last_ns or 0)


def _claimed_end_ns(content: mmap.mmap, at: int) -> int | None:
    """The session time of a damaged chunk's last message as the chunk itself says."""
    if content[at] != Opcode.CHUNK or at + _PREFIX.size + _CHUNK.size > len(content):
        return None
    return int(_CHUNK.unpack_from(content, at + _PREFIX.size)[1])


def _record_end(content: mmap.mmap, at: int) -> int | None:
    """Where the record at `at` ends, or None if no whole record can be there."""
    if at + _PREFIX.size > len(content):
        return None
    opcode, length = _PREFIX.unpack_from(content, at)
    end = at + _PREFIX.size + int(length)
    if opcode not in _OPCODES or end > len(content) or not _fits(content, opcode, at, end):
        return None
    return end


_EXACT: dict[int, int] = {Opcode.FOOTER: _FOOTER.size, Opcode.DATA_END: 4}
_LAYOUT: dict[int, tuple[int | str, ...]] = {
    Opcode.HEADER: ("<I", "<I"),
    Opcode.ATTACHMENT: (16, "<I", "<I", "<Q", 4),
}
_SMALLEST: dict[int, int] = {
    Opcode.MESSAGE: _MESSAGE.size,
    Opcode.CHANNEL: 16,
    Opcode.ATTACHMENT: 36,
    Opcode.CHUNK: _CHUNK.size + 8,
    Opcode.MESSAGE_INDEX: 6,
    Opcode.FOOTER: _FOOTER.size,
}


def _fits(content: mmap.mmap, opcode: int, at: int, end: int) -> bool:
    """Whether the lengths inside a record agree with its own."""
    body, size = at + _PREFIX.size, end - at - _PREFIX.size
    if size < _SMALLEST.get(opcode, 4):
        return False
    if opcode == Opcode.CHUNK:
        name = _CHUNK.unpack_from(content, body)[4]
        if size < _CHUNK.size + name + 8:
            return False
        (data,) = struct.unpack_from("<Q", content, body + _CHUNK.size + name)
        return bool(_CHUNK.size + name + 8 + data == size)
    if opcode == Opcode.MESSAGE_INDEX:
        return bool(size == 6 + struct.unpack_from("<I", content, body + 2)[0])
    if opcode in _LAYOUT:
        return _filled(content, body, size, _LAYOUT[opcode])
    return size == _EXACT.get(opcode, size)


def _filled(content: mmap.mmap, body: int, size: int, layout: Sequence[int | str]) -> bool:
    """Whether fields of `layout`, sizes in bytes or formats of the length of what follows, fill a
    record exactly."""
    used = 0
    for part in layout:
        if isinstance(part, int):
            used += part
            continue
        if used + struct.calcsize(part) > size:
            return False
        used += struct.calcsize(part) + int(struct.unpack_from(part, content, body + used)[0])
    return used == size


def _next_record(content: mmap.mmap, start: int) -> int:
    """Offset of the next place where two whole records, or one and the end, follow each other."""
    for match in _CANDIDATE.finditer(content, start):
        at = match.start()
        end = _record_end(content, at)
        if end is None:
            continue
        if end == len(content) or _is_final_magic(content, end):
            return at
        if _record_end(content, end) is not None:
            return at
    last = len(content) - len(MCAP0_MAGIC)
    return last if start <= last and _is_final_magic(content, last) else len(content)


def _is_final_magic(content: mmap.mmap, at: int) -> bool:
    return at + len(MCAP0_MAGIC) == len(content) and content[at:] == MCAP0_MAGIC


def _unpacked(body: bytes) -> bytes:
    """The records of a chunk. Raises ValueError with what is wrong with it."""
    _, _, size, crc, name = _CHUNK.unpack_from(body)
    compression = bytes(body[_CHUNK.size : _CHUNK.size + name])
    data = body[_CHUNK.size + name + 8 :]
    if compression == b"zstd":
        try:
            if zstandard.frame_content_size(data) > MAX_CHUNK_BYTES:
                raise ValueError("a chunk claims an absurd size")
            records = zstandard.ZstdDecompressor().decompress(data, MAX_CHUNK_BYTES)
        except zstandard.ZstdError as error:
            raise ValueError("a chunk cannot be unpacked") from error
    elif not compression:
        records = data
    else:
        raise ValueError(f"a chunk is compressed with {compression!r}, expected zstd or nothing")
    if crc and zlib.crc32(records) != crc:
        raise ValueError("the checksum of a chunk is wrong")
    if not crc and len(records) != size:
        raise ValueError("a chunk without checksum has the wrong length")
    return records


def _string(data: bytes, at: int) -> str:
    (length,) = struct.unpack_from("<I", data, at)
    return bytes(data[at + 4 : at + 4 + length]).decode("utf-8", "replace")
