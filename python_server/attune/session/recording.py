"""The recorder: one thread and one file a session; it never blocks whoever calls it.

What may be written is decided twice, when a record is handed over and when it is written, so that
a withdrawn consent also stops what still waits. Once a second the chunk in progress is closed and
synced: a crash costs about a second.
"""

import logging
import os
import queue
import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2

from attune.config import RecordingSettings
from attune.errors import InputError
from attune.session.consent import Consent, ConsentScope
from attune.session.container import Container
from attune.session.inputs import FaceWeightsInput, FrameInput, Input, Tick
from attune.session.outputs import DecisionMade, Noticed, Output, SlotClosed, StateUpdate
from attune.session.storage_policy import (
    LONG_AGO_NS,
    may_store_frame,
    may_store_input,
    stored_output,
    was_measured_before,
)
from attune.session.transcript import evidence_record, recorded_frame, recorded_input
from attune.session.viewer_schemas import LEVEL_INFO, LEVEL_WARNING, compressed_image, log
from attune.session.vocabulary import SCOPES
from attune.timeline import slot_of, slot_start_ns
from attune.v1 import recording_pb2, session_pb2
from attune.vision.bystanders import BystanderFinder
from attune.vision.decode import decode
from attune.vision.face import Box
from attune.vision.frame import EncodedFrame, Encoding, Image
from attune.vision.wearer import black_out

PART_SUFFIX = ".part"
"""Ending of a recording that is still being written, or whose writer was killed."""

MAX_QUEUED_PIXELS = 32 * 1024 * 1024
"""Bytes of frames that may wait; further frames are not stored, everything else is."""

IDLE_SLOTS = 5
"""Slots without a frame after which states without a frame are recorded."""

PATIENCE_S = 0.2
"""How often a waiting caller looks whether the writer still lives."""

REDACTED_QUALITY = 95
BYTES_PER_MB = 1_000_000
NO_LIMIT = 2**31 - 1

