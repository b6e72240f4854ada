"""One visit over a real connection: events, decisions, consent, pauses, storage."""

import asyncio
import hashlib
from pathlib import Path

import grpc
import grpc.aio
import pytest

from attune.server.app import Server
from attune.v1 import (
    attune_pb2,
    attune_pb2_grpc,
    consent_pb2,
    session_pb2,
    story_pb2,
    video_pb2,
)
from tests.e2e.conftest import Neighbour, OpenTalk, StartServer
from tests.e2e.talk import (
    ANALYSE,
    DEFAULT,
    STORE_FEATURES,
    Talk,
    frame,
    reach_choice,
    start_message,
)

ANALYSED = video_pb2.FRAME_DISPOSITION_ANALYSED
DROPPED = video_pb2.FRAME_DISPOSITION_DROPPED
LOST = ("attune_sessions_ended_total", {"reason": "lost"})
"""The counter of sessions that nobody came back to."""


def change(revision: int, *scopes: consent_pb2.ConsentScope) -> consent_pb2.ConsentChange:
    """A consent change."""
    return consent_pb2.ConsentChange(revision=revision, scopes=scopes)


class TestAVisit:
    async def test_the_start_is_answered_with_terms(self, visit: Talk) -> None:
        await visit.start(ANALYSE)

        ready = visit.ready
        assert ready.max_frames_in_flight == 2
        assert ready.max_frame_bytes == 262_144
        assert len(ready.session_id) == 32
        assert len(ready.resume_token) >= 43
        assert ready.models[0].name == "headset-aware-fer"
        assert len(ready.scenario_sha256) == 64

    async def test_a_choice_without_consent_is_answered_with_the_default(self, visit: Talk) -> None:
        await visit.start()

        decision = await reach_choice(visit)

        assert decision.branch_id == DEFAULT
        assert decision.reason == story_pb2.DECISION_REASON_NO_CONSENT

    async def test_a_frame_is_acknowledged_and_answered_with_its_age_and_cost(
        self, visit: Talk
    ) -> None:
        await visit.start(ANALYSE)
        sent = frame(1)
        await visit.say(video_frame=sent)

        assert await visit.acknowledged(1) == ANALYSED
        update = await visit.hear("update", lambda one: one.frame_sequence == 1)
        assert update.capture_time_ns == sent.capture_time_ns
        assert update.age_ms > 0
        assert {"decode"} <= set(update.stage_us)

    async def test_updates_go_on_without_frames(self, visit: Talk) -> None:
        await visit.start()

        await visit.hear("update", lambda one: one.session_time_ns >= 300_000_000)

    async def test_a_wished_update_rate_is_kept(self, visit: Talk) -> None:
        await visit.start(update_rate_hz=2.0)
        await visit.hear("update", lambda one: one.session_time_ns >= 1_500_000_000)

        assert len(visit.all("update")) <= 5

    async def test_every_frame_that_keeps_to_the_credit_is_analysed(self, visit: Talk) -> None:
        await visit.start(ANALYSE)
        for sequence in range(1, 6):
            await visit.say(video_frame=frame(sequence))
            await visit.acknowledged(sequence)
            await asyncio.sleep(0.02)

        assert (await visit.end()).frames_analysed == 5

    async def test_frames_beyond_the_credit_give_way_to_the_newest(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(limits={"max_frame_rate_hz": 10_000})
        talk = await (await talk_to(server)).start(ANALYSE)
        for sequence in range(1, 31):
            await talk.say(video_frame=frame(sequence))

        await talk.acknowledged(30)
        assert talk.all("frame_ack")[-1].disposition == ANALYSED
        assert DROPPED in [ack.disposition for ack in talk.all("frame_ack")]
        sequences = [ack.through_sequence for ack in talk.all("frame_ack")]
        assert sequences == sorted(sequences)

    async def test_the_summary_is_the_last_word(self, visit: Talk) -> None:
        await visit.start()
        await reach_choice(visit)
        summary = await visit.end()

        assert summary.reason == session_pb2.END_REASON_FINISHED
        assert summary.decisions == 1
        assert visit.heard[-1].HasField("session_summary")

    async def test_a_ping_carries_the_servers_times_in_order(self, visit: Talk) -> None:
        await visit.start()
        await visit.ping()

        pong = visit.all("pong")[0]
        assert 0 < pong.server_receive_ns <= pong.server_send_ns


class TestConsent:
    async def test_withdrawal_holds_for_the_next_frame_and_forgets_the_visitor(
        self, visit: Talk
    ) -> None:
        await visit.start(ANALYSE, revision=1)
        await visit.say(video_frame=frame(1))
        assert await visit.acknowledged(1) == ANALYSED
        await visit.say(consent_change=change(2))
        await visit.say(video_frame=frame(2, consent_revision=2, data=b"never decoded"))

        assert await visit.acknowledged(2) == DROPPED
        applied = await visit.hear("consent_applied", lambda one: one.revision == 2)
        assert applied.last_analysed_frame_sequence == 1
        assert list(applied.scopes) == []

    async def test_a_frame_from_before_the_change_is_dropped_after_it(self, visit: Talk) -> None:
        await visit.start(ANALYSE, revision=1)
        await visit.say(consent_change=change(2, ANALYSE))
        await visit.say(video_frame=frame(1, consent_revision=1))
        await visit.say(video_frame=frame(2, consent_revision=2))

        assert await visit.acknowledged(1) == DROPPED
        assert await visit.acknowledged(2) == ANALYSED

    async def test_withdrawing_storage_offers_deletion(self, visit: Talk) -> None:
        await visit.start(ANALYSE, STORE_FEATURES)
        await visit.say(consent_change=change(2, ANALYSE))

        notice = await visit.notice(session_pb2.NOTICE_CODE_DELETION_OFFERED)

        assert notice.parameters["session_id"] == visit.ready.session_id

    async def test_a_change_that_is_sent_twice_is_confirmed_twice(self, visit: Talk) -> None:
        await visit.start()
        for _ in range(2):
            await visit.say(consent_change=change(2, ANALYSE))
            await visit.ping()
        await visit.hear("consent_applied", lambda _: len(visit.all("consent_applied")) == 2)

        assert visit.all("notice") == []


class TestPauses:
    async def test_frames_of_a_paused_session_are_dropped_until_it_goes_on(
        self, visit: Talk
    ) -> None:
        await visit.start(ANALYSE)
        await visit.say(session_pause=session_pb2.SessionPause())
        await visit.say(video_frame=frame(1))
        assert await visit.acknowledged(1) == DROPPED
        await visit.say(session_resume=session_pb2.SessionResume())
        await visit.say(video_frame=frame(2))

        assert await visit.acknowledged(2) == ANALYSED

    async def test_a_pause_beyond_the_resume_window_ends_the_session(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(limits={"resume_window_s": 0.2})
        talk = await (await talk_to(server)).start()
        await talk.say(session_pause=session_pb2.SessionPause())

        summary = await talk.hear("session_summary")
        assert summary.reason == session_pb2.END_REASON_LOST

    async def test_a_pause_that_is_said_again_and_again_lasts_no_longer(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(limits={"resume_window_s": 0.5})
        talk = await (await talk_to(server)).start()

        async def insist() -> None:
            while True:
                await talk.say(session_pause=session_pb2.SessionPause())
                await asyncio.sleep(0.1)

        insisting = asyncio.create_task(insist())
        summary = await talk.hear("session_summary")
        insisting.cancel()
        await asyncio.gather(insisting, return_exceptions=True)

        assert summary.reason == session_pb2.END_REASON_LOST

    async def test_a_pause_through_which_streams_break_lasts_no_longer(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(limits={"resume_window_s": 0.5})
        talk = await (await talk_to(server)).start()
        await talk.say(session_pause=session_pb2.SessionPause())
        await talk.ping()
        streams = 0
        while not server.telemetry.registry.get_sample_value(*LOST):
            streams += 1
            assert streams < 50
            back = await talk_to(server)
            resumption = session_pb2.Resumption(resume_token=talk.ready.resume_token)
            again = session_pb2.SessionStart(protocol_version=1, resumption=resumption)
            await back.say(session_start=again)
            await asyncio.sleep(0.1)
            back.call.cancel()

    async def test_a_headset_that_is_taken_off_ends_the_session(self, visit: Talk) -> None:
        await visit.start()
        doffed = session_pb2.SessionPause(reason=session_pb2.PAUSE_REASON_DOFFED)
        await visit.say(session_pause=doffed)

        summary = await visit.hear("session_summary")
        assert summary.reason == session_pb2.END_REASON_VISITOR


class TestStorage:
    async def test_a_session_can_be_listed_exported_and_deleted(
        self, server: Server, visit: Talk, tmp_path: Path
    ) -> None:
        await visit.start(ANALYSE, STORE_FEATURES)
        summary = await visit.end()
        session_id = visit.ready.session_id
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            stub = attune_pb2_grpc.AttuneServiceStub(channel)
            listed = await stub.ListSessions(attune_pb2.ListSessionsRequest())
            export = attune_pb2.ExportSessionRequest(session_id=session_id)
            data = b"".join([piece.data async for piece in stub.ExportSession(export)])
            delete = attune_pb2.DeleteSessionRequest(session_id=session_id)
            receipt = await stub.DeleteSession(delete)

        assert summary.stored
        assert [one.session_id for one in listed.sessions] == [session_id]
        assert receipt.sha256 == hashlib.sha256(data).hexdigest()
        assert receipt.size_bytes == len(data)
        assert not list((tmp_path / "sessions").glob("*.mcap"))

    @pytest.mark.parametrize("session_id", ["", "a", "../../etc/passwd", "0" * 32])
    async def test_only_a_whole_known_identifier_is_exported_or_deleted(
        self, session_id: str, server: Server, visit: Talk
    ) -> None:
        await visit.start()
        await visit.end()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            stub = attune_pb2_grpc.AttuneServiceStub(channel)
            delete = attune_pb2.DeleteSessionRequest(session_id=session_id)
            with pytest.raises(grpc.aio.AioRpcError) as refusal:
                await stub.DeleteSession(delete)
            export = attune_pb2.ExportSessionRequest(session_id=session_id)
            with pytest.raises(grpc.aio.AioRpcError):
                await stub.ExportSession(export).read()

        assert refusal.value.code() is grpc.StatusCode.NOT_FOUND

    async def test_a_running_session_cannot_be_deleted(self, server: Server, visit: Talk) -> None:
        await visit.start(ANALYSE, STORE_FEATURES)
        delete = attune_pb2.DeleteSessionRequest(session_id=visit.ready.session_id)
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            with pytest.raises(grpc.aio.AioRpcError) as refusal:
                await attune_pb2_grpc.AttuneServiceStub(channel).DeleteSession(delete)

        assert refusal.value.code() is grpc.StatusCode.FAILED_PRECONDITION
        await Neighbour(visit).noticed_nothing()

    async def test_models_and_stories_are_listed(self, server: Server) -> None:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            stub = attune_pb2_grpc.AttuneServiceStub(channel)
            models = await stub.ListModels(attune_pb2.ListModelsRequest())
            stories = await stub.ListScenarios(attune_pb2.ListScenariosRequest())

        assert "headset-aware-fer" in [one.name for one in models.models]
        assert "memorial" in [one.id for one in stories.scenarios]


async def test_a_server_that_shuts_down_takes_no_new_sessions(
    start_server: StartServer, talk_to: OpenTalk
) -> None:
    server = await start_server(server={"drain_s": 1.0})
    running = await (await talk_to(server)).start()
    late = await talk_to(server)
    stopping = asyncio.create_task(server.stop())
    await running.notice(session_pb2.NOTICE_CODE_SHUTTING_DOWN)
    await late.say(session_start=start_message())

    assert (await late.outcome())[0] is grpc.StatusCode.UNAVAILABLE
    await running.end()
    await stopping
