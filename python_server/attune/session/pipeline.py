"""The core of a session: `Pipeline.step` is the only entrance for live server and replay alike.

The pipeline never reads a clock and never raises for what a client sent: input that cannot be used
is answered with a notice, and with a refused frame where it was a frame. The same inputs in the
same order give the same outputs.
"""

from collections.abc import Sequence
from typing import Protocol

from attune.config import Settings
from attune.empathy.evidence import Evidence
from attune.empathy.slots import Reading as SlotReading
from attune.empathy.slots import SlotAccumulator
from attune.empathy.state import EmpathyState
from attune.errors import InputError
from attune.expression.store import ModelStore
from attune.scenario.outlook import ChoiceOutlook
from attune.session.analysis import FrameReader, FrameReaders, LocalReaders, Reading, Vantage
from attune.session.consent import ConsentScope
from attune.session.focus import Focus
from attune.session.inputs import (
    BaselineInput,
    CameraModelInput,
    ConsentInput,
    EndInput,
    EventInput,
    FaceWeightsInput,
    FrameInput,
    HeadsetPoseInput,
    Input,
    OperatorInput,
    PauseInput,
    ResumeInput,
    Tick,
)
from attune.session.outputs import (
    ConsentInForce,
    Disposition,
    FrameSettled,
    Noticed,
    NoticeKind,
    Output,
    StateUpdate,
    Summary,
)
from attune.session.plan import SessionPlan
from attune.session.story import Story
from attune.timeline import NS_PER_MS, StageClock, UntimedStages
from attune.vision.camera import CameraModel
from attune.vision.face import Face, VisibilityBand
from attune.vision.frame import FrameRole

MAX_AHEAD_NS = 500 * NS_PER_MS
"""A frame captured further than this after the session time known so far has a wrong clock."""

IDLE_NS = 500 * NS_PER_MS
"""Without a frame for this long, ticks bring updates; with frames, frames do."""

_BAND_NUMBER = {VisibilityBand.FULL: 0, VisibilityBand.LOWER_FACE: 1, VisibilityBand.POOR: 2}
_NOTHING = Reading(None, None, None, None, ())


class SlotSource(Protocol):
    """Where closed slots of evidence come from: from readings live, from a recording in replay."""

    def add(self, reading: SlotReading) -> tuple[Evidence, ...]:
        """Take in one frame; returns the slots that it closes."""
        ...

    def advance(self, time_ns: int) -> tuple[Evidence, ...]:
        """Session time has come to `time_ns`; returns the slots that it closes."""
        ...

    def discard(self) -> None:
        """Forget the readings of slots that are still open."""
        ...


