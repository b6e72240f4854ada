"""TLS on the socket, from files that may change while the server runs."""

import logging
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from attune.config import SecuritySettings
from attune.errors import ConfigError
from attune.server.app import Server
from attune.server.certificates import expiry
from attune.server.tls import server_credentials
from tests.e2e.conftest import settings_for_tests

SERVING = health_pb2.HealthCheckResponse.SERVING


def openssl(folder: Path, *arguments: str) -> None:
    """Run openssl in `folder`."""
    environment = {**os.environ, "OPENSSL_CONF": os.devnull}
    subprocess.run(
        ["openssl", *arguments], cwd=folder, env=environment, check=True, capture_output=True
    )


def signed_pair(folder: Path) -> Path:
    """`folder` with a new authority and a certificate for localhost that it signed."""
    if shutil.which("openssl") is None:
        pytest.skip("needs the openssl program to make certificates")
    folder.mkdir()
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    self_signed = ["req", "-x509", *key, "-days", "1", "-subj", f"/CN={folder.name}"]
    openssl(folder, *self_signed, "-keyout", "ca.key", "-out", "ca.pem")
    openssl(folder, "req", *key, *named, "-keyout", "own.key", "-out", "own.csr")
    signed = ["x509", "-req", "-in", "own.csr", "-CA", "ca.pem", "-CAkey", "ca.key"]
    openssl(folder, *signed, "-days", "1", "-copy_extensions", "copy", "-out", "own.pem")
    return folder


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority and a certificate for localhost that it signed."""
    return signed_pair(tmp_path_factory.mktemp("tls") / "authority")


@pytest.fixture(scope="module")
def successor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another authority and its certificate."""
    return signed_pair(tmp_path_factory.mktemp("tls") / "successor")


def trusting(authority: Path) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials((authority / "ca.pem").read_bytes())


def security_of(folder: Path, **more: Path) -> dict[str, Path]:
    return {"tls_certificate": folder / "own.pem", "tls_key": folder / "own.key", **more}


async def health(port: int, credentials: grpc.ChannelCredentials) -> int:
    """What the health service answers over a new connection."""
    options = (("grpc.use_local_subchannel_pool", 1),)
    async with grpc.aio.secure_channel(f"localhost:{port}", credentials, options) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=5)
        return int(answer.status)


def test_a_certificate_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone.pem"

    with pytest.raises(ConfigError, match=r"tls_certificate: cannot read .*gone\.pem"):
        server_credentials(SecuritySettings(tls_certificate=gone, tls_key=gone))


def test_a_file_that_is_no_key_is_named(tmp_path: Path) -> None:
    text = tmp_path / "text.pem"
    text.write_text("hello", encoding="utf-8")

    with pytest.raises(ConfigError, match="expected a PEM certificate"):
        server_credentials(SecuritySettings(tls_certificate=text, tls_key=text))


@pytest.mark.parametrize(
    "lock", [["pkcs8", "-topk8"], ["ec", "-aes256"]], ids=["PKCS 8", "traditional"]
)
def test_a_key_under_a_pass_phrase_is_refused_and_nobody_is_asked_for_it(
    authority: Path, lock: list[str], tmp_path: Path
) -> None:
    locked = tmp_path / "locked.key"
    own = str(authority / "own.key")
    openssl(tmp_path, *lock, "-in", own, "-out", str(locked), "-passout", "pass:hidden")

    with pytest.raises(ConfigError, match=r"locked\.key is locked with a pass phrase"):
        server_credentials(SecuritySettings(tls_certificate=authority / "own.pem", tls_key=locked))
    with pytest.raises(ConfigError, match=r"locked\.key is locked with a pass phrase"):
        expiry(authority / "own.pem", locked)


async def test_a_client_that_trusts_the_authority_connects(authority: Path, tmp_path: Path) -> None:
    server = Server(settings_for_tests(tmp_path, security=security_of(authority)))
    port = await server.start()

    assert await health(port, trusting(authority)) == SERVING
    with pytest.raises(grpc.aio.AioRpcError):
        await health(port, grpc.ssl_channel_credentials())
    await server.stop()


async def test_with_mtls_a_client_without_certificate_is_turned_away(
    authority: Path, tmp_path: Path
) -> None:
    security = security_of(authority, client_ca=authority / "ca.pem")
    server = Server(settings_for_tests(tmp_path, security=security))
    port = await server.start()
    root = (authority / "ca.pem").read_bytes()
    key, chain = (authority / "own.key").read_bytes(), (authority / "own.pem").read_bytes()

    assert await health(port, grpc.ssl_channel_credentials(root, key, chain)) == SERVING
    with pytest.raises(grpc.aio.AioRpcError):
        await health(port, grpc.ssl_channel_credentials(root))
    await server.stop()


class TestRenewal:
    @pytest.fixture
    def files(self, authority: Path, tmp_path: Path) -> Path:
        """The files that the server is told to use."""
        return Path(shutil.copytree(authority, tmp_path / "files"))

    @pytest.fixture
    async def port(self, files: Path, tmp_path: Path) -> AsyncIterator[int]:
        """A server with those files."""
        server = Server(settings_for_tests(tmp_path, security=security_of(files)))
        yield await server.start()
        await server.stop()

    async def test_a_renewed_certificate_is_shown_to_the_next_connection(
        self, port: int, files: Path, authority: Path, successor: Path
    ) -> None:
        async with grpc.aio.secure_channel(f"localhost:{port}", trusting(authority)) as before:
            stub = health_pb2_grpc.HealthStub(before)
            watch = stub.Watch(health_pb2.HealthCheckRequest())
            assert (await watch.read()).status == SERVING
            for name in ("own.pem", "own.key"):
                shutil.copy(successor / name, files / name)

            assert await health(port, trusting(successor)) == SERVING
            with pytest.raises(grpc.aio.AioRpcError):
                await health(port, trusting(authority))
            assert not watch.done()
            watch.cancel()

    @pytest.mark.parametrize("broken", ["another's key", "no PEM", "gone"])
    async def test_files_that_do_not_fit_change_nothing(
        self,
        port: int,
        files: Path,
        successor: Path,
        broken: str,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        match broken:
            case "another's key":
                shutil.copy(successor / "own.key", files / "own.key")
            case "no PEM":
                (files / "own.pem").write_text("to be continued", encoding="utf-8")
            case _:
                (files / "own.key").unlink()

        with caplog.at_level(logging.ERROR, logger="attune.server.tls"):
            assert await health(port, trusting(files)) == SERVING
        assert "the old ones stay in force" in caplog.text

    async def test_a_certificate_with_another_key_is_refused_at_the_start(
        self, files: Path, successor: Path, tmp_path: Path
    ) -> None:
        shutil.copy(successor / "own.key", files / "own.key")

        with pytest.raises(ConfigError, match="is not the key of"):
            await Server(settings_for_tests(tmp_path, security=security_of(files))).start()
