"""The director: authored branches only, at decision points only, once, and only calming."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.errors import InputError
from attune.scenario.director import LEAD_NS, MAX_OPEN, MAX_ORDERED, Director
from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    DecisionReason,
    ResolvedBy,
)
from tests.scenario.stories import S, crossroads, state, two_choices

SLOT = S // 10
DUE = ChoiceDue(2 * S, "way", 1, 6 * S)


def run(director, states, due=DUE, until_ns=8 * S):
    """Play states slot by slot; each is known 0.4 s after its slot ends. Returns decisions."""
    made = []
    pending = [due] if due is not None else []
    known = list(states)
    for tick in range(until_ns // SLOT + 1):
        now = tick * SLOT
        while pending and pending[0].time_ns <= now:
            director.handle(pending.pop(0))
        while known and (known[0].slot + 1) * SLOT + 4 * SLOT <= now:
            director.observe(known.pop(0))
        made.extend(director.decide(now))
    return made


def steady(**fields):
    """Eight seconds of one and the same state."""
    return [state(slot, **fields) for slot in range(80)]


def test_evidence_that_has_dwelt_takes_the_branch_when_the_choice_falls_due():
    (decision,) = run(Director(crossroads()), steady(eri=65))
    assert (decision.branch_id, decision.reason) == ("hard", DecisionReason.EVIDENCE)
    assert decision.time_ns == 2 * S
    assert decision.evidence["eri"] == 65
    assert decision.evidence["enter"] == 60
    assert {one.branch_id: one.why_not for one in decision.alternatives} == {
        "soft": "below_enter",
        "plain": "is_default",
    }


def test_the_branch_for_low_values_is_taken_below_its_threshold():
    (decision,) = run(Director(crossroads()), steady(eri=38))
    assert (decision.branch_id, decision.reason) == ("soft", DecisionReason.EVIDENCE)


def test_nothing_in_particular_takes_the_default_at_the_deadline():
    (decision,) = run(Director(crossroads()), steady(eri=50))
    assert (decision.branch_id, decision.reason) == ("plain", DecisionReason.DEADLINE)
    assert 6 * S - LEAD_NS <= decision.time_ns < 6 * S


def test_low_confidence_holds_and_then_takes_the_default():
    (decision,) = run(Director(crossroads()), steady(eri=95, confidence=0.2))
    assert (decision.branch_id, decision.reason) == ("plain", DecisionReason.LOW_CONFIDENCE)
    assert 6 * S - LEAD_NS <= decision.time_ns < 6 * S
    assert {one.why_not for one in decision.alternatives} == {"low_confidence"}


def test_without_any_state_the_default_is_taken_for_low_confidence():
    (decision,) = run(Director(crossroads()), [])
    assert (decision.branch_id, decision.reason) == ("plain", DecisionReason.LOW_CONFIDENCE)


def test_evidence_that_comes_late_but_in_time_is_taken_after_its_dwell():
    states = [state(slot, eri=65 if slot >= 30 else 50) for slot in range(80)]
    (decision,) = run(Director(crossroads(dwell_s=1.0)), states)
    assert decision.branch_id == "hard"
    # In from slot 30 on, met with slot 39, which is known 0.4 s after its end.
    assert decision.time_ns == 40 * SLOT + 4 * SLOT


def test_a_signal_between_exit_and_enter_neither_enters_nor_leaves():
    entered = [state(slot, eri=65 if slot < 3 else 57) for slot in range(80)]
    assert run(Director(crossroads()), entered)[0].branch_id == "hard"
    never = [state(slot, eri=57) for slot in range(80)]
    assert run(Director(crossroads()), never)[0].branch_id == "plain"


def test_a_signal_that_flaps_about_enter_does_not_lose_its_dwell_but_leaving_does():
    flapping = [state(slot, eri=61 if slot % 2 else 58) for slot in range(80)]
    assert run(Director(crossroads(dwell_s=2.0)), flapping)[0].branch_id == "hard"
    leaving = [state(slot, eri=65 if slot % 10 else 50) for slot in range(80)]
    assert run(Director(crossroads(dwell_s=2.0)), leaving)[0].branch_id == "plain"


def test_low_confidence_in_between_starts_the_dwell_anew():
    states = [state(slot, eri=65, confidence=0.1 if slot % 10 == 0 else 0.5) for slot in range(80)]
    assert run(Director(crossroads(dwell_s=2.0)), states)[0].branch_id == "plain"


def test_distress_takes_the_calmest_branch_at_once():
    (decision,) = run(Director(crossroads()), steady(eri=65, distress=True))
    assert (decision.branch_id, decision.reason) == ("soft", DecisionReason.DISTRESS)
    assert {one.branch_id: one.why_not for one in decision.alternatives} == {
        "hard": "raises_intensity",
        "plain": "raises_intensity",
    }


def test_an_adaptive_decision_cools_the_next_choice_down():
    director = Director(crossroads(cool_down_s=30.0))
    assert run(director, steady(eri=65))[0].branch_id == "hard"
    again = ChoiceDue(10 * S, "way", 2, 14 * S)
    director.handle(again)
    for slot in range(80, 140):
        director.observe(state(slot, eri=65))
    assert director.decide(12 * S) == ()
    (decision,) = director.decide(14 * S)
    assert (decision.branch_id, decision.reason) == ("plain", DecisionReason.COOL_DOWN)


@pytest.mark.parametrize(
    ("before_s", "after_s", "reason"),
    [
        (30.0, 0.0, DecisionReason.EVIDENCE),
        (0.0, 30.0, DecisionReason.COOL_DOWN),
        (0.0, 8.0, DecisionReason.EVIDENCE),  # over at 10 s, when it falls due
    ],
)
def test_how_long_a_choice_cools_down_is_its_own_and_not_that_of_the_one_before(
    before_s, after_s, reason
):
    director = Director(two_choices(before_s, after_s))
    assert run(director, steady(eri=65))[0].time_ns == 2 * S
    director.handle(ChoiceDue(10 * S, "later", 1, 14 * S))
    made = [*director.decide(10 * S), *director.decide(14 * S)]
    assert [one.reason for one in made] == [reason]


def test_the_first_resolution_wins():
    director = Director(crossroads())
    director.handle(DUE)
    director.handle(ChoiceResolved(2 * S, "way", 1, "plain", ResolvedBy.LOCAL_DEFAULT))
    assert run(director, steady(eri=65)) == []


def test_an_operator_takes_a_branch_against_the_evidence():
    director = Director(crossroads())
    assert director.operator("way", 1, "soft")
    (decision,) = run(director, steady(eri=65))
    assert (decision.branch_id, decision.reason) == ("soft", DecisionReason.OPERATOR)
    assert not director.operator("way", 1, "hard")


def test_an_operator_is_no_further_ahead_of_the_story_than_it_can_be():
    director = Director(crossroads())
    for occurrence in range(1, MAX_ORDERED + 1):
        assert director.operator("way", occurrence, "soft")
    assert director.operator("way", 1, "hard")
    with pytest.raises(InputError, match="fall due"):
        director.operator("way", MAX_ORDERED + 1, "soft")
    (decision,) = run(director, [])
    assert decision.branch_id == "hard"
    assert director.operator("way", MAX_ORDERED + 1, "soft")


def test_without_consent_only_the_default_is_proposed():
    director = Director(crossroads())
    for slot in range(10):
        director.observe(state(slot, eri=65))
    director.set_analysis(allowed=False)
    (decision,) = run(director, [])
    assert (decision.branch_id, decision.reason) == ("plain", DecisionReason.NO_CONSENT)
    assert "eri" not in decision.evidence


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        (BeatEntered(0, "nowhere"), "unknown beat 'nowhere'"),
        (ChoiceDue(0, "which", 1, 1), "unknown choice 'which'"),
        (ChoiceResolved(0, "way", 1, "up", ResolvedBy.SERVER), "no branch 'up'"),
    ],
)
def test_names_that_the_story_lacks_are_refused(event, complaint):
    with pytest.raises(InputError, match=complaint):
        Director(crossroads()).handle(event)


def test_decision_ids_follow_from_choice_and_occurrence():
    first = run(Director(crossroads()), steady(eri=65))
    second = run(Director(crossroads()), steady(eri=30))
    assert first[0].decision_id == second[0].decision_id == "way-1"


STATES = st.lists(
    st.builds(
        lambda eri, confidence, distress: {
            "eri": eri,
            "confidence": confidence,
            "distress": distress,
        },
        st.floats(0, 100),
        st.floats(0, 0.99),
        st.booleans(),
    ),
    min_size=80,
    max_size=80,
)


@given(STATES)
def test_whatever_the_face_shows_one_authored_branch_is_chosen_inside_the_decision_point(fields):
    states = [state(slot, **one) for slot, one in enumerate(fields)]
    (decision,) = run(Director(crossroads()), states)
    assert decision.branch_id in {"hard", "soft", "plain"}
    assert DUE.time_ns <= decision.time_ns <= DUE.deadline_ns


@given(STATES)
def test_the_guard_never_raises_intensity_over_what_would_have_been_chosen(fields):
    scenario = crossroads()
    intensity = {branch.id: branch.intensity for branch in scenario.choices[0].branches}
    guarded = run(Director(scenario), [state(i, **one) for i, one in enumerate(fields)])
    free = run(
        Director(scenario),
        [state(i, **{**one, "distress": False}) for i, one in enumerate(fields)],
    )
    assert intensity[guarded[0].branch_id] <= intensity[free[0].branch_id] or (
        guarded[0].reason is not DecisionReason.DISTRESS
    )


@given(
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
    st.sampled_from(["hard", "soft", "plain"]),
    st.floats(0, 100),
    st.integers(0, 79),
)
def test_the_guard_takes_the_calmest_of_any_branches_at_any_moment(
    intensities, default, eri, upset_slot
):
    intensity = dict(zip(("hard", "soft", "plain"), intensities, strict=True))
    scenario = crossroads(intensities=intensity, default=default)
    states = [state(slot, eri=eri, distress=slot >= upset_slot) for slot in range(80)]
    (decision,) = run(Director(scenario), states)
    if decision.reason is DecisionReason.DISTRESS:
        assert intensity[decision.branch_id] == min(intensities)
        assert intensity[decision.branch_id] <= intensity[default]


def test_evidence_that_comes_within_the_lead_is_too_late():
    # Known 0.4 s after its slot: met with slot 53 at 5.8 s, when the default was proposed.
    states = [state(slot, eri=65 if slot >= 49 else 50) for slot in range(80)]
    (decision,) = run(Director(crossroads()), states)
    assert (decision.branch_id, decision.reason) == ("plain", DecisionReason.DEADLINE)
    assert LEAD_NS == S // 4
    earlier = [state(slot, eri=65 if slot >= 48 else 50) for slot in range(80)]
    assert run(Director(crossroads()), earlier)[0].branch_id == "hard"


@given(
    st.lists(
        st.one_of(
            st.builds(
                lambda occurrence, at, length: ChoiceDue(at, "way", occurrence, at + length),
                st.integers(1, 3),
                st.integers(0, 5 * S),
                st.integers(0, 5 * S),
            ),
            st.builds(
                lambda occurrence, branch: ChoiceResolved(
                    0, "way", occurrence, branch, ResolvedBy.SERVER
                ),
                st.integers(1, 3),
                st.sampled_from(["hard", "soft", "plain"]),
            ),
            st.integers(0, 10 * S),
            st.tuples(st.integers(1, 3), st.sampled_from(["hard", "soft"])),
            st.builds(state, st.integers(0, 100), st.floats(0, 100), st.floats(0, 0.99)),
        ),
        max_size=60,
    )
)
def test_whatever_the_order_a_choice_is_decided_once_and_never_after_its_resolution(inputs):
    director = Director(crossroads())
    decided, resolved, due_at = set(), set(), {}
    for one in inputs:
        if isinstance(one, int):
            for decision in director.decide(one):
                key = (decision.choice_id, decision.occurrence)
                assert key not in decided
                assert key not in resolved
                assert one >= due_at[key]
                decided.add(key)
        elif isinstance(one, tuple):
            director.operator("way", *one)
        elif isinstance(one, ChoiceDue | ChoiceResolved):
            director.handle(one)
            key = (one.choice_id, one.occurrence)
            if isinstance(one, ChoiceResolved):
                resolved.add(key)
            else:
                due_at.setdefault(key, one.time_ns)
        else:
            director.observe(one)


def test_more_choices_than_a_story_can_have_open_are_refused_until_one_is_settled():
    director = Director(crossroads())
    for occurrence in range(1, MAX_OPEN + 1):
        director.handle(ChoiceDue(0, "way", occurrence, 60 * S))

    with pytest.raises(InputError, match="wait for their decision already") as refusal:
        director.handle(ChoiceDue(0, "way", MAX_OPEN + 1, 60 * S))
    assert refusal.value.code == "event.too_many_choices"

    director.handle(ChoiceResolved(S, "way", 1, "plain", ResolvedBy.LOCAL_DEFAULT))
    director.handle(ChoiceDue(0, "way", MAX_OPEN + 1, 60 * S))
    assert len(director.waiting) == MAX_OPEN
