"""What the server does about stored sessions, over a real connection: it notes every step, deletes
what is overdue, and hands nothing to whom does not read."""

import asyncio
import logging
import os
import time
from pathlib import Path

import grpc
import grpc.aio
import pytest

import attune
from attune.client.client import AttuneClient
from attune.server.app import Server
from attune.session.audit import AuditEntry, verify
from attune.session.retention import NS_PER_DAY
from attune.session.store import RECEIPTS, SessionStore
from attune.session.trusted_clock import TrustedClock
from attune.timeline import NS_PER_S
from attune.v1 import attune_pb2, attune_pb2_grpc, consent_pb2, session_pb2
from tests.e2e.conftest import Neighbour, OpenTalk, StartServer
from tests.e2e.talk import ANALYSE, PATIENCE_S, STORE_FEATURES, counted
from tests.session.recordings import EVERYTHING, a_session, write

OLD = "0a" * 16
EXPORT = "/attune.v1.AttuneService/ExportSession"
KEEP_ALL = {"video_days": "off", "features_days": "off", "events_days": "off"}
LOST = "attune_audit_entries_lost_total"
TINY_WINDOW = [("grpc.http2.lookahead_bytes", 1024), ("grpc.http2.bdp_probe", 0)]


def entries(folder: Path, event: str = "") -> list[AuditEntry]:
    """The lines of the audit log, of one event if given; the chain has to be whole."""
    report = verify(folder / "sessions")
    assert report.findings == []
    return [one for one in report.entries if event in ("", one.event)]


def sample(server: Server, name: str) -> float | None:
    """A metric of the server."""
    value: float | None = server.telemetry.registry.get_sample_value(name)
    return value


async def an_entry_is_lost(server: Server) -> None:
    """Wait until the log's own thread has come to an entry that it cannot write."""
    async with asyncio.timeout(PATIENCE_S):
        while not sample(server, LOST):  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # a counter has no event to wait for


async def test_a_visit_is_noted_from_its_start_to_its_deletion(
    start_server: StartServer, talk_to: OpenTalk, tmp_path: Path
) -> None:
    server = await start_server()
    talk = await (await talk_to(server)).start(
        ANALYSE, STORE_FEATURES, station_id="hall", participant_id="visitor-4711"
    )
    withdrawn = consent_pb2.ConsentChange(revision=2)
    await talk.say(consent_change=withdrawn)
    await talk.hear("consent_applied")
    await talk.end()
    session = talk.ready.session_id
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        stub = attune_pb2_grpc.AttuneServiceStub(channel)
        export = attune_pb2.ExportSessionRequest(session_id=session)
        size = sum([len(piece.data) async for piece in stub.ExportSession(export)])
        receipt = await stub.DeleteSession(attune_pb2.DeleteSessionRequest(session_id=session))
    await server.stop()

    started, changed, ended, exported, deleted = (
        dict(one.details) for one in entries(tmp_path) if one.event.split("_")[0] != "server"
    )
    [model] = talk.ready.models
    assert started == {
        "session": session,
        "station": "hall",
        "audience": "public",
        "locked_by": "",
        "revision": 1,
        "scopes": ["analyse", "store_features"],
        "models": [{"name": model.name, "version": model.version, "sha256": model.sha256}],
        "scenario": "memorial",
        "scenario_sha256": talk.ready.scenario_sha256,
        "recorded": True,
    }
    assert changed == {"session": session, "revision": 2, "scopes": []}
    assert ended == {"session": session, "reason": "finished", "stored": True}
    assert exported == {"by": "call", "session": session, "size_bytes": size, "whole": True}
    assert deleted == {
        "by": "call",
        "session": session,
        "sha256": receipt.sha256,
        "size_bytes": receipt.size_bytes,
    }
    first, last = entries(tmp_path)[0], entries(tmp_path)[-1]
    assert (first.event, last.event) == ("server_started", "server_stopped")
    assert first.details["software"] == last.details["software"] == attune.__version__
    assert first.details["audience"] == {"locked": ["school", "staff"], "stations": {}}
    [file] = (tmp_path / "sessions").glob("audit-*.jsonl")
    assert "visitor-4711" not in file.read_text()
    assert talk.ready.resume_token not in file.read_text()


