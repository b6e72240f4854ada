"""One visitor's session through `Pipeline.step`, with the shipped model and example scenario."""

import math
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import pytest

from attune.config import Settings
from attune.empathy.evidence import UNIT, Evidence
from attune.empathy.slots import Reading
from attune.expression.emotion import EMOTIONS_7
from attune.expression.store import ModelStore
from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    DecisionReason,
    ResolvedBy,
    SceneEvent,
    StimulusOffset,
    StimulusOnset,
)
from attune.scenario.library import ScenarioLibrary
from attune.scenario.player import ScenarioPlayer
from attune.session.consent import Consent, ConsentScope
from attune.session.inputs import (
    BaselineAction,
    BaselineInput,
    ConsentInput,
    EndInput,
    EndReason,
    EventInput,
    FrameInput,
    PauseInput,
    ResumeInput,
    Tick,
)
from attune.session.outputs import (
    BaselineProgress,
    ConsentInForce,
    DecisionMade,
    Disposition,
    FrameSettled,
    Noticed,
    NoticeKind,
    Output,
    SlotClosed,
    StateUpdate,
    Summary,
)
from attune.session.pipeline import Pipeline
from attune.session.plan import SessionPlan, VideoSource
from attune.timeline import NS_PER_S, SLOT_NS, slot_of
from attune.vision.frame import CaptureTimeSource, EncodedFrame, Encoding, FrameRole

SETTINGS = Settings()
ANALYSE = frozenset({ConsentScope.ANALYSE})
T = TypeVar("T")
Affect = Callable[[int], tuple[float, float]]


class AuthoredSlots:
    """A source of slots for a visitor whose affect is a function of session time."""

    def __init__(self, affect: Affect, quality: float = 0.42) -> None:
        self._affect = affect
        self._quality = quality
        self._next = 0

    def add(self, reading: Reading) -> tuple[Evidence, ...]:
        return ()

    def advance(self, time_ns: int) -> tuple[Evidence, ...]:
        closed = []
        while (self._next + 1) * SLOT_NS <= time_ns - 8 * SLOT_NS:
            valence, arousal = self._affect(self._next * SLOT_NS)
            closed.append(
                Evidence(
                    slot=self._next,
                    valence=round(UNIT * valence),
                    arousal=round(UNIT * arousal),
                    quality=round(UNIT * self._quality),
                    tracked=1,
                    probabilities=(),
                    focus_angle_cdeg=0,
                    band=1,
                    frames=2,
                )
            )
            self._next += 1
        return tuple(closed)

    def discard(self) -> None:
        pass


@pytest.fixture(scope="module")
def models() -> ModelStore:
    return ModelStore(SETTINGS.expression.models_dir)


def memorial_plan(scopes: Iterable[ConsentScope] = ANALYSE) -> SessionPlan:
    loaded = ScenarioLibrary.read(SETTINGS.scenario.scenarios_dir).get("memorial")
    assert loaded is not None
    return SessionPlan(
        session_id="0" * 32,
        consent=Consent(1, frozenset(scopes)),
        scenario=loaded.scenario,
        video_source=VideoSource.CLIENT_FRAMES,
    )


def test_a_model_of_fer2013s_classes_alone_is_told_by_them_before_any_frame(
    models: ModelStore, tmp_path: Path
) -> None:
    name = SETTINGS.expression.pixel_model
    shutil.copytree(models.root / name, tmp_path / name)
    card = tmp_path / name / "card.toml"
    text = card.read_text("utf-8")
    eight = text[text.rindex("[[outputs]]") : text.index("[calibration]")]
    card.write_text(text.replace(eight, ""), "utf-8")
    assert Pipeline(memorial_plan(), SETTINGS, ModelStore(tmp_path)).labels == EMOTIONS_7


def noise_frame(sequence: int, time_ns: int, *, revision: int = 1, data: bytes = b"") -> FrameInput:
    pixels = np.random.default_rng(sequence).integers(0, 255, (120, 160, 3), np.uint8)
    encoded = data or cv2.imencode(".jpg", pixels)[1].tobytes()
    return FrameInput(
        time_ns=time_ns,
        sequence=sequence,
        frame=EncodedFrame(Encoding.JPEG, encoded, 160, 120),
        role=FrameRole.WEARER,
        capture_time_source=CaptureTimeSource.SENSOR,
        consent_revision=revision,
    )


