"""One turn of one session on a worker: the pipeline consumes inputs, the recorder notes them."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from attune.scenario.outlook import ChoiceOutlook
from attune.server.frame_workers import WorkerAway
from attune.server.inbox import Arrival
from attune.server.telemetry import StageTimer
from attune.session.consent import Consent
from attune.session.inputs import FrameInput
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
from attune.session.pipeline import Pipeline
from attune.session.recording import Recorder

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Consumed:
    """One input, what followed from it, what its stages cost in microseconds, and how the choices
    stood after it where an update is to say so."""

    arrival: Arrival
    outputs: tuple[Output, ...]
    stage_us: Mapping[str, int]
    outlook: tuple[ChoiceOutlook, ...]


class Consumer:
    """Feeds one pipeline and numbers its inputs; used by one worker at a time."""

    def __init__(self, pipeline: Pipeline, recorder: Recorder | None, stages: StageTimer) -> None:
        self.pipeline = pipeline
        self.recorder = recorder
        self._stages = stages
        self._order = 0
        self._failed = False

    def consume(self, arrivals: list[Arrival]) -> list[Consumed]:
        """Step through `arrivals` in order; what comes after the session's end is left alone."""
        consumed: list[Consumed] = []
        for arrival in arrivals:
            self._order += 1
            outputs = self._step(arrival)
            self._record(arrival, outputs)
            stage_us = {name: ns // 1000 for name, ns in self._stages.take().items()}
            updates = any(isinstance(output, StateUpdate) for output in outputs)
            outlook = self.pipeline.outlook() if updates else ()
            consumed.append(Consumed(arrival, outputs, stage_us, outlook))
            if any(isinstance(output, Summary) for output in outputs):
                break
        return consumed

    def close(self) -> None:
        """Finish the recording and free the tracker. Blocks."""
        try:
            if self.recorder is not None:
                self.recorder.close()
        finally:
            self.pipeline.close()

    def _step(self, arrival: Arrival) -> tuple[Output, ...]:
        given = arrival.given
        if not isinstance(given, FrameInput):
            return self.pipeline.step(given)
        try:
            return self.pipeline.step(given)
        except WorkerAway:
            return (FrameSettled(given.time_ns, given.sequence, Disposition.DROPPED),)
        except Exception:  # noqa: BLE001 - the outermost loop; one frame must not end a visit
            if not self._failed:
                _log.exception("the analysis of a frame failed; later failures are only counted")
            self._failed = True
            sequence = {"sequence": str(given.sequence)}
            return (
                FrameSettled(given.time_ns, given.sequence, Disposition.REFUSED),
                Noticed(given.time_ns, NoticeKind.ANALYSIS_FAILED, sequence),
            )

    def _record(self, arrival: Arrival, outputs: tuple[Output, ...]) -> None:
        recorder = self.recorder
        if recorder is None:
            return
        given = arrival.given
        for output in outputs:
            if isinstance(output, ConsentInForce):
                recorder.consent(Consent(output.revision, output.scopes), output.time_ns)
        recorder.input(self._order, given, arrival.message, arrival.client_time_ns)
        if isinstance(given, FrameInput):
            for output in outputs:
                if not isinstance(output, FrameSettled):
                    continue
                if output.disposition is Disposition.ANALYSED:
                    recorder.frame(self._order, given, output.wearer, output.bystanders)
        recorder.outputs(self._order, outputs)
