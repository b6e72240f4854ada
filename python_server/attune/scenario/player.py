"""Plays a checked scenario by session time: what a client does, without a client.

The scene disposes: the player takes the first resolution of a choice that comes before its
deadline, else the default, and goes on at the end of the beat. The demo client, the simulator and
the renderer of visitors all step through a story with it.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from attune.errors import InputError
from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    ResolvedBy,
    SceneEvent,
    StimulusOffset,
    StimulusOnset,
)
from attune.scenario.schema import Beat, Choice, Scenario
from attune.timeline import nanoseconds

_ORDER = {StimulusOffset: 0, BeatEntered: 1, StimulusOnset: 2, ChoiceDue: 3}


@dataclass(slots=True)
class _Deadline:
    """Marks in a beat's schedule where its choice is settled at the latest."""

    time_ns: int
    choice: Choice


class ScenarioPlayer:
    """Steps through a story; `advance` gives the events that have happened up to a time."""

    def __init__(self, scenario: Scenario, start_ns: int = 0) -> None:
        self._scenario = scenario
        self._beats = {beat.id: beat for beat in scenario.beats}
        self._stimuli = {one.id: one for one in scenario.stimuli}
        self._beat = self._beats[scenario.entry]
        self._ahead: deque[SceneEvent | _Deadline] = deque()
        self._open: dict[str, ChoiceDue] = {}
        self._occurrences: dict[str, int] = {}
        self._to: str | None = None
        self._finished = False
        self._enter(self._beat, start_ns)

    @property
    def beat(self) -> Beat:
        """The beat that is playing, or the last one when the story has ended."""
        return self._beat

    @property
    def beat_end_ns(self) -> int:
        """Session time at which the current beat ends."""
        return self._end_ns

    @property
    def finished(self) -> bool:
        """Whether the story has ended."""
        return self._finished

    @property
    def next_ns(self) -> int:
        """Session time of the next thing that will happen by itself."""
        return min(self._ahead[0].time_ns, self._end_ns) if self._ahead else self._end_ns

    def advance(self, time_ns: int) -> tuple[SceneEvent, ...]:
        """Events that have happened since the last call, up to and including `time_ns`."""
        events: list[SceneEvent] = []
        while not self._finished:
            while self._ahead and self._ahead[0].time_ns <= time_ns:
                item = self._ahead.popleft()
                if isinstance(item, ChoiceDue):
                    self._open[item.choice_id] = item
                if isinstance(item, _Deadline):
                    events.extend(self._default(item))
                else:
                    events.append(item)
            if self._end_ns > time_ns:
                break
            self._leave()
        return tuple(events)

    def resolve(  # noqa: PLR0917 - the fields of the event it makes, in its order
        self,
        choice_id: str,
        occurrence: int,
        branch_id: str,
        time_ns: int,
        by: ResolvedBy = ResolvedBy.SERVER,
        decision_id: str = "",
    ) -> ChoiceResolved | None:
        """Take a branch; None where the choice is not open any more, or not yet: from the deadline
        on only the local default can be taken.

        Raises `InputError` for a branch that the author did not write.
        """
        choice, due = self._beat.choice, self._open.get(choice_id)
        if choice is None or choice.id != choice_id or due is None or due.occurrence != occurrence:
            return None
        if time_ns >= due.deadline_ns and by is not ResolvedBy.LOCAL_DEFAULT:
            return None
        branch = choice.branch(branch_id)
        if branch is None:
            known = ", ".join(one.id for one in choice.branches)
            raise InputError(
                "choice.unknown_branch",
                f"choice {choice_id!r} has no branch {branch_id!r}; it has: {known}",
            )
        del self._open[choice_id]
        self._to = branch.to
        return ChoiceResolved(time_ns, choice_id, occurrence, branch_id, by, decision_id)

    def _default(self, deadline: _Deadline) -> tuple[ChoiceResolved, ...]:
        choice = deadline.choice
        resolved = self.resolve(
            choice.id,
            self._occurrences[choice.id],
            choice.default,
            deadline.time_ns,
            ResolvedBy.LOCAL_DEFAULT,
        )
        return () if resolved is None else (resolved,)

    def _enter(self, beat: Beat, start_ns: int) -> None:
        self._beat = beat
        self._end_ns = start_ns + nanoseconds(beat.duration_s)
        self._to = beat.next
        events: list[SceneEvent] = [BeatEntered(start_ns, beat.id)]
        for cue in beat.stimuli:
            onset_ns = start_ns + nanoseconds(cue.at_s)
            events.append(StimulusOnset(onset_ns, cue.stimulus))
            duration_s = self._stimuli[cue.stimulus].duration_s
            if duration_s is not None:
                offset_ns = min(onset_ns + nanoseconds(duration_s), self._end_ns)
                events.append(StimulusOffset(offset_ns, cue.stimulus))
        items: list[tuple[int, int, SceneEvent | _Deadline]] = [
            (event.time_ns, _ORDER[type(event)], event) for event in events
        ]
        if beat.choice is not None:
            items += self._choice_items(beat.choice, start_ns)
        self._ahead.extend(item for *_, item in sorted(items, key=lambda one: one[:2]))

    def _choice_items(
        self, choice: Choice, start_ns: int
    ) -> list[tuple[int, int, SceneEvent | _Deadline]]:
        occurrence = self._occurrences.get(choice.id, 0) + 1
        self._occurrences[choice.id] = occurrence
        due_ns = start_ns + nanoseconds(choice.due_at_s)
        deadline_ns = start_ns + nanoseconds(choice.deadline_s)
        due = ChoiceDue(due_ns, choice.id, occurrence, deadline_ns)
        return [(due_ns, _ORDER[ChoiceDue], due), (deadline_ns, 4, _Deadline(deadline_ns, choice))]

    def _leave(self) -> None:
        if self._to is None:
            self._finished = True
        else:
            self._enter(self._beats[self._to], self._end_ns)


def timeline_of(
    scenario: Scenario, plan: Mapping[str, str] | None = None, start_ns: int = 0
) -> tuple[SceneEvent, ...]:
    """The events of one way through the story.

    `plan` names the branch to take at each choice; a planned choice is resolved when it falls due,
    any other takes its default at its deadline. The story ends at `end_of` the same plan.
    """
    return _played(scenario, plan, start_ns)[0]


def end_of(scenario: Scenario, plan: Mapping[str, str] | None = None, start_ns: int = 0) -> int:
    """Session time at which the story ends on that way."""
    return _played(scenario, plan, start_ns)[1]


def _played(
    scenario: Scenario, plan: Mapping[str, str] | None, start_ns: int
) -> tuple[tuple[SceneEvent, ...], int]:
    player = ScenarioPlayer(scenario, start_ns)
    events: list[SceneEvent] = []
    while not player.finished:
        happened = player.advance(player.next_ns)
        for event in happened:
            events.append(event)
            branch = (plan or {}).get(event.choice_id) if isinstance(event, ChoiceDue) else None
            if isinstance(event, ChoiceDue) and branch is not None:
                resolved = player.resolve(event.choice_id, event.occurrence, branch, event.time_ns)
                events.extend(() if resolved is None else (resolved,))
    return tuple(events), player.beat_end_ns
