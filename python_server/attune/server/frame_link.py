"""What travels between the server and a worker process: pickled messages over a socket pair.

Every `Read` is answered with an `Answer`, a `Refusal` or a `Failure` before the next message is
sent. The first message to a worker is the `Settings`, the first one back `Ready` or `Unready`.
"""

import pickle
import socket
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from attune.errors import AttuneError

if TYPE_CHECKING:  # a server that starts its workers first has loaded none of these yet
    from attune.session.analysis import Reading, Vantage
    from attune.session.inputs import FrameInput, HeadsetPoseInput
    from attune.vision.camera import CameraModel
    from attune.vision.face import Face

_LENGTH = struct.Struct("!Q")


@dataclass(frozen=True, slots=True)
class Read:
    """Read a frame of the wearer, or of bystanders, for the reader of that number; a number that
    is new opens a reader."""

    reader: int
    vantage: "Vantage"
    frame: "FrameInput"
    camera: "CameraModel | None" = None
    headset: "HeadsetPoseInput | None" = None
    bystanders: bool = False


@dataclass(frozen=True, slots=True)
class Forget:
    """Close that reader; has no answer."""

    reader: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a frame showed, and how long its stages took, nanoseconds."""

    shown: "Reading | tuple[Face, ...]"
    stage_ns: dict[str, int]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Pixels that cannot be used: an `InputError`."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A mistake of ours: the traceback as text."""

    trace: str


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything is loaded; `labels` are the model's emotion classes, in order."""

    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unready:
    """Something cannot be loaded."""

    error: AttuneError


def send(link: socket.socket, message: object) -> None:
    """Write one message; OSError when the other side is gone or does not read."""
    body = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    link.sendall(_LENGTH.pack(len(body)) + body)


def receive(link: socket.socket) -> Any:
    """Read one message; EOFError when the other side has closed, OSError when it is silent for
    longer than the socket's timeout."""
    (length,) = _LENGTH.unpack(_exactly(link, _LENGTH.size))
    return pickle.loads(_exactly(link, length))


def _exactly(link: socket.socket, length: int) -> bytearray:
    data = bytearray(length)
    view = memoryview(data)
    while view:
        count = link.recv_into(view)
        if not count:
            raise EOFError("the other side of the link has closed it")
        view = view[count:]
    return data
