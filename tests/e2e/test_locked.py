"""Sessions of pupils and staff over a real connection: no face is read, and the story goes on."""

import time
from pathlib import Path

import pytest

from attune.client.channel import ClientSecurity
from attune.client.client import AttuneClient
from attune.client.request import SessionRequest
from attune.config import CameraSettings
from attune.session.consent import Audience, ConsentScope
from attune.session.recorded import read_recording
from attune.session.replay import replay
from attune.v1 import consent_pb2, session_pb2, story_pb2, video_pb2
from tests.e2e.conftest import Neighbour, OpenTalk, StartServer
from tests.e2e.talk import (
    ANALYSE,
    DEFAULT,
    STORE_FEATURES,
    STORE_VIDEO,
    Talk,
    frame,
    noise_jpeg,
    reach_choice,
    start_message,
)

SCHOOL, STAFF = session_pb2.AUDIENCE_SCHOOL, session_pb2.AUDIENCE_STAFF
LOCKED = session_pb2.NOTICE_CODE_ANALYSIS_LOCKED
ALL = (ANALYSE, STORE_FEATURES, STORE_VIDEO)


def notices(talk: Talk) -> list[dict[str, str]]:
    """The parameters of every notice that the session is locked."""
    return [dict(one.parameters) for one in talk.all("notice") if one.code == LOCKED]


async def send_frames(talk: Talk, *data: bytes, revision: int = 1) -> set[int]:
    """Frames, each once the one before is settled; returns what became of them."""
    settled = set()
    for sequence, pixels in enumerate(data, 1):
        given = frame(sequence, data=pixels, consent_revision=revision)
        await talk.say(video_frame=given)
        settled.add(await talk.acknowledged(sequence))
    return settled


def weights() -> session_pb2.FaceWeights:
    """What a headset measures of a face."""
    return session_pb2.FaceWeights(
        time_ns=time.monotonic_ns(),
        schema=session_pb2.FACE_WEIGHTS_SCHEMA_HTC,
        weights=[0.5] * 51,
        valid=True,
        source=session_pb2.FACE_WEIGHTS_SOURCE_VISUAL,
        confidence=1.0,
    )


@pytest.mark.parametrize("audience", [SCHOOL, STAFF], ids=["school", "staff"])
async def test_a_pupils_and_a_workers_face_is_never_read_or_stored(
    audience: session_pb2.Audience, talk: Talk, neighbour: Neighbour, tmp_path: Path
) -> None:
    await talk.start(*ALL, audience=audience)
    applied = await talk.hear("consent_applied")
    # Bytes that are no picture: whoever decoded them would refuse them.
    settled = await send_frames(talk, b"no picture", b"nor this")
    await talk.say(face_weights=weights())
    decision = await reach_choice(talk)
    summary = await talk.end()

    assert talk.ready.analysis_locked
    assert (applied.revision, list(applied.scopes)) == (1, [])
    name = {SCHOOL: "school", STAFF: "staff"}[audience]
    assert notices(talk) == [{"audience": name, "setting": "audience.locked"}]
    assert settled == {video_pb2.FRAME_DISPOSITION_DROPPED}
    assert decision.branch_id == DEFAULT
    assert decision.reason == story_pb2.DECISION_REASON_NO_CONSENT
    assert (summary.frames_received, summary.frames_analysed) == (2, 0)
    stored = read_recording(tmp_path / "sessions" / f"{talk.ready.session_id}.mcap")
    assert (stored.frames, stored.pictures, stored.slots, stored.states) == (0, 0, [], [])
    assert b"no picture" not in stored.path.read_bytes()
    await neighbour.noticed_nothing()


async def test_asking_again_is_answered_with_what_is_in_force(talk: Talk) -> None:
    await talk.start(audience=SCHOOL)
    assert notices(talk) == []
    asked = consent_pb2.ConsentChange(revision=2, scopes=[ANALYSE, STORE_VIDEO])
    await talk.say(consent_change=asked)
    applied = await talk.hear("consent_applied", lambda one: one.revision == 2)
    await talk.notice(LOCKED)
    await talk.say(consent_change=asked)
    await talk.ping()
    settled = await send_frames(talk, b"no picture", revision=2)

    assert list(applied.scopes) == []
    assert [list(one.scopes) for one in talk.all("consent_applied")] == [[], []]
    assert len(notices(talk)) == 1
    assert settled == {video_pb2.FRAME_DISPOSITION_DROPPED}


