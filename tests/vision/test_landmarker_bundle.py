"""Fetching the bundle: a line that breaks is an error of ours, and nothing is left behind."""

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from attune.errors import ModelError
from attune.vision import landmarker_bundle

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3758596\r\n\r\n" + bytes(1000)
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@contextlib.contextmanager
def publisher(answer: bytes) -> Iterator[str]:
    """A server that says `answer` to one caller and then breaks the connection."""

    def serve() -> None:
        connection, _ = listener.accept()
        connection.recv(65_536)
        connection.sendall(answer)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/face_landmarker.task"
        thread.join()


@pytest.mark.parametrize("answer", [b"", b"hello\r\n\r\n", ANSWER])
def test_a_connection_that_breaks_says_what_to_do_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    with publisher(answer) as address:
        monkeypatch.setattr(landmarker_bundle, "ADDRESS", address)
        with pytest.raises(ModelError, match="give it with --from FILE"):
            landmarker_bundle.install(tmp_path / "models" / "a.task", None, lambda _: None)
    assert list((tmp_path / "models").iterdir()) == []
