"""The pool of worker processes that read frames, as the server sees it.

Python runs one thread of a process at a time, and about half of a frame's work holds that lock: six
visitors in one process wait for each other and for the event loop although cores are idle. So
decoding, tracking, cropping and recognition run in processes; story, recording and the network stay
in the server. A session is pinned to the worker that had the fewest sessions when it began, because
a tracker keeps state from frame to frame.

A worker that dies, or does not answer, is replaced. The frame that it was reading fails, and so
does the next one of every other session that is pinned to it, since their trackers are lost: they
begin again with a fresh one. Frames that come before the new process is there are dropped. Nothing
else of a session is touched.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, zip_longest
from typing import cast

from attune.config import Settings
from attune.errors import AttuneError, ConfigError, InputError, SessionError
from attune.server.frame_link import (
    Answer,
    Failure,
    Forget,
    Read,
    Refusal,
    Unready,
    receive,
    send,
)
from attune.server.telemetry import StageTimer
from attune.server.worker_process import WorkerProcess
from attune.session.analysis import FrameReader, Reading, Vantage
from attune.session.inputs import FrameInput, HeadsetPoseInput
from attune.vision.camera import CameraModel
from attune.vision.face import Face

ANSWER_TIMEOUT_S = 10.0
"""A frame takes milliseconds; a worker that is silent for so long hangs."""

STOP_TIMEOUT_S = 2.0
RETRY_S = 1.0
LONGEST_RETRY_S = 30.0
FATAL_FRAMES = 3
"""A session whose frames were being read when a worker died so many times gets no more read: it
would take its neighbours down again and again."""

_log = logging.getLogger(__name__)


_Answered = Answer | Refusal | Failure


class WorkerLost(SessionError):  # noqa: N818 - reads as the sentence it carries
    """The worker died, or was killed because it hung, while it read this frame."""


class TrackerLost(SessionError):  # noqa: N818
    """The worker died since the session's last frame, and its tracker with it."""


class WorkerAway(SessionError):  # noqa: N818
    """The worker that replaces a lost one is still starting; the frame was not read."""


class _Worker:
    """One worker process and its successors. `ask` may be called from any thread."""

    def __init__(
        self,
        settings: Settings,
        on_lost: Callable[[], None],
        answer_timeout_s: float,
        started: WorkerProcess | None,
    ) -> None:
        self._settings = settings
        self._on_lost = on_lost
        self._answer_timeout_s = answer_timeout_s
        self._asking = threading.Lock()
        self._forgotten: deque[int] = deque()
        self._stopping = threading.Event()
        self._restart: threading.Thread | None = None
        self._process = started
        self._generation = 0
        self.labels: tuple[str, ...] = ()

    @property
    def pid(self) -> int | None:
        """The process that is running, if one is."""
        return None if self._process is None else self._process.pid

    def launch(self) -> None:
        """Start the process without waiting for it, unless it was started before."""
        if self._process is None:
            self._process = WorkerProcess(self._settings)

    def greet(self) -> None:
        """Wait until the process is ready. Raises what it could not load, or ConfigError."""
        assert self._process is not None
        link = self._process.link
        try:
            first = receive(link)
        except (EOFError, OSError) as error:
            raise ConfigError(
                f"a worker process did not start: {error}; its own words are above, and "
                "`attune doctor` checks what it needs"
            ) from error
        if isinstance(first, Unready):
            raise first.error
        link.settimeout(self._answer_timeout_s)
        self.labels = first.labels

    def ask(self, request: Read, generation: int | None) -> tuple[_Answered, int]:
        """Let the process read a frame; returns its answer and which process it was.

        Raises `WorkerLost` where it dies, `TrackerLost` where it is not the one of `generation`,
        `WorkerAway` while there is none.
        """
        try:
            with self._asking:
                return self._ask(request, generation), self._generation
        finally:
            self._tell_forgotten()

    def forget(self, reader: int) -> None:
        """Close a reader, without waiting for a frame that is being read."""
        self._forgotten.append(reader)
        self._tell_forgotten()

    def stop(self) -> None:
        """End the process. Blocks for a moment."""
        self._stopping.set()
        self._end()
        if self._restart is not None:
            self._restart.join(STOP_TIMEOUT_S)
            self._end()

    def _ask(self, request: Read, generation: int | None) -> _Answered:
        process = self._process
        if self._restart is not None or process is None:
            raise WorkerAway("a worker process is being replaced")
        if generation not in (None, self._generation):
            raise TrackerLost("the worker process that followed this visitor's face is gone")
        try:
            send(process.link, request)
            return cast(_Answered, receive(process.link))
        except (EOFError, OSError) as error:
            self._replace()
            raise WorkerLost("the worker process died or hung while it read a frame") from error

    def _tell_forgotten(self) -> None:
        # Whoever holds the lock comes here after letting it go, so nothing is left behind.
        while self._forgotten and self._asking.acquire(blocking=False):
            try:
                while self._forgotten:
                    self._forget_now(self._forgotten.popleft())
            finally:
                self._asking.release()

    def _forget_now(self, reader: int) -> None:
        process = self._process
        if self._restart is not None or process is None:
            return
        try:
            send(process.link, Forget(reader))
        except OSError:
            self._replace()

    def _replace(self) -> None:
        if self._stopping.is_set():
            return
        status = None if self._process is None else self._process.status
        _log.error("a worker process was lost", extra={"status": status, "worker": self.pid})
        self._on_lost()
        self._restart = threading.Thread(
            target=self._restarting, name="worker-restart", daemon=True
        )
        self._restart.start()

    def _restarting(self) -> None:
        pause_s = RETRY_S
        while not self._stopping.is_set():
            self._end()
            try:
                self.launch()
                self.greet()
            except (AttuneError, OSError):
                _log.exception("a worker process cannot be replaced", extra={"again_in_s": pause_s})
                self._stopping.wait(pause_s)
                pause_s = min(2 * pause_s, LONGEST_RETRY_S)
                continue
            with self._asking:
                self._forgotten.clear()
                self._generation += 1
                self._restart = None
            _log.info("a worker process was replaced", extra={"worker": self.pid})
            return

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            # One that is still loading has nothing to finish, one that was lost is not waited for.
            finishes = bool(self.labels) and self._stopping.is_set()
            process.end(STOP_TIMEOUT_S if finishes else 0)


