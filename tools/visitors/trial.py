"""A visitor's frames through the whole pipeline: what the server would make of them, and decide."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.config import Settings
from attune.expression.store import ModelStore
from attune.scenario.events import ResolvedBy
from attune.scenario.loading import LoadedScenario
from attune.scenario.player import ScenarioPlayer
from attune.session.consent import Consent, ConsentScope
from attune.session.inputs import EventInput, FrameInput, Input, Tick
from attune.session.outputs import DecisionMade, StateUpdate
from attune.session.pipeline import Pipeline
from attune.session.plan import SessionPlan, VideoSource
from attune.timeline import SLOT_NS, seconds
from attune.vision.frame import CaptureTimeSource, EncodedFrame, Encoding, FrameRole

from .clip import truth_path
from .errors import OutputError
from .looks import draw_look
from .record import FrameTruth
from .record import read as read_truth


@dataclass(frozen=True, slots=True)
class Trial:
    """What one visitor's session came to.

    Attributes:
        visitor, headset, identity, skin_tone, soft: who it was (see ``looks.Look``).
        eri, confidence, status: of the last state.
        branches: decided branch ids in order; beats: what was played, in order.
        last_choice: (eri, confidence) when the last choice was decided; those at the end if none.
        path: (S, 3) seconds, eri and confidence, slot by slot.
        moved: stimulus id → (points of ERI, evidence, resonance), what moved the last state most.
        found: share of frames with a face.
        named: share of the frames with an expression in which the model was sure enough to name it.
        shown, read: (N, 2) affect meant and affect read, for the frames with an expression.
        labels, probabilities: (N, C) what the expression model said of those frames.
    """

    visitor: str
    headset: str
    identity: int
    skin_tone: int
    soft: bool
    eri: float
    confidence: float
    status: str
    branches: tuple[str, ...]
    beats: tuple[str, ...]
    last_choice: tuple[float, float]
    path: NDArray[np.float64]
    moved: Mapping[str, tuple[float, float, float]]
    found: float
    named: float
    shown: NDArray[np.float64]
    read: NDArray[np.float64]
    labels: tuple[str, ...]
    probabilities: NDArray[np.float64]


def frames_of(video: Path) -> Iterator[tuple[NDArray[np.uint8], FrameTruth]]:
    """The frames of a rendered clip, (H, W, 3) uint8 RGB, each with its truth.

    Raises:
        OutputError: the clip or its truth cannot be read, or the clip is shorter than its truth.
    """
    capture = cv2.VideoCapture(str(video))
    try:
        for truth in read_truth(truth_path(video)):
            found, bgr = capture.read()
            if not found:
                raise OutputError(f"{video} ends before frame {truth.frame} of its truth")
            yield np.ascontiguousarray(bgr[..., ::-1]), truth
    finally:
        capture.release()


def run_trial(
    frames: Iterable[tuple[NDArray[np.uint8], FrameTruth]],
    loaded: LoadedScenario,
    settings: Settings,
    way: Mapping[str, str] | None = None,
) -> Trial:
    """Live through the story with these frames, (H, W, 3) uint8 RGB.

    The story follows each decision; where ``way`` names a branch for a choice, an operator plays
    that one instead, so that a film stays with the story it was made for.
    """
    session = _Session(loaded, settings, way or {})
    truths: list[FrameTruth] = []
    try:
        for image, truth in frames:
            session.until(truth.capture_time_ns)
            session.frame(image, truth)
            truths.append(truth)
        session.until(truths[-1].capture_time_ns + 10 * SLOT_NS)
    finally:
        session.pipeline.close()
    state = session.state
    if state is None:
        raise ValueError("expected at least one slot of evidence, got none")
    last, read = truths[-1], session.read
    return Trial(
        visitor=last.visitor,
        headset=last.headset,
        identity=last.identity,
        skin_tone=last.skin_tone,
        soft=draw_look(last.identity).soft,
        eri=state.empathy.eri,
        confidence=state.empathy.confidence,
        status=str(state.empathy.status),
        branches=tuple(session.branches),
        beats=tuple(dict.fromkeys(session.beats)),
        last_choice=session.last_choice or (state.empathy.eri, state.empathy.confidence),
        path=np.array(session.path),
        moved={
            one.stimulus_id: (one.points, one.evidence, one.resonance)
            for one in state.empathy.contributions
        },
        named=session.named / max(len(read), 1),
        found=session.found / len(truths),
        shown=np.array([(one.valence, one.arousal) for one, _ in read]).reshape(-1, 2),
        read=np.array([row[:2] for _, row in read]).reshape(-1, 2),
        labels=session.pipeline.labels,
        probabilities=np.array([row[2:] for _, row in read]),
    )


class _Session:
    """The server's shell for one visitor, without sockets and clocks."""

    def __init__(self, loaded: LoadedScenario, settings: Settings, way: Mapping[str, str]) -> None:
        plan = SessionPlan(
            session_id="00" * 16,
            participant_id="simulated",
            consent=Consent(1, frozenset({ConsentScope.ANALYSE})),
            scenario=loaded.scenario,
            scenario_yaml=loaded.text,
            video_source=VideoSource.CLIENT_FRAMES,
        )
        self.pipeline = Pipeline(plan, settings, ModelStore(settings.expression.models_dir))
        self.state: StateUpdate | None = None
        self.branches: list[str] = []
        self.beats: list[str] = []
        self.read: list[tuple[FrameTruth, NDArray[np.float64]]] = []
        self.found = 0
        self.named = 0
        self.last_choice: tuple[float, float] | None = None
        self.path: list[tuple[float, float, float]] = []
        self._way = way
        self._player = ScenarioPlayer(loaded.scenario)
        self._tick_ns = 0

    def until(self, time_ns: int) -> None:
        """Let the story and the ticks go on to a time."""
        while self._tick_ns <= time_ns:
            for event in self._player.advance(self._tick_ns):
                self._step(EventInput(event))
            self._step(Tick(self._tick_ns))
            self._tick_ns += SLOT_NS

    def frame(self, image: NDArray[np.uint8], truth: FrameTruth) -> None:
        """Analyse a frame."""
        height, width = image.shape[:2]
        # as a client sends it; raw pixels would exceed what a server takes
        coded = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
        frame = EncodedFrame(Encoding.JPEG, coded.tobytes(), width, height)
        given = FrameInput(
            time_ns=truth.capture_time_ns,
            sequence=truth.frame + 1,
            frame=frame,
            role=FrameRole.WEARER,
            capture_time_source=CaptureTimeSource.SENSOR,
            consent_revision=1,
        )
        self._step(given, truth)

    def _step(self, given: Input, truth: FrameTruth | None = None) -> None:
        for output in self.pipeline.step(given):
            if isinstance(output, StateUpdate):
                self.state = output
                now = output.empathy
                self.beats.append(output.beat_id)
                self.path.append((seconds(output.time_ns), now.eri, now.confidence))
                if truth is not None and output.frame_sequence == truth.frame + 1:
                    self._note(output, truth)
            elif isinstance(output, DecisionMade):
                self._follow(output)

    def _note(self, update: StateUpdate, truth: FrameTruth) -> None:
        self.found += update.face is not None
        if update.expression is not None:
            said = update.expression
            self.named += said.named is not None
            row = np.concatenate([(said.valence, said.arousal), said.probabilities])
            self.read.append((truth, row))

    def _follow(self, made: DecisionMade) -> None:
        decision = made.decision
        self.branches.append(decision.branch_id)
        if self.path:
            self.last_choice = self.path[-1][1:]
        branch, by = decision.branch_id, ResolvedBy.SERVER
        if decision.choice_id in self._way:
            branch, by = self._way[decision.choice_id], ResolvedBy.OPERATOR
        resolved = self._player.resolve(
            decision.choice_id, decision.occurrence, branch, made.time_ns, by
        )
        if resolved is not None:
            self._step(EventInput(resolved))
