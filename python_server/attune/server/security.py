"""Who may talk to the server: nobody from beyond loopback without proof, and who has a token."""

import hashlib
import hmac
import ipaddress
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import grpc.aio

from attune.config import SecuritySettings, ServerSettings
from attune.errors import ConfigError

HEALTH = "/grpc.health.v1.Health/"
MIN_TOKEN_LENGTH = 16
_BEARER = "Bearer "
_log = logging.getLogger(__name__)


def check_exposure(server: ServerSettings, security: SecuritySettings) -> None:
    """Refuse to listen beyond loopback without TLS and a proof of who calls: a token or a client
    certificate. Raises `ConfigError`."""
    if security.insecure or is_loopback(server.host):
        return
    lacks = []
    if security.tls_certificate is None:
        lacks.append("TLS (security.tls_certificate and security.tls_key)")
    if security.token_file is None and security.client_ca is None:
        lacks.append("a token (security.token_file) or client certificates (security.client_ca)")
    if lacks:
        raise ConfigError(
            f"refusing to listen on {server.host} without {' and '.join(lacks)}; a visitor's face "
            "would travel in the open. Set them, listen on 127.0.0.1, or say --insecure"
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class TokenFile:
    """The accepted bearer tokens: one a line, `#` begins a comment; read again when it changes.

    Only hashes are kept. A file that cannot be read accepts nobody, so that deleting it revokes.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._state: tuple[int, int, int] | None = None
        self._hashes: tuple[bytes, ...] = ()
        self._hashes = self._read()
        self._state = self._stat()

    @property
    def count(self) -> int:
        """How many tokens are accepted."""
        return len(self._hashes)

    def accepts(self, token: str) -> bool:
        """Whether `token` is in the file; takes as long for every token."""
        self._refresh()
        given = hashlib.sha256(token.encode()).digest()
        found = False
        for one in self._hashes:
            found |= hmac.compare_digest(given, one)
        return found

    def _refresh(self) -> None:
        state = self._stat()
        if state is not None and state == self._state:
            return
        self._state = state
        try:
            self._hashes = self._read()
        except ConfigError as error:
            self._hashes = ()
            _log.error("nobody is let in: %s", error)

    def _stat(self) -> tuple[int, int, int] | None:
        try:
            found = os.stat(self._path)
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> tuple[bytes, ...]:
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"security.token_file: cannot read {self._path}: {error}") from error
        tokens = [line.split("#", 1)[0].strip() for line in lines]
        tokens = [token for token in tokens if token]
        if not tokens:
            raise ConfigError(f"security.token_file: expected one token a line in {self._path}")
        if any(len(token) < MIN_TOKEN_LENGTH for token in tokens):
            raise ConfigError(
                f"security.token_file: expected tokens of at least {MIN_TOKEN_LENGTH} characters "
                f"in {self._path}; make one with: openssl rand -base64 32"
            )
        return tuple(hashlib.sha256(token.encode()).digest() for token in tokens)


class TokenInterceptor(grpc.aio.ServerInterceptor):  # type: ignore[misc]
    """Lets in calls with an accepted token, of every kind; health needs none."""

    def __init__(self, tokens: TokenFile) -> None:
        self._tokens = tokens

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], details: Any
    ) -> Any:
        """The handler of the call, or one that refuses it."""
        handler = await continuation(details)
        if handler is None or details.method.startswith(HEALTH) or self._may(details):
            return handler
        return _refusing(handler)

    def _may(self, details: Any) -> bool:
        given = dict(details.invocation_metadata or ()).get("authorization", "")
        return (
            isinstance(given, str)
            and given.startswith(_BEARER)
            and self._tokens.accepts(given.removeprefix(_BEARER))
        )


async def _refuse(_request: Any, context: Any) -> None:
    await context.abort(
        grpc.StatusCode.UNAUTHENTICATED,
        "expected the metadata authorization: Bearer <token>, with a token of this server",
    )


def _refusing(handler: Any) -> Any:
    shapes = {
        (False, False): grpc.unary_unary_rpc_method_handler,
        (False, True): grpc.unary_stream_rpc_method_handler,
        (True, False): grpc.stream_unary_rpc_method_handler,
        (True, True): grpc.stream_stream_rpc_method_handler,
    }
    make = shapes[handler.request_streaming, handler.response_streaming]
    return make(_refuse, handler.request_deserializer, handler.response_serializer)