async def test_lock_and_unlocking_are_noted(
    start_server: StartServer, talk_to: OpenTalk, tmp_path: Path
) -> None:
    server = await start_server(audience={"locked": ["school"]})
    pupil = await (await talk_to(server)).start(ANALYSE, audience=session_pb2.AUDIENCE_SCHOOL)
    asked = consent_pb2.ConsentChange(revision=2, scopes=[ANALYSE])
    await pupil.say(consent_change=asked)
    await pupil.end()
    await server.stop()

    [unlocked] = entries(tmp_path, "audiences_unlocked")
    assert unlocked.details == {"audiences": ["staff"]}
    [started] = entries(tmp_path, "session_started")
    assert (started.details["locked_by"], started.details["scopes"]) == ("audience.locked", [])
    refused = entries(tmp_path, "analysis_refused")
    session = pupil.ready.session_id
    said = {"session": session, "audience": "school", "setting": "audience.locked"}
    assert [one.details for one in refused] == [said, said]


async def test_what_is_overdue_is_gone_when_the_server_has_started(
    start_server: StartServer, tmp_path: Path
) -> None:
    store = SessionStore(tmp_path / "sessions")
    write(store.path_for(OLD), a_session(5), EVERYTHING)
    TrustedClock(store.directory).believe(time.time_ns())
    server = await start_server()
    await counted(server, "attune_sessions_expired_total", {})
    await server.stop()

    assert store.sessions() == ()
    assert OLD in (store.directory / RECEIPTS).read_text()
    [deleted] = entries(tmp_path, "session_deleted")
    assert (deleted.details["by"], deleted.details["session"]) == ("retention", OLD)


