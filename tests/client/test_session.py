"""A session over a real socket: what the client sends, keeps and survives."""

import asyncio
import gc
import weakref

import grpc
import pytest

from attune.client import (
    AttuneClient,
    ClientSession,
    ConsentApplied,
    SessionRequest,
    Update,
    monotonic_ns,
)
from attune.client.inbox import MAX_UNREAD
from attune.client.outbox import MAX_WAITING, Outbox
from attune.errors import SessionError
from attune.scenario.events import BeatEntered
from attune.session.consent import ConsentScope
from attune.session.inputs import EndReason
from attune.session.outputs import Disposition
from attune.v1 import session_pb2, state_pb2
from tests.client.scripted_server import (
    Stream,
    converse,
    conversing,
    eventually,
    pong,
    ready,
    serving,
)

ANALYSE = SessionRequest(consent=frozenset({ConsentScope.ANALYSE}))


def frames(received: list[session_pb2.ClientMessage]) -> list[int]:
    """Sequences of the frames among `received`."""
    return [one.video_frame.sequence for one in received if one.HasField("video_frame")]


async def test_clocks_are_related_before_the_first_frame() -> None:
    received: list[session_pb2.ClientMessage] = []

    async with serving(conversing(received)) as (target, _), AttuneClient(target) as client:
        session = await client.start(ANALYSE)
        session.send_frame(b"x", width_px=1, height_px=1, capture_time_ns=1)
        await eventually(lambda: session.acknowledged[Disposition.ANALYSED] == 1)
        await session.end()

    assert [one.WhichOneof("message") for one in received] == ["clock_estimate", "video_frame"]
    # Both clocks are this machine's monotonic one.
    estimate = received[0].clock_estimate
    assert abs(estimate.offset_ns) <= estimate.uncertainty_ns


async def test_without_credit_the_newest_frame_replaces_the_waiting_one() -> None:
    received: list[session_pb2.ClientMessage] = []

    async with (
        serving(conversing(received, acknowledge=False, max_frames_in_flight=2)) as (target, _),
        AttuneClient(target) as client,
    ):
        session = await client.start(ANALYSE)
        for sequence in (1, 2, 3, 4, 5):
            session.send_frame(b"x", width_px=1, height_px=1, capture_time_ns=sequence)
            await eventually(lambda n=sequence: len(frames(received)) == min(n, 2))
        session.send_event(BeatEntered(1, "hall"))
        await eventually(lambda: received[-1].HasField("scenario_event"))

        assert frames(received) == [1, 2]
        assert session.frames_replaced == 2

        # The acknowledgements never come: after the timeout the newest frame goes all the same.
        await eventually(lambda: frames(received) == [1, 2, 5])
        assert session.acknowledgements_missed >= 1


async def test_a_frame_names_the_consent_under_which_it_was_captured() -> None:
    received: list[session_pb2.ClientMessage] = []

    async with serving(conversing(received)) as (target, _), AttuneClient(target) as client:
        session = await client.start(ANALYSE)
        before_ns = monotonic_ns()
        revision = session.change_consent({ConsentScope.ANALYSE, ConsentScope.STORE_VIDEO})
        for sequence, captured_ns in ((1, before_ns), (2, monotonic_ns())):
            session.send_frame(b"x", width_px=1, height_px=1, capture_time_ns=captured_ns)
            await eventually(lambda n=sequence: len(frames(received)) == n)

    sent = [one.video_frame for one in received if one.HasField("video_frame")]
    assert [one.consent_revision for one in sent] == [revision - 1, revision]


async def test_a_refused_start_says_what_the_server_said() -> None:
    async def script(context: Stream, first: session_pb2.SessionStart) -> None:
        await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "send a locale")

    async with serving(script) as (target, server), AttuneClient(target) as client:
        with pytest.raises(SessionError, match=r"INVALID_ARGUMENT: send a locale"):
            await client.start(ANALYSE)

        assert server.streams == 1


async def test_a_broken_stream_is_resumed_with_token_and_last_decision() -> None:
    received: list[session_pb2.ClientMessage] = []
    resumed: list[session_pb2.SessionStart] = []

    async def breaks(context: Stream, first: session_pb2.SessionStart) -> None:
        await context.write(ready())
        decision = session_pb2.ServerMessage()
        decision.branch_decision.decision_id = "d-7"
        await context.write(decision)
        while (message := await context.read()).WhichOneof("message") != "consent_change":
            if message.HasField("ping"):
                pong = session_pb2.Pong(id=message.ping.id)
                await context.write(session_pb2.ServerMessage(pong=pong))
        await context.abort(grpc.StatusCode.UNAVAILABLE, "gone")

    async def goes_on(context: Stream, first: session_pb2.SessionStart) -> None:
        resumed.append(first)
        await context.write(ready(resumed=True))
        await converse(context, received)

    async with serving(breaks, goes_on) as (target, _), AttuneClient(target) as client:
        session = await client.start(ANALYSE)
        revision = session.change_consent(())
        async for message in session.messages():
            if isinstance(message, ConsentApplied):
                assert message.revision == revision
                break
        summary = await session.end(EndReason.VISITOR)

    assert resumed[0].resumption.resume_token == "t"
    assert resumed[0].resumption.last_decision_id == "d-7"
    assert session.resumptions == 1
    assert summary.reason == session_pb2.END_REASON_VISITOR


