"""The recorder keeps what consent allows, in a file that others can read, and never in the way."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.writer import Writer
from mcap_protobuf.decoder import DecoderFactory

from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    ResolvedBy,
    StimulusOffset,
    StimulusOnset,
)
from attune.session.axes import matrix_of
from attune.session.consent import Consent, ConsentScope
from attune.session.container import CHANNELS, Container, close_chunk
from attune.session.inputs import (
    BaselineAction,
    BaselineInput,
    CameraModelInput,
    ConsentInput,
    EndInput,
    EndReason,
    EventInput,
    FaceWeightsInput,
    HeadsetPoseInput,
    Input,
    OperatorInput,
    PauseInput,
    ResumeInput,
    Tick,
    WeightsSource,
)
from attune.session.recorded import read_header, read_pictures, read_recording, read_steps
from attune.session.recording import PART_SUFFIX, Recorder
from attune.session.transcript import (
    evidence_from_record,
    evidence_record,
    input_from_record,
    recorded_input,
)
from attune.timeline import SLOT_NS
from attune.v1 import geometry_pb2, recording_pb2, session_pb2, story_pb2
from attune.vision.bystanders import BystanderFinder
from attune.vision.camera import CameraModel
from attune.vision.decode import decode
from attune.vision.face import Box
from attune.vision.frame import EncodedFrame, Encoding, FrameRole
from tests.session.recordings import (
    EVERYTHING,
    FEATURES,
    NOTHING,
    VIDEO,
    a_frame,
    a_header,
    a_jpeg,
    a_session,
    an_update,
    settings_for,
    some_evidence,
    write,
)

names = st.text(min_size=1, max_size=20)
times = st.integers(0, 2**58)
counts = st.integers(1, 2**31)
metres = st.floats(-100, 100)
events = st.one_of(
    st.builds(StimulusOnset, times, names),
    st.builds(StimulusOffset, times, names),
    st.builds(BeatEntered, times, names),
    st.builds(ChoiceDue, times, names, counts, times),
    st.builds(ChoiceResolved, times, names, counts, names, st.sampled_from(ResolvedBy), names),
)
inputs = st.one_of(
    st.builds(Tick, times),
    st.builds(ConsentInput, times, counts, st.frozensets(st.sampled_from(ConsentScope))),
    st.builds(PauseInput, times),
    st.builds(ResumeInput, times),
    st.builds(EventInput, events),
    st.builds(BaselineInput, times, st.sampled_from(BaselineAction)),
    st.builds(OperatorInput, times, names, counts, names),
    st.builds(EndInput, times, st.sampled_from(EndReason)),
    st.builds(
        FaceWeightsInput,
        times,
        st.just("htc"),
        st.lists(st.floats(0, 1, width=32), min_size=51, max_size=51).map(tuple),
        st.booleans(),
        st.sampled_from(WeightsSource),
        st.floats(0, 1, width=32),
    ),
    st.builds(
        CameraModelInput,
        times,
        st.builds(
            CameraModel,
            fx=st.floats(100, 900),
            fy=st.floats(100, 900),
            cx=st.floats(0, 640),
            cy=st.floats(0, 480),
            width=st.just(640),
            height=st.just(480),
            distortion=st.sampled_from([(), (0.1, 0.2, 0.0, 0.0, 0.3)]),
        ),
    ),
)


def topics(path: Path) -> Counter[str]:
    with path.open("rb") as file:
        return Counter(channel.topic for _, channel, _ in make_reader(file).iter_messages())


def record(path: Path, rows: list[Input], scopes: frozenset[ConsentScope]) -> list[Input | None]:
    write(path, [(row, ()) for row in rows], scopes)
    return [step.given for step in read_steps(path)]


@given(counts, inputs)
def test_an_input_comes_back_as_it_was(order: int, given_input: Input) -> None:
    written = recorded_input(order, given_input, None, 0).SerializeToString()
    assert input_from_record(recording_pb2.RecordedInput.FromString(written)) == given_input


@given(
    times,
    st.tuples(metres, metres, metres),
    st.tuples(metres, metres, metres, metres).filter(lambda q: sum(map(abs, q)) > 1),
    st.none() | st.tuples(metres, metres, metres),
)
def test_a_pose_comes_back_within_rounding(
    time_ns: int,
    position: tuple[float, float, float],
    quaternion: tuple[float, float, float, float],
    focus: tuple[float, float, float] | None,
) -> None:
    pose = HeadsetPoseInput(
        time_ns,
        matrix_of(*quaternion),
        np.array(position),
        3,
        None if focus is None else np.array(focus),
    )
    found = input_from_record(recorded_input(1, pose, None, 0))
    assert isinstance(found, HeadsetPoseInput)
    assert found.rotation == pytest.approx(pose.rotation, abs=1e-9)
    assert found.position_m.tolist() == list(position)
    assert (found.focus_m is None) == (focus is None)


def test_evidence_comes_back_as_it_was() -> None:
    record = evidence_record(9, some_evidence(4))
    assert evidence_from_record(record) == some_evidence(4)
    assert record.order == 9


def test_a_clients_message_is_kept_as_sent_but_for_its_times() -> None:
    sent = session_pb2.ClientMessage(
        scenario_event=story_pb2.ScenarioEvent(
            time_ns=1_000_000,
            choice_due=story_pb2.ChoiceDue(choice_id="door", occurrence=1, deadline_ns=2_000_000),
        )
    )
    converted = EventInput(ChoiceDue(10, "door", 1, 20))
    record = recorded_input(5, converted, sent, 1_000_000)
    assert record.client_time_ns == 1_000_000
    assert input_from_record(record) == converted
    assert sent.scenario_event.time_ns == 1_000_000


def test_a_sent_pose_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    sent = session_pb2.ClientMessage(
        headset_pose=geometry_pb2.HeadsetPose(
            time_ns=5,
            pose=geometry_pb2.Pose(
                position_m=geometry_pb2.Vector3(x=0.1, y=1.7, z=0.3),
                orientation=geometry_pb2.Quaternion(x=0.1, y=0.2, z=0.3, w=0.9273618495495703),
            ),
        )
    )
    live = input_from_record(recording_pb2.RecordedInput(session_time_ns=5, message=sent))
    assert isinstance(live, HeadsetPoseInput)
    recorder = Recorder.open(tmp_path / "s.mcap", a_header(VIDEO), settings_for())
    recorder.input(1, live, sent, 5)
    recorder.close()
    [step] = read_steps(tmp_path / "s.mcap")
    assert isinstance(step.given, HeadsetPoseInput)
    assert step.given.rotation.tobytes() == live.rotation.tobytes()
    assert step.given.position_m.tobytes() == live.position_m.tobytes()


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


def test_without_a_store_consent_only_events_and_decisions_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(5), NOTHING)
    found = read_recording(path)
    assert set(topics(path)) == {"/header", "/input", "/output", "/log"}
    assert (found.frames, found.pictures, found.states, found.slots) == (0, 0, [], [])
    assert len(found.events) == 1
    assert [(one.branch_id, one.evidence) for one in found.decisions] == [("left", {})]
    assert found.ending is not None
    assert found.ending.eri is None


def test_video_consent_alone_stores_no_features(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(5), VIDEO)
    found = read_recording(path)
    assert (found.pictures, found.states, found.slots) == (15, [], [])


def a_pose() -> HeadsetPoseInput:
    return HeadsetPoseInput(1, np.eye(3), np.array([0.1, 1.7, 0.2]), 1, None)


def some_weights(time_ns: int) -> FaceWeightsInput:
    return FaceWeightsInput(time_ns, "htc", (0.5,) * 51, True, WeightsSource.VISUAL, 0.5)


@pytest.mark.parametrize(("scopes", "kept"), [(VIDEO, True), (FEATURES, False), (NOTHING, False)])
def test_where_the_head_was_is_kept_with_video_alone(
    tmp_path: Path, scopes: frozenset[ConsentScope], kept: bool
) -> None:
    assert len(record(tmp_path / "s.mcap", [a_pose()], scopes)) == int(kept)


def test_face_weights_are_features_and_thinned(tmp_path: Path) -> None:
    rows: list[Input] = [some_weights(part * SLOT_NS // 4) for part in range(40)]
    assert len(record(tmp_path / "features.mcap", rows, FEATURES)) == 10
    assert record(tmp_path / "video.mcap", rows, VIDEO) == []


def test_frames_of_a_camera_that_looks_at_others_are_never_kept(tmp_path: Path) -> None:
    recorder = Recorder.open(tmp_path / "s.mcap", a_header(), settings_for())
    recorder.frame(1, a_frame(1, 1, role=FrameRole.BYSTANDERS))
    recorder.close()
    assert list(read_pictures(tmp_path / "s.mcap")) == []


def test_withdrawing_a_scope_stops_its_channel_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    recorder = Recorder.open(path, a_header(EVERYTHING), settings_for())
    for order in range(1, 101):
        if order == 51:
            recorder.consent(Consent(2, frozenset(FEATURES)))
        time_ns = order * SLOT_NS
        recorder.input(order, a_frame(time_ns, order))
        recorder.frame(order, a_frame(time_ns, order))
        recorder.outputs(order, [an_update(time_ns, order)])
    recorder.close()
    found = read_recording(path)
    assert found.pictures <= 50
    assert len(found.states) == 100


def test_what_waits_when_consent_is_withdrawn_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    recorder = Recorder.open(path, a_header(EVERYTHING), settings_for())
    # Blacking out a face in a large picture keeps the writer busy while the rest arrives.
    large = EncodedFrame(Encoding.JPEG, a_jpeg(90, 4000, 4000), 4000, 4000)
    recorder.frame(1, a_frame(1, 1, frame=large), bystanders=[Box(0, 0, 50, 50)])
    for order in range(2, 20):
        recorder.frame(order, a_frame(order, order))
    recorder.consent(Consent(2, frozenset(FEATURES)))
    recorder.close()
    assert read_recording(path).pictures <= 1


def test_bystanders_are_black_in_what_is_stored(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    recorder = Recorder.open(path, a_header(), settings_for())
    frame = a_frame(1, 1, frame=EncodedFrame(Encoding.JPEG, a_jpeg(200), 64, 48, 90, True))
    recorder.frame(1, frame, bystanders=[Box(0, 0, 20, 20)])
    recorder.close()
    [stored] = read_pictures(path)
    image = decode(stored.frame, max_pixels=10_000, max_bytes=100_000)
    assert (image.width, image.height) == (48, 64)
    assert image.rgb[:20, :20].max() < 30
    assert image.rgb[40:, 40:].min() > 170
    assert read_recording(path).redacted == 1


def test_people_whom_the_tracker_never_met_are_black_in_what_is_stored(
    tmp_path: Path, clips: Path
) -> None:
    path = tmp_path / "s.mcap"
    jpeg = (clips / "multi_face.jpg").read_bytes()
    frame = a_frame(1, 1, frame=EncodedFrame(Encoding.JPEG, jpeg, 1000, 667))
    finder = BystanderFinder()
    wearer, *others = finder.find(decode(frame.frame, max_pixels=10**6, max_bytes=10**6), None)
    recorder = Recorder.open(path, a_header(), settings_for())
    recorder.frame(1, frame, wearer)
    recorder.close()
    [stored] = read_pictures(path)
    image = decode(stored.frame, max_pixels=10**6, max_bytes=10**6)
    assert len(others) >= 4
    assert len(finder.find(image, None)) == 1
    assert finder.find(image, wearer) == ()
    finder.close()


def test_pixels_that_nobody_can_look_at_are_not_stored(tmp_path: Path) -> None:
    recorder = Recorder.open(tmp_path / "s.mcap", a_header(), settings_for())
    recorder.frame(1, a_frame(1, 1, b"no picture at all"))
    recorder.close()
    assert read_recording(tmp_path / "s.mcap").pictures == 0
    assert recorder.frames_lost == 1


def test_the_token_of_a_resumption_is_not_stored(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(1))
    assert not read_header(path).start.HasField("resumption")
    assert b"secret" not in path.read_bytes()


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


def test_a_chunk_reaches_the_disk_before_the_file_is_closed(tmp_path: Path) -> None:
    container = Container(tmp_path / "s.mcap")
    container.write_header(a_header())
    before = (tmp_path / "s.mcap").stat().st_size
    container.write("/evidence", 1, 0, evidence_record(1, some_evidence(0)))
    assert (tmp_path / "s.mcap").stat().st_size == before
    container.sync()
    assert [len(step.closed) for step in read_steps(tmp_path / "s.mcap")] == [1]
    container.finish()


def test_a_writer_without_the_public_call_is_flushed_too(tmp_path: Path) -> None:
    class Older(Writer):
        flush = None

    with (tmp_path / "s.mcap").open("wb") as file:
        writer = Older(file)
        writer.start()
        channel = writer.register_channel("/t", "json", 0)
        writer.add_message(channel, 1, b"{}", 1)
        empty = (tmp_path / "s.mcap").stat().st_size
        close_chunk(writer, file)
        assert (tmp_path / "s.mcap").stat().st_size > empty
        writer.finish()
    assert topics(tmp_path / "s.mcap") == {"/t": 1}


def test_the_disk_falling_below_its_floor_is_a_failure_not_an_exception(tmp_path: Path) -> None:
    recorder = Recorder.open(
        tmp_path / "s.mcap", a_header(), settings_for(free_space_floor_mb=10**9)
    )
    assert recorder.failure is not None
    assert "floor" in recorder.failure
    recorder.input(1, Tick(0))
    recorder.close()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    recorder = Recorder.open(tmp_path / "file" / "s.mcap", a_header(), settings_for())
    assert recorder.failure is not None
    recorder.close()


def test_a_disk_that_is_full_from_the_start_leaves_no_file(tmp_path: Path) -> None:
    script = f"""
