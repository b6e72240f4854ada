"""Installs MediaPipe's Face Landmarker bundle, which the mediapipe-tasks tracker needs.

It is not shipped: it comes from its publisher when a user asks for it, or from a file that the user
has, and either is checked against the hash below before it takes its place.
"""

import hashlib
import http.client
import os
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from attune.errors import ModelCorrupt, ModelError

ADDRESS = (
    "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/"
    "face_landmarker.task"
)
SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
SIZE_BYTES = 3_758_596
LICENCE = "Apache-2.0"
CHUNK_BYTES = 65_536
TIMEOUT_S = 30.0


def install_path() -> Path:
    """Where the bundle is put: the user's data folder."""
    return Path.home() / ".local/share/attune/models/face_landmarker.task"


def install(target: Path, source: Path | None, progress: Callable[[int], None]) -> None:
    """Puts the bundle at `target`, from the file `source` or, without one, from its publisher.

    `progress` is called with the bytes of each piece. Nothing is left at `target` unless its hash
    is right. Raises `ModelError` where it cannot be read or fetched, `ModelCorrupt` where it is
    another file.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as part:
        try:
            for piece in _fetched() if source is None else _read(source):
                digest.update(piece)
                part.write(piece)
                progress(len(piece))
            part.flush()
            _check(digest.hexdigest(), str(source or ADDRESS))
            os.replace(part.name, target)
        except BaseException:
            os.unlink(part.name)
            raise
    target.chmod(0o644)


def _check(sha256: str, origin: str) -> None:
    if sha256 != SHA256:
        raise ModelCorrupt(
            f"{origin} has sha256 {sha256}, expected {SHA256}: it is another version or was cut; "
            "nothing was installed"
        )


def _fetched() -> Iterator[bytes]:
    try:
        with urllib.request.urlopen(ADDRESS, timeout=TIMEOUT_S) as answer:
            while piece := answer.read(CHUNK_BYTES):
                yield piece
    except (OSError, http.client.HTTPException) as error:
        raise ModelError(
            f"cannot fetch {ADDRESS}: {error}; fetch it on another machine and give it with "
            "--from FILE"
        ) from error


def _read(source: Path) -> Iterator[bytes]:
    try:
        with source.open("rb") as file:
            while piece := file.read(CHUNK_BYTES):
                yield piece
    except OSError as error:
        raise ModelError(f"cannot read {source}: {error.strerror}") from error
