"""The player: the authored times, the first resolution, the default at the deadline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.errors import InputError
from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    ResolvedBy,
    StimulusOffset,
    StimulusOnset,
)
from attune.scenario.loading import parse_scenario
from attune.scenario.player import ScenarioPlayer, end_of, timeline_of
from tests.scenario.test_loading import GOOD

S = 1_000_000_000
WALK = parse_scenario(GOOD).scenario


def test_without_a_plan_the_default_is_taken_at_the_deadline():
    assert timeline_of(WALK) == (
        BeatEntered(0, "start"),
        BeatEntered(10 * S, "middle"),
        StimulusOnset(11 * S, "laugh"),
        StimulusOnset(13 * S, "song"),
        ChoiceDue(15 * S, "way", 1, 17 * S + S // 2),
        StimulusOffset(17 * S, "song"),
        ChoiceResolved(17 * S + S // 2, "way", 1, "plain", ResolvedBy.LOCAL_DEFAULT),
        BeatEntered(18 * S, "end"),
    )
    assert end_of(WALK) == 20 * S


def test_a_planned_branch_is_taken_when_the_choice_falls_due():
    events = timeline_of(WALK, {"way": "deep"}, start_ns=7)
    (resolved,) = [one for one in events if isinstance(one, ChoiceResolved)]
    assert resolved == ChoiceResolved(15 * S + 7, "way", 1, "deep", ResolvedBy.SERVER)
    assert events[0] == BeatEntered(7, "start")


def test_the_first_resolution_wins():
    player = ScenarioPlayer(WALK)
    assert player.resolve("way", 1, "deep", 14 * S) is None
    player.advance(15 * S)
    assert player.resolve("way", 2, "deep", 15 * S) is None
    taken = player.resolve("way", 1, "deep", 16 * S, ResolvedBy.OPERATOR, "way-1")
    assert taken == ChoiceResolved(16 * S, "way", 1, "deep", ResolvedBy.OPERATOR, "way-1")
    assert player.resolve("way", 1, "plain", 16 * S) is None
    assert not [one for one in player.advance(30 * S) if isinstance(one, ChoiceResolved)]
    assert player.finished


def test_a_resolution_after_the_deadline_is_discarded():
    player = ScenarioPlayer(WALK)
    player.advance(17 * S + S // 2)
    assert player.resolve("way", 1, "deep", 17 * S + S // 2) is None


@given(st.integers(15 * S, 25 * S))
def test_a_branch_is_taken_before_the_deadline_alone_although_nobody_looked_at_the_clock(time_ns):
    player = ScenarioPlayer(WALK)
    player.advance(15 * S)
    taken = player.resolve("way", 1, "deep", time_ns)
    assert (taken is not None) == (time_ns < 17 * S + S // 2)
    happened = player.advance(25 * S)
    assert [one.by for one in happened if isinstance(one, ChoiceResolved)] == (
        [] if taken else [ResolvedBy.LOCAL_DEFAULT]
    )


def test_a_branch_that_was_not_written_is_refused_and_the_choice_stays_open():
    player = ScenarioPlayer(WALK)
    player.advance(15 * S)
    with pytest.raises(InputError, match="has no branch 'up'; it has: deep, plain"):
        player.resolve("way", 1, "up", 15 * S)
    assert player.resolve("way", 1, "deep", 15 * S) is not None


@given(st.lists(st.integers(0, 3 * S), max_size=60))
def test_however_time_is_cut_the_events_are_the_same_and_in_order(steps):
    player, events, now = ScenarioPlayer(WALK), [], 0
    for step in steps:
        now += step
        events += player.advance(now)
    events += player.advance(60 * S)
    assert tuple(events) == timeline_of(WALK)
    assert [one.time_ns for one in events] == sorted(one.time_ns for one in events)
