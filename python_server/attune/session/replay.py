"""Replay: the recorded inputs, in the order they were consumed, through the same pipeline.

With video the frames are read again. Without it, the recorded slots of evidence take the place of
the frames. With neither, events alone are played: then only a session that was never allowed to
look at a face can come out the same.
"""

import dataclasses
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from attune.config import RecordingSettings, Settings, load_settings
from attune.empathy.evidence import Evidence
from attune.empathy.slots import Reading
from attune.empathy.state import EmpathyState
from attune.errors import ConfigError, RecordingError
from attune.expression.store import ModelStore
from attune.scenario.events import Decision
from attune.scenario.loading import LoadedScenario, parse_scenario
from attune.session.comparison import Comparison, compare
from attune.session.consent import Consent, ConsentScope
from attune.session.header import (
    camera_region,
    instruction_set,
    models_in_use,
    package_versions,
    recorded_settings,
    recording_header,
    unknown_settings,
)
from attune.session.inputs import Input, Tick
from attune.session.outputs import ConsentInForce, DecisionMade, Output, Summary
from attune.session.pipeline import Pipeline
from attune.session.plan import SessionPlan
from attune.session.recorded import (
    Recording,
    Step,
    read_recording,
    read_steps,
)
from attune.session.recording import Recorder
from attune.session.start import plan_with_scenario
from attune.timeline import NS_PER_S, seconds
from attune.v1 import recording_pb2, session_pb2

Progress = Callable[[float], None]


class Source(StrEnum):
    """What a replay reads the visitor's face from."""

    PIXELS = "pixels"
    FEATURES = "features"
    EVENTS = "events"


