"""Reads the server's certificate as its clients will, before any client does."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

from attune.errors import ConfigError


def expiry(certificate: Path, key: Path) -> datetime:
    """When the certificate expires.

    Shakes hands with itself in memory: proves that the key belongs to the certificate and that it
    is valid now. Raises `ConfigError` with the reason when not.
    """
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    client_side = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_side.check_hostname = False
    client_side.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        load_pair(server_side, certificate, key)
        client_side.load_verify_locations(certificate)
        shown = _handshake(server_side, client_side)
    except OSError as error:  # ssl.SSLError among them
        raise ConfigError(f"{certificate} with {key} cannot be used: {error}") from error
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(shown), UTC)


def load_pair(context: ssl.SSLContext, certificate: Path, key: Path) -> None:
    """Let `context` use the pair. Raises OSError (SSLError among them) where it cannot, and
    ConfigError for a key under a pass phrase, which OpenSSL would ask a terminal for and wait."""

    def refuse() -> str:
        raise ConfigError(
            f"security.tls_key: {key} is locked with a pass phrase, which nobody types in while a "
            "server starts; store it without, readable by the server's user alone: "
            f"openssl pkey -in {key} -out server.key && chmod 600 server.key"
        )

    context.load_cert_chain(certificate, key, password=refuse)


def _handshake(server_side: ssl.SSLContext, client_side: ssl.SSLContext) -> str:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = server_side.wrap_bio(to_server, to_client, server_side=True)
    client = client_side.wrap_bio(to_client, to_server)
    done = 0
    while done < 2:
        done = 0
        for end in (client, server):
            try:
                end.do_handshake()
                done += 1
            except ssl.SSLWantReadError:
                continue
    certificate = client.getpeercert()
    if not certificate:
        raise ssl.SSLError("no certificate was shown")
    return str(certificate["notAfter"])