_VIEWABLE = {Encoding.JPEG: "jpeg", Encoding.PNG: "png"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _InputItem:
    order: int
    given: Input
    message: session_pb2.ClientMessage | None
    client_time_ns: int


@dataclass(frozen=True, slots=True)
class _FrameItem:
    order: int
    given: FrameInput
    wearer: Box | None
    bystanders: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _OutputsItem:
    order: int
    outputs: tuple[Output, ...]


_Item = _InputItem | _FrameItem | _OutputsItem


class Recorder:
    """Writes one session to `path`, and to `path` + ``.part`` until it is closed.

    `failure` says why writing stopped, once it has: the session goes on without a recording. No
    method but `close` blocks (but see `open`), and none raises for what the disk does.
    """

    def __init__(
        self,
        path: Path,
        header: recording_pb2.RecordingHeader,
        settings: RecordingSettings,
        patient: bool = False,
    ) -> None:
        self.path = path
        self._patient = patient
        self.failure: str | None = None
        self.frames_lost = 0
        self._settings = settings
        self._scopes = frozenset(
            SCOPES.member(scope, "header.start.consent", "consent.enum_unknown")
            for scope in header.start.consent.scopes
        )
        self._queue: queue.Queue[tuple[_Item, frozenset[ConsentScope]] | None] = queue.Queue(
            settings.queue_length
        )
        self._queued_pixels = 0
        self._pixels_lock = threading.Lock()
        self._last_slot: dict[type, int] = {}
        self._granted_ns = LONG_AGO_NS
        self._finder: BystanderFinder | None = None
        self._container = self._begin(header)
        self._thread = threading.Thread(
            target=self._run, name=f"recorder-{header.session_id[:8]}", daemon=True
        )
        if self._container is not None:
            self._thread.start()

    @classmethod
    def open(
        cls,
        path: Path,
        header: recording_pb2.RecordingHeader,
        settings: RecordingSettings,
        *,
        patient: bool = False,
    ) -> "Recorder":
        """A recorder for a new session; the consent in force is the header's. A file that cannot be
        written is no exception but a recorder with a `failure`. A `patient` one waits for the disk
        instead of giving up, as replay wants, which is faster than any disk."""
        return cls(path, header, settings, patient)

    def input(
        self,
        order: int,
        given: Input,
        message: session_pb2.ClientMessage | None = None,
        client_time_ns: int = 0,
    ) -> None:
        """Record that the pipeline consumed `given` as number `order`; never its pixels."""
        if isinstance(given, FrameInput):
            message = None
        allowed = may_store_input(given, self._scopes)
        if allowed and not was_measured_before(given, self._granted_ns):
            self._put(_InputItem(order, given, message, client_time_ns))

    def frame(
        self,
        order: int,
        given: FrameInput,
        wearer: Box | None = None,
        bystanders: Sequence[Box] = (),
    ) -> None:
        """Record the pixels of an analysed frame, with everybody but the wearer blacked out: the
        `bystanders` that were met in it, and whoever else is found when it is written."""
        if self.failure is not None or not may_store_frame(given, self._scopes):
            return
        size = len(given.frame.data)
        with self._pixels_lock:
            fits = self._queued_pixels + size <= MAX_QUEUED_PIXELS
            fits = fits and self._queue.qsize() < self._settings.queue_length // 2
            self._queued_pixels += size if fits else 0
        if fits:
            self._put(_FrameItem(order, given, wearer, tuple(bystanders)))
        else:
            self.frames_lost += 1

    def outputs(self, order: int, outputs: Sequence[Output]) -> None:
        """Record what input `order` brought about."""
        kept = tuple(one for one in outputs if not was_measured_before(one, self._granted_ns))
        if kept:
            self._put(_OutputsItem(order, kept))

    def consent(self, consent: Consent, time_ns: int) -> None:
        """From session time `time_ns` on, and for everything that waits, only what `consent` allows
        is written; of features that it newly allows, none of the slot that it was given in or of
        an earlier one."""
        if ConsentScope.STORE_FEATURES in consent.scopes - self._scopes:
            self._granted_ns = slot_start_ns(slot_of(time_ns) + 1)
        self._scopes = consent.scopes

    @property
    def stored(self) -> bool:
        """Whether anything of the session lies on the disk, finished or not."""
        return self._part.exists() or self.path.exists()

    def close(self, timeout_s: float = 10.0) -> None:
        """Write what waits, the index and the footer, and give the file its final name. Blocks."""
        if not self._thread.is_alive():
            return
        deadline = time.monotonic() + timeout_s
        try:
            self._queue.put(None, timeout=timeout_s)
        except queue.Full:
            self._fail("the disk did not take the recording in time")
        self._thread.join(max(0.0, deadline - time.monotonic()))
        if self._thread.is_alive():
            self._fail(f"the disk did not finish the recording within {timeout_s:.0f} s")

    def _put(self, item: _Item) -> None:
        while self.failure is None:
            try:
                self._queue.put((item, self._scopes), block=self._patient, timeout=PATIENCE_S)
            except queue.Full:
                if not self._patient:
                    waiting = self._settings.queue_length
                    self._fail(f"the disk is too slow: {waiting} records were waiting for it")
            else:
                return

    def _fail(self, cause: str) -> None:
        if self.failure is None:
            self.failure = cause
            _log.warning("recording %s stopped: %s", self.path.name, cause)

    @property
    def _part(self) -> Path:
        return self.path.with_name(self.path.name + PART_SUFFIX)

    def _begin(self, header: recording_pb2.RecordingHeader) -> Container | None:
        container = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if self.path.exists():
                raise FileExistsError(f"{self.path} is already there")
            if self._space_is_low():
                return None
            container = Container(self._part)
            container.write_header(header)
        except OSError as error:
            self._fail(f"{error.strerror or error}")
            if container is not None:
                container.abandon()
                self._part.unlink(missing_ok=True)
            return None
        return container

    def _space_is_low(self) -> bool:
        free_mb = shutil.disk_usage(self.path.parent).free // BYTES_PER_MB
        floor_mb = self._settings.free_space_floor_mb
        if free_mb < floor_mb:
            self._fail(f"{free_mb} MB are free, the floor is {floor_mb} MB")
            return True
        return False

    def _run(self) -> None:
        container = self._container
        assert container is not None
        try:
            self._write_until_closed(container)
            container.add_metadata("attune", {"frames_lost": str(self.frames_lost)})
            container.finish()
            self._name_finally()
        except OSError as error:
            self._fail(f"{error.strerror or error}")
            self._rescue(container)
        except BaseException as error:
            self._fail(f"the recorder stopped: {type(error).__name__}")
            container.abandon()
            raise
        finally:
            if self._finder is not None:
                self._finder.close()

    def _rescue(self, container: Container) -> None:
        """Keep what was written, under its final name where that can be had."""
        try:
            if container.abandon():
                self._name_finally()
        except OSError as error:
            _log.warning("the recording stays in %s: %s", self._part.name, error.strerror or error)

    def _name_finally(self) -> None:
        os.replace(self._part, self.path)
        if os.name == "posix":
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _write_until_closed(self, container: Container) -> None:
        next_sync = time.monotonic() + self._settings.sync_interval_s
        while True:
            try:
                taken = self._queue.get(timeout=max(0.0, next_sync - time.monotonic()))
                if taken is None:
                    return
                self._write(container, *taken)
            except queue.Empty:
                if self.failure is not None:
                    return
            if time.monotonic() >= next_sync:
                container.sync()
                if self._space_is_low():
                    return
                next_sync = time.monotonic() + self._settings.sync_interval_s

    def _write(self, container: Container, item: _Item, allowed: frozenset[ConsentScope]) -> None:
        scopes = allowed & self._scopes
        match item:
            case _InputItem():
                if may_store_input(item.given, scopes) and self._is_due(item.given):
                    record = recorded_input(
                        item.order, item.given, item.message, item.client_time_ns
                    )
                    container.write("/input", item.order, item.given.time_ns, record)
            case _FrameItem():
                with self._pixels_lock:
                    self._queued_pixels -= len(item.given.frame.data)
                if may_store_frame(item.given, scopes):
                    self._write_frame(container, item, allowed)
            case _OutputsItem():
                for output in item.outputs:
                    self._write_output(container, item.order, output, scopes)

    def _write_output(
        self,
        container: Container,
        order: int,
        output: Output,
        scopes: frozenset[ConsentScope],
    ) -> None:
        if isinstance(output, SlotClosed) and ConsentScope.STORE_FEATURES in scopes:
            record = evidence_record(order, output.evidence)
            container.write("/evidence", order, output.time_ns, record)
            return
        stored = stored_output(order, output, scopes)
        if stored is None or not self._is_due(output):
            return
        container.write("/output", order, output.time_ns, stored)
        entry = _log_entry(output)
        if entry is not None:
            level, text = entry
            container.write("/log", order, output.time_ns, log(output.time_ns, level, text))

    def _write_frame(
        self, container: Container, item: _FrameItem, allowed: frozenset[ConsentScope]
    ) -> None:
        frame = item.given.frame
        try:
            image = decode(frame, max_pixels=NO_LIMIT, max_bytes=NO_LIMIT)
        except InputError:
            self.frames_lost += 1
            return
        if self._finder is None:
            self._finder = BystanderFinder()
        others = (*item.bystanders, *self._finder.find(image, item.wearer))
        redacted = bool(others)
        if redacted:
            frame = _redacted(image, others)
        if not may_store_frame(item.given, allowed & self._scopes):
            return  # consent was withdrawn while others were looked for
        time_ns = item.given.time_ns
        record = recorded_frame(item.order, item.given, frame, redacted)
        viewable = _VIEWABLE.get(frame.encoding)
        if viewable is not None:
            record.message.video_frame.ClearField("data")
            picture = compressed_image(time_ns, frame.data, viewable, frame_id="camera")
            container.write("/video", item.order, time_ns, picture)
        container.write("/frame", item.order, time_ns, record)

    def _is_due(self, given: Input | Output) -> bool:
        """Whether a state or a set of face weights is the first of its 100 ms slot; anything else
        is always due. A state that no frame brought about says less than one of a frame, and is
        only due where no frame came for a while."""
        kind = type(given)
        if isinstance(given, StateUpdate):
            kind = FrameInput if given.frame_sequence else Tick
        elif not isinstance(given, FaceWeightsInput):
            return True
        slot = slot_of(given.time_ns)
        if kind is Tick and slot <= self._last_slot.get(FrameInput, -IDLE_SLOTS) + IDLE_SLOTS:
            return False
        due = slot != self._last_slot.get(kind)
        self._last_slot[kind] = slot
        return due


def _redacted(image: Image, bystanders: Sequence[Box]) -> EncodedFrame:
    """The upright frame with every box black, as JPEG."""
    bgr = cv2.cvtColor(black_out(image, bystanders).rgb, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, REDACTED_QUALITY])
    return EncodedFrame(Encoding.JPEG, jpeg.tobytes(), image.width, image.height)


def _log_entry(output: Output) -> tuple[int, str] | None:
    match output:
        case DecisionMade(decision=decision):
            return LEVEL_INFO, (
                f"choice {decision.choice_id} ({decision.occurrence}): {decision.branch_id}, "
                f"because {decision.reason.value}"
            )
        case Noticed():
            details = ", ".join(f"{name}={value}" for name, value in output.parameters.items())
            return LEVEL_WARNING, f"{output.kind.value}: {details}"
    return None
