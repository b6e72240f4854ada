"""A recording read back: as a whole for reports and comparisons, step by step for replay."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from google.protobuf.message import DecodeError, Message

from attune.empathy.evidence import Evidence
from attune.errors import InputError, RecordingError
from attune.scenario.events import Alternative, Decision, SceneEvent
from attune.session.consent import ConsentScope
from attune.session.header import FORMAT_VERSION, recorded_lock
from attune.session.inbound import scopes_from_message
from attune.session.inputs import ConsentInput, EndReason, EventInput, FrameInput, Input
from attune.session.outputs import Noticed
from attune.session.salvage import Damage, Entry, Salvage
from attune.session.transcript import evidence_from_record, frame_from_record, input_from_record
from attune.session.viewer_schemas import image_bytes
from attune.session.vocabulary import (
    BANDS,
    DECISION_REASONS,
    EMOTIONS,
    END_REASONS,
    ERI_STATUSES,
    NOTICES,
    REGIONS,
)
from attune.v1 import recording_pb2, session_pb2, state_pb2, story_pb2

Kind = TypeVar("Kind", bound=Message)

_EMOTION_NAMES = {number: name for name, number in EMOTIONS.items()}
_REGION_NAMES = {number: name for name, number in REGIONS.items()}


@dataclass(frozen=True, slots=True)
class StatePoint:
    """One recorded state, flat. Angles in degrees, scores as in the contract; `visibility` by
    region and `emotions` by class are empty, and the rest of the face None, without a face. `order`
    is that of the input that brought it about."""

    order: int
    time_ns: int
    found: bool
    visibility: dict[str, float]
    band: str
    headset: float
    yaw_deg: float | None
    pitch_deg: float | None
    roll_deg: float | None
    emotions: dict[str, float]
    valence: float
    arousal: float
    attention: float
    eri: float
    confidence: float
    interval: tuple[float, float]
    status: str
    distress: bool
    contributions: dict[str, float]
    beat_id: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a session ended. `eri` is None where no figure of a face may be stored."""

    reason: EndReason
    frames_analysed: int
    frames_with_face: int
    decisions: int
    duration_ns: int
    eri: float | None


@dataclass(slots=True)
class Recording:
    """Everything of a recording but its pixels; times are session time."""

    path: Path
    header: recording_pb2.RecordingHeader
    events: list[SceneEvent] = field(default_factory=list)
    consents: list[ConsentInput] = field(default_factory=list)
    """The changes that came into force; one whose revision does not rise never does."""
    decisions: list[Decision] = field(default_factory=list)
    notices: list[Noticed] = field(default_factory=list)
    states: list[StatePoint] = field(default_factory=list)
    slots: list[Evidence] = field(default_factory=list)
    ending: Ending | None = None
    inputs: int = 0
    frames: int = 0
    pictures: int = 0
    redacted: int = 0
    last_ns: int = 0
    damage: tuple[Damage, ...] = ()
    closed: bool = False

    @property
    def scopes_at_start(self) -> frozenset[ConsentScope]:
        """What was in force when the session began: nothing in a locked session."""
        return scopes_from_message(self.header.start.consent)

    @property
    def scopes_at_end(self) -> frozenset[ConsentScope]:
        """What was in force when the session ended."""
        return self.consents[-1].scopes if self.consents else self.scopes_at_start

    @property
    def scopes_ever(self) -> frozenset[ConsentScope]:
        """What was in force at any time."""
        return self.scopes_at_start.union(*(one.scopes for one in self.consents))

    @property
    def lost_s(self) -> float:
        """Seconds that are known to be missing."""
        return sum(one.lost_s or 0.0 for one in self.damage)


@dataclass(frozen=True, slots=True)
class Step:
    """One input as replay needs it. `given` is None for a frame without pixels, `analysed` whether
    live it was looked at; `closed` are the slots that this input closed when it was consumed."""

    order: int
    time_ns: int
    given: Input | None
    is_frame: bool
    analysed: bool
    closed: tuple[Evidence, ...]


def read_header(path: Path) -> recording_pb2.RecordingHeader:
    """The header alone. Raises RecordingError."""
    salvage = Salvage(path)
    for entry in salvage.entries():
        if entry.topic == "/header":
            return _parsed(recording_pb2.RecordingHeader, entry.data)
    return _attached_header(salvage)


