"""Stored sessions are deleted when their time has come, and not before."""

import json
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from attune.cli.sessions import app
from attune.errors import RecordingError
from attune.privacy import RetentionSettings
from attune.session.audit import verify
from attune.session.container import Container
from attune.session.recorded import read_recording
from attune.session.recording import PART_SUFFIX, Recorder
from attune.session.retention import NS_PER_DAY, days_kept, expire, overdue
from attune.session.store import RECEIPTS, Holding, SessionStore, StoredSession
from attune.session.trusted_clock import TrustedClock
from attune.timeline import SLOT_NS
from attune.v1 import recording_pb2, session_pb2
from tests.session.recordings import (
    EVERYTHING,
    FEATURES,
    NOTHING,
    a_header,
    a_session,
    settings_for,
    write,
)

STARTED = 1_700_000_000_000_000_000
ENDED = STARTED + 5 * SLOT_NS
VIDEO_ID, FEATURES_ID, EVENTS_ID = "0a" * 16, "0b" * 16, "0c" * 16
KEPT = RetentionSettings(video_days=2, features_days=10, events_days=None)


def stored(holds: Holding, recording: bool = False, started: int = STARTED) -> StoredSession:
    return StoredSession(
        session_id="0" * 32,
        participant_id="",
        started_unix_ns=started,
        duration_ns=5 * SLOT_NS,
        size_bytes=1,
        has_video=holds is Holding.VIDEO,
        finished=not recording,
        path=Path("x"),
        has_features=holds is not Holding.EVENTS,
        recording=recording,
    )


@pytest.fixture
def store(tmp_path: Path) -> SessionStore:
    """Three sessions that ended at the same time: with video, with features, with events alone."""
    store = SessionStore(tmp_path / "sessions")
    for session_id, scopes in (
        (VIDEO_ID, EVERYTHING),
        (FEATURES_ID, FEATURES),
        (EVENTS_ID, NOTHING),
    ):
        write(store.path_for(session_id), a_session(5), scopes)
    return store


def test_a_stored_session_says_the_most_that_it_holds(store: SessionStore) -> None:
    assert [one.holds for one in store.sessions()] == list(Holding)
    # One whose index is gone says the same.
    for one in store.sessions():
        one.path.write_bytes(one.path.read_bytes()[:-40])
    assert [one.holds for one in store.sessions()] == list(Holding)


@pytest.mark.parametrize(
    ("holds", "days"), [(Holding.VIDEO, 2), (Holding.FEATURES, 10), (Holding.EVENTS, None)]
)
def test_what_a_session_holds_decides_how_long_it_is_kept(
    holds: Holding, days: float | None
) -> None:
    one = stored(holds)
    assert days_kept(one, KEPT) == days
    if days is None:
        assert overdue([one], ENDED + 10_000 * NS_PER_DAY, KEPT) == ()
    else:
        assert overdue([one], ENDED + days * NS_PER_DAY, KEPT) == ()
        assert overdue([one], ENDED + days * NS_PER_DAY + 1, KEPT) == (one,)


@given(
    holds=st.sampled_from(Holding),
    now=st.integers(0, 2**63 - 1),
    days=st.floats(0.001, 36_525),
    started=st.integers(0, 2**62),
)
def test_a_session_that_is_being_recorded_is_never_overdue(
    holds: Holding, now: int, days: float, started: int
) -> None:
    kept = RetentionSettings(video_days=days, features_days=days, events_days=days)
    running = stored(holds, recording=True, started=started)
    ended = stored(holds, started=started)
    assert overdue([running], now, kept) == ()
    expected = now > started + 5 * SLOT_NS + days * NS_PER_DAY
    assert overdue([ended], now, kept) == ((ended,) if expected else ())


def test_what_is_overdue_is_deleted_with_a_receipt(store: SessionStore) -> None:
    now = ENDED + 3 * NS_PER_DAY
    expiry = expire(store, KEPT, now)
    assert [receipt.session_id for receipt in expiry.receipts] == [VIDEO_ID]
    assert [one.session_id for one in store.sessions()] == [FEATURES_ID, EVENTS_ID]
    [receipt] = (store.directory / RECEIPTS).read_text().splitlines()
    assert json.loads(receipt)["deleted_unix_ns"] == now
    assert expire(store, KEPT, now).receipts == []


def test_what_a_clock_recorded_that_was_ahead_is_named(store: SessionStore) -> None:
    assert expire(store, KEPT, STARTED).ahead == []
    assert expire(store, KEPT, STARTED - NS_PER_DAY).ahead == []
    found = expire(store, KEPT, STARTED - NS_PER_DAY - 1)
    assert (found.receipts, set(found.ahead)) == ([], {VIDEO_ID, FEATURES_ID, EVENTS_ID})


def test_by_default_video_goes_first_and_nothing_stays_for_good(store: SessionStore) -> None:
    usual = RetentionSettings()
    after_30_days = expire(store, usual, ENDED + 31 * NS_PER_DAY).receipts
    assert [receipt.session_id for receipt in after_30_days] == [VIDEO_ID]
    assert len(expire(store, usual, ENDED + 366 * NS_PER_DAY).receipts) == 2