async def test_a_resumed_session_is_still_locked(
    start_server: StartServer, talk_to: OpenTalk
) -> None:
    server = await start_server()
    lost = await (await talk_to(server)).start(ANALYSE, audience=STAFF)
    lost.call.cancel()
    talk = await (await talk_to(server)).resume(lost)

    assert talk.ready.resumed
    assert talk.ready.analysis_locked
    assert list((await talk.hear("consent_applied")).scopes) == []
    assert await send_frames(talk, b"no picture") == {video_pb2.FRAME_DISPOSITION_DROPPED}


async def test_a_room_booked_by_a_school_is_locked_whatever_the_client_says(
    start_server: StartServer, talk_to: OpenTalk
) -> None:
    server = await start_server(audience={"stations": {"studio": "school"}})
    inside = await (await talk_to(server)).start(ANALYSE, station_id="studio")
    outside = await (await talk_to(server)).start(ANALYSE, station_id="hall")
    await inside.notice(LOCKED)

    assert notices(inside) == [{"audience": "school", "setting": "audience.stations"}]
    assert inside.ready.analysis_locked
    assert not outside.ready.analysis_locked


async def test_an_audience_that_is_not_locked_decides_for_itself(
    start_server: StartServer, talk_to: OpenTalk, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start_server(audience={"locked": ["school"]})
    talk = await (await talk_to(server)).start(ANALYSE, audience=STAFF)
    await talk.say(video_frame=frame(1))

    assert await talk.acknowledged(1) == video_pb2.FRAME_DISPOSITION_ANALYSED
    assert not talk.ready.analysis_locked
    [warning] = [one for one in caplog.messages if "audience.locked" in one]
    assert "staff" in warning
    assert "school" not in warning


async def test_a_locked_session_opens_no_camera_of_the_server(
    start_server: StartServer, talk_to: OpenTalk
) -> None:
    server = await start_server(cameras={"hall": CameraSettings(source="97").model_dump()})
    own = {"video_source": session_pb2.VIDEO_SOURCE_SERVER_CAMERA, "camera_id": "hall"}
    locked = await (await talk_to(server)).start(ANALYSE, audience=SCHOOL, **own)
    await locked.hear("update")
    # The camera, which is not there, is neither in use nor missed.
    visitor = await (await talk_to(server)).start(ANALYSE, **own)
    await visitor.notice(session_pb2.NOTICE_CODE_CAMERA_LOST)
    await locked.end()

    assert {one.code for one in locked.all("notice")} == {LOCKED}


async def test_an_unknown_audience_is_refused(talk: Talk, neighbour: Neighbour) -> None:
    await talk.say(session_start=start_message(audience=77))
    code, sentence = await talk.outcome()

    assert code.name == "INVALID_ARGUMENT"
    assert "audience: expected one of AUDIENCE_PUBLIC" in sentence
    await neighbour.noticed_nothing()


async def test_the_client_starts_a_school_session_that_replays_the_same(
    start_server: StartServer, tmp_path: Path
) -> None:
    server = await start_server()
    request = SessionRequest(
        frozenset({ConsentScope.ANALYSE}), scenario_id="memorial", audience=Audience.SCHOOL
    )
    async with AttuneClient(f"127.0.0.1:{server.port}", ClientSecurity()) as client:
        session = await client.start(request)
        session_id = session.ready.session_id
        locked = session.ready.analysis_locked
        jpeg = noise_jpeg()
        session.send_frame(jpeg, width_px=160, height_px=120, capture_time_ns=time.monotonic_ns())
        await session.ping()
        summary = await session.end()

    assert locked
    assert summary.frames_received == 0  # the client does not even send them
    again = tmp_path / "again.mcap"
    report = replay(tmp_path / "sessions" / f"{session_id}.mcap", out=again)
    assert report.hindrances == ()
    assert read_recording(again).header.start.audience == SCHOOL