def of(kind: type[T], outputs: Iterable[Output]) -> list[T]:
    return [one for one in outputs if isinstance(one, kind)]


def play(
    pipeline: Pipeline, plan: SessionPlan, seen: list[SceneEvent] | None = None
) -> list[Output]:
    """Live through the story at 10 ticks a second, following whatever the pipeline decides."""
    assert plan.scenario is not None
    player = ScenarioPlayer(plan.scenario)
    outputs: list[Output] = []
    time_ns = 0
    while not player.finished:
        for event in player.advance(time_ns):
            if seen is not None:
                seen.append(event)
            outputs += pipeline.step(EventInput(event))
        made = pipeline.step(Tick(time_ns))
        outputs += made
        for one in of(DecisionMade, outputs[-len(made) - 4 :]):
            resolved = player.resolve(
                one.decision.choice_id, one.decision.occurrence, one.decision.branch_id, time_ns
            )
            if resolved is not None:
                outputs += pipeline.step(EventInput(resolved))
        time_ns += SLOT_NS
    return outputs + list(pipeline.step(EndInput(time_ns, EndReason.FINISHED)))


def mirroring(gain: float) -> tuple[Affect, list[SceneEvent]]:
    """Affect of a visitor who answers each stimulus with `gain` times what it intends."""
    plan = memorial_plan()
    assert plan.scenario is not None
    targets = {one.id: one.target for one in plan.scenario.stimuli}
    seen: list[SceneEvent] = []

    def affect(time_ns: int) -> tuple[float, float]:
        wobble = 0.05 * math.sin(time_ns / NS_PER_S * 5)
        for event in reversed(seen):
            age_s = (time_ns - event.time_ns) / NS_PER_S
            if isinstance(event, StimulusOffset) and age_s >= 0:
                break
            if isinstance(event, StimulusOnset) and 0 <= age_s < 6:
                target = targets[event.stimulus_id]
                return gain * target.valence + wobble, gain * target.arousal + wobble
        return wobble, wobble

    return affect, seen


def run(models: ModelStore, gain: float) -> list[Output]:
    plan = memorial_plan()
    affect, seen = mirroring(gain)
    pipeline = Pipeline(plan, SETTINGS, models, slots=AuthoredSlots(affect))
    return play(pipeline, plan, seen)


def test_a_resonant_visitor_is_led_closer_and_a_detached_one_takes_the_defaults(
    models: ModelStore,
) -> None:
    resonant = [one.decision for one in of(DecisionMade, run(models, 0.8))]
    detached = [one.decision for one in of(DecisionMade, run(models, 0.0))]
    assert [one.branch_id for one in resonant[:2]] == ["come-close", "go-inside"]
    assert resonant[0].reason is DecisionReason.EVIDENCE
    assert resonant[0].evidence["eri"] > 57
    assert [one.branch_id for one in detached[:2]] == ["pass-by", "stay-outside"]
    assert all(one.reason is not DecisionReason.EVIDENCE for one in detached[:2])


def test_the_index_ends_on_the_side_of_the_visitor(models: ModelStore) -> None:
    ends = {gain: of(Summary, run(models, gain))[-1].empathy for gain in (0.8, 0.0, -0.8)}
    assert ends[0.8].eri > 57
    assert ends[0.0].eri == pytest.approx(50, abs=3)
    assert ends[-0.8].eri < 43


def test_the_neutral_beat_teaches_the_baseline_and_says_when_it_is_in_force(
    models: ModelStore,
) -> None:
    progress = of(BaselineProgress, run(models, 0.8))
    assert progress[0].action is BaselineAction.START
    assert progress[-1].action is BaselineAction.FINISH
    assert progress[-1].in_force
    fractions = [one.fraction for one in progress]
    assert fractions == sorted(fractions)


def test_the_same_inputs_give_the_same_outputs(models: ModelStore) -> None:
    assert run(models, 0.7) == run(models, 0.7)


def test_without_a_baseline_the_first_stimulus_is_answered_with_one_notice(
    models: ModelStore,
) -> None:
    pipeline = Pipeline(
        memorial_plan(), SETTINGS, models, slots=AuthoredSlots(lambda _: (0.0, 0.0))
    )
    first = pipeline.step(EventInput(StimulusOnset(0, "toddler-laughing")))
    second = pipeline.step(EventInput(StimulusOnset(NS_PER_S, "toddler-laughing")))
    assert [one.kind for one in of(Noticed, first)] == [NoticeKind.NO_BASELINE]
    assert second == ()