class Pipeline:
    """One visitor's session. Not thread-safe: one step at a time."""

    def __init__(
        self,
        plan: SessionPlan,
        settings: Settings,
        models: ModelStore,
        stages: StageClock | None = None,
        *,
        slots: SlotSource | None = None,
        readers: FrameReaders | None = None,
    ) -> None:
        self._plan = plan
        self._slots = slots or SlotAccumulator()
        self._readers = readers or LocalReaders(
            Vantage.of(plan), settings, models, stages or UntimedStages()
        )
        self._reader: FrameReader | None = None
        self._story = Story(plan.scenario if plan.follows_scenario else None, settings.empathy)
        self._consent = plan.consent.under(plan.lock)
        self._story.allow_analysis(self._may_analyse)
        self._focus = Focus()
        self._camera: CameraModel | None = None
        self._paused = False
        self._refused_revision: int | None = None
        self._now_ns = 0
        self._last_frame_ns: int | None = None
        self._last_sequence = 0
        self._last_capture_ns: int | None = None
        self._last_analysed = 0
        self._analysed = 0
        self._with_face = 0

    @property
    def labels(self) -> tuple[str, ...]:
        """Emotion classes of every expression and evidence record, in order."""
        return self._readers.labels

    @property
    def state(self) -> EmpathyState:
        """The empathy state after the last closed slot."""
        return self._story.state

    def outlook(self) -> tuple[ChoiceOutlook, ...]:
        """How the choices stand after the last input: for shells that show it, no part of what
        follows from inputs."""
        return self._story.outlook(self._now_ns)

    @property
    def _may_analyse(self) -> bool:
        return self._consent.allows(ConsentScope.ANALYSE)

    def step(self, given: Input) -> tuple[Output, ...]:
        """Consume one input and return what follows from it, in order."""
        try:
            return tuple(self._dispatch(given))
        except InputError as refusal:
            event = isinstance(given, EventInput)
            kind = NoticeKind.EVENT_REFUSED if event else NoticeKind.INPUT_REFUSED
            meant = given.parameters if isinstance(given, OperatorInput) else {}
            return (self._notice(kind, code=refusal.code, detail=str(refusal), **meant),)

    def close(self) -> None:
        """Free the tracker; frames that come later make a new one."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _dispatch(self, given: Input) -> Sequence[Output]:
        match given:
            case FrameInput():
                outputs = self._frame(given)
            case Tick():
                outputs = self._tick(given.time_ns)
            case EventInput():
                outputs = self._story.event(given.event, self._now_ns)
            case ConsentInput():
                outputs = self._change_consent(given)
            case PauseInput():
                outputs = self._pause(given.time_ns)
            case ResumeInput():
                outputs = self._resume(given.time_ns)
            case BaselineInput():
                outputs = self._story.calibrate(given.action, given.time_ns, self._now_ns)
            case OperatorInput():
                outputs = self._story.operate(given, self._now_ns)
            case EndInput():
                outputs = self._end(given)
            case HeadsetPoseInput():
                self._focus.observe(given)
                outputs = []
            case CameraModelInput():
                self._camera = given.camera
                outputs = []
            case FaceWeightsInput():
                outputs = []
        return outputs

    def _tick(self, time_ns: int) -> list[Output]:
        self._now_ns = max(self._now_ns, time_ns)
        outputs = self._story.take_in(self._slots.advance(self._now_ns), self._now_ns)
        outputs += self._story.decide(self._now_ns)
        if self._last_frame_ns is None or self._now_ns - self._last_frame_ns >= IDLE_NS:
            outputs.append(self._update(0, _NOTHING))
        return outputs

    def _frame(self, frame: FrameInput) -> list[Output]:
        try:
            self._check_order(frame)
        except InputError as refusal:
            return self._refused(frame, refusal)
        if self._paused or frame.consent_revision < self._consent.revision:
            return [FrameSettled(self._now_ns, frame.sequence, Disposition.DROPPED)]
        bystanders = frame.role is FrameRole.BYSTANDERS
        scope = ConsentScope.BYSTANDERS if bystanders else ConsentScope.ANALYSE
        if not self._consent.allows(scope):
            return self._without_consent(frame, scope)
        try:
            return self._bystanders(frame) if bystanders else self._wearer(frame)
        except InputError as refusal:
            return self._refused(frame, refusal)

    def _check_order(self, frame: FrameInput) -> None:
        if frame.sequence <= self._last_sequence:
            raise InputError(
                "frame.sequence_backwards",
                f"frame sequences must rise above {self._last_sequence}, got {frame.sequence}",
            )
        self._last_sequence = frame.sequence
        if self._last_capture_ns is not None and frame.time_ns <= self._last_capture_ns:
            raise InputError(
                "frame.time_backwards",
                f"capture times must rise above {self._last_capture_ns} ns of session time, "
                f"got {frame.time_ns}",
            )
        if frame.time_ns > self._now_ns + MAX_AHEAD_NS:
            raise InputError(
                "frame.from_the_future",
                f"the frame was captured {(frame.time_ns - self._now_ns) / NS_PER_MS:.0f} ms after "
                "the session's present; send a new ClockEstimate",
            )
        self._last_capture_ns = frame.time_ns

    def _refused(self, frame: FrameInput, refusal: InputError) -> list[Output]:
        return [
            FrameSettled(self._now_ns, frame.sequence, Disposition.REFUSED),
            self._notice(
                NoticeKind.FRAME_REFUSED,
                sequence=str(frame.sequence),
                code=refusal.code,
                detail=str(refusal),
            ),
        ]

    def _without_consent(self, frame: FrameInput, scope: ConsentScope) -> list[Output]:
        outputs: list[Output] = [FrameSettled(self._now_ns, frame.sequence, Disposition.DROPPED)]
        if self._refused_revision != self._consent.revision:
            self._refused_revision = self._consent.revision
            outputs.append(
                self._notice(
                    NoticeKind.FRAME_REFUSED,
                    sequence=str(frame.sequence),
                    code="consent.missing",
                    detail=f"frames of this role need the consent {scope.value!r}",
                )
            )
        return outputs

    def _frames(self) -> FrameReader:
        if self._reader is None:
            self._reader = self._readers.open()
        return self._reader

    def _wearer(self, frame: FrameInput) -> list[Output]:
        headset = self._focus.pose_at(frame.time_ns)
        camera = self._camera
        if camera is not None:
            camera = camera.upright(frame.frame.rotation_deg, frame.frame.mirrored)
        reading = self._frames().read(frame, camera, headset)
        self._analysed += 1
        self._with_face += reading.face is not None
        self._last_analysed, self._last_frame_ns = frame.sequence, self._now_ns
        closed = self._slots.add(self._slot_reading(frame.time_ns, reading))
        return [
            FrameSettled(
                self._now_ns,
                frame.sequence,
                Disposition.ANALYSED,
                bystanders=reading.others,
                wearer=None if reading.face is None else reading.face.box,
            ),
            *self._story.take_in(closed, self._now_ns),
            *self._story.decide(self._now_ns),
            self._update(frame.sequence, reading),
        ]

    def _slot_reading(self, time_ns: int, reading: Reading) -> SlotReading:
        expression = reading.expression
        if expression is None:
            return SlotReading(time_ns, tracked=False)
        return SlotReading(
            time_ns,
            tracked=True,
            valence=expression.valence,
            arousal=expression.arousal,
            quality=expression.reliability,
            probabilities=tuple(float(p) for p in expression.probabilities),
            focus_angle_deg=self._focus.angle_deg(time_ns),
            band=_BAND_NUMBER[expression.band],
        )

    def _bystanders(self, frame: FrameInput) -> list[Output]:
        faces = self._frames().read_bystanders(frame)
        boxes = tuple(face.box for face in faces)
        return [
            FrameSettled(self._now_ns, frame.sequence, Disposition.ANALYSED, boxes),
            self._update(frame.sequence, _NOTHING, faces),
        ]

    def _update(
        self, sequence: int, seen: Reading, bystanders: tuple[Face, ...] = ()
    ) -> StateUpdate:
        return StateUpdate(
            self._now_ns,
            sequence,
            seen.face,
            seen.pose,
            seen.expression,
            seen.crop,
            self._story.state,
            self._story.beat_id,
            bystanders,
        )

    def _change_consent(self, given: ConsentInput) -> list[Output]:
        before = self._consent
        lock = self._plan.lock
        self._consent = before.replaced_by(given.revision, given.scopes).under(lock)
        withdrawn = self._consent.withdrawn(before)
        last = self._last_analysed
        if ConsentScope.ANALYSE in withdrawn:
            self._slots.discard()
            self.close()
        self._story.allow_analysis(self._may_analyse)
        stored = withdrawn & {ConsentScope.STORE_FEATURES, ConsentScope.STORE_VIDEO}
        return [
            ConsentInForce(self._now_ns, given.revision, self._consent.scopes, withdrawn, last),
            *self._locked(given),
            *(
                self._notice(
                    NoticeKind.DELETION_OFFERED,
                    session_id=self._plan.session_id,
                    scope=scope.value,
                )
                for scope in sorted(stored)
            ),
            *self._story.decide(self._now_ns),
        ]

    def _locked(self, given: ConsentInput) -> list[Output]:
        lock = self._plan.lock
        if lock is None or ConsentScope.ANALYSE not in given.scopes:
            return []
        return [self._notice(NoticeKind.ANALYSIS_LOCKED, **lock.parameters)]

    def _pause(self, time_ns: int) -> list[Output]:
        if not self._paused:
            self._paused = True
            self._story.pause(time_ns)
        return [self._update(0, _NOTHING)]

    def _resume(self, time_ns: int) -> list[Output]:
        if self._paused:
            self._paused = False
            self._story.resume(time_ns)
        return [self._update(0, _NOTHING)]

    def _end(self, given: EndInput) -> list[Output]:
        self._now_ns = max(self._now_ns, given.time_ns)
        return [
            Summary(
                self._now_ns,
                given.reason,
                self._analysed,
                self._with_face,
                self._story.decisions,
                self._story.state,
            )
        ]

    def _notice(self, kind: NoticeKind, **parameters: str) -> Noticed:
        return Noticed(self._now_ns, kind, parameters)