class FrameWorkers:
    """The pool. `launch` and `wait` start it; both block, and so does `close`. `on_lost` is called
    for each process that is lost, on any thread. Processes that were `started` before, at most
    `number`, are the pool's from now on."""

    def __init__(
        self,
        number: int,
        settings: Settings,
        on_lost: Callable[[], None],
        answer_timeout_s: float = ANSWER_TIMEOUT_S,
        started: Sequence[WorkerProcess] = (),
    ) -> None:
        self._workers = [
            _Worker(settings, on_lost, answer_timeout_s, process)
            for _, process in zip_longest(range(number), started)
        ]
        self._numbers = count(1)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that are running."""
        return tuple(pid for worker in self._workers if (pid := worker.pid) is not None)

    def launch(self) -> None:
        """Start every process that is not started, without waiting."""
        for worker in self._workers:
            worker.launch()

    def wait(self) -> None:
        """Wait until every process is ready. Raises ConfigError or ModelError."""
        for worker in self._workers:
            worker.greet()

    def close(self) -> None:
        """End every process."""
        for worker in self._workers:
            worker.stop()

    def readers(self, lane: int, vantage: Vantage, stages: StageTimer) -> "WorkerReaders":
        """What makes the readers of a session that is pinned to the worker of that number."""
        return WorkerReaders(self._workers[lane], self._numbers, vantage, stages)


class WorkerReaders:
    """The `FrameReaders` of one session. How many of its frames took a worker down is counted for
    all its readers together: a consent that is withdrawn and given again makes a new one."""

    def __init__(
        self,
        worker: _Worker,
        numbers: "count[int]",
        vantage: Vantage,
        stages: StageTimer,
    ) -> None:
        self._worker = worker
        self._numbers = numbers
        self._vantage = vantage
        self._stages = stages
        self._fatal = _Fatal()

    @property
    def labels(self) -> tuple[str, ...]:
        """Emotion classes of every expression, in order."""
        return self._worker.labels

    def open(self) -> FrameReader:
        """A fresh reader."""
        return _WorkerReader(
            self._worker, next(self._numbers), self._vantage, self._stages, self._fatal
        )


@dataclass(slots=True)
class _Fatal:
    frames: int = 0


class _WorkerReader:
    """A `FrameReader` whose work is done by a worker process; the caller waits for it."""

    def __init__(
        self, worker: _Worker, number: int, vantage: Vantage, stages: StageTimer, fatal: _Fatal
    ) -> None:
        self._worker = worker
        self._number = number
        self._vantage = vantage
        self._stages = stages
        self._generation: int | None = None
        self._fatal = fatal

    def read(
        self,
        frame: FrameInput,
        camera: CameraModel | None,
        headset: HeadsetPoseInput | None,
    ) -> Reading:
        """What the frame shows of the wearer."""
        return cast(Reading, self._ask(Read(self._number, self._vantage, frame, camera, headset)))

    def read_bystanders(self, frame: FrameInput) -> tuple[Face, ...]:
        """Faces in a pass-through frame."""
        request = Read(self._number, self._vantage, frame, bystanders=True)
        return cast(tuple[Face, ...], self._ask(request))

    def close(self) -> None:
        """Forget the visitor."""
        self._worker.forget(self._number)

    def _ask(self, request: Read) -> Reading | tuple[Face, ...]:
        if self._fatal.frames >= FATAL_FRAMES:
            raise InputError(
                "frame.analysis_stopped",
                f"worker processes died {FATAL_FRAMES} times over frames of this session; "
                "none is read any more",
            )
        try:
            answer, self._generation = self._worker.ask(request, self._generation)
        except WorkerLost:
            self._generation = None
            self._fatal.frames += 1
            raise
        except TrackerLost:
            self._generation = None
            raise
        match answer:
            case Answer(shown, stage_ns):
                for name, spent_ns in stage_ns.items():
                    self._stages.note(name, spent_ns)
                return shown
            case Refusal(code, sentence):
                raise InputError(code, sentence)
            case Failure(trace):
                raise SessionError(f"a frame could not be read:\n{trace}")