def test_a_session_whose_recorder_is_at_work_stays_whatever_its_age(store: SessionStore) -> None:
    running = "0d" * 16
    recorder = Recorder.open(store.path_for(running), a_header(), settings_for())
    far = STARTED + 30_000 * NS_PER_DAY
    assert [one.recording for one in store.sessions() if one.session_id == running] == [True]
    usual = RetentionSettings()
    assert running not in {one.session_id for one in expire(store, usual, far).receipts}
    recorder.close()
    assert running in {one.session_id for one in expire(store, usual, far).receipts}


def test_what_a_killed_recorder_left_behind_and_what_cannot_be_read_go_too(
    store: SessionStore,
) -> None:
    left, broken = store.path_for(VIDEO_ID), store.path_for(FEATURES_ID)
    left.rename(left.with_name(left.name + PART_SUFFIX))
    broken.write_bytes(b"not a recording at all")
    os.utime(broken, ns=(ENDED, ENDED))
    receipts = expire(store, KEPT, ENDED + 3 * NS_PER_DAY).receipts
    assert {receipt.session_id for receipt in receipts} == {VIDEO_ID, FEATURES_ID}
    assert [one.session_id for one in store.sessions()] == [EVENTS_ID]


def test_what_another_version_left_unfinished_goes_too(store: SessionStore) -> None:
    path = store.path_for("0e" * 16)
    container = Container(path)
    container.write_header(a_header())
    newer = recording_pb2.RecordedOutput(order=1, notice=session_pb2.Notice(code=9_999))
    container.write("/output", 1, 0, newer)
    container.sync()
    container.abandon()
    os.utime(path, ns=(ENDED, ENDED))

    with pytest.raises(RecordingError, match=r"another version"):
        read_recording(path)
    assert len(store.sessions()) == 3
    receipts = expire(store, KEPT, ENDED + 3 * NS_PER_DAY).receipts
    assert {receipt.session_id for receipt in receipts} == {VIDEO_ID, "0e" * 16}


def test_a_full_disk_keeps_no_receipt_and_deletes_all_the_same(store: SessionStore) -> None:
    (store.directory / RECEIPTS).mkdir()  # nothing can be appended to a folder
    receipt = store.delete(VIDEO_ID, 7)
    assert receipt.session_id == VIDEO_ID
    assert not store.path_for(VIDEO_ID).exists()


@pytest.fixture
def attune(store: SessionStore, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("ATTUNE_RECORDING__DIRECTORY", str(store.directory))
    monkeypatch.setenv("ATTUNE_RETENTION__EVENTS_DAYS", "off")
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner()


def test_the_command_says_first_and_deletes_then(attune: CliRunner, store: SessionStore) -> None:
    told = attune.invoke(app, ["expire", "--dry-run"])
    assert VIDEO_ID in told.output
    assert EVENTS_ID not in told.output
    assert attune.invoke(app, ["expire"], input="n\n").exit_code != 0
    assert len(store.sessions()) == 3
    done = attune.invoke(app, ["expire", "--yes"])
    assert done.exit_code == 0
    assert done.output.count("sha256") == 2
    assert [one.session_id for one in store.sessions()] == [EVENTS_ID]
    assert "is overdue" in attune.invoke(app, ["expire"]).output
    audited = verify(store.directory).entries
    assert [(one.event, one.details["by"]) for one in audited] == [
        ("session_deleted", "command")
    ] * 2


def test_the_command_asks_about_a_clock_that_leapt_and_takes_the_answer_for_both(
    attune: CliRunner, store: SessionStore
) -> None:
    clock, now = TrustedClock(store.directory), time.time_ns()
    clock.believe(ENDED)
    for wanted in (["expire", "--dry-run"], ["expire"]):
        told = attune.invoke(app, wanted, input="n\n")
        assert "far from 2023-11-14 22:13 UTC" in told.output
        assert "is it right?" in told.output
    assert clock.doubt(now) is not None
    attune.invoke(app, ["expire"], input="y\n")
    assert [one.session_id for one in store.sessions()] == [EVENTS_ID]
    assert clock.doubt(now) is None


def test_who_does_not_want_to_be_asked_vouches_for_the_clock_every_time(
    attune: CliRunner, store: SessionStore
) -> None:
    now = time.time_ns()
    for one in store.sessions():
        one.path.unlink()
    TrustedClock(store.directory).believe(ENDED)
    attune.invoke(app, ["expire", "--dry-run", "--yes"])
    assert TrustedClock(store.directory).doubt(now) is not None
    assert "is overdue" in attune.invoke(app, ["expire", "--yes"]).output
    assert TrustedClock(store.directory).doubt(now) is None


def test_the_commands_note_what_they_hand_out_and_delete(
    attune: CliRunner, store: SessionStore, tmp_path: Path
) -> None:
    exported = attune.invoke(app, ["export", "0a", "-o", str(tmp_path / "a.mcap")])
    assert "did not allow research" in exported.output
    attune.invoke(app, ["table", "0a", "-o", str(tmp_path / "a.csv")])
    attune.invoke(app, ["delete", VIDEO_ID, "--yes"])
    entries = verify(store.directory).entries
    assert [one.event for one in entries] == [
        "session_exported",
        "session_exported",
        "session_deleted",
    ]
    assert {one.details["session"] for one in entries} == {VIDEO_ID}
    [file] = store.directory.glob("audit-*.jsonl")
    assert "v-17" not in file.read_text()
