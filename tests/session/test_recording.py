"""The recorder keeps a session in a file that others can read."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory

from attune.errors import RecordingError
from attune.session.container import CHANNELS
from attune.session.recorded import read_pictures, read_recording, read_steps
from attune.session.recording import PART_SUFFIX, Recorder
from attune.timeline import SLOT_NS
from attune.vision.frame import EncodedFrame, Encoding
from tests.session.recordings import FEATURES, a_frame, a_header, a_session, settings_for, write


def test_a_recording_reads_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    recorder = write(path, a_session(10))
    assert recorder.failure is None
    assert not path.with_name(path.name + PART_SUFFIX).exists()
    found = read_recording(path)
    assert found.closed
    assert found.damage == ()
    assert (found.inputs, found.frames, found.pictures) == (43, 30, 30)
    assert [slot.slot for slot in found.slots] == list(range(10))
    assert [one.branch_id for one in found.decisions] == ["left"]
    assert found.decisions[0].evidence == {"confidence": 0.5, "eri": 61.5}
    assert found.ending is not None
    assert (found.ending.frames_analysed, found.ending.eri) == (30, 55.0)
    assert found.header.session_id == "0f" * 16
    assert list(found.header.labels) == ["happy", "sad"]
    assert found.header.cpu
    assert "numpy" in found.header.packages
    assert not found.header.start.HasField("resumption")


def test_a_recording_of_a_later_layout_is_not_misread(tmp_path: Path) -> None:
    header = a_header()
    header.format_version = 2
    Recorder.open(tmp_path / "s.mcap", header, settings_for()).close()
    with pytest.raises(RecordingError, match=r"is of layout 2, .* reads layout 1; update it"):
        read_recording(tmp_path / "s.mcap")


def test_a_recording_of_an_audience_to_come_is_not_misread(tmp_path: Path) -> None:
    header = a_header()
    header.start.audience = 77
    Recorder.open(tmp_path / "s.mcap", header, settings_for()).close()
    with pytest.raises(RecordingError, match=r"by another version .*audience"):
        read_recording(tmp_path / "s.mcap")


def test_replay_gets_the_frames_with_the_bytes_that_were_sent(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    rows = a_session(3)
    write(path, rows)
    steps = list(read_steps(path))
    assert [step.order for step in steps] == list(range(1, len(rows) + 1))
    assert [step.given for step in steps] == [row for row, _ in rows]
    assert [one.slot for step in steps for one in step.closed] == [0, 1, 2]


def test_raw_pixels_are_kept_too(tmp_path: Path) -> None:
    raw = bytes(range(48)) * 64 * 3
    frame = a_frame(1, 1, frame=EncodedFrame(Encoding.RGB24, raw, 64, 48))
    recorder = Recorder.open(tmp_path / "s.mcap", a_header(), settings_for())
    recorder.frame(1, frame)
    recorder.close()
    assert list(read_pictures(tmp_path / "s.mcap")) == [frame]


def test_states_are_kept_ten_times_a_second_without_where_the_head_was(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(10), FEATURES)
    with path.open("rb") as file:
        updates = [
            output.update
            for _, _, _, output in make_reader(
                file, decoder_factories=[DecoderFactory()]
            ).iter_decoded_messages(topics=["/output"])
            if output.HasField("update")
        ]
    assert len(updates) == 10
    assert not any(update.face.pose.HasField("position_m") for update in updates)
    assert {update.face.box_x_px + update.face.box_width_px for update in updates} == {0}
    assert {update.face.pose.yaw_deg for update in updates} == {10.0}


def test_only_the_owner_may_read_a_recording(tmp_path: Path) -> None:
    path = tmp_path / "sessions" / "s.mcap"
    write(path, a_session(1))
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_other_programs_can_open_it(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(10))
    with path.open("rb") as file:
        reader = make_reader(file, validate_crcs=True, decoder_factories=[DecoderFactory()])
        summary = reader.get_summary()
        assert summary is not None
        schemas = {schema.name for schema in summary.schemas.values()}
        assert {"foxglove.CompressedImage", "foxglove.Log", "attune.v1.Evidence"} <= schemas
        decoded = [
            (channel.topic, message) for _, channel, _, message in reader.iter_decoded_messages()
        ]
    images = [message for topic, message in decoded if topic == "/video"]
    assert len(images) == 30
    assert images[0].format == "jpeg"
    assert cv2.imdecode(np.frombuffer(images[0].data, np.uint8), cv2.IMREAD_COLOR).shape[0] == 48
    assert images[3].timestamp.nanos == SLOT_NS + 1
    logs = [(message.level, message.message) for topic, message in decoded if topic == "/log"]
    assert logs == [(2, "choice door (1): left, because evidence"), (3, "no_baseline: ")]


def test_channels_have_the_numbers_that_salvage_relies_on(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(1))
    with path.open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    assert {number: channel.topic for number, channel in summary.channels.items()} == dict(
        enumerate(CHANNELS, 1)
    )
