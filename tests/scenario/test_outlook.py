"""What would become of a choice if it fell due now, and that asking changes nothing."""

from dataclasses import replace

import pytest

from attune.scenario.director import Director
from attune.scenario.events import BeatEntered, ChoiceDue, ChoiceResolved, ResolvedBy
from attune.scenario.outlook import BranchOutlook, Prospect
from tests.scenario.stories import S, crossroads, state

SLOT = S // 10
START = BeatEntered(0, "start")
DUE = ChoiceDue(2 * S, "way", 1, 6 * S)


def entered(**fields):
    """A director whose story has come to the beat of the choice."""
    director = Director(crossroads(**fields))
    director.handle(START)
    return director


def standing(director, now_ns=S):
    """The prospects of the one choice, by branch."""
    (choice,) = director.outlook(now_ns)
    return {one.branch_id: one.prospect for one in choice.branches}


def test_before_the_first_beat_there_is_nothing_to_see():
    assert Director(crossroads()).outlook(0) == ()


def test_the_choice_of_the_beat_is_shown_before_it_is_due_and_while_it_is():
    director = entered()
    assert [(one.choice_id, one.occurrence) for one in director.outlook(S)] == [("way", 0)]
    director.handle(DUE)
    assert [(one.choice_id, one.occurrence) for one in director.outlook(2 * S)] == [("way", 1)]


def test_a_choice_that_is_decided_or_played_is_shown_no_more():
    director = entered()
    director.handle(DUE)
    assert director.decide(6 * S)
    assert director.outlook(6 * S) == ()
    director = entered()
    director.handle(ChoiceResolved(S, "way", 1, "plain", ResolvedBy.LOCAL_DEFAULT))
    assert director.outlook(S) == ()


def test_the_next_beat_takes_the_choice_of_the_last_one_away():
    director = entered()
    director.handle(BeatEntered(S, "end"))
    assert director.outlook(S) == ()


def test_choices_that_are_due_come_first():
    director = entered()
    director.handle(DUE)
    director.handle(BeatEntered(3 * S, "start"))
    assert [one.occurrence for one in director.outlook(3 * S)] == [1, 0]


def test_without_evidence_conditions_lack_confidence_and_the_default_says_so():
    assert standing(entered()) == {
        "hard": Prospect.LOW_CONFIDENCE,
        "soft": Prospect.LOW_CONFIDENCE,
        "plain": Prospect.IS_DEFAULT,
    }


def test_a_condition_is_outside_then_dwells_then_is_met():
    director = entered(dwell_s=1.0)
    director.observe(state(0, eri=50))
    assert standing(director)["hard"] is Prospect.BELOW_ENTER
    for slot in range(1, 5):
        director.observe(state(slot, eri=65))
    (choice,) = director.outlook(S)
    assert choice.branches[0] == BranchOutlook("hard", Prospect.DWELL_NOT_MET, 0.4, 1.0)
    for slot in range(5, 11):
        director.observe(state(slot, eri=65))
    (choice,) = director.outlook(S)
    assert choice.branches[0] == BranchOutlook("hard", Prospect.MET, 1.0, 1.0)
    assert choice.branches[1].prospect is Prospect.BELOW_ENTER


def test_a_branch_without_a_condition_is_only_for_the_operator_unless_it_is_the_default():
    story = crossroads()
    beat = story.beats[0]
    soft = beat.choice.branches[1].model_copy(update={"condition": None})
    choice = beat.choice.model_copy(
        update={"branches": (beat.choice.branches[0], soft, beat.choice.branches[2])}
    )
    beats = (beat.model_copy(update={"choice": choice}), story.beats[1])
    director = Director(story.model_copy(update={"beats": beats}))
    director.handle(START)
    assert standing(director)["soft"] is Prospect.ONLY_OPERATOR
    assert director.operator("way", 1, "soft")
    assert standing(director)["soft"] is Prospect.ORDERED


def test_what_an_operator_ordered_is_shown_until_it_is_decided():
    director = entered()
    director.operator("way", 2, "plain")
    director.operator("way", 1, "hard")
    director.observe(state(0, eri=50))
    assert standing(director) == {
        "hard": Prospect.ORDERED,
        "soft": Prospect.BELOW_ENTER,
        "plain": Prospect.IS_DEFAULT,
    }
    director.handle(DUE)
    director.decide(2 * S)
    director.handle(BeatEntered(3 * S, "start"))
    assert standing(director, 3 * S)["plain"] is Prospect.ORDERED


def test_the_rest_of_a_cool_down_is_counted_down():
    director = entered(cool_down_s=30.0)
    assert director.outlook(S)[0].cool_down_s == 0
    for slot in range(10):
        director.observe(state(slot, eri=65))
    director.handle(DUE)
    assert director.decide(2 * S)
    director.handle(BeatEntered(3 * S, "start"))
    assert director.outlook(4 * S)[0].cool_down_s == pytest.approx(28.0)
    assert director.outlook(32 * S)[0].cool_down_s == 0


def test_withdrawn_consent_takes_the_figures_away():
    director = entered()
    for slot in range(10):
        director.observe(state(slot, eri=65))
    director.set_analysis(allowed=False)
    (choice,) = director.outlook(S)
    assert choice.branches[0] == BranchOutlook("hard", Prospect.LOW_CONFIDENCE, 0.0, 0.5)


def test_looking_decides_nothing():
    asked, left_alone = entered(dwell_s=1.0), entered(dwell_s=1.0)
    made = []
    for director in (asked, left_alone):
        director.handle(DUE)
        decisions = []
        for slot in range(60):
            director.observe(state(slot, eri=65 if slot > 30 else 50))
            if director is asked:
                assert director.outlook(slot * SLOT) == director.outlook(slot * SLOT)
            decisions += director.decide(slot * SLOT)
        made.append([replace(one) for one in decisions])
    assert made[0] == made[1]
    assert len(made[0]) == 1
