"""How the client reaches the server: plain on loopback, TLS, client certificate, bearer token."""

from dataclasses import dataclass
from pathlib import Path

import grpc
import grpc.aio

from attune.errors import ConfigError

OPTIONS = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 0),
    ("grpc.http2.max_pings_without_data", 0),
    # Enough for a list of half a million stored sessions.
    ("grpc.max_receive_message_length", 64 * 1024 * 1024),
    # A session resumes by its own rules; gRPC would repeat a call that the server never saw.
    ("grpc.enable_retries", 0),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)


@dataclass(frozen=True, slots=True)
class ClientSecurity:
    """What the client shows and what it asks of the server.

    `ca` is a PEM bundle that signs the server's certificate; giving it, or `tls`, turns TLS on
    (with `tls` alone the system's authorities count). `certificate` and `key` go together (mTLS).
    `token` is sent as a bearer token with every call. Raises `ConfigError` for half a pair.
    """

    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    token: str | None = None

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.key is None):
            raise ConfigError("a client certificate and its key go together; only one was given")
        if self.certificate is not None and not self.encrypted:
            raise ConfigError("a client certificate needs TLS; give the server's authority as well")

    @property
    def encrypted(self) -> bool:
        """Whether the channel uses TLS."""
        return self.tls or self.ca is not None

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What is sent with every call."""
        return () if self.token is None else (("authorization", f"Bearer {self.token}"),)


def open_channel(target: str, security: ClientSecurity) -> grpc.aio.Channel:
    """A channel to `target` (host:port); connects when first used."""
    if not security.encrypted:
        return grpc.aio.insecure_channel(target, options=OPTIONS)
    credentials = grpc.ssl_channel_credentials(
        root_certificates=_bytes(security.ca),
        private_key=_bytes(security.key),
        certificate_chain=_bytes(security.certificate),
    )
    return grpc.aio.secure_channel(target, credentials, options=OPTIONS)


def _bytes(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
