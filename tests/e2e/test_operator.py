"""An operator beside the scene chooses a branch, over a real connection."""

import time
from pathlib import Path

import pytest

from attune.client.client import AttuneClient
from attune.client.request import SessionRequest
from attune.scenario.events import DecisionReason
from attune.server.app import Server
from attune.session.comparison import Verdict
from attune.session.plan import VideoSource
from attune.session.recorded import read_recording
from attune.session.replay import replay
from attune.v1 import session_pb2, story_pb2
from tests.e2e.conftest import Neighbour
from tests.e2e.talk import ANALYSE, CHOICE, STORE_FEATURES, Talk, event, reach_choice, resolve

OVERRIDE = "come-close"
"""A branch of the choice in the street that is not its default."""


def order(
    branch_id: str = OVERRIDE, choice_id: str = CHOICE, occurrence: int = 1
) -> story_pb2.OperatorChoice:
    """What an operator says."""
    return story_pb2.OperatorChoice(choice_id=choice_id, occurrence=occurrence, branch_id=branch_id)


def a_choice_that_is_due(patience_s: float = 30.0) -> story_pb2.ScenarioEvent:
    """The choice in the street falls due, with time to think."""
    return event(
        choice_due=story_pb2.ChoiceDue(
            choice_id=CHOICE,
            occurrence=1,
            deadline_ns=time.monotonic_ns() + round(patience_s * 1e9),
        )
    )


async def the_refusal(talk: Talk, code: str) -> session_pb2.Notice:
    """The notice that refuses an order for that reason."""
    notice: session_pb2.Notice = await talk.hear(
        "notice", lambda one: one.parameters["code"] == code
    )
    assert notice.code == session_pb2.NOTICE_CODE_INPUT_REFUSED
    assert {"choice_id", "occurrence", "branch_id"} <= set(notice.parameters)
    return notice


class TestAnOrder:
    async def test_ahead_of_the_choice_waits_until_it_falls_due(self, visit: Talk) -> None:
        await visit.start(ANALYSE)
        await visit.say(operator_choice=order())
        await visit.ping()
        assert visit.all("branch_decision") == []

        decision = await reach_choice(visit)

        assert decision.branch_id == OVERRIDE
        assert decision.reason == story_pb2.DECISION_REASON_OPERATOR

    async def test_while_the_choice_is_due_decides_at_once(self, visit: Talk) -> None:
        await visit.start(ANALYSE)
        await visit.say(scenario_event=a_choice_that_is_due())
        await visit.say(operator_choice=order())

        decision = await visit.hear("branch_decision")

        assert (decision.choice_id, decision.occurrence) == (CHOICE, 1)
        assert decision.branch_id == OVERRIDE
        assert decision.reason == story_pb2.DECISION_REASON_OPERATOR
        assert {one.why_not for one in decision.alternatives} == {"not_chosen"}

    async def test_is_followed_without_consent_too(self, visit: Talk) -> None:
        await visit.start()
        await visit.say(operator_choice=order())

        decision = await reach_choice(visit)

        assert decision.branch_id == OVERRIDE
        assert decision.reason == story_pb2.DECISION_REASON_OPERATOR

    async def test_that_comes_later_replaces_the_one_before(self, visit: Talk) -> None:
        await visit.start(ANALYSE)
        await visit.say(operator_choice=order())
        await visit.say(operator_choice=order("pass-by"))

        decision = await reach_choice(visit)

        assert decision.branch_id == "pass-by"
        assert decision.reason == story_pb2.DECISION_REASON_OPERATOR


class TestAnOrderThatCannotBeFollowed:
    @pytest.mark.parametrize(
        ("sent", "code"),
        [
            (order("no-such-branch"), "operator.unknown_branch"),
            (order(choice_id="no-such-choice"), "operator.unknown_choice"),
            (order(occurrence=0), "operator.occurrence"),
            (order(""), "operator.identifier"),
        ],
    )
    async def test_is_answered_with_a_notice_and_the_choice_stays_the_visitors(
        self, talk: Talk, neighbour: Neighbour, sent: story_pb2.OperatorChoice, code: str
    ) -> None:
        await talk.start()
        await talk.say(operator_choice=sent)

        await the_refusal(talk, code)

        decision = await reach_choice(talk)
        assert decision.reason == story_pb2.DECISION_REASON_NO_CONSENT
        await talk.end()
        await neighbour.noticed_nothing()

    async def test_because_the_choice_is_decided_is_too_late(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start()
        await resolve(talk, await reach_choice(talk))
        await talk.say(operator_choice=order())

        notice = await the_refusal(talk, "operator.too_late")

        assert CHOICE in notice.parameters["detail"]
        assert (await talk.end()).decisions == 1
        await neighbour.noticed_nothing()

    async def test_because_the_story_is_another_one_is_told_so(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start(
            scenario_reference=session_pb2.ScenarioReference(id="memorial", sha256="0" * 64)
        )
        await talk.say(operator_choice=order())

        await the_refusal(talk, "operator.no_story")

        await talk.end()
        await neighbour.noticed_nothing()

    async def test_because_there_are_too_many_ahead_is_refused(
        self, talk: Talk, neighbour: Neighbour
    ) -> None:
        await talk.start()
        for occurrence in range(1, 66):
            await talk.say(operator_choice=order(occurrence=occurrence))

        await the_refusal(talk, "operator.too_many")

        assert (await reach_choice(talk)).reason == story_pb2.DECISION_REASON_OPERATOR
        await neighbour.noticed_nothing()


async def test_a_recorded_order_replays_to_the_same_decision(
    server: Server, visit: Talk, tmp_path: Path
) -> None:
    await visit.start(ANALYSE, STORE_FEATURES)
    await visit.say(operator_choice=order())
    decision = await reach_choice(visit)
    await resolve(visit, decision)
    await visit.end()
    await server.stop()
    (path,) = (tmp_path / "sessions").glob("*.mcap")

    report = replay(path, out=tmp_path / "again.mcap")

    (made,) = read_recording(tmp_path / "again.mcap").decisions
    assert (made.branch_id, made.reason) == (OVERRIDE, DecisionReason.OPERATOR)
    assert report.comparison.verdict is Verdict.SAME_BYTES


async def test_the_client_says_what_an_operator_chooses(server: Server) -> None:
    async with AttuneClient(f"127.0.0.1:{server.port}") as client:
        request = SessionRequest(scenario_id="memorial", video_source=VideoSource.NONE)
        session = await client.start(request)
        session.send(scenario_event=a_choice_that_is_due())
        session.choose(CHOICE, 1, OVERRIDE)
        async for message in session.messages():
            if isinstance(message, story_pb2.BranchDecision):
                break
        await session.end()

    assert message.branch_id == OVERRIDE
    assert message.reason == story_pb2.DECISION_REASON_OPERATOR