async def test_a_clock_that_leapt_ahead_deletes_nothing_for_a_day(
    start_server: StartServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SessionStore(tmp_path / "sessions")
    write(store.path_for(OLD), a_session(5), EVERYTHING)
    server = await start_server()  # by then the session, the newest, is years old
    await counted(server, "attune_retention_waits", {})
    assert server.retention is not None
    now = time.time_ns()
    for hour in range(0, 24, 6):
        later = now + hour * NS_PER_DAY // 24
        assert await asyncio.to_thread(server.retention.once, later) == 0
    assert [one.session_id for one in store.sessions()] == [OLD]
    assert "1 stored sessions are overdue by a clock that shows" in caplog.text
    assert await asyncio.to_thread(server.retention.once, now + NS_PER_DAY) == 1
    assert sample(server, "attune_retention_waits") == 0
    await server.stop()

    assert "begin in the future" not in caplog.text
    [waits] = entries(tmp_path, "retention_waits")
    assert waits.details["overdue"] == 1
    assert waits.details["believed"] == "2023-11-14 22:13 UTC"


async def test_sessions_that_a_clock_ahead_recorded_are_named(
    start_server: StartServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = SessionStore(tmp_path / "sessions")
    write(store.path_for(OLD), a_session(5), EVERYTHING)
    years_before = 1_600_000_000 * NS_PER_S
    TrustedClock(store.directory).believe(years_before)
    server = await start_server(retention={"video_days": 36_000})
    assert server.retention is not None
    TrustedClock(store.directory).believe(years_before)
    assert await asyncio.to_thread(server.retention.once, years_before) == 0
    assert f"1 stored sessions begin in the future, the first of them {OLD}" in caplog.text


async def test_retention_that_is_off_deletes_nothing(
    start_server: StartServer, tmp_path: Path
) -> None:
    store = SessionStore(tmp_path / "sessions")
    write(store.path_for(OLD), a_session(5), EVERYTHING)
    server = await start_server(retention={"video_days": "off"})
    await server.stop()
    assert [one.session_id for one in store.sessions()] == [OLD]


async def test_a_session_becomes_overdue_while_the_server_runs(
    start_server: StartServer, talk_to: OpenTalk, tmp_path: Path
) -> None:
    server = await start_server()
    done = await (await talk_to(server)).start(ANALYSE, STORE_FEATURES)
    await done.end()
    running = await (await talk_to(server)).start(ANALYSE, STORE_FEATURES)
    assert server.retention is not None
    assert await asyncio.to_thread(server.retention.once, time.time_ns()) == 0
    later = time.time_ns() + 400 * NS_PER_DAY
    TrustedClock(tmp_path / "sessions").believe(later)

    assert await asyncio.to_thread(server.retention.once, later) == 1

    [deleted] = (tmp_path / "sessions" / RECEIPTS).read_text().splitlines()
    assert done.ready.session_id in deleted
    await Neighbour(running).noticed_nothing()
    assert (tmp_path / "sessions" / f"{running.ready.session_id}.mcap").exists()


async def test_an_audit_log_that_cannot_be_written_is_said_once_and_no_visit_suffers(
    start_server: StartServer,
    talk_to: OpenTalk,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (tmp_path / "a-file").write_text("where the folder should be")
    server = await start_server(recording={"directory": tmp_path / "a-file", "enabled": False})
    talk = await (await talk_to(server)).start(ANALYSE)
    await Neighbour(talk).noticed_nothing()
    await counted(server, LOST, {}, 3)  # start, session, its end

    said = [one for one in caplog.records if "audit log cannot be written" in one.getMessage()]
    assert len(said) == 1
    assert said[0].levelno == logging.ERROR


async def test_an_audit_log_on_a_full_disk_goes_on_when_there_is_space_again(
    small_disk: Path, start_server: StartServer, talk_to: OpenTalk
) -> None:
    server = await start_server(recording={"directory": small_disk, "enabled": False})
    await (await (await talk_to(server)).start()).end()
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            pass
    full = await (await talk_to(server)).start()
    for revision in range(2, 40):
        await full.say(consent_change=consent_pb2.ConsentChange(revision=revision))
    await full.end()
    await an_entry_is_lost(server)
    filler.unlink()
    await (await (await talk_to(server)).start()).end()
    await server.stop()
    lost = sample(server, LOST)

    report = verify(small_disk)
    assert report.findings == []
    [gap] = [one for one in report.entries if one.event == "entries_lost"]
    assert gap.details["count"] == lost


async def test_a_list_of_stored_sessions_may_be_longer_than_what_a_client_may_say(
    start_server: StartServer, tmp_path: Path
) -> None:
    first = tmp_path / "sessions" / f"{OLD}.mcap"
    write(first, a_session(1), EVERYTHING)
    for number in range(99):
        os.link(first, first.with_name(f"{number:032x}.mcap"))
    limits = {"max_frame_bytes": 1024, "max_message_bytes": 4096}
    server = await start_server(limits=limits, retention=KEEP_ALL)
    async with AttuneClient(f"127.0.0.1:{server.port}") as client:
        listed = await client.stored_sessions()

    assert len(listed.sessions) == 100


async def test_an_export_that_nobody_reads_ends_and_closes_its_file(
    start_server: StartServer, talk_to: OpenTalk, tmp_path: Path
) -> None:
    server = await start_server(limits={"write_timeout_s": 0.3}, retention=KEEP_ALL)
    large = tmp_path / "sessions" / f"{OLD}.mcap"
    write(large, a_session(5), EVERYTHING)
    with large.open("r+b") as file:
        file.truncate(64 * 1024 * 1024)
    neighbour = Neighbour(await (await talk_to(server)).start(ANALYSE))
    address = f"127.0.0.1:{server.port}"
    async with grpc.aio.insecure_channel(address, options=TINY_WINDOW) as channel:
        request = attune_pb2.ExportSessionRequest(session_id=OLD)
        call = attune_pb2_grpc.AttuneServiceStub(channel).ExportSession(request)
        # The handler ends although the client has read nothing.
        handler = {"method": EXPORT, "code": "RESOURCE_EXHAUSTED"}
        await counted(server, "attune_rpcs_ended_total", handler)
        assert open_files(large) == 0
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            _ = [piece async for piece in call]
    assert refusal.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "did not take a piece of the file for 0.3 s" in str(refusal.value.details())
    await neighbour.noticed_nothing()
    await server.stop()
    [exported] = entries(tmp_path, "session_exported")
    assert not exported.details["whole"]


async def test_an_export_whose_reader_leaves_closes_its_file(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = await start_server(retention=KEEP_ALL)
    large = tmp_path / "sessions" / f"{OLD}.mcap"
    write(large, a_session(5), EVERYTHING)
    with large.open("r+b") as file:
        file.truncate(64 * 1024 * 1024)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        request = attune_pb2.ExportSessionRequest(session_id=OLD)
        call = attune_pb2_grpc.AttuneServiceStub(channel).ExportSession(request)
        await call.read()
        call.cancel()
        handler = {"method": EXPORT, "code": "CANCELLED"}
        await counted(server, "attune_rpcs_ended_total", handler)
    assert open_files(large) == 0


def open_files(path: Path) -> int:
    """How often this process, which the server is in, has a file open."""
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("needs /proc to see open files")
    return sum(os.path.realpath(one) == str(path.resolve()) for one in folder.iterdir())