import resource, signal, sys
from pathlib import Path
sys.path[:0] = {sys.path!r}
from attune.session.recording import Recorder
from tests.session.recordings import a_header, settings_for
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))
recorder = Recorder.open(Path({str(tmp_path / "s.mcap")!r}), a_header(), settings_for())
print(recorder.failure)
recorder.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert "File too large" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_an_existing_recording_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(1))
    content = path.read_bytes()
    recorder = write(path, a_session(2))
    assert recorder.failure is not None
    assert "already there" in recorder.failure
    assert path.read_bytes() == content


def test_a_full_disk_ends_the_recording_with_everything_before_it(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    script = f"""
import resource, signal, sys, time
from pathlib import Path
sys.path[:0] = {sys.path!r}
from attune.session.recording import Recorder
from tests.session.recordings import a_frame, a_header, settings_for
import cv2
import numpy as np
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
recorder = Recorder.open(Path({str(path)!r}), a_header(), settings_for(sync_interval_s=0.02))
noise = np.random.default_rng(0)
order = 0
while recorder.failure is None and order < 2000:
    order += 1
    pixels = noise.integers(0, 255, (48, 64, 3), np.uint8)
    jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 100])[1].tobytes()
    recorder.frame(order, a_frame(order * 10**7, order, jpeg))
    time.sleep(0.002)
print(recorder.failure)
recorder.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert "File too large" in done.stdout
    assert path.stat().st_size <= 300_000
    found = read_recording(path)
    assert found.closed
    assert found.damage == ()
    assert 10 < found.pictures < 60
    with path.open("rb") as file:
        assert sum(1 for _ in make_reader(file).iter_messages()) >= 2 * found.pictures


def test_a_killed_writer_leaves_what_was_synced(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    script = f"""
import os, sys, time
from pathlib import Path
sys.path[:0] = {sys.path!r}
from attune.session.recording import Recorder
from tests.session.recordings import a_header, a_session, settings_for
recorder = Recorder.open(Path({str(path)!r}), a_header(), settings_for(sync_interval_s=0.02))
for order, (given, outputs) in enumerate(a_session(5), 1):
    recorder.input(order, given)
    recorder.outputs(order, outputs)
part = Path({str(path) + PART_SUFFIX!r})
size = 0
while part.stat().st_size == size or part.stat().st_size < 8_000:
    size = part.stat().st_size
    time.sleep(0.05)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    assert done.returncode == -9
    found = read_recording(path.with_name(path.name + PART_SUFFIX))
    assert not found.closed
    assert len(found.states) == 5


def test_a_slow_disk_costs_the_recording_not_the_caller(tmp_path: Path) -> None:
    recorder = Recorder.open(tmp_path / "s.mcap", a_header(), settings_for(queue_length=16))
    large = EncodedFrame(Encoding.JPEG, a_jpeg(90, 4000, 4000), 4000, 4000)
    recorder.frame(1, a_frame(1, 1, frame=large), bystanders=[Box(0, 0, 50, 50)])
    began = time.monotonic()
    for order in range(2, 200):
        recorder.input(order, Tick(order * SLOT_NS))
    assert time.monotonic() - began < 1.0
    assert recorder.failure is not None
    assert "too slow" in recorder.failure
    recorder.close()
    assert read_recording(tmp_path / "s.mcap").closed


def test_frames_give_way_before_anything_else(tmp_path: Path) -> None:
    recorder = Recorder.open(tmp_path / "s.mcap", a_header(), settings_for(queue_length=64))
    large = EncodedFrame(Encoding.JPEG, a_jpeg(90, 4000, 4000), 4000, 4000)
    recorder.frame(1, a_frame(1, 1, frame=large), bystanders=[Box(0, 0, 50, 50)])
    for order in range(2, 102):
        recorder.frame(order, a_frame(order, order))
    recorder.input(102, Tick(SLOT_NS))
    recorder.close()
    assert recorder.failure is None
    assert recorder.frames_lost > 0
    assert [step.given for step in read_steps(tmp_path / "s.mcap")][-1] == Tick(SLOT_NS)
