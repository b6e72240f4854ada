"""A recorded session becomes a table that scenes can replay."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attune.cli.main import app
from attune.errors import RecordingError
from attune.session.inputs import Tick
from attune.session.recorded import read_recording, state_point
from attune.session.table import COLUMNS, rows, write_table
from attune.timeline import SLOT_NS
from attune.v1 import state_pb2
from tests.session.recordings import (
    FEATURES,
    NOTHING,
    SESSION_ID,
    a_session,
    an_update,
    write,
)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_state_and_decision_has_a_row_in_the_order_of_time(tmp_path: Path) -> None:
    write(tmp_path / "s.mcap", a_session(5), FEATURES)
    recording = read_recording(tmp_path / "s.mcap")
    count = write_table(recording, tmp_path / "s.csv")
    found = _read(tmp_path / "s.csv")
    assert count == len(found) == len(recording.states) + len(recording.decisions)
    times = [float(row["time_s"]) for row in found]
    assert times == sorted(times)
    assert [row["kind"] for row in found].count("decision") == 1


def test_a_row_holds_what_was_recorded_and_nothing_for_what_was_not(tmp_path: Path) -> None:
    write(tmp_path / "s.mcap", a_session(2), FEATURES)
    found = list(rows(read_recording(tmp_path / "s.mcap")))
    state = next(row for row in found if row["kind"] == "state")
    decision = next(row for row in found if row["kind"] == "decision")
    assert state["eri"] == "55.0000"
    assert state["status"] == "ok"
    assert state["band"] == "lower_face"
    assert state["emotion_happy"] == "0.7500"
    assert "emotion_angry" not in state
    assert state["visible_mouth"] == "0.9000"
    assert (decision["choice"], decision["branch"]) == ("door", "left")
    assert decision["reason"] == "evidence"
    assert {row["models"] for row in found} == {"m 1"}
    assert all(set(row) <= set(COLUMNS) for row in found)


def test_a_state_without_a_face_has_no_angles_of_a_head(tmp_path: Path) -> None:
    unseen = replace(an_update(0), face=None, pose=None, expression=None)
    from_headset = replace(an_update(SLOT_NS, 2), face=None, expression=None)
    write(tmp_path / "s.mcap", [(Tick(0), (unseen,)), (Tick(SLOT_NS), (from_headset,))], FEATURES)
    recording = read_recording(tmp_path / "s.mcap")
    assert [(one.yaw_deg, one.roll_deg) for one in recording.states] == [(None, None), (10.0, 2.0)]
    assert [(row["found"], row["yaw"]) for row in rows(recording)] == [
        ("no", ""),
        ("no", "10.0000"),
    ]


def test_the_empty_pose_that_earlier_versions_wrote_without_a_face_is_none() -> None:
    empathy = state_pb2.EmpathyState(status=state_pb2.EMPATHY_STATUS_ABSTAIN)
    face = state_pb2.FaceState(pose=state_pb2.HeadPose())
    assert state_point(1, state_pb2.Update(face=face, empathy=empathy)).yaw_deg is None
    face.found = True
    assert state_point(1, state_pb2.Update(face=face, empathy=empathy)).yaw_deg == 0.0


def test_without_consent_to_store_features_only_decisions_are_left(tmp_path: Path) -> None:
    write(tmp_path / "s.mcap", a_session(2), NOTHING)
    found = list(rows(read_recording(tmp_path / "s.mcap")))
    assert [row["kind"] for row in found] == ["decision"]


def test_the_table_never_takes_the_place_of_the_recording(tmp_path: Path) -> None:
    path = tmp_path / "s.mcap"
    write(path, a_session(2), FEATURES)
    recorded = path.read_bytes()
    with pytest.raises(RecordingError, match="is the recording itself"):
        write_table(read_recording(path), path)
    assert path.read_bytes() == recorded


def test_the_command_writes_the_table_of_a_stored_session(tmp_path: Path) -> None:
    settings = tmp_path / "attune.toml"
    settings.write_text(f'[recording]\ndirectory = "{tmp_path / "store"}"\n')
    (tmp_path / "store").mkdir()
    write(tmp_path / "store" / f"{SESSION_ID}.mcap", a_session(2), FEATURES)
    out = tmp_path / "visitor.csv"
    asked = ["sessions", "table", SESSION_ID[:4], "-o", str(out), "--config", str(settings)]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0, result.output
    assert str(len(_read(out))) in result.output
