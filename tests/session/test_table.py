"""A recorded session becomes a table that scenes can replay."""

import csv
from pathlib import Path

from typer.testing import CliRunner

from attune.cli.main import app
from attune.session.recorded import read_recording
from attune.session.table import COLUMNS, rows, write_table
from tests.session.recordings import FEATURES, NOTHING, SESSION_ID, a_session, write


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


def test_without_consent_to_store_features_only_decisions_are_left(tmp_path: Path) -> None:
    write(tmp_path / "s.mcap", a_session(2), NOTHING)
    found = list(rows(read_recording(tmp_path / "s.mcap")))
    assert [row["kind"] for row in found] == ["decision"]


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
