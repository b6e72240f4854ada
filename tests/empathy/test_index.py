"""What the index promises, on synthetic visitors (`tests/empathy/crowd.py`)."""

import math
from dataclasses import replace

import numpy as np
import pytest

from attune.config import EmpathySettings
from attune.empathy.evidence import ANGLE_UNKNOWN, UNIT, Evidence
from attune.empathy.index import EmpathyIndex
from attune.empathy.population import shipped_population
from attune.empathy.state import EriStatus
from attune.empathy.windows import Target
from attune.errors import InputError
from tests.empathy.crowd import Crowd, protocol, watch

SHOWN, LENGTH_S = protocol()
JOY = Target("joy", 0.6, 0.0)
GLOOM = Target("gloom", -0.6, -0.2, duration_s=60.0)
S = 1_000_000_000


def seen(slot, *, valence=0.0, arousal=0.0, quality=1.0, angle_deg=None, band=1):
    """One slot of one visitor in circumplex units."""
    return Evidence(
        slot,
        round(UNIT * valence),
        round(UNIT * arousal),
        round(UNIT * quality),
        1,
        (),
        ANGLE_UNKNOWN if angle_deg is None else round(100 * angle_deg),
        band,
        3,
    )


def rested(targets, settings=None, neutral_s=10.0):
    """An index with a baseline of a perfectly neutral face, and its next slot."""
    index = EmpathyIndex(settings or EmpathySettings(), targets)
    index.baseline_start(0)
    index.baseline_finish(round(neutral_s * S))
    slots = round(neutral_s * 10)
    for slot in range(slots):
        index.observe(seen(slot))
    return index, slots


def test_without_anything_the_index_is_neutral_and_abstains():
    state = EmpathyIndex(EmpathySettings(), [JOY]).state()
    assert (state.eri, state.confidence, state.status) == (50.0, 0.0, EriStatus.ABSTAIN)
    assert state.contributions == ()
    assert state.affective.value is None


