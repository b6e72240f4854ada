"""Stored sessions are listed, handed out and deleted with a receipt; nothing else is touched."""

import hashlib
import json
import re
import struct
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attune.cli.sessions import app
from attune.errors import RecordingError
from attune.session.recorded import read_recording
from attune.session.recording import PART_SUFFIX, Recorder
from attune.session.store import RECEIPTS, SessionStore
from attune.timeline import SLOT_NS
from tests.session.recordings import EVERYTHING, FEATURES, a_header, a_session, settings_for, write

FIRST, SECOND = "0a" * 16, "0b" * 16


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    store = SessionStore(tmp_path / "sessions")
    for session_id, scopes in ((FIRST, EVERYTHING), (SECOND, FEATURES)):
        write(store.path_for(session_id), a_session(5), scopes)
    return store


def test_sessions_are_listed_with_what_they_hold(store: SessionStore) -> None:
    first, second = store.sessions()
    assert (first.participant_id, first.duration_ns) == ("v-17", 5 * SLOT_NS)
    assert (first.has_video, second.has_video) == (True, False)
    assert first.finished
    assert first.size_bytes == store.path_for(FIRST).stat().st_size


def test_an_interrupted_or_damaged_session_is_listed_too(store: SessionStore) -> None:
    path = store.path_for(FIRST)
    content = path.read_bytes()
    path.unlink()
    path.with_name(path.name + PART_SUFFIX).write_bytes(content[: len(content) // 2])
    damaged = store.path_for(SECOND)
    damaged.write_bytes(damaged.read_bytes()[:-40])
    assert [one.finished for one in store.sessions()] == [False, True]


def test_a_damaged_index_is_not_believed(store: SessionStore) -> None:
    """By what a session holds and how long it was it is deleted."""
    (whole,) = [one for one in store.sessions() if one.session_id == SECOND]
    content = whole.path.read_bytes()
    (begins,) = struct.unpack_from("<Q", content, len(content) - 28)
    end = len(content) - 8
    assert end - begins > 500
    for at in [*range(begins, end, 1499), *range(end - 900, end, 11)]:
        whole.path.write_bytes(content[:at] + bytes([content[at] ^ 0x11]) + content[at + 1 :])
        (found,) = [one for one in store.everything() if one.session_id == SECOND]
        assert (found.holds, found.duration_ns) == (whole.holds, whole.duration_ns), at


def test_an_empty_or_absent_folder_lists_nothing(tmp_path: Path) -> None:
    assert SessionStore(tmp_path / "nowhere").sessions() == ()


def test_export_gives_the_file_byte_for_byte(store: SessionStore) -> None:
    assert b"".join(store.export(FIRST)) == store.path_for(FIRST).read_bytes()


def test_deletion_leaves_a_receipt_and_the_other_sessions(store: SessionStore) -> None:
    content = store.path_for(FIRST).read_bytes()
    receipt = store.delete(FIRST, 42)
    assert receipt.sha256 == hashlib.sha256(content).hexdigest()
    assert (receipt.session_id, receipt.deleted_unix_ns) == (FIRST, 42)
    assert receipt.size_bytes == len(content)
    assert not store.path_for(FIRST).exists()
    assert store.path_for(SECOND).exists()
    [kept] = (store.directory / RECEIPTS).read_text().splitlines()
    assert json.loads(kept)["sha256"] == receipt.sha256


def test_a_deleted_session_cannot_be_deleted_again(store: SessionStore) -> None:
    store.delete(FIRST, 1)
    with pytest.raises(RecordingError, match="no stored session"):
        store.delete(FIRST, 2)


def test_a_session_that_is_being_recorded_is_not_deleted(store: SessionStore) -> None:
    running = "0c" * 16
    recorder = Recorder.open(store.path_for(running), a_header(), settings_for())
    with pytest.raises(RecordingError, match="still being recorded"):
        store.delete(running, 1)
    recorder.close()
    assert store.delete(running, 1).session_id == running


@pytest.mark.parametrize("name", ["../secrets", "", "0A" * 16, "0a" * 16 + "/../x", "*"])
def test_no_name_leads_out_of_the_folder(store: SessionStore, name: str) -> None:
    with pytest.raises(RecordingError, match="identifier"):
        store.find(name)
    with pytest.raises(RecordingError, match="identifier"):
        store.path_for(name)


def test_a_beginning_is_enough_where_it_is_the_only_one(store: SessionStore) -> None:
    assert store.find("0a") == store.path_for(FIRST)
    with pytest.raises(RecordingError, match="2 stored sessions begin with 0"):
        store.find("0")


def test_a_recording_is_meant_by_its_path_or_its_session(store: SessionStore) -> None:
    path = store.path_for(FIRST)
    assert store.resolve(path) == path
    assert store.resolve(Path("0a")) == path
    with pytest.raises(RecordingError, match="neither a file nor"):
        store.resolve(Path("holiday.mcap"))


def test_a_copy_never_replaces_a_file(store: SessionStore, tmp_path: Path) -> None:
    target = tmp_path / "copy.mcap"
    assert store.copy(FIRST, target) == store.path_for(FIRST).stat().st_size
    with pytest.raises(RecordingError, match=r"cannot write .*copy\.mcap"):
        store.copy(FIRST, target)


@pytest.fixture
def attune(store: SessionStore, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("ATTUNE_RECORDING__DIRECTORY", str(store.directory))
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner()


def test_the_command_lists_and_shows(attune: CliRunner) -> None:
    listed = attune.invoke(app, ["list"]).output
    assert FIRST in listed
    assert SECOND in listed
    shown = attune.invoke(app, ["show", "0a"]).output
    assert "slots of evidence 5" in shown
    assert "left" in shown


def test_a_pseudonym_in_brackets_is_shown_as_it_is(attune: CliRunner, store: SessionStore) -> None:
    header = a_header(EVERYTHING)
    header.start.participant_id = "v-[/17]"
    Recorder.open(store.path_for("0c" * 16), header, settings_for()).close()
    for command in (["list"], ["show", "0c"]):
        assert "v-[/17]" in attune.invoke(app, command).output


def test_the_command_exports_a_copy_that_reads(attune: CliRunner, tmp_path: Path) -> None:
    target = tmp_path / "copy.mcap"
    assert attune.invoke(app, ["export", "0a", "-o", str(target)]).exit_code == 0
    assert read_recording(target).closed


def test_the_command_asks_before_it_deletes(attune: CliRunner, store: SessionStore) -> None:
    assert attune.invoke(app, ["delete", FIRST], input="n\n").exit_code != 0
    assert store.path_for(FIRST).exists()
    done = attune.invoke(app, ["delete", FIRST], input="y\n")
    assert re.search("sha256 [0-9a-f]{64}", done.output)
    assert not store.path_for(FIRST).exists()