def test_an_unknown_stimulus_is_refused_with_the_known_ones(models: ModelStore) -> None:
    pipeline = Pipeline(memorial_plan(), SETTINGS, models)
    (notice,) = of(Noticed, pipeline.step(EventInput(StimulusOnset(0, "dragon"))))
    assert notice.kind is NoticeKind.EVENT_REFUSED
    assert notice.parameters["code"] == "event.unknown_stimulus"
    assert "toddler-laughing" in notice.parameters["detail"]


def test_without_consent_no_pixel_is_looked_at_and_the_story_takes_defaults(
    models: ModelStore,
) -> None:
    pipeline = Pipeline(memorial_plan(()), SETTINGS, models)
    first = pipeline.step(noise_frame(1, 1, data=b"not even a JPEG"))
    second = pipeline.step(noise_frame(2, 2, data=b"not even a JPEG"))
    assert of(FrameSettled, first)[0].disposition is Disposition.DROPPED
    assert of(Noticed, first)[0].parameters["code"] == "consent.missing"
    assert of(Noticed, second) == []
    due = ChoiceDue(0, "after-the-street", 1, 2 * NS_PER_S)
    (made,) = of(DecisionMade, pipeline.step(EventInput(due)))
    assert made.decision.reason is DecisionReason.NO_CONSENT
    assert made.decision.branch_id == "pass-by"


def test_withdrawing_analysis_empties_state_and_baseline_at_once(models: ModelStore) -> None:
    plan = memorial_plan({ConsentScope.ANALYSE, ConsentScope.STORE_FEATURES})
    affect, seen = mirroring(0.8)
    pipeline = Pipeline(plan, SETTINGS, models, slots=AuthoredSlots(affect))
    play(pipeline, plan, seen)
    outputs = pipeline.step(ConsentInput(60 * NS_PER_S, 2, frozenset()))
    (applied,) = of(ConsentInForce, outputs)
    assert applied.withdrawn == {ConsentScope.ANALYSE, ConsentScope.STORE_FEATURES}
    assert [n.kind for n in of(Noticed, outputs)] == [NoticeKind.DELETION_OFFERED]
    later = pipeline.step(Tick(61 * NS_PER_S))
    assert of(SlotClosed, later) == []
    (update,) = of(StateUpdate, later)
    assert (update.empathy.eri, update.empathy.confidence) == (50.0, 0.0)
    assert not update.empathy.baseline_ready


def test_a_stale_consent_revision_is_refused_and_changes_nothing(models: ModelStore) -> None:
    pipeline = Pipeline(memorial_plan(), SETTINGS, models)
    (notice,) = of(Noticed, pipeline.step(ConsentInput(0, 1, frozenset())))
    assert notice.parameters["code"] == "consent.revision_stale"
    outputs = pipeline.step(noise_frame(1, 1))
    assert of(FrameSettled, outputs)[0].disposition is Disposition.ANALYSED


def test_a_frame_captured_under_an_older_consent_is_dropped(models: ModelStore) -> None:
    pipeline = Pipeline(memorial_plan(), SETTINGS, models)
    pipeline.step(ConsentInput(0, 2, ANALYSE))
    (settled,) = pipeline.step(noise_frame(1, 1, revision=1))
    assert isinstance(settled, FrameSettled)
    assert settled.disposition is Disposition.DROPPED


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (noise_frame(1, 500), "frame.sequence_backwards"),
        (noise_frame(3, 100), "frame.time_backwards"),
        (noise_frame(3, NS_PER_S), "frame.from_the_future"),
        (noise_frame(3, 500, data=b"\xff\xd8 this is no JPEG"), "frame.corrupt"),
    ],
)
def test_an_impossible_frame_is_refused_and_the_next_one_is_read(
    models: ModelStore, frame: FrameInput, code: str
) -> None:
    pipeline = Pipeline(memorial_plan(), SETTINGS, models)
    pipeline.step(noise_frame(2, 200))
    outputs = pipeline.step(frame)
    assert of(FrameSettled, outputs)[0].disposition is Disposition.REFUSED
    assert of(Noticed, outputs)[0].parameters["code"] == code
    after = pipeline.step(noise_frame(4, 1000))
    assert of(FrameSettled, after)[0].disposition is Disposition.ANALYSED


