"""The server's TLS files: read at the start, and again by a handshake after one of them changed.

A renewed certificate so comes into force with the next connection; those that exist go on. Files
that do not fit together, as between the writing of a certificate and of its key, change nothing.
"""

import logging
import os
import ssl
import threading
from pathlib import Path

import grpc

from attune.config import SecuritySettings
from attune.errors import ConfigError
from attune.server.certificates import load_pair

_State = tuple[tuple[int, int, int] | None, ...]
_log = logging.getLogger(__name__)


class TlsFiles:
    """Certificate, key and, where clients need a certificate, their authority. Raises ConfigError
    for files that cannot be used now."""

    def __init__(self, certificate: Path, key: Path, client_ca: Path | None) -> None:
        self._certificate = certificate
        self._key = key
        self._client_ca = client_ca
        self._lock = threading.Lock()
        self._state = self._stat()
        self._configuration = self._read()

    def credentials(self) -> grpc.ServerCredentials:
        """Credentials of a server that follow the files."""
        return grpc.dynamic_ssl_server_credentials(
            self._configuration, self.renewed, self._client_ca is not None
        )

    def renewed(self) -> grpc.ServerCertificateConfiguration | None:
        """What the files hold where they changed since the last call and can be used; else None.
        Called for every handshake, on any thread."""
        with self._lock:
            state = self._stat()
            if state == self._state:
                return None
            self._state = state
            try:
                self._configuration = self._read()
            except ConfigError as error:
                _log.error("the TLS files changed, but the old ones stay in force: %s", error)
                return None
        _log.info("the TLS files changed and are in force")
        return self._configuration

    def _stat(self) -> _State:
        return tuple(
            None if path is None else _state_of(path)
            for path in (self._certificate, self._key, self._client_ca)
        )

    def _read(self) -> grpc.ServerCertificateConfiguration:
        chain = _pem(self._certificate, "tls_certificate", "CERTIFICATE")
        key = _pem(self._key, "tls_key", "PRIVATE KEY")
        authority = None
        if self._client_ca is not None:
            authority = _pem(self._client_ca, "client_ca", "CERTIFICATE")
        try:
            load_pair(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), self._certificate, self._key)
        except (OSError, ssl.SSLError) as error:
            raise ConfigError(
                f"security.tls_key: {self._key} is not the key of {self._certificate}: {error}"
            ) from error
        return grpc.ssl_server_certificate_configuration([(key, chain)], authority)


def server_credentials(security: SecuritySettings) -> grpc.ServerCredentials | None:
    """TLS of the server, None without a certificate. Raises ConfigError for unusable files."""
    if security.tls_certificate is None or security.tls_key is None:
        return None
    files = TlsFiles(security.tls_certificate, security.tls_key, security.client_ca)
    return files.credentials()


def _state_of(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _pem(path: Path, field: str, kind: str) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"security.{field}: cannot read {path}: {error.strerror}") from error
    if b"-----BEGIN" not in data or f"{kind}-----".encode() not in data:
        raise ConfigError(f"security.{field}: expected a PEM {kind.lower()} in {path}, found none")
    return data
