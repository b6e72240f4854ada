"""A damaged recording opens, gives everything that is whole, and says what is missing."""

import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcap.opcode import Opcode

from attune.errors import RecordingError
from attune.session.container import Container
from attune.session.inputs import Tick
from attune.session.recorded import read_recording
from attune.session.salvage import Entry, Salvage
from attune.session.transcript import evidence_record, recorded_input
from attune.session.viewer_schemas import compressed_image
from attune.timeline import SLOT_NS
from tests.session.recordings import a_header, some_evidence

CHUNKS = 12
PER_CHUNK = 5


@dataclass(frozen=True)
class Sample:
    """A whole recording: its bytes, its messages, and where each record lies."""

    content: bytes
    entries: list[Entry]
    records: list[tuple[int, int, int]]

    @property
    def chunks(self) -> list[tuple[int, int]]:
        return [(at, end) for code, at, end in self.records if code == Opcode.CHUNK]


def records_of(content: bytes) -> list[tuple[int, int, int]]:
    found, at = [], 8
    while at < len(content) - 8:
        opcode, length = struct.unpack_from("<BQ", content, at)
        found.append((opcode, at, at + 9 + length))
        at += 9 + length
    return found


@pytest.fixture(scope="module", params=["features", "video"])
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """A recording of slots alone, and one with pictures too, which no compressor makes smaller."""
    path = tmp_path_factory.mktemp("sample") / "s.mcap"
    noise = np.random.default_rng(7)
    container = Container(path)
    container.write_header(a_header())
    order = 0
    for chunk in range(CHUNKS):
        for part in range(PER_CHUNK):
            order += 1
            slot = chunk * PER_CHUNK + part
            time_ns = (slot + 1) * SLOT_NS
            record = recorded_input(order, Tick(time_ns), None, 0)
            container.write("/input", order, time_ns, record)
            if request.param == "video":
                picture = compressed_image(time_ns, noise.bytes(700), "jpeg", "camera")
                container.write("/video", order, time_ns, picture)
            else:
                evidence = evidence_record(order, some_evidence(slot))
                container.write("/evidence", order, time_ns, evidence)
        container.sync()
    container.finish()
    content = path.read_bytes()
    return Sample(content, list(Salvage(path).entries()), records_of(content))


def salvaged(path: Path, content: bytes) -> tuple[Salvage, list[Entry]]:
    path.write_bytes(content)
    salvage = Salvage(path)
    return salvage, list(salvage.entries())


def is_subsequence(part: list[Entry], whole: list[Entry]) -> bool:
    rest = iter(whole)
    return all(one in rest for one in part)


def flipped(content: bytes, at: int, mask: int) -> bytes:
    return content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]


def test_a_whole_file_has_no_damage(sample: Sample, tmp_path: Path) -> None:
    salvage, entries = salvaged(tmp_path / "s.mcap", sample.content)
    assert len(entries) == 1 + 2 * CHUNKS * PER_CHUNK
    assert salvage.damage == []
    assert salvage.closed


def test_cut_at_every_record_boundary_everything_before_is_there(
    sample: Sample, tmp_path: Path
) -> None:
    first_chunk_end = sample.chunks[0][1]
    for _, _, end in sample.records:
        if end < first_chunk_end:
            continue
        salvage, entries = salvaged(tmp_path / "s.mcap", sample.content[:end])
        whole = [one for one in sample.chunks if one[1] <= end]
        assert len(entries) == 1 + 2 * PER_CHUNK * (len(whole) - 1)
        assert not salvage.closed
        assert salvage.damage == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_cut_anywhere_whole_chunks_are_there_and_the_end_is_reported(
    sample: Sample, tmp_path: Path, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(sample.chunks[0][1], len(sample.content) - 1))
    salvage, entries = salvaged(tmp_path / "s.mcap", sample.content[:cut])
    whole = [one for one in sample.chunks if one[1] <= cut]
    assert len(entries) == 1 + 2 * PER_CHUNK * (len(whole) - 1)
    assert entries == sample.entries[: len(entries)]
    assert not salvage.closed
    boundary = any(end == cut for _, _, end in sample.records)
    assert bool(salvage.damage) is not boundary


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_a_flipped_byte_anywhere_costs_at_most_one_chunk_and_never_the_header(
    sample: Sample, tmp_path: Path, mask: int
) -> None:
    path = tmp_path / "s.mcap"
    path.write_bytes(sample.content)
    with path.open("r+b", buffering=0) as file:
        for at in range(0, len(sample.content), 41 if mask == 0xFF else 149):
            os.pwrite(file.fileno(), bytes([sample.content[at] ^ mask]), at)
            salvage = Salvage(path)
            entries = list(salvage.entries())
            os.pwrite(file.fileno(), sample.content[at : at + 1], at)
            assert is_subsequence(entries, sample.entries), at
            lost = len(sample.entries) - len(entries)
            assert lost <= 2 * PER_CHUNK, (at, salvage.damage)
            assert not lost or salvage.damage, at
            assert salvage.header is not None or entries[0].topic == "/header", at


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_several_wounds_and_a_cut_still_open(
    sample: Sample, tmp_path: Path, data: st.DataObject
) -> None:
    content = bytearray(sample.content)
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=6)):
        content[at] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(content)))
    try:
        _, entries = salvaged(tmp_path / "s.mcap", bytes(content[:cut]))
    except RecordingError as error:
        assert str(tmp_path) in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert is_subsequence(entries, sample.entries)