def read_recording(path: Path) -> Recording:
    """Everything of a recording but its pixels. Raises RecordingError for a file that cannot be
    read at all; damage is reported in the result."""
    salvage = Salvage(path)
    recording = Recording(path, recording_pb2.RecordingHeader())
    found_header = False
    with _known_words(path):
        for entry in salvage.entries():
            if entry.topic == "/header":
                recording.header = _parsed(recording_pb2.RecordingHeader, entry.data)
                found_header = True
            else:
                _collect(recording, entry)
        if not found_header:
            recording.header = _attached_header(salvage)
        recording.consents = list(_in_force(recording))
    if recording.header.format_version > FORMAT_VERSION:
        raise RecordingError(
            f"{path} is of layout {recording.header.format_version}, this version of the software "
            f"reads layout {FORMAT_VERSION}; update it"
        )
    recording.damage, recording.closed = tuple(salvage.damage), salvage.closed
    return recording


def _in_force(recording: Recording) -> Iterator[ConsentInput]:
    """The changes that came into force, with nothing in them in a locked session."""
    lock = recorded_lock(recording.header)
    revision = recording.header.start.consent.revision
    for change in recording.consents:
        if change.revision > revision:
            revision = change.revision
            yield change if lock is None else replace(change, scopes=frozenset())


def read_steps(path: Path, *, pixels: bool = True) -> Iterator[Step]:
    """The inputs in the order of consumption, frames with their pixels where they were stored.
    Without `pixels` no frame is given, and none counts as analysed."""
    entries = (one for one in Salvage(path).entries() if one.order > 0)
    step = _step if pixels else _step_without_pixels
    for order, group in groupby(entries, key=attrgetter("order")):
        yield step(order, list(group))


def read_pictures(path: Path) -> Iterator[FrameInput]:
    """The stored frames, in order."""
    for step in read_steps(path):
        if isinstance(step.given, FrameInput):
            yield step.given


def _attached_header(salvage: Salvage) -> recording_pb2.RecordingHeader:
    if salvage.header is None:
        raise RecordingError(
            f"{salvage.path} has lost both copies of its header: nothing tells what it recorded"
        )
    return _parsed(recording_pb2.RecordingHeader, salvage.header)


def _step(order: int, entries: list[Entry]) -> Step:
    given: Input | None = None
    is_frame = False
    frame: recording_pb2.RecordedFrame | None = None
    pixels: bytes | None = None
    closed: list[Evidence] = []
    analysed = True
    for entry in entries:
        match entry.topic:
            case "/output":
                output = _parsed(recording_pb2.RecordedOutput, entry.data)
                analysed = analysed and not output.HasField("frame_ack")
            case "/input":
                record = _parsed(recording_pb2.RecordedInput, entry.data)
                is_frame = record.HasField("frame")
                given = _input(record)
            case "/frame":
                frame = _parsed(recording_pb2.RecordedFrame, entry.data)
            case "/video":
                pixels = image_bytes(entry.data)
            case "/evidence":
                closed.append(evidence_from_record(_parsed(recording_pb2.Evidence, entry.data)))
    if frame is not None and (pixels is not None or frame.message.video_frame.data):
        given, is_frame = frame_from_record(frame, pixels), True
    return Step(order, entries[0].time_ns, given, is_frame, is_frame and analysed, tuple(closed))


def _step_without_pixels(order: int, entries: list[Entry]) -> Step:
    """Looks into what feature replay feeds, and into nothing else: states and frames are most of a
    recording."""
    given: Input | None = None
    is_frame = False
    closed: list[Evidence] = []
    for entry in entries:
        if entry.topic == "/input":
            record = _parsed(recording_pb2.RecordedInput, entry.data)
            is_frame = record.HasField("frame")
            given = None if is_frame else _input(record)
        elif entry.topic == "/frame":
            is_frame, given = True, None
        elif entry.topic == "/evidence":
            closed.append(evidence_from_record(_parsed(recording_pb2.Evidence, entry.data)))
    return Step(order, entries[0].time_ns, given, is_frame, False, tuple(closed))


def _input(record: recording_pb2.RecordedInput) -> Input | None:
    try:
        return input_from_record(record)
    except InputError as error:
        raise RecordingError(
            f"input {record.order} cannot be read by this version of the software: {error}"
        ) from error


