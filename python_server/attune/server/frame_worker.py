"""What a worker process does: it reads frames of the sessions pinned to it, one at a time."""

import socket
import traceback

from attune.config import Settings
from attune.errors import AttuneError, InputError
from attune.expression.recognizer import ExpressionRecognizer
from attune.expression.store import ModelStore
from attune.server.frame_link import (
    Answer,
    Failure,
    Forget,
    Read,
    Ready,
    Refusal,
    Unready,
    receive,
    send,
)
from attune.server.loading import loading
from attune.server.stages import StageSums
from attune.session.analysis import FrameAnalysis, Reading
from attune.vision.face import Face
from attune.vision.tracker import create_tracker


class FrameWorker:
    """The readers of one process; one model serves them all, each has its own tracker."""

    def __init__(self, settings: Settings) -> None:
        store = ModelStore(settings.expression.models_dir)
        self._recognizer = ExpressionRecognizer.open(settings.expression, store)
        self._settings = settings
        self._stages = StageSums()
        self._readers: dict[int, FrameAnalysis] = {}
        # Loading the tracker's library takes a second, which no visitor's baseline should lose.
        create_tracker(settings.vision).close()

    @property
    def labels(self) -> tuple[str, ...]:
        """Emotion classes of every expression, in order."""
        return self._recognizer.labels

    def answer(self, request: Read) -> Answer | Refusal | Failure:
        """Read one frame."""
        self._stages.take()
        try:
            reader = self._reader(request)
            shown: Reading | tuple[Face, ...]
            if request.bystanders:
                shown = reader.read_bystanders(request.frame)
            else:
                shown = reader.read(request.frame, request.camera, request.headset)
        except InputError as refusal:
            return Refusal(refusal.code, str(refusal))
        except Exception:  # noqa: BLE001 - the outermost loop; the server says what failed
            return Failure(traceback.format_exc())
        return Answer(shown, self._stages.take())

    def forget(self, number: int) -> None:
        """Close a reader, if there is one of that number."""
        reader = self._readers.pop(number, None)
        if reader is not None:
            reader.close()

    def _reader(self, request: Read) -> FrameAnalysis:
        reader = self._readers.get(request.reader)
        if reader is None:
            reader = FrameAnalysis(request.vantage, self._settings, self._recognizer, self._stages)
            self._readers[request.reader] = reader
        return reader


def work(link: socket.socket) -> None:
    """Serve one link until its other side closes it."""
    try:
        with loading():
            worker = FrameWorker(receive(link))
    except AttuneError as error:
        send(link, Unready(error))
        return
    send(link, Ready(worker.labels))
    while True:
        request = receive(link)
        if isinstance(request, Forget):
            worker.forget(request.reader)
        else:
            send(link, worker.answer(request))