def test_a_frame_without_a_face_says_so_and_counts_as_untracked(models: ModelStore) -> None:
    pipeline = Pipeline(memorial_plan(), SETTINGS, models)
    outputs: list[Output] = []
    for number in range(1, 20):
        time_ns = number * SLOT_NS
        outputs += pipeline.step(Tick(time_ns))
        outputs += pipeline.step(noise_frame(number, time_ns))
    updates = of(StateUpdate, outputs)[1:]
    assert [one.frame_sequence for one in updates] == list(range(1, 20))
    assert all(one.face is None and one.expression is None for one in updates)
    slots = [one.evidence for one in of(SlotClosed, outputs)]
    assert [one.slot for one in slots] == list(range(len(slots)))
    assert {one.quality for one in slots} == {0}


def test_while_paused_frames_are_dropped_and_the_state_says_paused(models: ModelStore) -> None:
    pipeline = Pipeline(memorial_plan(), SETTINGS, models)
    (paused,) = of(StateUpdate, pipeline.step(PauseInput(0)))
    (settled,) = pipeline.step(noise_frame(1, 1))
    (resumed,) = of(StateUpdate, pipeline.step(ResumeInput(NS_PER_S)))
    assert paused.empathy.status == "paused"
    assert isinstance(settled, FrameSettled)
    assert settled.disposition is Disposition.DROPPED
    assert resumed.empathy.status != "paused"


def test_a_pause_in_the_neutral_beat_leaves_the_baseline_to_be_learned_after_it(
    models: ModelStore,
) -> None:
    pipeline = Pipeline(
        memorial_plan(), SETTINGS, models, slots=AuthoredSlots(lambda _: (0.1, 0.0))
    )
    outputs: list[Output] = []

    def until(second: int) -> None:
        for slot in range(second * 10 - 400, second * 10):
            outputs.extend(pipeline.step(Tick((slot + 1) * SLOT_NS)))

    outputs += pipeline.step(EventInput(BeatEntered(0, "hall")))
    outputs += pipeline.step(Tick(2 * NS_PER_S))
    outputs += pipeline.step(PauseInput(2 * NS_PER_S))
    until(42)
    outputs += pipeline.step(ResumeInput(42 * NS_PER_S))
    until(82)
    progress = of(BaselineProgress, outputs)
    assert [one.in_force for one in progress if one.action is BaselineAction.FINISH] == [True]
    assert of(Noticed, outputs) == []


def test_a_baseline_without_consent_is_refused(models: ModelStore) -> None:
    pipeline = Pipeline(memorial_plan(()), SETTINGS, models)
    (notice,) = of(Noticed, pipeline.step(BaselineInput(0, BaselineAction.START)))
    assert notice.parameters["code"] == "calibration.no_consent"


def test_a_scene_that_plays_another_scenario_gets_no_decisions(models: ModelStore) -> None:
    plan = memorial_plan()
    other = SessionPlan(
        session_id="1" * 32, consent=plan.consent, scenario=plan.scenario, follows_scenario=False
    )
    pipeline = Pipeline(other, SETTINGS, models)
    assert pipeline.step(EventInput(ChoiceDue(0, "after-the-street", 1, 0))) == ()
    assert of(DecisionMade, pipeline.step(Tick(SLOT_NS))) == []


def test_a_resolved_choice_is_never_decided_again(models: ModelStore) -> None:
    pipeline = Pipeline(memorial_plan(), SETTINGS, models)
    resolved = ChoiceResolved(0, "after-the-street", 1, "pass-by", ResolvedBy.LOCAL_DEFAULT)
    pipeline.step(EventInput(resolved))
    due = ChoiceDue(0, "after-the-street", 1, NS_PER_S)
    assert of(DecisionMade, pipeline.step(EventInput(due))) == []
    assert of(DecisionMade, pipeline.step(Tick(5 * NS_PER_S))) == []


def test_ticks_without_frames_still_bring_ten_updates_a_second(models: ModelStore) -> None:
    pipeline = Pipeline(memorial_plan(), SETTINGS, models)
    outputs = [one for k in range(1, 11) for one in pipeline.step(Tick(k * SLOT_NS))]
    assert len(of(StateUpdate, outputs)) == 10
    assert slot_of(of(StateUpdate, outputs)[-1].time_ns) == 10