_STORED_AS = {
    Source.PIXELS: ConsentScope.STORE_VIDEO,
    Source.FEATURES: ConsentScope.STORE_FEATURES,
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from the recorded session: another model of the store, another scenario,
    settings by section and field."""

    model: str | None = None
    scenario: LoadedScenario | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether anything is."""
        return bool(self.model or self.scenario or self.settings)


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay did and found. `hindrances` are reasons why equal decisions could not be
    expected, one sentence each; `took_s` is the time it took."""

    recording: Recording
    out: Path | None
    source: Source
    changes: Changes
    comparison: Comparison
    hindrances: tuple[str, ...]
    frames_without_pixels: int
    ending: Summary | None
    took_s: float

    @property
    def speed(self) -> float:
        """Session seconds replayed in a second."""
        return seconds(self.recording.last_ns) / max(self.took_s, 1e-9)


class RecordedSlots:
    """The recorded slots, handed to the pipeline when the input that closed them is consumed."""

    def __init__(self) -> None:
        self._due: list[Evidence] = []

    def offer(self, closed: Iterable[Evidence]) -> None:
        """The input that is consumed next closed these slots."""
        self._due.extend(closed)

    def add(self, reading: Reading) -> tuple[Evidence, ...]:
        """Nothing: what a frame showed is in the slots already."""
        return ()

    def advance(self, time_ns: int) -> tuple[Evidence, ...]:
        """The slots that are due."""
        due, self._due = tuple(self._due), []
        return due

    def discard(self) -> None:
        """Slots that closed before consent was withdrawn have been handed over already."""
        self._due.clear()


def replay(
    path: Path,
    *,
    config: Path | None = None,
    changes: Changes | None = None,
    source: Source | None = None,
    out: Path | None = None,
    speed: float = 0.0,
    progress: Progress = lambda _fraction: None,
) -> ReplayReport:
    """Replay the recording at `path` and compare its decisions with the recorded ones.

    `source` None takes the richest that the recording holds. `out` is where the new session is
    written, None for nowhere. `speed` 1 is real time, 0 as fast as possible. `progress` is told the
    fraction that is done. Raises RecordingError, ConfigError, ModelError or ScenarioError.
    """
    changes = changes or Changes()
    recording = read_recording(path)
    source = source or richest_source(recording)
    _check_changes(changes, source)
    settings = settings_of(recording.header, changes, config)
    plan = plan_of(recording.header, changes, settings)
    models = ModelStore(settings.expression.models_dir)
    slots = None if source is Source.PIXELS else RecordedSlots()
    pipeline = Pipeline(plan, settings, models, slots=slots)
    recorder = None
    if out is not None:
        recorder = _recorder(out, plan, recording.header, settings, pipeline.labels)
        _check_written(recorder)
    run = _Run(pipeline, slots, recorder)
    began = time.monotonic()
    try:
        for step in _paced(read_steps(path, pixels=source is Source.PIXELS), speed):
            run.take(step, source)
            progress(min(1.0, step.time_ns / max(1, recording.last_ns)))
    finally:
        pipeline.close()
        if recorder is not None:
            recorder.close(timeout_s=60.0)
    if recorder is not None:
        _check_written(recorder)
    return ReplayReport(
        recording=recording,
        out=out,
        source=source,
        changes=changes,
        comparison=compare(
            recording.decisions,
            run.decisions,
            recording.states,
            run.states,
            with_figures=bool(recording.states or recording.slots),
        ),
        hindrances=tuple(
            _hindrances(recording, source, changes, settings, run.frames_without_pixels)
        ),
        frames_without_pixels=run.frames_without_pixels,
        ending=run.ending,
        took_s=time.monotonic() - began,
    )


def richest_source(recording: Recording) -> Source:
    """Pixels where frames were stored, else slots of evidence, else events alone."""
    if recording.pictures:
        return Source.PIXELS
    return Source.FEATURES if recording.slots else Source.EVENTS


def settings_of(
    header: recording_pb2.RecordingHeader, changes: Changes, config: Path | None = None
) -> Settings:
    """The recorded session's settings of pipeline and vision, this machine's paths, and what is
    changed on top. Whose sessions were locked is the recording's own, and nothing where it was made
    before there were locks."""
    recorded = {"audience": {"locked": []}, **recorded_settings(header)}
    for section, values in changes.settings.items():
        recorded[section] = {**recorded.get(section, {}), **values}
    if changes.model is not None:
        recorded.setdefault("expression", {})["pixel_model"] = changes.model
    settings = load_settings(config, **recorded)
    audience = settings.audience.model_copy(update={"stations": {}})
    return settings.model_copy(update={"audience": audience})


def plan_of(
    header: recording_pb2.RecordingHeader, changes: Changes, settings: Settings
) -> SessionPlan:
    """The recorded session's terms under a new identifier."""
    loaded = changes.scenario
    if loaded is None and header.scenario_yaml:
        loaded = parse_scenario(header.scenario_yaml, source="the recorded scenario")
    start = session_pb2.SessionStart()
    start.CopyFrom(header.start)
    if start.video_source == session_pb2.VIDEO_SOURCE_SERVER_CAMERA:
        start.video_source = session_pb2.VIDEO_SOURCE_CLIENT_FRAMES
    plan = plan_with_scenario(
        start,
        settings=settings,
        session_id=uuid.uuid4().hex,
        loaded=loaded,
        follows=header.follows_scenario or changes.scenario is not None,
    )
    return dataclasses.replace(plan, camera_region=camera_region(header))


class _Run:
    """Feeds steps to the pipeline, records what follows, and keeps what is compared."""

    def __init__(
        self, pipeline: Pipeline, slots: RecordedSlots | None, recorder: Recorder | None
    ) -> None:
        self._pipeline = pipeline
        self._slots = slots
        self._recorder = recorder
        self._order = 0
        self._now_ns = 0
        self.decisions: list[Decision] = []
        self.states: dict[int, EmpathyState] = {}
        self.frames_without_pixels = 0
        self.ending: Summary | None = None

    def take(self, step: Step, source: Source) -> None:
        """Consume one recorded input."""
        if self._slots is not None and source is Source.FEATURES:
            self._slots.offer(step.closed)
        given = step.given
        if step.is_frame and source is not Source.PIXELS:
            # In the frame's place: session time stands still, and its slots are handed over.
            given = Tick(self._now_ns) if step.closed and source is Source.FEATURES else None
        elif step.analysed and given is None:
            self.frames_without_pixels += 1
        if given is not None:
            self._consume(given)
        self.states[step.order] = self._pipeline.state

    def _consume(self, given: Input) -> None:
        self._order += 1
        if isinstance(given, Tick):
            self._now_ns = max(self._now_ns, given.time_ns)
        outputs = self._pipeline.step(given)
        self._keep(outputs)
        if self._recorder is not None:
            self._recorder.input(self._order, given)
            self._recorder.outputs(self._order, outputs)
            for output in outputs:
                if isinstance(output, ConsentInForce):
                    consent = Consent(output.revision, output.scopes)
                    self._recorder.consent(consent, output.time_ns)

    def _keep(self, outputs: tuple[Output, ...]) -> None:
        for output in outputs:
            if isinstance(output, DecisionMade):
                self.decisions.append(output.decision)
            elif isinstance(output, Summary):
                self.ending = output


def _paced(steps: Iterator[Step], speed: float) -> Iterator[Step]:
    """The steps, each not before its session time at `speed`."""
    began = time.monotonic()
    for step in steps:
        if speed > 0:
            ahead = step.time_ns / NS_PER_S / speed - (time.monotonic() - began)
            if ahead > 0:
                time.sleep(ahead)
        yield step


def _recorder(
    out: Path,
    plan: SessionPlan,
    header: recording_pb2.RecordingHeader,
    settings: Settings,
    labels: tuple[str, ...],
) -> Recorder:
    """A recorder for the new session. The pixels are not copied: they are in the old one."""
    models = models_in_use(settings, ModelStore(settings.expression.models_dir))
    new = recording_header(
        plan,
        header.start,
        settings=settings,
        models=models,
        labels=labels,
        started_unix_ns=header.started_unix_ns,
    )
    return Recorder.open(out, new, RecordingSettings(free_space_floor_mb=0), patient=True)


def _check_written(recorder: Recorder) -> None:
    """Before the first step, so that nobody waits for a replay that cannot be kept, and after the
    last one."""
    if recorder.failure is not None:
        raise RecordingError(
            f"cannot write the replayed session to {recorder.path}: {recorder.failure}; "
            "name another file"
        )


def _check_changes(changes: Changes, source: Source) -> None:
    if "audience" in changes.settings:
        raise ConfigError("a replay keeps the lock of its recording: audience cannot be changed")
    touched = {"vision", "expression"} & set(changes.settings)
    if source is not Source.PIXELS and (changes.model or touched):
        what = "the model" if changes.model else f"settings of {' and '.join(sorted(touched))}"
        raise ConfigError(
            f"changing {what} changes nothing here: this replay starts from {source.value}, after "
            "the face was read; only a recording with video can be read again"
        )


def _hindrances(
    recording: Recording, source: Source, changes: Changes, used: Settings, frames_missing: int
) -> Iterator[str]:
    if changes.any:
        yield "the replay was asked to change something"
    if unknown := unknown_settings(recording.header):
        yield f"another version recorded it, with settings unknown here: {', '.join(unknown)}"
    if recording.damage:
        yield f"the recording is damaged; {recording.lost_s:.1f} s are known to be missing"
    if source is Source.EVENTS and ConsentScope.ANALYSE in recording.scopes_ever:
        yield "neither video nor features were stored: the face that was read live is not here"
    scope = _STORED_AS.get(source)
    in_force = (recording.scopes_at_start, *(one.scopes for one in recording.consents))
    if scope and any(ConsentScope.ANALYSE in one and scope not in one for one in in_force):
        yield f"{source.value} were stored only for a part of the session: the rest is not here"
    if source is not Source.PIXELS:
        return
    if frames_missing:
        yield f"{frames_missing} frames were analysed live but are not stored"
    if recording.redacted:
        yield f"other faces were blacked out in {recording.redacted} frames, which changes pixels"
    yield from _other_machine(recording.header, used, changes.model is None)


def _other_machine(
    header: recording_pb2.RecordingHeader, used: Settings, same_model_expected: bool
) -> Iterator[str]:
    if header.cpu != instruction_set():
        yield f"the session ran on {header.cpu or 'an unknown processor'}, not on this one"
    if dict(header.packages) != package_versions():
        changed = {name for name, _ in dict(header.packages).items() ^ package_versions().items()}
        yield f"other versions are installed of {', '.join(sorted(changed))}"
    here = models_in_use(used, ModelStore(used.expression.models_dir))
    hashes = {one.name: one.sha256 for one in here}
    if same_model_expected and {one.name: one.sha256 for one in header.models} != hashes:
        yield "the model's file is another one"
