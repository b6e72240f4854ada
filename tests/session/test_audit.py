"""The audit log: what was changed, removed or put in is found; nothing that is written is lost."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attune.cli.sessions import app
from attune.session.audit import NO_LINE, AuditLog, verify
from attune.timeline import NS_PER_S

NOW = round(datetime(2026, 12, 31, 23, 59, tzinfo=UTC).timestamp()) * NS_PER_S
FILE = "audit-2026.jsonl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A log of five lines."""
    log = AuditLog(tmp_path / "sessions")
    for number in range(5):
        log.append("session_started", NOW + number, session=f"{number:032x}", scopes=["analyse"])
    return log.directory


def edit(folder: Path, change: Callable[[list[str]], None]) -> list[str]:
    """Change the lines of the log; returns what is found wrong then."""
    path = folder / FILE
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    change(lines)
    path.write_text("".join(lines), encoding="utf-8")
    return [f"{one.line}: {one.what}" for one in verify(folder).findings]


def test_every_line_follows_from_the_one_before(folder: Path) -> None:
    report = verify(folder)
    assert report.findings == []
    assert [entry.number for entry in report.entries] == [1, 2, 3, 4, 5]
    assert report.entries[0].time == "2026-12-31T23:59:00.000+00:00"
    assert report.entries[0].details == {"session": "0" * 32, "scopes": ["analyse"]}
    lines = [json.loads(line) for line in (folder / FILE).read_text().splitlines()]
    assert [line["previous"] for line in lines] == [NO_LINE, *(line["hash"] for line in lines[:-1])]
    assert report.head == lines[-1]["hash"]
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600


def test_a_changed_line_is_found(folder: Path) -> None:
    def change(lines: list[str]) -> None:
        lines[2] = lines[2].replace("analyse", "research")

    assert edit(folder, change) == ["3: changed after it was written"]


def test_a_removed_line_is_found(folder: Path) -> None:
    [found] = edit(folder, lambda lines: lines.__delitem__(2))
    assert found == "3: expected number 3, got 4: lines were removed or added"


def test_the_first_line_cannot_be_removed_unseen(folder: Path) -> None:
    assert "expected number 1, got 2" in edit(folder, lambda lines: lines.__delitem__(0))[0]


def test_lines_in_another_order_are_found(folder: Path) -> None:
    assert edit(folder, lambda lines: lines.reverse()) != []


def test_a_line_that_was_reckoned_anew_breaks_the_next(folder: Path, tmp_path: Path) -> None:
    forged = AuditLog(tmp_path / "forged")
    for number in range(5):
        forged.append("session_ended", NOW + number)
    line = (forged.directory / FILE).read_text().splitlines(keepends=True)[0]
    found = edit(folder, lambda lines: lines.__setitem__(0, line))
    assert found == ["2: does not follow from the line before: that one was changed or replaced"]


def test_a_cut_off_end_is_found_by_a_hash_that_was_noted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_RECORDING__DIRECTORY", str(folder))
    monkeypatch.setenv("COLUMNS", "200")
    noted = ["audit", "--holds", verify(folder).head]
    assert CliRunner().invoke(app, noted).exit_code == 0
    assert edit(folder, lambda lines: lines.pop()) == []
    checked = CliRunner().invoke(app, noted)
    assert checked.exit_code == 1
    assert "was removed" in checked.output


def test_the_command_shows_lines_and_fails_where_one_was_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_RECORDING__DIRECTORY", str(folder))
    monkeypatch.setenv("COLUMNS", "200")
    shown = CliRunner().invoke(app, ["audit", "--last", "2"])
    assert shown.exit_code == 0
    assert "session_started" in shown.output
    assert f"{4:032x}" in shown.output
    assert f"{2:032x}" not in shown.output
    edit(folder, lambda lines: lines.__delitem__(1))
    checked = CliRunner().invoke(app, ["audit"])
    assert checked.exit_code == 1
    assert "audit-2026.jsonl, line 2: expected number 2, got 3" in checked.output


def test_a_line_that_a_power_failure_cut_off_does_not_take_the_next_with_it(folder: Path) -> None:
    path = folder / FILE
    path.write_bytes(path.read_bytes()[:-30])
    AuditLog(folder).append("server_started", NOW)
    report = verify(folder)
    [finding] = report.findings
    assert (finding.line, finding.what) == (
        5,
        "no entry: changed, or cut off when the power failed",
    )
    assert [entry.number for entry in report.entries] == [1, 2, 3, 4, 5]
    assert report.entries[-1].event == "server_started"


def test_a_new_year_begins_a_new_file_and_no_new_chain(folder: Path) -> None:
    log = AuditLog(folder)
    log.append("server_stopped", NOW + 120 * NS_PER_S)
    # A clock that is set back writes on in the newest file.
    log.append("server_started", NOW)
    assert [path.name for path in sorted(folder.glob("audit-*"))] == [FILE, "audit-2027.jsonl"]
    report = verify(folder)
    assert report.findings == []
    assert len(report.entries) == 7
    (folder / FILE).unlink()
    assert "lines were removed" in verify(folder).findings[0].what


def test_several_processes_write_one_chain(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from attune.session.audit import AuditLog\n"
        f"for i in range(40): AuditLog(Path(sys.argv[1])).append('e', {NOW}, i=i)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, str(folder)]) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    report = verify(folder)
    assert report.findings == []
    assert len(report.entries) == 125


def test_an_absent_log_is_empty_and_whole(tmp_path: Path) -> None:
    report = verify(tmp_path / "nowhere")
    assert (report.entries, report.findings, report.head) == ([], [], NO_LINE)
