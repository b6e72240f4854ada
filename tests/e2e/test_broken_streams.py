"""A stream that breaks and what becomes of its session."""

import asyncio
import time

import grpc
import grpc.aio
import pytest

from attune.client.client import AttuneClient
from attune.client.request import SessionRequest
from attune.server.app import Server
from attune.session.consent import ConsentScope
from attune.session.outputs import Disposition
from attune.v1 import (
    session_pb2,
    story_pb2,
    video_pb2,
)
from tests.e2e.conftest import OpenTalk, StartServer
from tests.e2e.talk import (
    ANALYSE,
    CHOICE,
    DEFAULT,
    PATIENCE_S,
    STORE_FEATURES,
    CuttingProxy,
    Talk,
    ended,
    event,
    frame,
    noise_jpeg,
    reach_choice,
    resolve,
)

ANALYSED = video_pb2.FRAME_DISPOSITION_ANALYSED
DROPPED = video_pb2.FRAME_DISPOSITION_DROPPED


class TestBrokenStreams:
    async def test_a_session_goes_on_where_it_was(
        self, server: Server, visit: Talk, talk_to: OpenTalk
    ) -> None:
        await visit.start(ANALYSE)
        await visit.say(video_frame=frame(1))
        await visit.acknowledged(1)
        visit.call.cancel()

        back = await (await talk_to(server)).resume(visit)
        await back.say(video_frame=frame(1))

        assert back.ready.resumed
        assert back.ready.session_id == visit.ready.session_id
        assert back.ready.session_time_ns > visit.ready.session_time_ns
        assert (await back.hear("consent_applied")).revision == 1
        assert await back.acknowledged(1) == ANALYSED
        assert (await back.hear("update", lambda one: one.frame_sequence)).frame_sequence == 1
        assert (await back.end()).frames_analysed == 2

    async def test_a_number_of_a_frame_that_is_near_its_end_harms_nothing(
        self, server: Server, visit: Talk, talk_to: OpenTalk
    ) -> None:
        await visit.start(ANALYSE, STORE_FEATURES)
        await visit.say(video_frame=frame(1))
        await visit.acknowledged(1)
        visit.call.cancel()

        back = await (await talk_to(server)).resume(visit)
        await back.say(video_frame=frame(2**64 - 1))
        refused = await back.notice(session_pb2.NOTICE_CODE_FRAME_REFUSED)
        await back.say(video_frame=frame(2))

        assert refused.parameters["code"] == "frame.sequence_invalid"
        await back.hear("update", lambda one: one.frame_sequence == 2)
        await back.end()
        assert [one.code for one in back.all("notice")] == [session_pb2.NOTICE_CODE_FRAME_REFUSED]

    async def test_decisions_after_the_applied_one_are_said_again(
        self, server: Server, visit: Talk, talk_to: OpenTalk
    ) -> None:
        await visit.start()
        first = await reach_choice(visit, 1)
        second = await reach_choice(visit, 2)
        visit.call.cancel()

        back = await (await talk_to(server)).resume(visit, first.decision_id)
        again = await back.hear("branch_decision")
        await back.ping()

        assert again == second
        assert len(back.all("branch_decision")) == 1

    async def test_resolved_decisions_are_not_said_again(
        self, server: Server, visit: Talk, talk_to: OpenTalk
    ) -> None:
        await visit.start()
        await resolve(visit, await reach_choice(visit))
        visit.call.cancel()

        back = await (await talk_to(server)).resume(visit)
        await back.ping()

        assert back.all("branch_decision") == []

    async def test_a_decision_that_was_made_meanwhile_is_said_on_return(
        self, server: Server, visit: Talk, talk_to: OpenTalk
    ) -> None:
        await visit.start(ANALYSE)
        await visit.say(scenario_event=event(beat_entered=story_pb2.BeatEntered(beat_id="street")))
        due = story_pb2.ChoiceDue(
            choice_id=CHOICE, occurrence=1, deadline_ns=time.monotonic_ns() + 300_000_000
        )
        await visit.say(scenario_event=event(choice_due=due))
        await visit.ping()
        visit.call.cancel()
        await asyncio.sleep(0.5)

        back = await (await talk_to(server)).resume(visit)

        assert (await back.hear("branch_decision")).branch_id == DEFAULT

    async def test_a_stream_that_still_carries_the_session_is_superseded(
        self, server: Server, visit: Talk, talk_to: OpenTalk
    ) -> None:
        await visit.start()
        back = await (await talk_to(server)).resume(visit)

        assert (await visit.outcome())[0] is grpc.StatusCode.ABORTED
        await back.end()

    async def test_a_token_opens_only_its_own_session(
        self, server: Server, visit: Talk, talk_to: OpenTalk
    ) -> None:
        await visit.start()
        other = await (await talk_to(server)).start()

        assert other.ready.resume_token != visit.ready.resume_token

    @pytest.mark.parametrize("token", ["", "guess", "x" * 43])
    async def test_a_wrong_token_opens_nothing(self, token: str, visit: Talk) -> None:
        resumption = session_pb2.Resumption(resume_token=token)
        await visit.say(
            session_start=session_pb2.SessionStart(protocol_version=1, resumption=resumption)
        )

        code, sentence = await visit.outcome()
        assert code is grpc.StatusCode.NOT_FOUND
        assert "start a new session" in sentence

    async def test_the_next_visitor_ends_the_session_for_good(
        self, server: Server, visit: Talk, talk_to: OpenTalk
    ) -> None:
        await visit.start()
        reason = session_pb2.END_REASON_NEXT_VISITOR
        await visit.say(session_end=session_pb2.SessionEnd(reason=reason))
        await visit.hear("session_summary")

        back = await talk_to(server)
        resumption = session_pb2.Resumption(resume_token=visit.ready.resume_token)
        await back.say(
            session_start=session_pb2.SessionStart(protocol_version=1, resumption=resumption)
        )
        assert (await back.outcome())[0] is grpc.StatusCode.NOT_FOUND

    async def test_a_session_that_nobody_resumes_ends(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(limits={"resume_window_s": 0.2})
        talk = await (await talk_to(server)).start()
        talk.call.cancel()

        await ended(server, "lost")

    async def test_a_new_visitor_at_a_station_takes_the_place_of_a_broken_stream(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(limits={"max_sessions": 1})
        talk = await (await talk_to(server)).start(station_id="seat-1")
        talk.call.cancel()
        await talk.call.code()

        await (await talk_to(server)).start(station_id="seat-1")
        await ended(server, "lost")


async def test_the_client_goes_on_by_itself_when_the_wire_is_cut(server: Server) -> None:
    request = SessionRequest(consent=frozenset({ConsentScope.ANALYSE}), scenario_id="memorial")
    picture = noise_jpeg()
    async with (
        CuttingProxy(server.port) as proxy,
        AttuneClient(f"127.0.0.1:{proxy.port}") as client,
    ):
        session = await client.start(request)
        proxy.cut_after(len(picture) // 2)
        async with asyncio.timeout(PATIENCE_S):
            while session.acknowledged[Disposition.ANALYSED] < 3 or not session.resumptions:
                session.send_frame(
                    picture, width_px=160, height_px=120, capture_time_ns=time.monotonic_ns()
                )
                await asyncio.sleep(0.05)
        summary = await session.end()

    assert session.resumptions == 1
    assert summary.frames_analysed >= 3
