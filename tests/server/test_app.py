"""A server as a whole: health, metrics, logs, ports."""

import asyncio
import json
import logging
import urllib.request
from pathlib import Path

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from attune.client import channel as client_channel
from attune.config import LimitSettings
from attune.errors import ConfigError, ScenarioError
from attune.server import app
from attune.server.app import Server, grpc_options
from attune.server.logs import JsonLines
from attune.v1 import session_pb2
from tests.e2e.conftest import settings_for_tests
from tests.e2e.talk import Talk, frame, start_message

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


async def scrape(server: Server) -> dict[str, float]:
    """Every sample of the Prometheus endpoint."""
    address = f"http://127.0.0.1:{server.metrics_port}/metrics"
    text = await asyncio.to_thread(lambda: urllib.request.urlopen(address).read().decode())
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


async def test_shutdown_says_not_serving_before_sessions_end(tmp_path: Path) -> None:
    server = Server(settings_for_tests(tmp_path, server={"drain_s": 5.0}))
    port = await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        assert (await watch.read()).status == SERVING
        async with Talk(channel) as talk:
            await talk.start()
            stopping = asyncio.create_task(server.stop())

            assert (await watch.read()).status == NOT_SERVING
            notice = await talk.notice(session_pb2.NOTICE_CODE_SHUTTING_DOWN)
            assert notice.parameters["seconds"] == "5"
            assert not talk.call.done()
            await talk.end()
            await stopping


async def test_metrics_count_frames_sessions_and_streaming_calls(tmp_path: Path) -> None:
    server = Server(settings_for_tests(tmp_path))
    port = await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        async with Talk(channel) as talk:
            await talk.start()
            await talk.say(video_frame=frame(1))
            await talk.acknowledged(1)
            during = await scrape(server)
            await talk.end()
        async with Talk(channel) as talk:
            await talk.say(session_start=start_message(protocol_version=9))
            await talk.outcome()
        after = await scrape(server)
    await server.stop()

    method = 'method="/attune.v1.AttuneService/Attune"'
    assert during["attune_sessions"] == 1
    assert during["attune_frames_received_total"] == 1
    assert during['attune_frames_settled_total{disposition="dropped"}'] == 1
    assert during[f"attune_rpcs_started_total{{{method}}}"] == 1
    assert after["attune_sessions"] == 0
    assert after['attune_sessions_ended_total{reason="finished"}'] == 1
    assert after[f'attune_rpcs_ended_total{{code="OK",{method}}}'] == 1
    assert after[f'attune_rpcs_ended_total{{code="INVALID_ARGUMENT",{method}}}'] == 1


async def test_logs_and_metrics_name_no_visitor_and_no_address(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="attune")
    server = Server(settings_for_tests(tmp_path))
    port = await server.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel, Talk(channel) as talk:
        await talk.start(participant_id="visitor-4711", station_id="seat-of-honour")
        await talk.end()
    metrics = json.dumps(await scrape(server))
    await server.stop()

    lines = [JsonLines().format(record) for record in caplog.records]
    assert any("session started" in line for line in lines)
    for secret in ("visitor-4711", "seat-of-honour", talk.ready.resume_token, "127.0.0.1"):
        assert secret not in metrics
        assert not any(secret in line for line in lines)


def test_a_log_line_is_one_json_object_with_known_fields() -> None:
    record = logging.LogRecord("attune", logging.INFO, "", 0, "a %s", ("story",), None)
    record.session, record.participant = "abc", "never"

    line = json.loads(JsonLines().format(record))

    assert line["message"] == "a story"
    assert line["session"] == "abc"
    assert "participant" not in line


async def test_a_port_that_is_taken_is_answered_with_what_to_do(tmp_path: Path) -> None:
    first = Server(settings_for_tests(tmp_path))
    port = await first.start()

    with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1:{port}.*another"):
        await Server(settings_for_tests(tmp_path, server={"port": port})).start()
    await first.stop()


async def test_a_metrics_port_that_is_taken_is_answered_with_what_to_do(tmp_path: Path) -> None:
    first = Server(settings_for_tests(tmp_path))
    await first.start()
    taken = {"metrics_port": first.metrics_port}

    with pytest.raises(ConfigError, match=r"cannot serve metrics .*server\.metrics_port"):
        await Server(settings_for_tests(tmp_path, server=taken)).start()
    await first.stop()


async def test_a_story_that_cannot_be_played_keeps_the_server_from_starting(
    tmp_path: Path,
) -> None:
    (tmp_path / "broken.yaml").write_text("id: broken\n", encoding="utf-8")
    scenario = {"scenarios_dir": tmp_path}

    with pytest.raises(ScenarioError, match="broken"):
        await Server(settings_for_tests(tmp_path, scenario=scenario)).start()


async def test_a_stimulus_that_is_never_scored_is_said_at_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(settings_for_tests(tmp_path, empathy={"window_s": 5.0}))
    await server.start()
    await server.stop()
    assert sum("is never scored" in one.message for one in caplog.records) == 3


def test_the_client_asks_for_life_no_more_often_than_the_server_permits() -> None:
    server = dict(grpc_options(LimitSettings()))
    client = dict(client_channel.OPTIONS)

    assert client["grpc.keepalive_time_ms"] == app.CLIENT_KEEPALIVE_S * 1000
    permitted = server["grpc.http2.min_recv_ping_interval_without_data_ms"]
    assert client["grpc.keepalive_time_ms"] > permitted
