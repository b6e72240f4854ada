"""Who may talk to the server."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from attune.config import SecuritySettings, ServerSettings
from attune.errors import ConfigError
from attune.server.app import Server
from attune.server.security import TokenFile, check_exposure, is_loopback
from attune.v1 import attune_pb2, attune_pb2_grpc, session_pb2
from tests.e2e.conftest import settings_for_tests
from tests.e2e.talk import start_message

TOKEN = "correct-horse-battery-staple"
TOKEN_METADATA = (("authorization", f"Bearer {TOKEN}"),)


def token_file(folder: Path, *tokens: str) -> Path:
    """A file of tokens."""
    path = folder / "tokens"
    path.write_text("# the headsets\n" + "\n".join(tokens) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"])
def test_loopback_needs_nothing(host: str) -> None:
    assert is_loopback(host)
    check_exposure(ServerSettings(host=host), SecuritySettings())


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "[::]", "192.168.1.4", "museum.example"])
def test_beyond_loopback_tls_and_a_proof_are_needed(host: str, tmp_path: Path) -> None:
    pem = tmp_path / "x.pem"
    tls = {"tls_certificate": pem, "tls_key": pem}
    server = ServerSettings(host=host)

    with pytest.raises(ConfigError, match=r"TLS .* and a token"):
        check_exposure(server, SecuritySettings())
    with pytest.raises(ConfigError, match="without a token"):
        check_exposure(server, SecuritySettings(**tls))
    with pytest.raises(ConfigError, match="without TLS"):
        check_exposure(server, SecuritySettings(token_file=pem))
    check_exposure(server, SecuritySettings(**tls, token_file=pem))
    check_exposure(server, SecuritySettings(**tls, client_ca=pem))
    check_exposure(server, SecuritySettings(insecure=True))


def test_a_token_of_the_file_is_accepted_and_no_other(tmp_path: Path) -> None:
    tokens = TokenFile(token_file(tmp_path, TOKEN, "another-token-of-ours  # seat 2"))

    assert tokens.accepts(TOKEN)
    assert tokens.accepts("another-token-of-ours")
    for stranger in ("", TOKEN[:-1], TOKEN + "x", "# the headsets"):
        assert not tokens.accepts(stranger)


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = token_file(tmp_path, TOKEN)
    tokens = TokenFile(path)
    token_file(tmp_path, "the-new-token-of-today")

    assert not tokens.accepts(TOKEN)
    assert tokens.accepts("the-new-token-of-today")


def test_a_deleted_file_lets_nobody_in(tmp_path: Path) -> None:
    path = token_file(tmp_path, TOKEN)
    tokens = TokenFile(path)
    path.unlink()

    assert not tokens.accepts(TOKEN)


@pytest.mark.parametrize(("lines", "says"), [((), "one token a line"), (("short",), "at least 16")])
def test_a_file_without_good_tokens_is_refused(
    lines: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=says):
        TokenFile(token_file(tmp_path, *lines))


class TestTokensOnTheSocket:
    @pytest.fixture
    async def channel(self, tmp_path: Path) -> AsyncIterator[grpc.aio.Channel]:
        """A channel to a server that asks for a token."""
        tokens = token_file(tmp_path, TOKEN)
        server = Server(settings_for_tests(tmp_path, security={"token_file": tokens}))
        port = await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield channel
        await server.stop()

    @pytest.mark.parametrize("metadata", [(), (("authorization", "Bearer wrong"),)])
    async def test_calls_of_every_kind_need_one(
        self, metadata: Any, channel: grpc.aio.Channel
    ) -> None:
        stub = attune_pb2_grpc.AttuneServiceStub(channel)
        stream = stub.Attune(metadata=metadata)
        export = stub.ExportSession(attune_pb2.ExportSessionRequest(), metadata=metadata)
        unary = stub.ListModels(attune_pb2.ListModelsRequest(), metadata=metadata)
        reflect = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(
            metadata=metadata
        )

        for call in (stream, export, unary, reflect):
            assert await call.code() is grpc.StatusCode.UNAUTHENTICATED

    async def test_with_it_sessions_run(self, channel: grpc.aio.Channel) -> None:
        call = attune_pb2_grpc.AttuneServiceStub(channel).Attune(metadata=TOKEN_METADATA)
        await call.write(session_pb2.ClientMessage(session_start=start_message()))

        assert (await call.read()).HasField("session_ready")
        call.cancel()

    async def test_a_token_that_is_taken_out_of_the_file_is_refused_at_once(
        self, channel: grpc.aio.Channel, tmp_path: Path
    ) -> None:
        stub = attune_pb2_grpc.AttuneServiceStub(channel)
        request = attune_pb2.ListScenariosRequest()
        await stub.ListScenarios(request, metadata=TOKEN_METADATA)
        token_file(tmp_path, "the-new-token-of-today")

        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await stub.ListScenarios(request, metadata=TOKEN_METADATA)

        assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED

    async def test_health_needs_none(self, channel: grpc.aio.Channel) -> None:
        stub = health_pb2_grpc.HealthStub(channel)

        answer = await stub.Check(health_pb2.HealthCheckRequest())

        assert answer.status == health_pb2.HealthCheckResponse.SERVING

    async def test_reflection_tells_the_service_with_it(self, channel: grpc.aio.Channel) -> None:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        call = stub.ServerReflectionInfo(metadata=TOKEN_METADATA)
        await call.write(reflection_pb2.ServerReflectionRequest(list_services=""))

        listed = (await call.read()).list_services_response.service

        assert "attune.v1.AttuneService" in [one.name for one in listed]
        call.cancel()
