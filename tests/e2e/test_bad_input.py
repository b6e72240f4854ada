"""What the server answers to input that cannot be used, and that nobody else notices."""

import struct
import time

import grpc
import grpc.aio
import pytest

from attune.server.app import Server
from attune.v1 import (
    attune_pb2_grpc,
    geometry_pb2,
    session_pb2,
    story_pb2,
    video_pb2,
)
from tests.e2e.conftest import Neighbour, OpenTalk, StartServer
from tests.e2e.talk import (
    ANALYSE,
    CHOICE,
    CuttingProxy,
    Talk,
    counted,
    ended,
    event,
    frame,
    noise_jpeg,
    start_message,
)

INVALID = grpc.StatusCode.INVALID_ARGUMENT
EXHAUSTED = grpc.StatusCode.RESOURCE_EXHAUSTED
REFUSED = video_pb2.FRAME_DISPOSITION_REFUSED
DROPPED = video_pb2.FRAME_DISPOSITION_DROPPED
ANALYSED = video_pb2.FRAME_DISPOSITION_ANALYSED


class TestTheStart:
    async def test_a_first_message_that_is_no_start_is_told_what_to_send(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.say(session_resume=session_pb2.SessionResume())

        code, sentence = await talk.outcome()

        assert code is INVALID
        assert "expected session_start" in sentence
        assert "session_resume" in sentence
        await neighbour.noticed_nothing()

    async def test_an_empty_first_message_is_told_what_to_send(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.say()

        assert "expected session_start" in (await talk.outcome())[1]
        await neighbour.noticed_nothing()

    async def test_no_first_message_is_waited_for_only_so_long(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        talk = await talk_to(await start_server(limits={"start_timeout_s": 0.1}))

        assert (await talk.outcome())[0] is grpc.StatusCode.DEADLINE_EXCEEDED

    async def test_a_second_start_ends_the_session(self, talk: Talk, neighbour: Neighbour) -> None:
        await talk.start()
        await talk.say(session_start=start_message())

        assert (await talk.outcome())[0] is INVALID
        assert talk.all("session_summary")[0].reason == session_pb2.END_REASON_VIOLATION
        await neighbour.noticed_nothing()

    @pytest.mark.parametrize(
        ("field", "value", "says"),
        [
            ("protocol_version", 2, "speaks protocol_version 1, the client 2"),
            ("protocol_version", 0, "expected protocol_version 1"),
            ("video_source", 99, "VIDEO_SOURCE_CLIENT_FRAMES"),
            ("camera_kind", 0, "CAMERA_KIND_EXTERNAL"),
            ("update_rate_hz", float("nan"), "update_rate_hz"),
            ("station_id", "x" * 200, "at most 128"),
        ],
    )
    async def test_a_start_that_cannot_be_is_refused_with_what_can(
        self, field: str, value: object, says: str, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.say(session_start=start_message(**{field: value}))

        code, sentence = await talk.outcome()

        assert code is INVALID
        assert says in sentence
        await neighbour.noticed_nothing()

    async def test_more_sessions_than_allowed_are_refused(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(limits={"max_sessions": 1})
        first = await (await talk_to(server)).start(ANALYSE)
        second = await talk_to(server)
        await second.say(session_start=start_message())

        code, sentence = await second.outcome()

        assert code is EXHAUSTED
        assert "1 sessions are running" in sentence
        await Neighbour(first).noticed_nothing()


class TestWords:
    async def test_an_unknown_enum_ends_the_session_with_the_words_there_are(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start(ANALYSE)
        await talk.say(video_frame=frame(1, encoding=77))

        code, sentence = await talk.outcome()

        assert code is INVALID
        assert "FRAME_ENCODING_JPEG" in sentence
        assert talk.all("session_summary")[0].reason == session_pb2.END_REASON_VIOLATION
        await neighbour.noticed_nothing()

    async def test_a_message_without_content_ends_the_session(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start()
        await talk.say()

        assert (await talk.outcome())[0] is INVALID
        await neighbour.noticed_nothing()

    async def test_bytes_that_are_no_message_end_only_their_stream(
        self, server: Server, neighbour: Neighbour
    ) -> None:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            call = channel.stream_stream("/attune.v1.AttuneService/Attune")()
            await call.write(b"\xff\xff\xff not a message")
            assert await call.code() is not grpc.StatusCode.OK
        await neighbour.noticed_nothing()


class TestFrames:
    async def test_frames_without_consent_are_dropped_undecoded_and_that_is_said_once(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start()
        for sequence in (1, 2):
            await talk.say(video_frame=frame(sequence, data=b"not even a picture"))
            assert await talk.acknowledged(sequence) == DROPPED

        summary = await talk.end()
        assert (summary.frames_received, summary.frames_analysed) == (2, 0)
        [notice] = talk.all("notice")
        assert notice.parameters["code"] == "consent.missing"
        await neighbour.noticed_nothing()

    async def test_a_frame_of_an_older_consent_is_dropped_undecoded(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start(ANALYSE, revision=5)
        await talk.say(video_frame=frame(1, consent_revision=4, data=b"not even a picture"))

        assert await talk.acknowledged(1) == DROPPED
        await neighbour.noticed_nothing()

    @pytest.mark.parametrize(
        ("fields", "code"),
        [
            ({"data": noise_jpeg()[:200]}, "frame.corrupt"),
            ({"data": b"\x00" * 500}, "frame.corrupt"),
            ({"data": b""}, "frame.empty"),
            ({"width_px": 0}, "frame.size_invalid"),
            ({"width_px": 161}, "frame.size_mismatch"),
            ({"rotation_deg": 45}, "frame.rotation_invalid"),
            ({"rotation_deg": 4_000_000_000}, "frame.rotation_invalid"),
            ({"encoding": video_pb2.FRAME_ENCODING_RGB24, "data": b"123"}, "frame.bytes_mismatch"),
            ({"sequence": 0}, "frame.sequence_invalid"),
            ({"consent_revision": 9}, "frame.consent_unknown"),
            ({"data": b"\xff" * 300_000}, "frame.too_many_bytes"),
            ({"role": video_pb2.FRAME_ROLE_WEARER, "capture_time_ns": 2**63 - 1}, "time."),
        ],
    )
    async def test_a_frame_that_cannot_be_used_is_refused_with_its_reason(
        self, fields: dict[str, object], code: str, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start(ANALYSE)
        await talk.say(
            video_frame=frame(1, **fields) if "sequence" not in fields else frame(**fields)
        )

        notice = await talk.notice(session_pb2.NOTICE_CODE_FRAME_REFUSED)

        assert notice.parameters["code"].startswith(code)
        assert notice.parameters["detail"]
        assert await talk.acknowledged(int(notice.parameters["sequence"])) == REFUSED
        await talk.say(video_frame=frame(2))
        assert await talk.acknowledged(2) == ANALYSED
        await neighbour.noticed_nothing()

    @pytest.mark.parametrize("declared_px", [10_000, 160], ids=["declared", "declared as small"])
    async def test_a_header_of_a_hundred_megapixels_is_refused_before_it_is_decoded(
        self, declared_px: int, talk: Talk, neighbour: Neighbour
    ) -> None:
        jpeg = bytearray(noise_jpeg())
        at = jpeg.index(b"\xff\xc0") + 5
        jpeg[at : at + 4] = struct.pack(">HH", 10_000, 10_000)
        bomb = frame(1, width_px=declared_px, height_px=declared_px, data=bytes(jpeg))
        await talk.start(ANALYSE)
        await talk.say(video_frame=bomb)

        notice = await talk.notice(session_pb2.NOTICE_CODE_FRAME_REFUSED)

        assert notice.parameters["code"] == "frame.too_large"
        await neighbour.noticed_nothing()

    async def test_time_that_runs_backwards_is_refused(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start(ANALYSE)
        now_ns = time.monotonic_ns()
        await talk.say(video_frame=frame(1, capture_time_ns=now_ns))
        assert await talk.acknowledged(1) == ANALYSED
        await talk.say(video_frame=frame(2, capture_time_ns=now_ns - 1))

        assert await talk.acknowledged(2) == REFUSED
        notice = await talk.notice(session_pb2.NOTICE_CODE_FRAME_REFUSED)
        assert notice.parameters["code"] == "frame.time_backwards"
        await neighbour.noticed_nothing()

    async def test_a_flood_of_frames_is_dropped_and_said_once(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start(ANALYSE)
        jpeg = noise_jpeg()
        began = time.monotonic()
        for sequence in range(1, 1001):
            await talk.say(video_frame=frame(sequence, data=jpeg))
        took_s = time.monotonic() - began

        await talk.acknowledged(1000)
        limited = session_pb2.NOTICE_CODE_FRAME_RATE_LIMITED
        assert [one.code for one in talk.all("notice")].count(limited) == 1
        summary = await talk.end()
        assert summary.frames_received == 1000
        assert summary.frames_analysed + summary.frames_dropped == 1000
        assert summary.frames_analysed <= 60 * (took_s + 0.2) + 4
        await neighbour.noticed_nothing()


class TestControl:
    async def test_a_pose_that_is_not_a_number_is_refused(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start()
        pose = geometry_pb2.Pose(orientation=geometry_pb2.Quaternion(x=float("nan"), w=1.0))
        await talk.say(
            headset_pose=geometry_pb2.HeadsetPose(time_ns=time.monotonic_ns(), pose=pose)
        )

        notice = await talk.notice(session_pb2.NOTICE_CODE_INPUT_REFUSED)

        assert notice.parameters["code"] == "headset_pose.not_finite"
        await talk.ping()
        await neighbour.noticed_nothing()

    async def test_an_event_about_an_unknown_stimulus_is_refused(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start()
        stranger = story_pb2.StimulusOnset(stimulus_id="no-such-thing")
        await talk.say(scenario_event=event(stimulus_onset=stranger))

        notice = await talk.notice(session_pb2.NOTICE_CODE_EVENT_REFUSED)

        assert "no-such-thing" in notice.parameters["detail"]
        await talk.end()
        await neighbour.noticed_nothing()

    async def test_an_impossible_clock_estimate_is_refused(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start()
        await talk.say(
            clock_estimate=session_pb2.ClockEstimate(clock_epoch_id=1, uncertainty_ns=-1)
        )

        notice = await talk.notice(session_pb2.NOTICE_CODE_INPUT_REFUSED)

        assert notice.parameters["code"] == "clock.estimate_invalid"
        await neighbour.noticed_nothing()

    async def test_a_message_of_fifty_megabytes_ends_only_its_stream(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start(ANALYSE)
        await talk.say(video_frame=frame(1, data=bytes(50_000_000)))

        assert (await talk.outcome())[0] is EXHAUSTED
        await neighbour.noticed_nothing()

    async def test_a_flood_of_events_delays_nobody_else(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start()
        beat = story_pb2.BeatEntered(beat_id="hall")
        for _ in range(2000):
            await talk.say(scenario_event=event(beat_entered=beat))

        await neighbour.noticed_nothing()
        await talk.end()

    async def test_more_messages_than_allowed_are_read_more_slowly_and_none_is_lost(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        talk = await talk_to(await start_server(limits={"max_control_rate_hz": 50.0}))
        await talk.start(ANALYSE)

        for k in range(100):
            await talk.say(ping=session_pb2.Ping(id=k + 1))
        await talk.hear("pong", lambda pong: pong.id == 100)

        pongs = [one.pong for one in talk.heard if one.HasField("pong")]
        assert [pong.id for pong in pongs] == list(range(1, 101))
        assert pongs[-1].server_receive_ns - pongs[0].server_receive_ns > 0.9e9

    async def test_choices_that_fall_due_again_and_again_are_refused_and_cost_nobody_else(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start(ANALYSE)
        far_ns = time.monotonic_ns() + 3_600_000_000_000
        for occurrence in range(1, 100):
            due = story_pb2.ChoiceDue(choice_id=CHOICE, occurrence=occurrence, deadline_ns=far_ns)
            await talk.say(scenario_event=event(choice_due=due))

        notice = await talk.notice(session_pb2.NOTICE_CODE_EVENT_REFUSED)

        assert notice.parameters["code"] == "event.too_many_choices"
        await talk.end()
        await neighbour.noticed_nothing()


TINY_WINDOW = (("grpc.http2.lookahead_bytes", 1), ("grpc.http2.bdp_probe", 0))
"""Options of a client that lets almost nothing be sent before it reads."""


async def verdict_on(call: grpc.aio.StreamStreamCall) -> grpc.aio.AioRpcError:
    """What a call ended with, read at last."""
    try:
        while await call.read() is not grpc.aio.EOF:
            pass
    except grpc.aio.AioRpcError as error:
        return error
    raise AssertionError("the call ended well")


class TestClientsThatStop:
    @pytest.mark.parametrize(
        ("timeout_s", "pings", "says"),
        [
            (0.3, 0, "did not take a message for 0.3 s"),
            (60.0, 2000, "piled up beyond the limit"),
        ],
        ids=["a write that stays pending", "a full lane"],
    )
    async def test_a_client_that_never_reads_is_let_go(
        self,
        timeout_s: float,
        pings: int,
        says: str,
        start_server: StartServer,
        talk_to: OpenTalk,
    ) -> None:
        server = await start_server(limits={"write_timeout_s": timeout_s})
        neighbour = Neighbour(await (await talk_to(server)).start(ANALYSE))
        address = f"127.0.0.1:{server.port}"
        async with grpc.aio.insecure_channel(address, options=TINY_WINDOW) as channel:
            call = attune_pb2_grpc.AttuneServiceStub(channel).Attune()
            await call.write(session_pb2.ClientMessage(session_start=start_message()))
            for number in range(pings):
                ping = session_pb2.Ping(id=number)
                await call.write(session_pb2.ClientMessage(ping=ping))
            await ended(server, "violation")
            # The handler ends although the client has still read nothing.
            handler = {"method": "/attune.v1.AttuneService/Attune", "code": EXHAUSTED.name}
            await counted(server, "attune_rpcs_ended_total", handler)
            verdict = await verdict_on(call)
        assert verdict.code() is EXHAUSTED
        assert says in str(verdict.details())
        await neighbour.noticed_nothing()

    async def test_a_client_that_vanishes_mid_frame_leaves_a_session_to_resume(
        self, server: Server, neighbour: Neighbour, talk_to: OpenTalk
    ) -> None:
        async with CuttingProxy(server.port) as proxy:
            lost = await (await talk_to(proxy)).start(ANALYSE)
            proxy.cut_after(20_000)
            await lost.say(video_frame=frame(1, data=bytes(200_000)))
            assert (await lost.outcome())[0] is grpc.StatusCode.UNAVAILABLE

        back = await talk_to(server)
        await back.resume(lost)

        assert back.ready.session_id == lost.ready.session_id
        assert (await back.end()).frames_received == 0
        await neighbour.noticed_nothing()

    async def test_a_silent_client_is_let_go(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(limits={"idle_timeout_s": 0.2})
        talk = await (await talk_to(server)).start()

        assert (await talk.outcome())[0] is grpc.StatusCode.DEADLINE_EXCEEDED