def test_an_expression_along_the_target_raises_the_index_and_against_it_lowers_it():
    ends = {}
    for sign in (-1, 0, 1):
        index, slot = rested([JOY])
        index.stimulus_onset("joy", slot * S // 10)
        for step in range(slot, slot + 30):
            index.observe(seen(step, valence=0.2 * sign))
        ends[sign] = index.state().eri
    assert ends[0] == 50.0
    assert ends[1] > 52
    assert ends[1] - 50 == pytest.approx(50 - ends[-1], abs=1e-9)


def test_one_perfect_isolated_window_is_worth_the_confidence_of_the_definition():
    index, slot = rested([JOY])
    index.stimulus_onset("joy", slot * S // 10)
    for step in range(slot, slot + 25):
        index.observe(seen(step, valence=1.0))
    state = index.state()
    assert state.confidence == pytest.approx(0.23, abs=0.006)
    assert state.status is EriStatus.ABSTAIN


@pytest.mark.parametrize(("quality", "settles_near"), [(0.6, 0.58), (0.34, 0.44), (0.05, 0.10)])
def test_a_lasting_stimulus_settles_near_the_confidence_of_the_definition(quality, settles_near):
    index, slot = rested([replace(GLOOM, duration_s=180.0)])
    index.stimulus_onset("gloom", slot * S // 10)
    for step in range(slot, slot + 1790):
        index.observe(seen(step, quality=quality))
    assert index.state().confidence == pytest.approx(settles_near, abs=0.02)


def test_a_single_window_gives_the_formula_to_the_last_digit():
    index, slot = rested([JOY])
    index.stimulus_onset("joy", slot * S // 10)
    for step in range(slot, slot + 25):
        index.observe(seen(step, valence=0.12, quality=0.5, angle_deg=35.0))
    # A neutral face without any spread: s_i = 0 over 10 s, in the lower-face band.
    personal_range = shipped_population().range[1] * math.sqrt(30 / 40)
    resonance = 0.12 / personal_range
    evidence = 0.5 * round(UNIT * math.exp(-1.0)) / UNIT * 0.5 ** (2.5 / 20)
    state = index.state()
    assert state.confidence == pytest.approx(evidence / (3 + evidence), rel=1e-9)
    assert state.eri == pytest.approx(50 + 50 * evidence * resonance / (3 + evidence), rel=1e-9)
    assert state.affective.value == pytest.approx(resonance, rel=1e-9)


def test_slots_of_one_visitor_and_a_batch_of_visitors_give_the_same_numbers():
    crowd = Crowd.of(5, (-1, 1), seed=3)
    slots = crowd.slots(SHOWN, LENGTH_S)
    together = watch(slots, SHOWN)
    for visitor in range(5):
        alone = watch([one.only(visitor) for one in slots], SHOWN)
        assert alone.state(0) == together.state(visitor)


def test_a_window_tracked_for_less_than_half_is_no_evidence():
    for tracked_slots, expected in ((9, 0.0), (10, 0.2)):
        index, slot = rested([JOY])
        index.stimulus_onset("joy", slot * S // 10)
        for step in range(slot, slot + 30):
            inside = slot + 5 <= step < slot + 5 + tracked_slots
            index.observe(seen(step, valence=0.3) if inside else Evidence.empty(step))
        assert index.state().confidence >= expected
        assert (index.state().confidence > 0) == (expected > 0)


def test_slots_that_never_come_count_as_untracked():
    sparse, slot = rested([JOY])
    full, _ = rested([JOY])
    for index in (sparse, full):
        index.stimulus_onset("joy", slot * S // 10)
    for step in range(slot, slot + 40):
        if step % 3:
            sparse.observe(seen(step, valence=0.3))
        full.observe(seen(step, valence=0.3) if step % 3 else Evidence.empty(step))
    assert sparse.state() == full.state()


def test_a_slot_given_twice_is_refused():
    index = EmpathyIndex(EmpathySettings(), [JOY])
    index.observe(seen(4))
    with pytest.raises(InputError, match="after 4, got slot 4"):
        index.observe(seen(4))


def test_a_slot_hours_ahead_is_refused_instead_of_filled():
    index = EmpathyIndex(EmpathySettings(), [JOY])
    index.observe(seen(4))
    with pytest.raises(InputError, match="at most 36000 after 4, got slot 4000000000"):
        index.observe(seen(4_000_000_000))


def test_a_face_in_distress_raises_the_guard_once_there_is_evidence():
    terror = Target("terror", -0.6, 0.6, duration_s=60.0)
    index, slot = rested([terror])
    index.stimulus_onset("terror", slot * S // 10)
    held_since = None
    for step in range(slot, slot + 300):
        index.observe(seen(step, valence=-0.8, arousal=0.8))
        state = index.state()
        if state.distress and held_since is None:
            held_since = step
            assert state.confidence >= 0.25
    assert held_since is not None
    assert held_since >= slot + 50


def test_the_last_second_is_shown_and_forgotten():
    index, slot = rested([])
    for step in range(slot, slot + 10):
        index.observe(seen(step, valence=0.6, arousal=0.2, angle_deg=35.0))
    state = index.state()
    assert (state.valence, state.arousal) == (pytest.approx(0.6), pytest.approx(0.2))
    assert state.intensity == pytest.approx(math.hypot(0.6, 0.2), abs=1e-4)
    assert state.attention == pytest.approx(math.exp(-1.0), abs=1e-4)
    for step in range(slot + 10, slot + 20):
        index.observe(Evidence.empty(step))
    state = index.state()
    assert (state.valence, state.arousal, state.intensity, state.attention) == (0, 0, 0, 0)


def test_an_unknown_stimulus_is_answered_with_the_known_ones():
    with pytest.raises(InputError, match="unknown stimulus 'grief'; the scenario has: joy"):
        EmpathyIndex(EmpathySettings(), [JOY]).stimulus_onset("grief", 0)


def test_a_target_close_to_neutral_is_not_scored():
    index, slot = rested([Target("calm", 0.1, 0.1)])
    index.stimulus_onset("calm", slot * S // 10)
    for step in range(slot, slot + 40):
        index.observe(seen(step, valence=0.5))
    assert index.state().confidence == 0


def test_without_a_baseline_evidence_counts_half():
    known, slot = rested([JOY])
    unknown = EmpathyIndex(EmpathySettings(), [JOY])
    for step in range(slot):
        unknown.observe(seen(step))
    for index in (known, unknown):
        index.stimulus_onset("joy", slot * S // 10)
        for step in range(slot, slot + 25):
            index.observe(seen(step, valence=0.1))
    assert not unknown.state().baseline_ready
    assert unknown._history.evidence[0] == pytest.approx(known._history.evidence[0] / 2)


def test_looking_away_takes_evidence_and_earns_no_points():
    def end(angle_deg):
        index, slot = rested([JOY])
        index.stimulus_onset("joy", slot * S // 10)
        for step in range(slot, slot + 25):
            index.observe(seen(step, valence=0.15, angle_deg=angle_deg))
        return index.state()

    at_focus, aside, away = end(5.0), end(35.0), end(90.0)
    assert at_focus.confidence > aside.confidence > away.confidence
    assert at_focus.affective.value == pytest.approx(aside.affective.value)
    assert (at_focus.attention, away.attention) == (1.0, pytest.approx(0.0, abs=1e-3))


def test_confidence_fades_with_the_half_life_between_windows():
    index, slot = rested([JOY])
    index.stimulus_onset("joy", slot * S // 10)
    for step in range(slot, slot + 25):
        index.observe(seen(step, valence=0.3))
    before = index._history.evidence[0]
    for step in range(slot + 25, slot + 225):
        index.observe(seen(step))
    assert index._history.evidence[0] == pytest.approx(before / 2, rel=1e-6)


def test_evidence_stands_still_during_a_pause():
    index, slot = rested([JOY])
    index.stimulus_onset("joy", slot * S // 10)
    for step in range(slot, slot + 30):
        index.observe(seen(step, valence=0.3))
    before = index.state()
    index.pause((slot + 30) * S // 10)
    assert index.state().status is EriStatus.PAUSED
    for step in range(slot + 30, slot + 630):
        index.observe(seen(step, valence=-1.0))
    index.resume((slot + 630) * S // 10)
    assert (index.state().eri, index.state().confidence) == (before.eri, before.confidence)


def test_looking_at_the_state_changes_nothing():
    watched, slot = rested([JOY, GLOOM])
    left_alone, _ = rested([JOY, GLOOM])
    draw = np.random.default_rng(5)
    for index in (watched, left_alone):
        index.stimulus_onset("gloom", slot * S // 10)
    for step in range(slot, slot + 190):
        one = seen(step, valence=float(draw.uniform(-0.5, 0.3)))
        for index in (watched, left_alone):
            if step == slot + 55:
                index.stimulus_onset("joy", step * S // 10)
            index.observe(one)
        if step % 7 == 0:
            watched.state()
    assert watched.state() == left_alone.state()


def test_slots_of_a_pause_say_paused_although_they_close_after_it():
    """So that a director's dwell time cannot begin in the pause."""
    index, slot = rested([JOY])
    index.pause(slot * S // 10)
    index.observe(seen(slot))
    index.resume((slot + 8) * S // 10)
    said = []
    for step in range(slot + 1, slot + 10):
        index.observe(seen(step))
        said.append(index.state().status is EriStatus.PAUSED)
    assert said == [True] * 7 + [False] * 2


def test_a_lasting_stimulus_goes_on_being_scored_after_a_pause():
    index, slot = rested([GLOOM])
    index.stimulus_onset("gloom", slot * S // 10)
    for step in range(slot, slot + 10):
        index.observe(seen(step))
    index.pause((slot + 10) * S // 10)
    for step in range(slot + 10, slot + 100):
        index.observe(seen(step))
    assert index.state().confidence == 0
    index.resume((slot + 100) * S // 10)
    for step in range(slot + 100, slot + 126):
        index.observe(seen(step, valence=-0.3))
    assert index.state().confidence > 0.1


def windows_after_a_pause(report):
    """Windows closed when gloom was shown for 1 s, then a pause of 20 s, in which `report` says
    what the scene does after 15, and 10 s more."""
    index, slot = rested([GLOOM])
    index.stimulus_onset("gloom", slot * S // 10)
    for step in range(slot, slot + 10):
        index.observe(seen(step))
    index.pause((slot + 10) * S // 10)
    report(index, (slot + 160) * S // 10)
    for step in range(slot + 10, slot + 210):
        index.observe(seen(step))
    before = len(index._history._windows)
    index.resume((slot + 210) * S // 10)
    for step in range(slot + 210, slot + 310):
        index.observe(seen(step, valence=-0.3))
    return len(index._history._windows) - before


def test_a_stimulus_that_ended_during_a_pause_is_not_scored_after_it():
    assert windows_after_a_pause(lambda index, _: None) == 4
    assert windows_after_a_pause(lambda index, now_ns: index.stimulus_offset("gloom", now_ns)) == 0


def test_a_stimulus_that_began_during_a_pause_lasts_no_longer_than_it_is_long():
    brief = Target("brief", -0.6, -0.2, duration_s=4.5)
    index, slot = rested([brief])
    index.pause(slot * S // 10)
    index.stimulus_onset("brief", (slot + 150) * S // 10)
    for step in range(slot, slot + 200):
        index.observe(seen(step))
    index.resume((slot + 200) * S // 10)
    for step in range(slot + 200, slot + 400):
        index.observe(seen(step, valence=-0.3))
    assert len(index._history._windows) == 2


def test_a_neutral_exposure_stands_still_during_a_pause():
    index = EmpathyIndex(EmpathySettings(), [])
    index.baseline_start(0)
    for slot in range(20):
        index.observe(seen(slot, valence=0.2))
    index.pause(2 * S)
    for slot in range(20, 620):
        index.observe(seen(slot, valence=0.9))
    index.resume(62 * S)
    for slot in range(620, 899):
        index.observe(seen(slot, valence=0.2))
    assert not index.baseline_ready[0]
    index.observe(seen(899, valence=0.2))
    assert index.baseline_ready[0]
    assert index._reference._median[0, 0] == pytest.approx(0.2)


def test_a_target_without_a_direction_is_never_scored():
    index, slot = rested([Target("blank", 0.0, 0.0)], EmpathySettings(min_target_norm=0.0))
    index.stimulus_onset("blank", slot * S // 10)
    for step in range(slot, slot + 40):
        index.observe(seen(step, valence=0.3))
    assert index.state().confidence == 0


def test_an_offset_ends_the_windows_of_a_lasting_stimulus():
    index, slot = rested([GLOOM])
    index.stimulus_onset("gloom", slot * S // 10)
    index.stimulus_offset("gloom", (slot + 30) * S // 10)
    for step in range(slot, slot + 100):
        index.observe(seen(step, valence=-0.3))
    assert len(index._history._windows) == 1


def test_contributions_add_up_and_name_what_moved_the_index():
    sorrow = Target("sorrow", -0.6, 0.0)
    index, slot = rested([JOY, sorrow])
    index.stimulus_onset("joy", slot * S // 10)
    index.stimulus_onset("sorrow", (slot + 30) * S // 10)
    for step in range(slot, slot + 30):
        index.observe(seen(step, valence=0.2))
    for step in range(slot + 30, slot + 60):
        index.observe(seen(step, valence=0.1))
    state = index.state()
    assert [one.stimulus_id for one in state.contributions] == ["joy", "sorrow"]
    assert state.contributions[0].points > 0 > state.contributions[1].points
    assert 50 + sum(one.points for one in state.contributions) == pytest.approx(state.eri)


def test_forgetting_a_visitor_leaves_nothing_behind():
    index, slot = rested([JOY])
    index.stimulus_onset("joy", slot * S // 10)
    for step in range(slot, slot + 30):
        index.observe(seen(step, valence=0.3))
    index.reset()
    assert index.state() == EmpathyIndex(EmpathySettings(), [JOY]).state()


def test_planted_mirroring_is_recovered_over_400_visitors():
    crowd = Crowd.of(400, (0, 1), seed=1)
    index = watch(crowd.slots(SHOWN, LENGTH_S), SHOWN)
    assert np.corrcoef(crowd.gain, index.eri)[0, 1] >= 0.8


def test_mirroring_visitors_end_above_neutral_and_countering_ones_below():
    ends = {
        name: watch(Crowd.of(400, gain, seed=2).slots(SHOWN, LENGTH_S), SHOWN).eri
        for name, gain in {"none": (0, 0), "with": (0.3, 1), "against": (-1, -0.3)}.items()
    }
    assert ends["none"].mean() == pytest.approx(50, abs=1)
    assert ends["with"].mean() > 60
    assert ends["against"].mean() < 40


def test_an_expression_out_of_step_with_the_story_is_centred_on_neutral():
    crowd = Crowd.of(400, (0.3, 1), seed=4)
    slots = crowd.slots(SHOWN, LENGTH_S)
    rest = 130
    shifts = np.random.default_rng(5).integers(0, len(slots) - rest, 400)
    course = np.array([(one.valence, one.arousal) for one in slots[rest:]])
    moved = np.stack(
        [np.roll(course[:, :, visitor], shifts[visitor], axis=0) for visitor in range(400)], axis=2
    )
    shifted = slots[:rest] + [
        replace(one, valence=affect[0], arousal=affect[1])
        for one, affect in zip(slots[rest:], moved, strict=True)
    ]
    assert watch(shifted, SHOWN).eri.mean() == pytest.approx(50, abs=1)


def test_the_index_shrinks_to_neutral_as_occlusion_grows():
    ends, sure = [], []
    for quality in (0.8, 0.6, 0.4, 0.2, 0.05):
        crowd = Crowd.of(400, (0.5, 1), seed=6, quality=quality)
        index = watch(crowd.slots(SHOWN, LENGTH_S), SHOWN)
        ends.append(abs(index.eri.mean() - 50))
        sure.append(index.confidence.mean())
    assert ends == sorted(ends, reverse=True)
    assert sure == sorted(sure, reverse=True)
    assert sure[-1] < 0.15


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_personal_range_makes_the_index_depend_less_on_expressivity(seed):
    shown, length_s = protocol(start_s=31.0)
    crowd = Crowd.of(400, (0, 1), seed=seed)
    slots = crowd.slots(shown, length_s)
    impersonal = replace(shipped_population(), shrinkage_s=1e9)
    confound = [
        np.corrcoef(crowd.expressivity, watch(slots, shown, 30.0, population).eri)[0, 1]
        for population in (shipped_population(), impersonal)
    ]
    assert confound[0] < confound[1]
    assert abs(confound[0]) < 0.25
