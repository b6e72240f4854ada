"""Simulated visitors answer a story as their traits say, the same every time."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.config import EmpathySettings
from attune.empathy.index import EmpathyIndex
from attune.empathy.windows import Target
from attune.scenario.events import SceneEvent, StimulusOffset, StimulusOnset
from attune.scenario.loading import load_scenario
from attune.scenario.player import end_of, timeline_of
from attune.scenario.schema import Scenario
from attune.scenario.visitor_face import (
    BLINKS_PER_MIN,
    WEIGHT_NAMES,
    blinks,
    expression_weights,
    glances,
)
from attune.scenario.visitors import (
    Pull,
    VisitorKind,
    VisitorTraits,
    draw_visitor,
    pulls,
    simulate,
    slots,
)

CALM = VisitorTraits(noise=0.0, attention=1.0, fatigue_per_min=0.0)
ONE = (Pull(2.0, 6.0, 0.6, 0.4),)


def test_a_resonant_visitor_comes_to_show_what_the_scene_intends() -> None:
    shown = simulate(CALM, ONE, 6.0, 20.0)
    assert shown.affect[0, -1] == pytest.approx([0.6, 0.4], abs=0.01)
    assert np.abs(shown.affect[0, shown.times_s < 2.0 + CALM.latency_s]).max() == 0.0


def test_a_counter_mirroring_visitor_shows_the_opposite_of_a_resonant_one() -> None:
    along = simulate(CALM, ONE, 8.0, 20.0)
    against = simulate(replace(CALM, empathy=-1.0), ONE, 8.0, 20.0)
    np.testing.assert_allclose(against.affect, -along.affect)


def test_a_detached_visitor_keeps_their_resting_face() -> None:
    traits = replace(CALM, empathy=0.0, resting_valence=0.1, resting_arousal=-0.05)
    shown = simulate(traits, ONE, 8.0, 20.0)
    np.testing.assert_allclose(shown.affect, np.broadcast_to([0.1, -0.05], shown.affect.shape))


def test_latency_moves_the_answer_and_nothing_else() -> None:
    early = simulate(replace(CALM, latency_s=0.2), ONE, 10.0, 20.0)
    late = simulate(replace(CALM, latency_s=0.7), ONE, 10.0, 20.0)
    np.testing.assert_allclose(late.affect[:, 10:], early.affect[:, :-10], atol=1e-9)


def test_a_tired_visitor_shows_less_late_than_early() -> None:
    twice = (Pull(0.0, 4.0, 0.6, 0.4), Pull(60.0, 64.0, 0.6, 0.4))
    shown = simulate(replace(CALM, fatigue_per_min=0.5), twice, 64.0, 10.0)
    assert shown.affect[0, -1, 0] == pytest.approx(0.5 * shown.affect[0, 39, 0], rel=0.1)


def test_a_visitor_is_the_same_alone_and_in_a_crowd() -> None:
    crowd = [draw_visitor("resonant", seed) for seed in range(5)]
    together = simulate(crowd, ONE, 12.0, 10.0)
    for index, one in enumerate(crowd):
        alone = simulate(one, ONE, 12.0, 10.0)
        np.testing.assert_array_equal(alone.affect[0], together.affect[index])
        np.testing.assert_array_equal(alone.head_deg[0], together.head_deg[index])


def test_visitors_of_other_seeds_are_other_visitors() -> None:
    shown = simulate([draw_visitor("resonant", seed) for seed in (1, 2)], ONE, 12.0, 10.0)
    assert np.abs(shown.affect[0] - shown.affect[1]).max() > 0.02


def test_the_rate_changes_how_often_one_looks_not_what_there_is_to_see() -> None:
    visitor = draw_visitor("resonant", 3)
    slow, fast = simulate(visitor, ONE, 10.0, 10.0), simulate(visitor, ONE, 10.0, 60.0)
    np.testing.assert_allclose(slow.affect, fast.affect[:, ::6], atol=1e-9)


def test_the_head_turns_to_a_focus_at_the_side() -> None:
    aside = (Pull(1.0, 6.0, 0.6, 0.4, focus_yaw_deg=40.0),)
    shown = simulate(CALM, aside, 6.0, 20.0)
    assert shown.head_deg[0, -1, 0] == pytest.approx(40.0, abs=5.0)
    assert shown.off_focus_deg[0, -20:].max() < 6.0


def test_an_inattentive_visitor_spends_their_share_of_time_looking_away() -> None:
    crowd = [replace(CALM, attention=0.6, seed=seed) for seed in range(100)]
    shown = simulate(crowd, (), 60.0, 10.0)
    assert np.mean(shown.off_focus_deg > 12.0) == pytest.approx(0.4, abs=0.08)


@pytest.mark.parametrize(("duration_s", "rate_hz"), [(0.0, 10.0), (10.0, 0.0), (10.0, 61.0)])
def test_an_impossible_time_is_refused(duration_s: float, rate_hz: float) -> None:
    with pytest.raises(ValueError, match="expected duration"):
        simulate(CALM, ONE, duration_s, rate_hz)


@pytest.fixture(scope="module")
def memorial(repository: Path) -> Scenario:
    return load_scenario(repository / "examples/scenarios/memorial.yaml").scenario


def test_a_story_becomes_pulls_that_end_where_the_stimuli_end(memorial: Scenario) -> None:
    events = timeline_of(memorial)
    onsets = [event for event in events if isinstance(event, StimulusOnset)]
    found = pulls(memorial, events)
    assert [one.onset_s for one in found] == [event.time_ns / 1e9 for event in onsets]
    ends = {event.time_ns / 1e9 for event in events if isinstance(event, StimulusOffset)}
    assert ends <= {one.end_s for one in found}


def test_slots_follow_each_other_and_hold_means_of_ten_thousandths() -> None:
    shown = simulate([CALM, replace(CALM, empathy=-1.0)], ONE, 6.0, 30.0)
    batches = list(slots(shown, quality=0.4, band=1))
    assert [one.slot for one in batches] == list(range(60))
    assert batches[-1].valence == pytest.approx([6000, -6000], abs=60)
    assert list(batches[0].quality) == [4000, 4000]


def _final_eri(memorial: Scenario, kind: VisitorKind, visitors: int) -> np.ndarray:
    events: list[SceneEvent] = list(timeline_of(memorial))
    crowd = [draw_visitor(kind, seed) for seed in range(visitors)]
    end_s = end_of(memorial) / 1e9
    shown = simulate(crowd, pulls(memorial, events), end_s, 10.0)
    targets = [Target(one.id, one.target.valence, one.target.arousal) for one in memorial.stimuli]
    index = EmpathyIndex(EmpathySettings(), targets, visitors=visitors)
    index.baseline_start(0)
    for batch in slots(shown, quality=0.45, band=1):
        now_ns = batch.slot * 100_000_000
        while events and events[0].time_ns <= now_ns:
            event = events.pop(0)
            if isinstance(event, StimulusOnset):
                index.stimulus_onset(event.stimulus_id, event.time_ns)
            elif isinstance(event, StimulusOffset):
                index.stimulus_offset(event.stimulus_id, event.time_ns)
        if batch.slot == 105:
            index.baseline_finish(now_ns)
        index.observe(batch)
    return np.asarray(index.eri)


def test_the_index_ends_above_about_and_below_fifty(memorial: Scenario) -> None:
    resonant, detached, counter = (
        _final_eri(memorial, kind, 40) for kind in ("resonant", "detached", "counter")
    )
    assert resonant.min() > 56.0
    assert detached.mean() == pytest.approx(50.0, abs=1.5)
    assert counter.max() < 44.0


def test_a_neutral_affect_is_a_neutral_face() -> None:
    np.testing.assert_array_equal(expression_weights(np.zeros((3, 2))), 0.0)


@pytest.mark.parametrize(
    ("affect", "strong", "weak"),
    [
        ((0.55, 0.33), "mouthSmileLeft", "mouthFrownLeft"),
        ((-0.6, -0.2), "mouthFrownRight", "mouthSmileRight"),
        ((0.1, 0.6), "browOuterUpLeft", "mouthFrownLeft"),
        ((-0.5, 0.4), "browDownRight", "mouthSmileRight"),
    ],
)
def test_a_face_shows_its_affect(affect: tuple[float, float], strong: str, weak: str) -> None:
    weights = dict(zip(WEIGHT_NAMES, expression_weights(np.array(affect)), strict=True))
    assert weights[strong] > 0.6
    assert weights[weak] < 0.15


@given(st.floats(0, 2 * np.pi), st.floats(0.05, 1.0))
def test_faces_change_smoothly_with_affect(angle: float, size: float) -> None:
    around = np.array([angle, angle + 1e-3])
    faces = expression_weights(size * np.stack([np.cos(around), np.sin(around)], 1))
    assert np.abs(faces[1] - faces[0]).max() < 0.01
    assert faces.min() >= 0.0


def test_both_sides_of_the_face_do_the_same() -> None:
    weights = dict(zip(WEIGHT_NAMES, expression_weights(np.array([-0.4, 0.5])), strict=True))
    for name, value in weights.items():
        assert weights.get(name.replace("Left", "Right")) == value


def test_eyes_blink_at_a_human_rate_and_close_fully() -> None:
    times = np.arange(0, 600, 1 / 30)
    closure = blinks(times, seed=4)
    starts = np.count_nonzero((closure[1:] > 0) & (closure[:-1] == 0))
    assert starts / 10 == pytest.approx(BLINKS_PER_MIN, rel=0.3)
    assert closure.max() == 1.0
    assert np.mean(closure > 0.5) < 0.08


def test_the_gaze_jumps_and_holds() -> None:
    gaze = glances(np.arange(0, 60, 1 / 30), seed=4)
    moved = np.any(np.diff(gaze, axis=0) != 0, axis=1)
    assert 20 < np.count_nonzero(moved) < 90
