"""What the server does about stories, models, cameras and disks that fail, and when it is told to
stop; nobody else notices."""

import asyncio
import itertools
import shutil
from pathlib import Path

import cv2
import grpc
import grpc.aio
import numpy as np
import pytest
from mcap.reader import make_reader

from attune.client.local_server import LocalServer
from attune.errors import ConfigError, ModelError
from attune.server.app import Server
from attune.v1 import (
    attune_pb2,
    attune_pb2_grpc,
    session_pb2,
    video_pb2,
)
from tests.e2e.conftest import Neighbour, OpenTalk, StartServer
from tests.e2e.talk import (
    ANALYSE,
    STORE_FEATURES,
    STORE_VIDEO,
    Talk,
    frame,
    noise_jpeg,
    start_message,
)

INVALID = grpc.StatusCode.INVALID_ARGUMENT
EXHAUSTED = grpc.StatusCode.RESOURCE_EXHAUSTED
REFUSED = video_pb2.FRAME_DISPOSITION_REFUSED
DROPPED = video_pb2.FRAME_DISPOSITION_DROPPED
ANALYSED = video_pb2.FRAME_DISPOSITION_ANALYSED


class TestStories:
    @pytest.mark.parametrize(
        ("was", "becomes", "says"),
        [
            ("    next: courtyard\n", "    next: hall\n", "hall"),
            ("      default: pass-by\n", "", "default"),
            ("          to: garden\n", "          to: candle\n", "garden"),
        ],
        ids=["a cycle", "a missing default", "an unreachable beat"],
    )
    async def test_a_story_that_cannot_be_played_is_answered_with_what_is_wrong(  # noqa: PLR0917
        self,
        was: str,
        becomes: str,
        says: str,
        repository: Path,
        server: Server,
        talk: Talk,
        neighbour: Neighbour,
    ) -> None:
        memorial = repository / "examples" / "scenarios" / "memorial.yaml"
        text = memorial.read_text(encoding="utf-8")
        broken = text.replace(was, becomes, 1)
        assert broken != text

        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            stub = attune_pb2_grpc.AttuneServiceStub(channel)
            answer = await stub.ValidateScenario(attune_pb2.ValidateScenarioRequest(yaml=broken))
        assert any(says in finding for finding in answer.findings)

        await talk.say(session_start=start_message(inline_scenario=broken))
        code, sentence = await talk.outcome()
        assert code is INVALID
        assert says in sentence
        await neighbour.noticed_nothing()

    async def test_a_story_with_thousands_of_mistakes_is_answered_in_bounds(
        self, server: Server, talk: Talk, neighbour: Neighbour
    ) -> None:
        nonsense = "".join(f"k{number}: 1\n" for number in range(3000))
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            stub = attune_pb2_grpc.AttuneServiceStub(channel)
            answer = await stub.ValidateScenario(attune_pb2.ValidateScenarioRequest(yaml=nonsense))
        assert answer.findings[-1].startswith("and ")

        await talk.say(session_start=start_message(inline_scenario=nonsense))
        code, sentence = await talk.outcome()
        assert code is INVALID
        assert len(sentence) < 2100
        await neighbour.noticed_nothing()

    async def test_mistakes_in_any_script_are_answered_in_bounds(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        nonsense = "".join(f"{'字' * 300}{number}: 1\n" for number in range(100))
        await talk.say(session_start=start_message(inline_scenario=nonsense))
        code, sentence = await talk.outcome()

        assert code is INVALID
        assert "cannot be played" in sentence
        await neighbour.noticed_nothing()

    async def test_another_story_than_the_servers_runs_on_its_local_defaults(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        other = session_pb2.ScenarioReference(id="memorial", sha256="0" * 64)
        await talk.start(scenario_reference=other)

        notice = await talk.notice(session_pb2.NOTICE_CODE_SCENARIO_MISMATCH)

        assert notice.parameters["received"] == "0" * 64
        assert len(notice.parameters["expected"]) == 64
        assert talk.ready.scenario_sha256 == ""
        await neighbour.noticed_nothing()


class TestModels:
    @pytest.fixture
    def models(self, repository: Path, tmp_path: Path) -> Path:
        """A copy of the models that may be broken."""
        return Path(shutil.copytree(repository / "models", tmp_path / "models"))

    async def refused(self, start_server: StartServer, models: Path) -> str:
        with pytest.raises(ModelError) as refusal:
            await start_server(expression={"models_dir": models})
        return str(refusal.value)

    async def test_a_missing_model_keeps_the_server_from_starting(
        self, start_server: StartServer, tmp_path: Path
    ) -> None:
        (tmp_path / "none").mkdir()

        assert "no model 'headset-aware-fer'" in await self.refused(start_server, tmp_path / "none")

    async def test_missing_weights_keep_the_server_from_starting(
        self, start_server: StartServer, models: Path
    ) -> None:
        weights(models).unlink()

        assert "cannot be read" in await self.refused(start_server, models)

    async def test_truncated_weights_keep_the_server_from_starting(
        self, start_server: StartServer, models: Path
    ) -> None:
        content = weights(models).read_bytes()
        weights(models).write_bytes(content[:-100])

        assert "truncated" in await self.refused(start_server, models)

    async def test_other_weights_than_the_cards_keep_the_server_from_starting(
        self, start_server: StartServer, models: Path
    ) -> None:
        content = bytearray(weights(models).read_bytes())
        content[len(content) // 2] ^= 1
        weights(models).write_bytes(content)

        assert "sha256" in await self.refused(start_server, models)


class TestTrackers:
    async def test_a_tracker_without_its_bundle_keeps_the_server_from_starting(
        self, start_server: StartServer, tmp_path: Path
    ) -> None:
        gone = {"tracker": "mediapipe-tasks", "landmarker_bundle": tmp_path / "gone.task"}

        with pytest.raises(ConfigError, match=r"gone\.task"):
            await start_server(vision=gone)

    async def test_a_bundle_that_goes_while_serving_fails_frames_and_not_the_session(
        self,
        landmarker_bundle: Path,
        start_server: StartServer,
        talk_to: OpenTalk,
        tmp_path: Path,
    ) -> None:
        bundle = Path(shutil.copy(landmarker_bundle, tmp_path))
        server = await start_server(
            vision={"tracker": "mediapipe-tasks", "landmarker_bundle": bundle}
        )
        neighbour = Neighbour(await (await talk_to(server)).start(ANALYSE))
        await neighbour.talk.say(video_frame=frame(1))
        assert await neighbour.talk.acknowledged(1) == ANALYSED
        talk = await (await talk_to(server)).start(ANALYSE)
        bundle.unlink()  # noqa: ASYNC240
        await talk.say(video_frame=frame(1))

        notice = await talk.notice(session_pb2.NOTICE_CODE_ANALYSIS_FAILED)

        assert notice.parameters["sequence"] == "1"
        assert await talk.acknowledged(1) == REFUSED
        await talk.end()
        await neighbour.noticed_nothing()


def weights(models: Path) -> Path:
    """The file of weights of the model in use."""
    [found] = (models / "headset-aware-fer").glob("*.onnx")
    return found


class TestCameras:
    async def test_a_camera_that_is_not_there_is_said_and_the_session_goes_on(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(cameras={"hall": {"source": "97"}})
        neighbour = Neighbour(await (await talk_to(server)).start(ANALYSE))
        talk = await (await talk_to(server)).start(ANALYSE, **OWN_CAMERA)

        lost = await talk.notice(session_pb2.NOTICE_CODE_CAMERA_LOST)

        assert lost.parameters["camera"] == "hall"
        assert "97" in lost.parameters["cause"]
        await talk.hear("update")
        await talk.end()
        await neighbour.noticed_nothing()

    async def test_a_camera_that_ends_is_said_and_back_when_it_is_back(
        self, start_server: StartServer, talk_to: OpenTalk, tmp_path: Path
    ) -> None:
        film = tmp_path / "film.avi"
        write_film(film, frames=8)
        server = await start_server(cameras={"hall": {"source": str(film), "rate_hz": 60}})
        neighbour = Neighbour(await (await talk_to(server)).start(ANALYSE))
        talk = await (await talk_to(server)).start(ANALYSE, **OWN_CAMERA)

        await talk.hear("update", lambda update: update.frame_sequence > 0)
        await talk.notice(session_pb2.NOTICE_CODE_CAMERA_LOST)
        await talk.notice(session_pb2.NOTICE_CODE_CAMERA_BACK)

        assert talk.all("frame_ack") == []
        assert (await talk.end()).frames_analysed > 0
        await neighbour.noticed_nothing()

    async def test_a_camera_in_use_is_refused_to_a_second_session(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(cameras={"hall": {"source": "97"}})
        first = await (await talk_to(server)).start(**OWN_CAMERA)
        second = await talk_to(server)
        await second.say(session_start=start_message(**OWN_CAMERA))

        code, sentence = await second.outcome()

        assert code is grpc.StatusCode.FAILED_PRECONDITION
        assert "in use" in sentence
        await first.end()
        await (await talk_to(server)).start(**OWN_CAMERA)

    async def test_a_camera_that_is_not_in_the_settings_is_never_opened(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        named = {**OWN_CAMERA, "camera_id": "/etc/passwd"}
        await talk.say(session_start=start_message(**named))

        assert (await talk.outcome())[0] is INVALID
        await neighbour.noticed_nothing()


OWN_CAMERA = {"video_source": session_pb2.VIDEO_SOURCE_SERVER_CAMERA, "camera_id": "hall"}


def write_film(path: Path, frames: int) -> None:
    """A short film of noise."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 30, (160, 120))
    pixels = np.random.default_rng(1).integers(0, 255, (120, 160, 3), np.uint8)
    for _ in range(frames):
        writer.write(pixels)
    writer.release()


class TestDisks:
    async def test_a_full_disk_stops_the_recording_and_not_the_session(
        self, small_disk: Path, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(
            recording={"directory": small_disk, "sync_interval_s": 0.1},
            limits={"max_frame_rate_hz": 1000},
        )
        talk = await (await talk_to(server)).start(ANALYSE, STORE_VIDEO, STORE_FEATURES)
        sequence = 0
        stopped = session_pb2.NOTICE_CODE_RECORDING_STOPPED
        while not any(one.code == stopped for one in talk.all("notice")) and sequence < 200:
            sequence += 1
            picture = noise_jpeg(640, 480, seed=sequence)
            await talk.say(video_frame=frame(sequence, data=picture, width_px=640, height_px=480))
            await talk.acknowledged(sequence)

        assert "space" in (await talk.notice(stopped)).parameters["cause"].lower()
        await talk.say(video_frame=frame(sequence + 1))
        assert await talk.acknowledged(sequence + 1) == ANALYSED
        await talk.end()

    async def test_too_little_free_space_is_said_and_the_session_goes_on(
        self, start_server: StartServer, talk_to: OpenTalk
    ) -> None:
        server = await start_server(recording={"free_space_floor_mb": 1_000_000_000})
        talk = await (await talk_to(server)).start(ANALYSE, STORE_FEATURES)

        notice = await talk.notice(session_pb2.NOTICE_CODE_RECORDING_STOPPED)

        assert "floor" in notice.parameters["cause"]
        assert not (await talk.end()).stored


class TestShutdown:
    async def test_sigterm_under_load_ends_sessions_with_a_summary_and_whole_recordings(
        self, tmp_path: Path, talk_to: OpenTalk
    ) -> None:
        sessions = tmp_path / "sessions"
        server = LocalServer(
            tmp_path / "server.log",
            {
                "ATTUNE_RECORDING__DIRECTORY": str(sessions),
                "ATTUNE_RECORDING__FREE_SPACE_FLOOR_MB": "0",
                "ATTUNE_SERVER__DRAIN_S": "0.5",
            },
        )
        async with server:
            talks = [
                await (await talk_to(server)).start(ANALYSE, STORE_FEATURES, STORE_VIDEO)
                for _ in range(3)
            ]
            load = [asyncio.create_task(send_frames(one)) for one in talks]
            for one in talks:
                await one.hear("frame_ack", lambda ack: ack.disposition == ANALYSED)
            status = await server.stop()
            stopped = await asyncio.gather(*load)

        assert status == 0
        for one, in_time in zip(talks, stopped, strict=True):
            assert (await one.notice(session_pb2.NOTICE_CODE_SHUTTING_DOWN)).parameters["seconds"]
            summary = one.all("session_summary")[0]
            assert summary.reason == session_pb2.END_REASON_SERVER_SHUTDOWN
            assert summary.stored
            if in_time:  # of a write that ran into the end, grpc.aio tells instead of the status
                code, details = await one.outcome()
                assert code is grpc.StatusCode.OK, details
        assert not list(sessions.glob("*.part"))
        for path in sessions.glob("*.mcap"):
            with path.open("rb") as file:
                kinds = {channel.topic for _, channel, _ in make_reader(file).iter_messages()}
            assert {"/header", "/input", "/output", "/frame"} <= kinds
        assert len(list(sessions.glob("*.mcap"))) == len(talks)


async def send_frames(talk: Talk) -> bool:
    """Frames at 30 a second until the summary comes; False where the stream ended before that."""
    numbers = itertools.count(1)
    while not talk.all("session_summary"):
        try:
            await talk.say(video_frame=frame(next(numbers)))
        except (grpc.aio.AioRpcError, asyncio.InvalidStateError):
            return False
        await asyncio.sleep(1 / 30)
    return True