async def test_a_session_that_cannot_be_resumed_ends_with_the_servers_sentence() -> None:
    async def breaks(context: Stream, first: session_pb2.SessionStart) -> None:
        await context.write(ready())
        while (message := await context.read()) is not grpc.aio.EOF:
            if message.HasField("ping"):
                pong = session_pb2.Pong(id=message.ping.id)
                await context.write(session_pb2.ServerMessage(pong=pong))
            else:
                await context.abort(grpc.StatusCode.UNAVAILABLE, "gone")

    async def unknown(context: Stream, first: session_pb2.SessionStart) -> None:
        await context.abort(grpc.StatusCode.NOT_FOUND, "no such session")

    async with serving(breaks, unknown) as (target, server), AttuneClient(target) as client:
        session = await client.start(ANALYSE)
        with pytest.raises(SessionError, match="no such session"):
            async for _ in session.messages():
                pass

        assert server.streams == 2


async def test_what_fails_on_the_clients_side_is_said_to_who_reads() -> None:
    """An acknowledgement of a kind that this client does not know, from a server to come."""

    async def script(context: Stream, first: session_pb2.SessionStart) -> None:
        await context.write(ready())
        while not (message := await context.read()).HasField("clock_estimate"):
            await context.write(pong(message))
        unknown = session_pb2.ServerMessage()
        unknown.frame_ack.disposition = 99
        await context.write(unknown)
        await asyncio.Event().wait()

    async with serving(script) as (target, _), AttuneClient(target) as client:
        session = await client.start(ANALYSE)
        with pytest.raises(SessionError, match="disposition: expected one of"):
            async for _ in session.messages():
                pass


async def test_a_client_that_runs_all_day_forgets_the_visitors_who_left() -> None:
    visitors = []
    async with serving(conversing([])) as (target, _), AttuneClient(target) as client:
        for _ in range(3):
            session = await client.start(ANALYSE)
            await session.end()
            visitors.append(weakref.ref(session))
        del session
        gc.collect()

        assert sum(visitor() is not None for visitor in visitors) <= 1


async def test_a_stream_that_breaks_after_the_last_word_ended_well() -> None:
    async def script(context: Stream, first: session_pb2.SessionStart) -> None:
        await context.write(ready())
        await converse(context, [])
        await context.abort(grpc.StatusCode.INTERNAL, "Received RST_STREAM with error code 0")

    async with serving(script) as (target, _), AttuneClient(target) as client:
        session = await client.start(ANALYSE)
        summary = await session.end(EndReason.VISITOR)
        heard = [type(message) async for message in session.messages()]

    assert summary.reason == session_pb2.END_REASON_VISITOR
    assert heard == [session_pb2.SessionSummary]


async def test_a_slow_reader_gets_all_control_and_the_newest_state() -> None:
    async def script(context: Stream, first: session_pb2.SessionStart) -> None:
        await context.write(ready())
        for number in range(1, 21):
            update = state_pb2.Update(sequence=number)
            await context.write(session_pb2.ServerMessage(update=update))
            if number % 10 == 0:
                notice = session_pb2.Notice(code=session_pb2.NOTICE_CODE_NO_BASELINE)
                await context.write(session_pb2.ServerMessage(notice=notice))
        await converse(context, [])

    async with serving(script) as (target, _), AttuneClient(target) as client:
        # The clocks are related behind everything above, so all of it has arrived by now.
        session = await client.start(ANALYSE)
        await session.end()
        kinds = [message async for message in session.messages()]

    assert [type(one).__name__ for one in kinds] == ["Notice", "Notice", "SessionSummary", "Update"]
    assert isinstance(kinds[-1], Update)
    assert kinds[-1].sequence == 20


async def test_a_pause_holds_frames_back_until_the_clocks_are_related_again() -> None:
    received: list[session_pb2.ClientMessage] = []

    async with serving(conversing(received)) as (target, _), AttuneClient(target) as client:
        session = await client.start(ANALYSE)
        session.pause()
        session.send_frame(b"x", width_px=1, height_px=1, capture_time_ns=1)
        await asyncio.gather(session.go_on(), eventually(lambda: len(frames(received)) == 1))
        await session.end()

    kinds = [one.WhichOneof("message") for one in received]
    assert kinds == [
        "clock_estimate",
        "session_pause",
        "session_resume",
        "clock_estimate",
        "video_frame",
    ]
    assert [one.clock_estimate.clock_epoch_id for one in received if "clock" in str(one)] == [1, 2]


async def test_a_caller_who_never_reads_is_told_and_holds_no_more_than_some_messages() -> None:
    gone = asyncio.Event()

    async def script(context: Stream, first: session_pb2.SessionStart) -> None:
        await context.write(ready())
        while not (message := await context.read()).HasField("clock_estimate"):
            await context.write(pong(message))
        notice = session_pb2.Notice(code=session_pb2.NOTICE_CODE_FRAME_RATE_LIMITED)
        try:
            for _ in range(MAX_UNREAD + 1):
                await context.write(session_pb2.ServerMessage(notice=notice))
            await asyncio.Event().wait()
        finally:
            gone.set()

    read = 0

    async def read_all(session: ClientSession) -> None:
        nonlocal read
        async for _ in session.messages():
            read += 1

    async with serving(script) as (target, _), AttuneClient(target) as client:
        session = await client.start(ANALYSE)
        await gone.wait()
        with pytest.raises(SessionError, match="were not read"):
            await session.end()
        with pytest.raises(SessionError, match=f"{MAX_UNREAD} messages of the server"):
            await read_all(session)

    assert read == MAX_UNREAD


def test_no_more_than_some_messages_wait_for_a_server_that_stands_still() -> None:
    outbox = Outbox()
    for _ in range(MAX_WAITING):
        outbox.put(session_pb2.ClientMessage())
    with pytest.raises(SessionError, match=f"{MAX_WAITING} messages wait for the server"):
        outbox.put(session_pb2.ClientMessage())
