"""The recorder keeps what consent allows, and nobody but the wearer."""

import dataclasses
import time
from pathlib import Path

import numpy as np
import pytest

from attune.session.consent import Consent, ConsentScope
from attune.session.inputs import (
    ConsentInput,
    FaceWeightsInput,
    HeadsetPoseInput,
    Input,
    WeightsSource,
)
from attune.session.outputs import SlotClosed
from attune.session.recorded import read_header, read_pictures, read_recording, read_steps
from attune.session.recording import Recorder
from attune.session.report_faces import may_show_faces
from attune.timeline import SLOT_NS
from attune.vision.bystanders import BystanderFinder
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
    topics,
    write,
)

ZSTD = b"\x28\xb5\x2f\xfd"


def record(path: Path, rows: list[Input], scopes: frozenset[ConsentScope]) -> list[Input | None]:
    write(path, [(row, ()) for row in rows], scopes)
    return [step.given for step in read_steps(path)]


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


def test_face_weights_are_not_kept_of_somebody_who_refuses_analysis(tmp_path: Path) -> None:
    unread = frozenset({ConsentScope.STORE_FEATURES, ConsentScope.STORE_VIDEO})
    assert record(tmp_path / "s.mcap", [some_weights(1)], unread) == []


def test_frames_of_a_camera_that_looks_at_others_are_never_kept(tmp_path: Path) -> None:
    recorder = Recorder.open(tmp_path / "s.mcap", a_header(), settings_for())
    recorder.frame(1, a_frame(1, 1, role=FrameRole.BYSTANDERS))
    recorder.close()
    assert list(read_pictures(tmp_path / "s.mcap")) == []


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "with the header's other copy"])
def test_a_change_that_was_refused_for_its_revision_is_not_taken_for_the_consent_in_force(
    tmp_path: Path, damaged: bool
) -> None:
    path = tmp_path / "s.mcap"
    changes: list[Input] = [
        ConsentInput(0, 1, EVERYTHING),
        ConsentInput(1, 2, NOTHING),
        ConsentInput(2, 1, EVERYTHING),
    ]
    record(path, changes, EVERYTHING)
    if damaged:
        content = path.read_bytes()
        at = content.index(ZSTD) + 100
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    found = read_recording(path)
    assert bool(found.damage) is damaged
    assert [one.revision for one in found.consents] == [2]
    assert found.scopes_at_end == NOTHING
    assert not may_show_faces(found)


def test_withdrawing_a_scope_stops_its_channel_at_once(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    recorder = Recorder.open(path, a_header(EVERYTHING), settings_for())
    for order in range(1, 101):
        if order == 51:
            recorder.consent(Consent(2, frozenset(FEATURES)), order * SLOT_NS)
        time_ns = order * SLOT_NS
        recorder.input(order, a_frame(time_ns, order))
        recorder.frame(order, a_frame(time_ns, order))
        recorder.outputs(order, [an_update(time_ns, order)])
    recorder.close()
    found = read_recording(path)
    assert found.pictures <= 50
    assert len(found.states) == 100


@pytest.mark.parametrize(
    ("frames", "first"),
    [(3, 6), (0, 8)],
    ids=["slots with frames", "slots that may repeat an earlier frame"],
)
def test_what_was_measured_before_storing_was_granted_is_not_stored(
    tmp_path: Path, frames: int, first: int
) -> None:
    path = tmp_path / "s.mcap"
    recorder = Recorder.open(path, a_header(NOTHING), settings_for())
    granted_ns = 5 * SLOT_NS + SLOT_NS // 2
    recorder.consent(Consent(2, frozenset({ConsentScope.ANALYSE, *FEATURES})), granted_ns)
    for slot in range(12):  # each closes 800 ms after its end
        closed_ns = (slot + 9) * SLOT_NS
        seen = dataclasses.replace(some_evidence(slot), frames=frames)
        recorder.input(slot + 1, some_weights(slot * SLOT_NS))
        recorder.outputs(slot + 1, [SlotClosed(closed_ns, seen)])
    recorder.close()

    assert [one.slot for one in read_recording(path).slots] == list(range(first, 12))
    kept = [step.given for step in read_steps(path) if isinstance(step.given, FaceWeightsInput)]
    assert [one.time_ns for one in kept] == [slot * SLOT_NS for slot in range(6, 12)]


def test_features_that_were_granted_from_the_start_are_stored_from_the_start(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s.mcap"
    recorder = Recorder.open(path, a_header(FEATURES), settings_for())
    recorder.consent(Consent(2, frozenset(EVERYTHING)), 5 * SLOT_NS)
    for slot in range(3):
        recorder.outputs(slot + 1, [SlotClosed((slot + 9) * SLOT_NS, some_evidence(slot))])
    recorder.close()

    assert [one.slot for one in read_recording(path).slots] == [0, 1, 2]


def test_what_waits_when_consent_is_withdrawn_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    recorder = Recorder.open(path, a_header(EVERYTHING), settings_for())
    # Blacking out a face in a large picture keeps the writer busy while the rest arrives.
    large = EncodedFrame(Encoding.JPEG, a_jpeg(90, 4000, 4000), 4000, 4000)
    recorder.frame(1, a_frame(1, 1, frame=large), bystanders=[Box(0, 0, 50, 50)])
    for order in range(2, 20):
        recorder.frame(order, a_frame(order, order))
    recorder.consent(Consent(2, frozenset(FEATURES)), 2)
    recorder.close()
    assert read_recording(path).pictures <= 1


def test_a_frame_that_is_being_looked_at_when_consent_is_withdrawn_is_not_written(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s.mcap"
    recorder = Recorder.open(path, a_header(EVERYTHING), settings_for())
    large = EncodedFrame(Encoding.JPEG, a_jpeg(90, 4000, 4000), 4000, 4000)
    recorder.frame(1, a_frame(1, 1, frame=large), bystanders=[Box(0, 0, 50, 50)])
    while recorder._queue.qsize():  # until the writer has taken it up
        time.sleep(0.001)
    recorder.consent(Consent(2, frozenset(FEATURES)), 2)
    recorder.close()
    assert read_recording(path).pictures == 0


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
