"""The story that ships: what it must contain, and that faces can steer it, in simulated visits."""

import pytest

from attune.empathy.state import EriStatus
from attune.scenario import graph
from attune.scenario.events import DecisionReason
from attune.scenario.loading import load_scenario
from tests.scenario.visit import visit

HEADSET = 0.34
"""Evidence quality of a frontal face under a headset, at the low end of what is expected."""

HIDDEN = 0.08
"""Evidence quality of a face that is nine tenths hidden."""


@pytest.fixture(scope="module")
def memorial(repository):
    return load_scenario(repository / "examples" / "scenarios" / "memorial.yaml").scenario


def test_it_has_a_neutral_baseline_first_and_three_choices_on_every_way(memorial):
    assert memorial.entry == memorial.baseline == memorial.beats[0].id
    assert len(memorial.beats) >= 5
    ways = list(graph.paths(memorial))
    assert {len(way.branches) for way in ways} == {3}
    assert len(memorial.choices) == 3
    mandatory = {beat.id for beat in memorial.beats if beat.mandatory}
    assert len(mandatory) >= 5
    assert all(mandatory <= set(way.beats) for way in ways)


def test_every_way_fits_a_demonstration(memorial):
    assert all(45 <= way.duration_s <= 57 for way in graph.paths(memorial))


def test_the_six_stimuli_carry_their_norms_and_each_is_shown_on_some_way(memorial):
    norms = {one.id: (one.norm.valence, one.norm.arousal) for one in memorial.stimuli}
    assert norms == {
        "police-helicopter": (2.659, 6.652),
        "sick-boy": (2.434, 5.623),
        "soldiers-singing": (6.283, 5.975),
        "toddler-laughing": (7.07, 6.429),
        "bear-attack": (5.22, 5.0),
        "solitary-confinement": (2.38, 4.25),
    }
    assert {cue.stimulus for beat in memorial.beats for cue in beat.stimuli} == set(norms)


@pytest.mark.parametrize("gain", [0.8, 0.0, -0.8])
def test_under_a_headset_there_is_enough_evidence_at_every_choice(memorial, gain):
    seen = visit(memorial, gain, HEADSET)
    assert {choice for choice, _, _ in seen.at_choices} == {one.id for one in memorial.choices}
    assert all(state.status is EriStatus.OK for _, _, state in seen.at_choices)
    assert min(state.confidence for _, _, state in seen.at_choices) > 0.27


@pytest.mark.parametrize("gain", [0.8, -0.8])
def test_nine_tenths_hidden_there_never_is_and_every_default_is_taken(memorial, gain):
    seen = visit(memorial, gain, HIDDEN)
    assert all(state.status is EriStatus.ABSTAIN for state in seen.states)
    assert {one.reason for one in seen.decisions} == {DecisionReason.LOW_CONFIDENCE}
    assert seen.branches == {choice.id: choice.default for choice in memorial.choices}


def test_a_resonant_and_a_detached_visitor_go_different_ways(memorial):
    resonant, detached = visit(memorial, 0.8, HEADSET), visit(memorial, 0.0, HEADSET)
    assert resonant.branches == {
        "after-the-street": "come-close",
        "at-the-door": "go-inside",
        "how-to-leave": "light-a-candle",
    }
    assert {one.reason for one in resonant.decisions} == {DecisionReason.EVIDENCE}
    assert detached.branches["after-the-street"] == "pass-by"
    assert resonant.states[-1].eri > 60
    assert detached.states[-1].eri == pytest.approx(50, abs=6)


def test_a_countering_visitor_ends_below_neutral_and_leaves_by_the_garden(memorial):
    seen = visit(memorial, -0.8, HEADSET)
    assert seen.states[-1].eri < 40
    assert seen.branches["how-to-leave"] == "step-outside"


def test_a_visitor_in_distress_is_led_the_calmest_way(memorial):
    seen = visit(memorial, 0.8, HEADSET, upset_from_ns=20_000_000_000)
    last = {one.choice_id: one for one in seen.decisions}
    for choice in memorial.choices[1:]:
        assert last[choice.id].reason is DecisionReason.DISTRESS
        calmest = min(branch.intensity for branch in choice.branches)
        assert choice.branch(last[choice.id].branch_id).intensity == calmest


def test_the_same_visit_twice_gives_the_same_decisions_and_states(memorial):
    first, second = visit(memorial, 0.5, HEADSET, seed=4), visit(memorial, 0.5, HEADSET, seed=4)
    assert first.decisions == second.decisions
    assert first.states == second.states


def test_a_visit_may_begin_at_any_time(memorial):
    seen = visit(memorial, 0.8, HEADSET, start_ns=3_725_037_000_000)
    assert seen.branches["after-the-street"] == "come-close"
    assert seen.states[-1].baseline_ready
