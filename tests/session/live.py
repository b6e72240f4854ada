"""A live session in miniature: real pipeline, real recorder, inputs in a chosen order."""

from collections.abc import Iterable
from pathlib import Path

import cv2

from attune.config import RecordingSettings, Settings
from attune.expression.store import ModelStore
from attune.scenario.events import ResolvedBy
from attune.scenario.library import ScenarioLibrary
from attune.scenario.player import ScenarioPlayer
from attune.session.consent import AnalysisLock, Audience, Consent, ConsentScope
from attune.session.header import models_in_use, recording_header
from attune.session.inputs import EndInput, EndReason, EventInput, FrameInput, Input, Tick
from attune.session.outputs import (
    ConsentInForce,
    DecisionMade,
    Disposition,
    FrameSettled,
    Output,
)
from attune.session.pipeline import Pipeline, SlotSource
from attune.session.plan import SessionPlan, VideoSource
from attune.session.recording import Recorder
from attune.timeline import SLOT_NS
from attune.v1 import session_pb2
from attune.vision.frame import CaptureTimeSource, EncodedFrame, Encoding, FrameRole

SETTINGS = Settings()


class LiveSession:
    """What the server's shell does for one visitor, without its sockets and clocks."""

    def __init__(
        self,
        path: Path,
        scopes: Iterable[ConsentScope],
        slots: SlotSource | None = None,
        lock: AnalysisLock | None = None,
    ) -> None:
        loaded = ScenarioLibrary.read(SETTINGS.scenario.scenarios_dir).get("memorial")
        assert loaded is not None
        self.plan = SessionPlan(
            session_id="5e" * 16,
            participant_id="v-17",
            consent=Consent(1, frozenset(scopes)),
            audience=Audience.PUBLIC if lock is None else lock.audience,
            lock=lock,
            scenario=loaded.scenario,
            scenario_yaml=loaded.text,
            video_source=VideoSource.CLIENT_FRAMES,
        )
        models = ModelStore(SETTINGS.expression.models_dir)
        self.pipeline = Pipeline(self.plan, SETTINGS, models, slots=slots)
        header = recording_header(
            self.plan,
            self._start(loaded.sha256),
            settings=SETTINGS,
            models=models_in_use(SETTINGS, models),
            labels=self.pipeline.labels,
            started_unix_ns=1_700_000_000_000_000_000,
        )
        self.recorder = Recorder.open(
            path,
            header,
            RecordingSettings(free_space_floor_mb=0, sync_interval_s=0.02, queue_length=20_000),
            patient=True,
        )
        self.outputs: list[Output] = []
        self._order = 0

    def _start(self, sha256: str) -> session_pb2.SessionStart:
        start = session_pb2.SessionStart(
            protocol_version=1,
            participant_id=self.plan.participant_id,
            video_source=session_pb2.VIDEO_SOURCE_CLIENT_FRAMES,
            camera_kind=session_pb2.CAMERA_KIND_EXTERNAL,
            scenario_reference=session_pb2.ScenarioReference(id="memorial", sha256=sha256),
        )
        start.consent.revision = 1
        start.consent.scopes.extend(
            sorted(f"CONSENT_SCOPE_{scope.value.upper()}" for scope in self.plan.consent.scopes)
        )
        return start

    def step(self, given: Input) -> tuple[Output, ...]:
        self._order += 1
        self.recorder.input(self._order, given)
        outputs = self.pipeline.step(given)
        for output in outputs:
            if isinstance(output, FrameSettled) and isinstance(given, FrameInput):
                if output.disposition is Disposition.ANALYSED:
                    self.recorder.frame(self._order, given, output.wearer, output.bystanders)
            elif isinstance(output, ConsentInForce):
                self.recorder.consent(Consent(output.revision, output.scopes), output.time_ns)
        self.recorder.outputs(self._order, outputs)
        self.outputs.extend(outputs)
        return outputs

    def play(self, frames: Iterable[FrameInput] = (), until_ns: int | None = None) -> None:
        """Live through the story (up to `until_ns`), ten ticks a second, frames when they are due,
        following what is decided."""
        assert self.plan.scenario is not None
        player = ScenarioPlayer(self.plan.scenario)
        waiting = list(frames)
        time_ns = 0
        while not player.finished and (until_ns is None or time_ns <= until_ns):
            for event in player.advance(time_ns):
                self._follow(player, self.step(EventInput(event)), time_ns)
            self._follow(player, self.step(Tick(time_ns)), time_ns)
            while waiting and waiting[0].time_ns < time_ns + SLOT_NS:
                self._follow(player, self.step(waiting.pop(0)), time_ns)
            time_ns += SLOT_NS
        self.step(EndInput(time_ns, EndReason.FINISHED))

    def _follow(self, player: ScenarioPlayer, made: tuple[Output, ...], time_ns: int) -> None:
        for output in made:
            if isinstance(output, DecisionMade):
                decision = output.decision
                resolved = player.resolve(
                    decision.choice_id, decision.occurrence, decision.branch_id, time_ns
                )
                if resolved is not None:
                    assert resolved.by is ResolvedBy.SERVER
                    self.step(EventInput(resolved))

    def close(self) -> None:
        self.pipeline.close()
        self.recorder.close()
        assert self.recorder.failure is None


def frames_of(clip: Path, count: int, rate_hz: float = 15.0) -> list[FrameInput]:
    """The first frames of a clip as JPEG, as if captured at `rate_hz`; revision 1."""
    capture = cv2.VideoCapture(str(clip))
    frames = []
    for sequence in range(1, count + 1):
        found, bgr = capture.read()
        if not found:
            break
        height, width = bgr.shape[:2]
        frames.append(
            FrameInput(
                time_ns=round(sequence / rate_hz * 1e9),
                sequence=sequence,
                frame=EncodedFrame(
                    Encoding.JPEG, cv2.imencode(".jpg", bgr)[1].tobytes(), width, height
                ),
                role=FrameRole.WEARER,
                capture_time_source=CaptureTimeSource.SENSOR,
                consent_revision=1,
            )
        )
    capture.release()
    return frames
