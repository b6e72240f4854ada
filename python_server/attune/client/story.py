"""Plays a story against a session: the scene's side of a run, without a scene."""

import asyncio
from time import monotonic_ns

from attune.client.session import ClientSession
from attune.scenario.events import ChoiceResolved, SceneEvent
from attune.scenario.player import ScenarioPlayer
from attune.scenario.schema import Beat, Scenario
from attune.timeline import NS_PER_S
from attune.v1 import story_pb2


class StoryPlayback:
    """Sends the events of `scenario` when they are due, from `start_ns` (the client's clock) on."""

    def __init__(self, session: ClientSession, scenario: Scenario, start_ns: int) -> None:
        self._session = session
        self._player = ScenarioPlayer(scenario, start_ns)
        self.taken: list[ChoiceResolved] = []
        """The branches that were played."""

    @property
    def beat(self) -> Beat:
        """The beat that is playing."""
        return self._player.beat

    @property
    def finished(self) -> bool:
        """Whether the story has ended."""
        return self._player.finished

    async def play(self) -> None:
        """Runs the story to its end in real time."""
        while not self._player.finished:
            await asyncio.sleep(max(0, self._player.next_ns - monotonic_ns()) / NS_PER_S)
            for event in self._player.advance(monotonic_ns()):
                self._report(event)

    def follow(self, decision: story_pb2.BranchDecision) -> ChoiceResolved | None:
        """Plays the branch that the server proposes; None where it came too late."""
        resolved = self._player.resolve(
            decision.choice_id,
            decision.occurrence,
            decision.branch_id,
            monotonic_ns(),
            decision_id=decision.decision_id,
        )
        if resolved is not None:
            self._report(resolved)
        return resolved

    def _report(self, event: SceneEvent) -> None:
        if isinstance(event, ChoiceResolved):
            self.taken.append(event)
        self._session.send_event(event)
