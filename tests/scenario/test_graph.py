"""Ways through a story, against a brute-force walk over random stories."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from attune.scenario import graph
from attune.scenario.describe import describe
from attune.scenario.loading import parse_scenario
from attune.scenario.schema import Scenario
from tests.scenario.test_loading import GOOD


@st.composite
def stories(draw, acyclic=False):
    """Up to seven beats with up to three ways out each."""
    count = draw(st.integers(1, 7))
    beats = []
    for number in range(count):
        first = number + 1 if acyclic else 0
        targets = draw(
            st.lists(st.integers(first, count - 1), max_size=3, unique=True)
            if first < count
            else st.just([])
        )
        branches = tuple({"id": f"to-b{one}", "to": f"b{one}", "intensity": 0.5} for one in targets)
        choice = {"id": f"c{number}", "due_at_s": 0.0, "deadline_s": 1.0, "branches": branches}
        beats.append(
            {
                "id": f"b{number}",
                "title": {"en": "Beat"},
                "duration_s": 1.0,
                "choice": {**choice, "default": branches[0]["id"]} if branches else None,
            }
        )
    return Scenario.model_validate(
        {
            "id": "story",
            "version": "1.0.0",
            "title": {"en": "Story"},
            "locales": ("en",),
            "entry": "b0",
            "stimuli": (),
            "beats": tuple(beats),
        }
    )


def walks(scenario, beat="b0", trail=()):
    """Every walk from a beat that repeats nothing; ends where there is no way on or a repeat."""
    trail = (*trail, beat)
    targets = graph.successors(scenario)[beat]
    if not targets:
        yield trail, True
    for target in targets:
        if target in trail:
            yield trail, False
        else:
            yield from walks(scenario, target, trail)


@given(stories())
def test_reachable_beats_are_those_on_some_walk(scenario):
    assert graph.reachable(scenario) == {beat for walk, _ in walks(scenario) for beat in walk}


@given(stories(acyclic=True))
def test_paths_are_all_walks_of_an_acyclic_story(scenario):
    assert graph.cycles(scenario) == []
    paths = [path.beats for path in graph.paths(scenario)]
    assert sorted(paths) == sorted(walk for walk, _ in walks(scenario))


@given(stories())
def test_a_story_has_cycles_exactly_if_some_beat_leads_back_to_itself(scenario):
    after = graph.successors(scenario)

    def leads_to(start, goal):
        seen, waiting = set(), list(after[start])
        while waiting:
            beat = waiting.pop()
            if beat == goal:
                return True
            if beat not in seen:
                seen.add(beat)
                waiting.extend(after[beat])
        return False

    expected = any(leads_to(beat, beat) for beat in after)
    found = graph.cycles(scenario)
    assert bool(found) == expected
    for circle in found:
        assert circle[0] == circle[-1]
        assert all(b in after[a] for a, b in pairwise(circle))


@given(stories(acyclic=True), st.integers(0, 6))
def test_a_beat_is_bypassable_exactly_if_some_walk_ends_without_it(scenario, number):
    beat = f"b{number}"
    expected = any(ends and beat not in walk for walk, ends in walks(scenario))
    assert (beat in graph.bypassable(scenario, [beat])) == expected


def test_a_path_knows_its_length_and_branches():
    deep, plain = graph.paths(parse_scenario(GOOD).scenario)
    assert deep.beats == ("start", "middle", "end")
    assert (deep.branches, plain.branches) == ((("way", "deep"),), (("way", "plain"),))
    assert deep.duration_s == 20.0


def test_the_tree_names_every_beat_branch_and_condition_once():
    text = describe(parse_scenario(GOOD).scenario)
    assert text.splitlines()[0] == "walk 1.0.0: A walk (2 ways of 20 to 20 s)"
    assert text.count("end: End") == 1
    assert "→ end (above)" in text
    assert "deep [intensity 0.8] if eri above 60 (until 55) for 1 s at confidence 0.25" in text
    assert "plain [intensity 0.2] otherwise" in text
