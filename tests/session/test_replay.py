"""A replayed session decides as the live one did, and says so when it cannot."""

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attune.cli.main import app
from attune.config import Settings, assignments
from attune.empathy.evidence import UNIT, Evidence
from attune.empathy.slots import Reading
from attune.errors import ConfigError, ModelNotFound, RecordingError
from attune.scenario.events import Alternative, Decision, DecisionReason
from attune.scenario.loading import parse_scenario
from attune.session.comparison import Verdict, compare
from attune.session.consent import ConsentScope
from attune.session.header import unknown_settings
from attune.session.inputs import ConsentInput, OperatorInput, PauseInput, ResumeInput, Tick
from attune.session.recorded import read_recording
from attune.session.replay import Changes, Source, replay, settings_of
from attune.session.store import SessionStore
from attune.timeline import NS_PER_S, SLOT_NS
from attune.vision.frame import FrameRole
from tests.session.live import LiveSession, frames_of
from tests.session.recordings import EVERYTHING, FEATURES, NOTHING, VIDEO, a_session, write

ZSTD = b"\x28\xb5\x2f\xfd"
ANALYSE_NOTHING: frozenset[ConsentScope] = frozenset()


class ResonantSlots:
    """Slots of a visitor who smiles a little more with every second, closed by frames and ticks
    alike, as live ones are."""

    def __init__(self) -> None:
        self._next = 0

    def add(self, reading: Reading) -> tuple[Evidence, ...]:
        return self._until(reading.time_ns - 3 * SLOT_NS)

    def advance(self, time_ns: int) -> tuple[Evidence, ...]:
        return self._until(time_ns - 5 * SLOT_NS)

    def discard(self) -> None:
        pass

    def _until(self, time_ns: int) -> tuple[Evidence, ...]:
        closed = []
        while (self._next + 1) * SLOT_NS <= time_ns:
            slot, self._next = self._next, self._next + 1
            wobble = (slot * 7919) % 1000
            closed.append(
                Evidence(slot, min(UNIT, 20 * slot) - wobble, wobble - 500, 6000, 1, (), -1, 1, 2)
            )
        return tuple(closed)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole story with features stored, decisions made on evidence, a pause and an operator."""
    path = tmp_path_factory.mktemp("story") / "story.mcap"
    session = LiveSession(path, FEATURES, slots=ResonantSlots())
    session.step(OperatorInput(0, "after-the-street", 1, "no such branch"))
    session.step(PauseInput(0))
    session.step(ResumeInput(0))
    session.play()
    session.close()
    return path


def test_a_place_that_cannot_be_written_to_is_said_before_the_first_step(
    story: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    done: list[float] = []

    for out in (story, tmp_path / "file" / "again.mcap"):
        with pytest.raises(RecordingError, match=r"cannot write the replayed .*another"):
            replay(story, out=out, progress=done.append)

    assert done == []


def test_from_features_decisions_are_the_same_bytes(story: Path, tmp_path: Path) -> None:
    out = tmp_path / "again.mcap"
    report = replay(story, out=out)
    assert report.source is Source.FEATURES
    assert report.comparison.verdict is Verdict.SAME_BYTES
    assert len(report.comparison.pairs) >= 3
    assert {pair.before.reason for pair in report.comparison.pairs if pair.before} >= {
        DecisionReason.EVIDENCE
    }
    assert report.hindrances == ()
    assert report.comparison.states_compared > 400
    assert max(report.comparison.states_apart.values()) < 1e-4
    assert report.ending is not None


def test_the_replayed_session_is_a_recording_of_its_own(story: Path, tmp_path: Path) -> None:
    out = tmp_path / "again.mcap"
    replay(story, out=out)
    again = replay(out)
    assert again.comparison.verdict is Verdict.SAME_BYTES
    old, new = read_recording(story), read_recording(out)
    assert new.header.session_id != old.header.session_id
    assert new.header.start.participant_id == old.header.start.participant_id
    assert new.slots == old.slots
    assert new.decisions == old.decisions


def test_frames_that_close_slots_are_stood_in_for(
    repository: Path, clips: Path, tmp_path: Path
) -> None:
    path = tmp_path / "frames.mcap"
    session = LiveSession(path, FEATURES, slots=ResonantSlots())
    session.play(frames_of(clips / "single_face.mp4", 40), until_ns=4 * NS_PER_S)
    session.close()
    report = replay(path)
    recording = read_recording(path)
    assert recording.frames == 40
    assert report.frames_without_pixels == 0
    assert report.comparison.states_compared >= 30
    assert max(report.comparison.states_apart.values()) < 1e-4


def test_from_pixels_everything_is_the_same(clips: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "video.mcap", tmp_path / "again.mcap"
    session = LiveSession(path, EVERYTHING)
    session.play(frames_of(clips / "single_face.mp4", 60), until_ns=28 * NS_PER_S)
    session.close()
    report = replay(path, out=out)
    assert report.source is Source.PIXELS
    assert report.hindrances == ()
    assert report.comparison.verdict is Verdict.SAME_BYTES
    assert max(report.comparison.states_apart.values()) < 1e-4
    assert read_recording(out).slots == read_recording(path).slots
    assert read_recording(out).pictures == 0
    from_features = replay(path, source=Source.FEATURES)
    assert from_features.comparison.verdict is Verdict.SAME_BYTES


def test_frames_that_nobody_looked_at_are_no_hindrance(clips: Path, tmp_path: Path) -> None:
    path = tmp_path / "video.mcap"
    session = LiveSession(path, EVERYTHING)
    frames = frames_of(clips / "single_face.mp4", 8)
    session.step(Tick(5 * SLOT_NS))
    for frame in frames[:3]:
        session.step(frame)
    session.step(PauseInput(5 * SLOT_NS))
    session.step(frames[3])
    session.step(ResumeInput(6 * SLOT_NS))
    session.step(dataclasses.replace(frames[4], consent_revision=0))
    session.step(dataclasses.replace(frames[2], role=FrameRole.BYSTANDERS))
    session.step(frames[5])
    session.close()
    report = replay(path)
    assert report.source is Source.PIXELS
    assert read_recording(path).pictures == 4
    assert report.frames_without_pixels == 0
    assert report.hindrances == ()


def test_video_alone_is_enough_to_read_the_face_again(clips: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "video.mcap", tmp_path / "again.mcap"
    session = LiveSession(path, VIDEO)
    session.play(frames_of(clips / "single_face.mp4", 20), until_ns=2 * NS_PER_S)
    session.close()
    report = replay(path, out=out)
    assert report.source is Source.PIXELS
    assert report.ending is not None
    assert report.ending.frames_with_face == 20
    assert read_recording(out).slots == []


def test_events_alone_repeat_a_session_that_read_no_face(tmp_path: Path) -> None:
    path = tmp_path / "events.mcap"
    session = LiveSession(path, ANALYSE_NOTHING)
    session.play()
    session.close()
    report = replay(path)
    assert report.source is Source.EVENTS
    assert report.comparison.verdict is Verdict.SAME_BYTES
    assert report.hindrances == ()
    assert {pair.before.reason for pair in report.comparison.pairs if pair.before} == {
        DecisionReason.NO_CONSENT
    }


def test_events_alone_cannot_repeat_what_a_face_decided(tmp_path: Path) -> None:
    path = tmp_path / "events.mcap"
    session = LiveSession(path, NOTHING, slots=ResonantSlots())
    session.play()
    session.close()
    report = replay(path)
    assert report.source is Source.EVENTS
    assert report.comparison.verdict is Verdict.DIFFERENT
    assert "is not here" in report.hindrances[0]


def test_consent_that_changes_is_replayed_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "consent.mcap"
    session = LiveSession(path, FEATURES, slots=ResonantSlots())
    for slot in range(50):
        session.step(Tick(slot * SLOT_NS))
    session.step(ConsentInput(50 * SLOT_NS, 2, frozenset({ConsentScope.STORE_FEATURES})))
    for slot in range(50, 100):
        session.step(Tick(slot * SLOT_NS))
    session.close()
    assert read_recording(path).states[-1].confidence == 0
    report = replay(path)
    assert report.comparison.states_compared > 80
    assert max(report.comparison.states_apart.values()) < 1e-4


def test_what_was_read_before_it_was_allowed_to_be_stored_is_named_as_a_hindrance(
    tmp_path: Path,
) -> None:
    path = tmp_path / "s.mcap"
    session = LiveSession(path, NOTHING, slots=ResonantSlots())
    for slot in range(50):
        session.step(Tick(slot * SLOT_NS))
    session.step(ConsentInput(50 * SLOT_NS, 2, FEATURES))
    for slot in range(50, 100):
        session.step(Tick(slot * SLOT_NS))
    session.close()

    report = replay(path)
    assert report.source is Source.FEATURES
    assert max(report.comparison.states_apart.values()) > 1e-3
    assert "only for a part of the session" in report.hindrances[0]


def test_a_setting_that_changes_is_shown_side_by_side(story: Path) -> None:
    # With five times the prior weight the index comes nowhere near its conditions.
    report = replay(story, changes=Changes(settings=assignments(["empathy.prior_weight=1000"])))
    assert report.comparison.verdict is Verdict.DIFFERENT
    changed = [pair for pair in report.comparison.pairs if not pair.same_branch]
    assert changed
    assert changed[0].before is not None
    assert changed[0].after is not None
    assert changed[0].after.reason is DecisionReason.LOW_CONFIDENCE
    assert "asked to change" in report.hindrances[0]


def test_a_scenario_that_changes_is_followed(story: Path) -> None:
    text = read_recording(story).header.scenario_yaml
    text = text.replace("enter: 57", "enter: 99").replace("enter: 43", "enter: 1")
    report = replay(story, changes=Changes(scenario=parse_scenario(text, source="harder.yaml")))
    assert report.comparison.verdict is Verdict.DIFFERENT
    after = [pair.after for pair in report.comparison.pairs if pair.after]
    assert all(one.reason is not DecisionReason.EVIDENCE for one in after)


def test_an_unknown_setting_is_refused(story: Path) -> None:
    with pytest.raises(ConfigError, match="half_live"):
        replay(story, changes=Changes(settings=assignments(["empathy.half_live_s=3"])))


def test_changing_the_model_needs_pixels(story: Path) -> None:
    with pytest.raises(ConfigError, match="only a recording with video"):
        replay(story, changes=Changes(model="other"))
    with pytest.raises(ConfigError, match="settings of vision"):
        replay(story, changes=Changes(settings={"vision": {"max_faces": 3}}))


def test_an_unknown_model_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    path = tmp_path / "video.mcap"
    write(path, a_session(1))
    with pytest.raises(ModelNotFound, match="headset-aware-fer"):
        replay(path, changes=Changes(model="other"))


def test_damage_is_named_as_a_hindrance(story: Path, tmp_path: Path) -> None:
    content = bytearray(story.read_bytes())
    packed = [match.start() for match in re.finditer(re.escape(ZSTD), content)]
    content[packed[len(packed) // 2] + 40] ^= 0xFF
    path = tmp_path / "hurt.mcap"
    path.write_bytes(content)
    report = replay(path)
    assert report.recording.inputs < read_recording(story).inputs
    assert report.hindrances[0].startswith("the recording is damaged")


def test_an_existing_file_is_not_replaced(story: Path) -> None:
    with pytest.raises(RecordingError, match="already there"):
        replay(story, out=story)


def test_progress_reaches_the_end(story: Path) -> None:
    seen: list[float] = []
    replay(story, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_speed_one_takes_the_sessions_own_time(tmp_path: Path) -> None:
    path = tmp_path / "short.mcap"
    session = LiveSession(path, NOTHING)
    for slot in range(6):
        session.step(Tick(slot * SLOT_NS))
    session.close()
    assert replay(path, speed=1).took_s >= 0.5
    assert replay(path, speed=0).took_s < replay(path, speed=1).took_s


def test_the_command_says_that_decisions_are_equal(story: Path, tmp_path: Path) -> None:
    out = tmp_path / "again.mcap"
    done = CliRunner().invoke(app, ["replay", str(story), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "Decisions are equal, byte for byte." in done.output
    assert "from the recorded slots of evidence" in done.output
    assert "nothing was proposed" not in done.output
    assert out.exists()


def test_the_command_shows_a_change_side_by_side(story: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "again.mcap")
    arguments = ["replay", str(story), "-o", out, "--set", "empathy.prior_weight=1000"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "Decisions differ." in done.output
    assert "low_confidence" in done.output
    assert "– nothing was proposed in time" in done.output
    assert "asked to change" in done.output


def test_the_command_fails_where_decisions_differ_unasked(tmp_path: Path) -> None:
    path = tmp_path / "events.mcap"
    session = LiveSession(path, NOTHING, slots=ResonantSlots())
    session.play()
    session.close()
    done = CliRunner().invoke(app, ["replay", str(path)])
    assert done.exit_code == 1
    assert "Decisions differ." in done.output
    assert (tmp_path / "events-replay.mcap").exists()


def test_a_replay_of_a_stored_session_does_not_hide_among_the_stored_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, here = tmp_path / "sessions", tmp_path / "here"
    path = SessionStore(folder).path_for("0a" * 16)
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("ATTUNE_RECORDING__DIRECTORY", str(folder))
    session = LiveSession(path, NOTHING)
    session.play()
    session.close()
    for _ in range(2):
        CliRunner().invoke(app, ["replay", "0a"])
    assert [one.name for one in folder.iterdir()] == [path.name]
    stem = "0a" * 16
    assert {one.name for one in here.iterdir()} == {
        f"{stem}-replay.mcap",
        f"{stem}-replay-2.mcap",
    }


A_DECISION = Decision(
    5, "d-1", "d", 1, "left", DecisionReason.EVIDENCE, {"eri": 60.0}, (Alternative("right", "x"),)
)


def verdict(*after: Decision, before: Sequence[Decision] = (A_DECISION,)) -> Verdict:
    return compare(before, after).verdict


def test_verdicts_go_from_bytes_over_tolerance_to_different() -> None:
    near = dataclasses.replace(A_DECISION, evidence={"eri": 60.0005})
    far = dataclasses.replace(A_DECISION, evidence={"eri": 60.5})
    assert verdict(A_DECISION) is Verdict.SAME_BYTES
    assert verdict(near) is Verdict.WITHIN_TOLERANCE
    assert verdict(far) is Verdict.DIFFERENT
    assert verdict(dataclasses.replace(A_DECISION, branch_id="right")) is Verdict.DIFFERENT
    assert verdict(dataclasses.replace(A_DECISION, time_ns=6)) is Verdict.DIFFERENT
    assert verdict() is Verdict.DIFFERENT
    assert verdict(before=()) is Verdict.NOTHING_DECIDED


def test_a_recording_names_no_path_of_the_machine_that_replays_it(story: Path) -> None:
    header = read_recording(story).header
    assert "models_dir" not in header.settings_json
    header.settings_json = '{"expression": {"models_dir": "/elsewhere"}, "empathy": {}}'
    assert settings_of(header, Changes()).expression.models_dir == Settings().expression.models_dir


def test_settings_of_another_version_are_left_out_and_named(story: Path) -> None:
    header = read_recording(story).header
    header.settings_json = '{"empathy": {"phase_of_the_moon": 3, "window_s": 4.0}, "tides": {}}'
    assert unknown_settings(header) == ("empathy.phase_of_the_moon",)
    assert settings_of(header, Changes()).empathy.window_s == 4.0


def test_settings_that_make_no_sense_are_refused(story: Path) -> None:
    header = read_recording(story).header
    for text in ("{", "[]", '{"empathy": 3}'):
        header.settings_json = text
        with pytest.raises(RecordingError, match="settings"):
            settings_of(header, Changes())
