"""Updates say how the choices of the story stand, over a real connection."""

import time

from attune.v1 import session_pb2, story_pb2
from tests.e2e.talk import ANALYSE, CHOICE, STORE_FEATURES, Talk, event


def by_branch(outlook: story_pb2.ChoiceOutlook) -> dict[str, str]:
    """How each branch stands."""
    return {one.branch_id: one.standing for one in outlook.branches}


async def enter_the_street(talk: Talk) -> None:
    """The beat of the choice begins."""
    await talk.say(scenario_event=event(beat_entered=story_pb2.BeatEntered(beat_id="street")))


async def test_the_choice_of_the_beat_is_foreseen(visit: Talk) -> None:
    await visit.start(ANALYSE)
    await enter_the_street(visit)

    update = await visit.hear("update", lambda one: len(one.outlook) > 0)

    (outlook,) = update.outlook
    assert (outlook.choice_id, outlook.occurrence, outlook.cool_down_s) == (CHOICE, 0, 0)
    assert by_branch(outlook) == {"come-close": "low_confidence", "pass-by": "is_default"}
    assert outlook.branches[0].dwell_s == 0.5


async def test_an_order_ahead_is_seen(visit: Talk) -> None:
    await visit.start(ANALYSE, STORE_FEATURES)
    await enter_the_street(visit)
    choice = story_pb2.OperatorChoice(choice_id=CHOICE, occurrence=1, branch_id="come-close")
    await visit.say(operator_choice=choice)

    await visit.hear(
        "update",
        lambda one: one.outlook and by_branch(one.outlook[0])["come-close"] == "ordered",
    )


async def test_a_choice_that_is_due_carries_its_occurrence_until_it_is_decided(
    visit: Talk,
) -> None:
    await visit.start(ANALYSE)
    await enter_the_street(visit)
    deadline_ns = time.monotonic_ns() + 1_500_000_000
    due = story_pb2.ChoiceDue(choice_id=CHOICE, occurrence=3, deadline_ns=deadline_ns)
    await visit.say(scenario_event=event(choice_due=due))

    await visit.hear("update", lambda one: [this.occurrence for this in one.outlook] == [3])
    decision = await visit.hear("branch_decision")
    await visit.hear(
        "update",
        lambda one: one.session_time_ns > decision.session_time_ns and not one.outlook,
    )


async def test_without_a_story_nothing_is_foreseen(visit: Talk) -> None:
    stranger = session_pb2.ScenarioReference(id="memorial", sha256="0" * 64)
    await visit.start(ANALYSE, scenario_reference=stranger)
    await enter_the_street(visit)
    await visit.hear("update", lambda one: one.session_time_ns > 300_000_000)

    assert all(len(one.outlook) == 0 for one in visit.all("update"))