@contextmanager
def _known_words(path: Path) -> Iterator[None]:
    """Words of the contract inside the block are known, or the recording is another version's."""
    try:
        yield
    except InputError as error:
        raise RecordingError(
            f"{path} was written by another version of the software: {error}"
        ) from error


def _collect(recording: Recording, entry: Entry) -> None:
    recording.last_ns = max(recording.last_ns, entry.time_ns)
    match entry.topic:
        case "/input":
            _collect_input(recording, _parsed(recording_pb2.RecordedInput, entry.data))
        case "/frame":
            recording.pictures += 1
            frame = _parsed(recording_pb2.RecordedFrame, entry.data)
            recording.redacted += frame.redacted
        case "/evidence":
            record = _parsed(recording_pb2.Evidence, entry.data)
            recording.slots.append(evidence_from_record(record))
        case "/output":
            _collect_output(recording, _parsed(recording_pb2.RecordedOutput, entry.data))


def _collect_input(recording: Recording, record: recording_pb2.RecordedInput) -> None:
    recording.inputs += 1
    recording.frames += record.HasField("frame")
    given = _input(record)
    if isinstance(given, EventInput):
        recording.events.append(given.event)
    elif isinstance(given, ConsentInput):
        recording.consents.append(given)


def _collect_output(recording: Recording, record: recording_pb2.RecordedOutput) -> None:
    match record.WhichOneof("output"):
        case "update":
            recording.states.append(state_point(record.order, record.update))
        case "decision":
            recording.decisions.append(_decision(record.decision))
        case "notice":
            kind = NOTICES.member(record.notice.code, "notice.code", "recording.enum_unknown")
            recording.notices.append(
                Noticed(record.session_time_ns, kind, dict(record.notice.parameters))
            )
        case "summary":
            recording.ending = _ending(record.summary)


def state_point(order: int, update: state_pb2.Update) -> StatePoint:
    """One state of the contract, flat."""
    face, pose = update.face, update.face.pose
    # Without a face, earlier versions wrote a pose that says nothing.
    posed = face.HasField("pose") and (face.found or face.pose.ByteSize() > 0)
    empathy = update.empathy
    return StatePoint(
        order=order,
        time_ns=update.session_time_ns,
        found=face.found,
        visibility={_REGION_NAMES.get(one.region, "?"): one.visible for one in face.regions},
        band=BANDS.member(face.band, "band", "recording.enum_unknown").value if face.band else "",
        headset=face.headset_probability,
        yaw_deg=pose.yaw_deg if posed else None,
        pitch_deg=pose.pitch_deg if posed else None,
        roll_deg=pose.roll_deg if posed else None,
        emotions={
            _EMOTION_NAMES.get(one.emotion, "?"): one.probability
            for one in update.expression.emotions
        },
        valence=empathy.valence,
        arousal=empathy.arousal,
        attention=empathy.attention,
        eri=empathy.eri,
        confidence=empathy.confidence,
        interval=(empathy.interval_low, empathy.interval_high),
        status=ERI_STATUSES.member(empathy.status, "status", "recording.enum_unknown").value,
        distress=empathy.distress,
        contributions={one.stimulus_id: one.points for one in empathy.contributions},
        beat_id=update.beat_id,
    )


def _decision(message: story_pb2.BranchDecision) -> Decision:
    return Decision(
        message.session_time_ns,
        message.decision_id,
        message.choice_id,
        message.occurrence,
        message.branch_id,
        DECISION_REASONS.member(message.reason, "reason", "recording.enum_unknown"),
        dict(sorted(message.evidence.items())),
        tuple(Alternative(one.branch_id, one.why_not) for one in message.alternatives),
    )


def _ending(message: session_pb2.SessionSummary) -> Ending:
    return Ending(
        END_REASONS.member(message.reason, "reason", "recording.enum_unknown"),
        message.frames_analysed,
        message.frames_with_face,
        message.decisions,
        message.duration_ns,
        message.empathy.eri if message.HasField("empathy") else None,
    )


def _parsed(kind: type[Kind], data: bytes) -> Kind:
    message = kind()
    try:
        message.ParseFromString(data)
    except DecodeError as error:
        raise RecordingError(f"a {message.DESCRIPTOR.name} cannot be read: {error}") from error
    return message
