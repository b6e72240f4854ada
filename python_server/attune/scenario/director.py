"""Proposes a branch at the moments that the author marked, from what the visitor's face shows.

The director proposes, the scene disposes: it makes one decision a (choice, occurrence), between
due time and deadline, among authored branches only. A branch is wanted when its condition has held
for its dwell time (`attune.scenario.conditions`). Low confidence holds, then takes the default,
which is proposed 250 ms before the deadline so that it can be played in time: evidence that comes
within that time is too late. The distress guard takes the branch of the least authored intensity,
the default among equals, so that it can only calm. The first resolution that the scene reports
closes a choice for good. The same inputs in the same order give the same decisions.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from attune.empathy.state import EmpathyState
from attune.errors import InputError
from attune.scenario.conditions import ConditionTracker, Standing
from attune.scenario.events import (
    Alternative,
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    Decision,
    DecisionReason,
    SceneEvent,
)
from attune.scenario.outlook import ChoiceOutlook, outlook_of
from attune.scenario.schema import Branch, Choice, Scenario
from attune.timeline import NS_PER_MS, nanoseconds, seconds

Key = tuple[str, int]

LEAD_NS = 250 * NS_PER_MS
"""The default is proposed this long before the deadline, so that it reaches the scene in time: a
tick, the way there and a rendered frame."""

MAX_ORDERED = 64
"""An operator may be ahead of the story by this many choices."""

MAX_OPEN = 64
"""Choices that may wait for their decision at the same time; a story has a few."""


@dataclass(frozen=True, slots=True)
class _Open:
    """A choice that waits for its decision."""

    choice: Choice
    due: ChoiceDue


class Director:
    """Feed it scene events and every empathy state; ask `decide` at every tick."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._choices = {choice.id: choice for choice in scenario.choices}
        self._trackers = {
            (choice.id, branch.id): ConditionTracker(branch.condition)
            for choice in scenario.choices
            for branch in choice.branches
            if branch.condition is not None
        }
        self._open: dict[Key, _Open] = {}
        self._settled: set[Key] = set()
        self._ordered: dict[Key, str] = {}
        self._adapted_ns: int | None = None
        self._state: EmpathyState | None = None
        self._consent = True
        self._beat_id = ""
        self._ahead: Choice | None = None

    @property
    def beat_id(self) -> str:
        """The beat that the scene entered last; empty before the first."""
        return self._beat_id

    @property
    def waiting(self) -> tuple[Key, ...]:
        """Choices that are open, as (choice id, occurrence), in the order they fell due."""
        return tuple(self._open)

    def handle(self, event: SceneEvent) -> None:
        """Take in what the scene reports. Raises InputError for names the scenario lacks."""
        if isinstance(event, BeatEntered):
            beat = self._scenario.beat(event.beat_id)
            if beat is None:
                known = ", ".join(beat.id for beat in self._scenario.beats)
                raise InputError(
                    "event.unknown_beat",
                    f"unknown beat {event.beat_id!r}; the scenario has: {known}",
                )
            self._beat_id, self._ahead = event.beat_id, beat.choice
        elif isinstance(event, ChoiceDue):
            choice = self._choice(event.choice_id)
            key = (event.choice_id, event.occurrence)
            if key not in self._settled and key not in self._open:
                self._make_room()
                self._open[key] = _Open(choice, event)
            self._no_longer_ahead(choice)
        elif isinstance(event, ChoiceResolved):
            choice = self._choice(event.choice_id)
            self._branch(choice, event.branch_id)
            self._settle((event.choice_id, event.occurrence))
            self._no_longer_ahead(choice)

    def _make_room(self) -> None:
        if len(self._open) >= MAX_OPEN:
            raise InputError(
                "event.too_many_choices",
                f"{MAX_OPEN} choices wait for their decision already; report each choice_due once, "
                "and choice_resolved when its branch is played",
            )

    def observe(self, state: EmpathyState) -> None:
        """Take in the state of one slot; each slot once, in order."""
        self._state = state
        for tracker in self._trackers.values():
            tracker.observe(state)

    def set_analysis(self, allowed: bool) -> None:
        """Whether the consent in force covers analysis; without it only defaults are proposed."""
        self._consent = allowed
        if not allowed:
            self._state = None
            for tracker in self._trackers.values():
                tracker.reset()

    def operator(self, choice_id: str, occurrence: int, branch_id: str) -> bool:
        """An operator wants a branch, now or when the choice falls due.

        A later order replaces an earlier one. False where the choice is already decided. Raises
        InputError for unknown names, and for more orders than a story can be ahead of.
        """
        self._branch(self._choice(choice_id, "operator"), branch_id, "operator")
        key = (choice_id, occurrence)
        if key in self._settled:
            return False
        if key not in self._ordered and len(self._ordered) >= MAX_ORDERED:
            raise InputError(
                "operator.too_many",
                f"{MAX_ORDERED} choices of an operator wait for theirs to fall due; the scene "
                "counts occurrences from 1",
            )
        self._ordered[key] = branch_id
        return True

    def decide(self, time_ns: int) -> tuple[Decision, ...]:
        """Decisions that can be made at this session time, in the order the choices fell due."""
        made = []
        for key, waiting in list(self._open.items()):
            if time_ns < waiting.due.time_ns:
                continue
            decision = self._decide(waiting, time_ns)
            if decision is not None:
                made.append(decision)
                self._settle(key)
                if decision.reason is DecisionReason.EVIDENCE:
                    self._adapted_ns = time_ns
        return tuple(made)

    def outlook(self, time_ns: int) -> tuple[ChoiceOutlook, ...]:
        """How the choices stand at this session time: those that are due, in the order they fell
        due, then the one of the current beat while it is not. Changes nothing."""
        stand = [
            self._outlook(one.choice, one.due.occurrence, self._ordered.get(key), time_ns)
            for key, one in self._open.items()
        ]
        ahead = self._ahead
        if ahead is not None:
            stand.append(self._outlook(ahead, 0, self._next_order(ahead), time_ns))
        return tuple(stand)

    def _outlook(
        self, choice: Choice, occurrence: int, ordered: str | None, time_ns: int
    ) -> ChoiceOutlook:
        return outlook_of(
            choice,
            occurrence,
            self._trackers,
            ordered=ordered,
            cool_down_s=seconds(self._cools_for_ns(choice, time_ns)),
        )

    def _next_order(self, choice: Choice) -> str | None:
        """What an operator wants when the choice falls due next."""
        waiting = [key for key in self._ordered if key[0] == choice.id]
        return self._ordered[min(waiting)] if waiting else None

    def _no_longer_ahead(self, choice: Choice) -> None:
        if self._ahead is choice:
            self._ahead = None

    def _settle(self, key: Key) -> None:
        self._settled.add(key)
        self._open.pop(key, None)
        self._ordered.pop(key, None)

    def _decide(self, waiting: _Open, time_ns: int) -> Decision | None:
        chosen = self._choose(
            waiting, over=time_ns >= waiting.due.deadline_ns - LEAD_NS, time_ns=time_ns
        )
        return None if chosen is None else self._decision(waiting, time_ns, *chosen)

    def _choose(
        self, waiting: _Open, over: bool, time_ns: int
    ) -> tuple[Branch, DecisionReason] | None:
        """The branch to propose and why, or None to wait; `over` when the deadline is near."""
        choice, due = waiting.choice, waiting.due
        default = self._branch(choice, choice.default)
        ordered = self._ordered.get((choice.id, due.occurrence))
        if ordered is not None:
            return self._branch(choice, ordered), DecisionReason.OPERATOR
        if not self._consent:
            return default, DecisionReason.NO_CONSENT
        if self._state is not None and self._state.distress:
            calmest = min((default, *choice.branches), key=lambda one: one.intensity)
            return calmest, DecisionReason.DISTRESS
        if over:
            return default, self._why_default(choice, time_ns)
        wanted = None if self._cooling(choice, time_ns) else self._wanted(choice)
        return None if wanted is None else (wanted, DecisionReason.EVIDENCE)

    def _why_default(self, choice: Choice, time_ns: int) -> DecisionReason:
        if self._cooling(choice, time_ns):
            return DecisionReason.COOL_DOWN
        unsure = self._is_unsure(choice)
        return DecisionReason.LOW_CONFIDENCE if unsure else DecisionReason.DEADLINE

    def _cooling(self, choice: Choice, time_ns: int) -> bool:
        return self._cools_for_ns(choice, time_ns) > 0

    def _cools_for_ns(self, choice: Choice, time_ns: int) -> int:
        if self._adapted_ns is None:
            return 0
        return max(0, self._adapted_ns + nanoseconds(choice.cool_down_s) - time_ns)

    def _wanted(self, choice: Choice) -> Branch | None:
        """The first authored branch whose condition has held long enough."""
        for branch in choice.branches:
            tracker = self._trackers.get((choice.id, branch.id))
            if tracker is not None and tracker.standing is Standing.MET:
                return branch
        return None

    def _is_unsure(self, choice: Choice) -> bool:
        standings = [
            self._trackers[choice.id, branch.id].standing
            for branch in choice.branches
            if branch.condition is not None
        ]
        return any(one is Standing.LOW_CONFIDENCE for one in standings)

    def _decision(
        self, waiting: _Open, time_ns: int, branch: Branch, reason: DecisionReason
    ) -> Decision:
        due = waiting.due
        return Decision(
            time_ns=time_ns,
            decision_id=f"{due.choice_id}-{due.occurrence}",
            choice_id=due.choice_id,
            occurrence=due.occurrence,
            branch_id=branch.id,
            reason=reason,
            evidence=self._evidence(waiting.choice, branch),
            alternatives=tuple(
                Alternative(other.id, self._why_not(waiting.choice, other, branch, reason))
                for other in waiting.choice.branches
                if other.id != branch.id
            ),
        )

    def _evidence(self, choice: Choice, branch: Branch) -> Mapping[str, float]:
        figures = {"intensity": branch.intensity}
        state = self._state
        if state is not None:
            figures |= {
                "eri": state.eri,
                "confidence": state.confidence,
                "valence": state.valence,
                "arousal": state.arousal,
                "attention": state.attention,
                "slot": float(state.slot),
            }
        tracker = self._trackers.get((choice.id, branch.id))
        if tracker is not None:
            figures |= {"enter": tracker.condition.enter, "dwell_s": tracker.dwelt_s}
        return figures

    def _why_not(self, choice: Choice, other: Branch, taken: Branch, reason: DecisionReason) -> str:
        if reason is DecisionReason.DISTRESS and other.intensity > taken.intensity:
            return "raises_intensity"
        if reason in {DecisionReason.OPERATOR, DecisionReason.NO_CONSENT}:
            return "not_chosen"
        tracker = self._trackers.get((choice.id, other.id))
        if tracker is None:
            return "is_default" if other.id == choice.default else "not_chosen"
        return {
            Standing.LOW_CONFIDENCE: "low_confidence",
            Standing.OUTSIDE: "below_enter",
            Standing.DWELLING: "dwell_not_met",
            Standing.MET: "not_chosen",
        }[tracker.standing]

    def _choice(self, choice_id: str, source: str = "event") -> Choice:
        choice = self._choices.get(choice_id)
        if choice is None:
            known = ", ".join(self._choices) or "none"
            raise InputError(
                f"{source}.unknown_choice",
                f"unknown choice {choice_id!r}; the scenario has: {known}",
            )
        return choice

    @staticmethod
    def _branch(choice: Choice, branch_id: str, source: str = "choice") -> Branch:
        branch = choice.branch(branch_id)
        if branch is None:
            known = ", ".join(one.id for one in choice.branches)
            raise InputError(
                f"{source}.unknown_branch",
                f"choice {choice.id!r} has no branch {branch_id!r}; it has: {known}",
            )
        return branch