def test_the_lost_seconds_lie_between_the_messages_around_the_damage(
    sample: Sample, tmp_path: Path
) -> None:
    begin, end = sample.chunks[6]
    salvage, _ = salvaged(tmp_path / "s.mcap", flipped(sample.content, (begin + end) // 2, 0xFF))
    [damage] = salvage.damage
    assert damage.offset == begin
    assert damage.lost_s == pytest.approx((PER_CHUNK + 1) / 10)


def test_seconds_that_are_lost_together_are_counted_once(sample: Sample, tmp_path: Path) -> None:
    content = sample.content
    for begin, end in sample.chunks[6:9]:
        content = flipped(content, (begin + end) // 2, 0xFF)
    salvage, _ = salvaged(tmp_path / "s.mcap", content)
    lost = [one.lost_s for one in salvage.damage]
    assert lost == pytest.approx([0.5, 0.5, 0.6])
    begin, end = sample.chunks[9]
    salvage, _ = salvaged(tmp_path / "s.mcap", content[: (begin + end) // 2])
    assert [one.lost_s for one in salvage.damage] == pytest.approx([0.5] * 4)


def test_a_cut_chunk_says_how_much_it_held(sample: Sample, tmp_path: Path) -> None:
    begin, end = sample.chunks[6]
    salvage, _ = salvaged(tmp_path / "s.mcap", sample.content[: (begin + end) // 2])
    [damage] = salvage.damage
    assert damage.what == "it ends in mid-record"
    assert damage.lost_s == pytest.approx(PER_CHUNK / 10)


def test_a_cut_that_tells_nothing_claims_nothing(sample: Sample, tmp_path: Path) -> None:
    begin, _ = sample.chunks[6]
    salvage, _ = salvaged(tmp_path / "s.mcap", sample.content[: begin + 12])
    assert [one.lost_s for one in salvage.damage] == [None]


def test_a_broken_record_length_is_found_a_way_around(sample: Sample, tmp_path: Path) -> None:
    begin, _ = sample.chunks[6]
    salvage, entries = salvaged(
        tmp_path / "s.mcap", sample.content[: begin + 1] + b"\xff" * 8 + sample.content[begin + 9 :]
    )
    assert len(sample.entries) - len(entries) == 2 * PER_CHUNK
    [damage] = salvage.damage
    assert damage.what == "unreadable bytes"
    assert salvage.closed


def test_a_damaged_index_costs_nothing_and_is_told(sample: Sample, tmp_path: Path) -> None:
    index = next(at for code, at, _ in sample.records if code == Opcode.STATISTICS)
    salvage, entries = salvaged(tmp_path / "s.mcap", flipped(sample.content, index + 12, 0xFF))
    assert entries == sample.entries
    [damage] = salvage.damage
    assert "index" in damage.what
    assert damage.lost_s == 0


def test_the_header_survives_in_its_attachment(sample: Sample, tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    begin, end = sample.chunks[0]
    path.write_bytes(flipped(sample.content, (begin + end) // 2, 0xFF))
    recording = read_recording(path)
    assert recording.header.session_id == "0f" * 16
    assert recording.inputs == CHUNKS * PER_CHUNK
    assert len(recording.damage) == 1


def with_chunk(sample: Sample, records: bytes) -> bytes:
    """The sample with one more chunk between two of its own; its checksum is right."""
    body = struct.pack("<QQQII", 0, 0, len(records), zlib.crc32(records), 0)
    body += struct.pack("<Q", len(records)) + records
    at = sample.chunks[4][0]
    chunk = struct.pack("<BQ", Opcode.CHUNK, len(body)) + body
    return sample.content[:at] + chunk + sample.content[at:]


MESSAGE_OF_NOTHING = struct.pack("<BQ", Opcode.MESSAGE, 22)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    records=st.one_of(
        st.binary(max_size=80),
        st.binary(max_size=21).map(lambda rest: MESSAGE_OF_NOTHING + rest),
        st.binary(max_size=40).map(
            lambda rest: struct.pack("<BQ", Opcode.CHANNEL, len(rest)) + rest
        ),
    )
)
def test_a_chunk_of_whole_nonsense_costs_itself_alone(
    sample: Sample, tmp_path: Path, records: bytes
) -> None:
    content = with_chunk(sample, records)
    _, entries = salvaged(tmp_path / "s.mcap", content)
    assert is_subsequence(sample.entries, entries)


def test_a_chunk_that_ends_in_mid_record_is_told(sample: Sample, tmp_path: Path) -> None:
    content = with_chunk(sample, MESSAGE_OF_NOTHING + bytes(5))
    salvage, entries = salvaged(tmp_path / "s.mcap", content)
    assert entries == sample.entries
    assert [one.what for one in salvage.damage if "index" not in one.what] == [
        "the records of a chunk do not fit into it"
    ]


def test_a_zip_bomb_of_a_chunk_is_not_unpacked(sample: Sample, tmp_path: Path) -> None:
    import zstandard

    begin, _ = sample.chunks[3]
    bomb = zstandard.compress(bytes(300_000_000))
    body = struct.pack("<QQQII", 0, 0, 300_000_000, 0, 4) + b"zstd"
    body += struct.pack("<Q", len(bomb)) + bomb
    record = struct.pack("<BQ", Opcode.CHUNK, len(body)) + body
    salvage, entries = salvaged(
        tmp_path / "s.mcap", sample.content[:begin] + record + sample.content[begin:]
    )
    assert entries == sample.entries
    assert [one.what for one in salvage.damage] == [
        "a chunk claims an absurd size",
        "the index is damaged; it is not needed here",
    ]


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"PK\x03\x04 a zip perhaps" * 20])
def test_what_is_no_recording_is_refused_with_its_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "strange.mcap"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"strange\.mcap"):
        read_recording(path)


def test_a_missing_file_is_refused_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"absent\.mcap"):
        read_recording(tmp_path / "absent.mcap")
