"""The MCAP file under a recording: fixed channels, chunks closed on demand, and an end that can be
written even when the disk is full."""

import os
from pathlib import Path

from google.protobuf.message import Message
from mcap.data_stream import RecordBuilder
from mcap.records import DataEnd, Footer
from mcap.writer import MCAP0_MAGIC, CompressionType, Writer
from mcap_protobuf.schema import build_file_descriptor_set

from attune.session.viewer_schemas import COMPRESSED_IMAGE, LOG
from attune.v1 import recording_pb2

try:
    import fcntl
except ImportError:  # not a POSIX system
    fcntl = None  # type: ignore[assignment]

PROFILE = "attune"
HEADER_ATTACHMENT = "header.binpb"

CHANNELS: dict[str, type[Message]] = {
    "/header": recording_pb2.RecordingHeader,
    "/input": recording_pb2.RecordedInput,
    "/frame": recording_pb2.RecordedFrame,
    "/evidence": recording_pb2.Evidence,
    "/output": recording_pb2.RecordedOutput,
    "/video": COMPRESSED_IMAGE,
    "/log": LOG,
}
"""Topic to message, in the order of the channel identifiers from 1: a file of this profile can be
read although the chunk that declares its channels is damaged."""

CHUNK_BYTES = 4 * 1024 * 1024
"""A chunk is closed at this size at the latest, so that a flipped byte never costs more."""


_BINARY = getattr(os, "O_BINARY", 0)


def claim(descriptor: int) -> bool:
    """Mark an open file as being written, until it is closed or its process ends. False where
    another process or recorder has done so. Where the system has no such marks: always True."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_for_claim(descriptor: int) -> None:
    """As `claim`, but wait for whoever has it."""
    if fcntl is not None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


class _File:
    """An unbuffered file that knows how far it has been written in whole chunks."""

    def __init__(self, path: Path) -> None:
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        wait_for_claim(self._fd)
        self._at = 0
        self.whole = 0
        self.closed = False

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest:
            written = os.write(self._fd, rest)
            self._at += written
            rest = rest[written:]
        return len(data)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        """Nothing is buffered here."""

    def sync(self) -> None:
        os.fsync(self._fd)
        self.whole = self._at

    def cut_back(self) -> None:
        """Forget everything after the last whole chunk."""
        os.ftruncate(self._fd, self.whole)
        os.lseek(self._fd, self.whole, os.SEEK_SET)
        self._at = self.whole

    def close(self) -> None:
        """Close once: the number of a closed file may be another file's already."""
        if not self.closed:
            self.closed = True
            os.close(self._fd)


class Container:
    """One MCAP file with Attune's channels. Every method may raise OSError."""

    def __init__(self, path: Path) -> None:
        self._file = _File(path)
        # A plain object with write, tell and flush is what the writer needs of a stream.
        self._writer = Writer(
            self._file,  # type: ignore[arg-type]
            chunk_size=CHUNK_BYTES,
            compression=CompressionType.ZSTD,
        )
        self._writer.start(profile=PROFILE, library="attune")
        self._channels: dict[str, int] = {}
        for topic, message in CHANNELS.items():
            schema = self._writer.register_schema(
                name=message.DESCRIPTOR.full_name,
                encoding="protobuf",
                data=build_file_descriptor_set(message).SerializeToString(),
            )
            self._channels[topic] = self._writer.register_channel(topic, "protobuf", schema)

    def write_header(self, header: Message) -> None:
        """Write the header twice, apart: as a message in a chunk of its own and as an attachment,
        so that no single flipped byte can make the recording unreadable."""
        self.write("/header", 0, 0, header)
        self.sync()
        self._writer.add_attachment(
            0, 0, HEADER_ATTACHMENT, "application/x-protobuf", header.SerializeToString()
        )
        self.sync()

    def write(self, topic: str, order: int, time_ns: int, message: Message) -> None:
        """Add a message; a time before the session began is logged as 0."""
        log_time = max(0, time_ns)
        self._writer.add_message(
            self._channels[topic],
            log_time=log_time,
            data=message.SerializeToString(),
            publish_time=log_time,
            sequence=order,
        )

    def add_metadata(self, name: str, values: dict[str, str]) -> None:
        """Add named values for people who inspect the file."""
        self._writer.add_metadata(name, values)

    def sync(self) -> None:
        """Close the chunk in progress and bring everything to the disk."""
        close_chunk(self._writer, self._file)
        self._file.sync()

    def finish(self) -> None:
        """Write index and footer, and close the file."""
        self._writer.finish()  # type: ignore[no-untyped-call]
        self._file.sync()
        self._file.close()

    def abandon(self) -> bool:
        """End the file after its last whole chunk, without an index, in the space that cutting off
        the last, half-written chunk gives back. Returns whether that worked; a file that was
        finished before is left as it is."""
        if self._file.closed:
            return False
        try:
            self._file.cut_back()
            end = RecordBuilder()
            DataEnd(0).write(end)
            Footer(summary_start=0, summary_offset_start=0, summary_crc=0).write(end)
            self._file.write(end.end() + MCAP0_MAGIC)  # type: ignore[no-untyped-call]
            self._file.sync()
        except OSError:
            return False
        finally:
            self._file.close()
        return True


def close_chunk(writer: Writer, stream: _File) -> None:
    """Close the writer's chunk and hand it to the stream: by the public call where this release
    of mcap has one, else by the private ones that it consists of."""
    public = getattr(writer, "flush", None)
    if public is not None:
        public()
        return
    writer._Writer__finalize_chunk()  # type: ignore[attr-defined]
    writer._Writer__flush()  # type: ignore[attr-defined]
    stream.flush()
