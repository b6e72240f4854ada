"""What would become of a choice if it fell due now: live reasons for those who watch the story.

Shown, never used: decisions rest on the trackers themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from attune.scenario.conditions import ConditionTracker, Standing
from attune.scenario.schema import Branch, Choice


class Prospect(StrEnum):
    """How a branch stands; the values are the contract's codes."""

    MET = "met"
    DWELL_NOT_MET = "dwell_not_met"
    BELOW_ENTER = "below_enter"
    LOW_CONFIDENCE = "low_confidence"
    IS_DEFAULT = "is_default"
    ONLY_OPERATOR = "only_operator"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True)
class BranchOutlook:
    """One branch: for how long its condition has held and how long it must, seconds; 0 and 0 for a
    branch without a condition."""

    branch_id: str
    prospect: Prospect
    dwelt_s: float = 0.0
    dwell_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ChoiceOutlook:
    """One choice. `occurrence` is 0 while it is not due; for `cool_down_s` more seconds earlier
    adaptation keeps evidence from deciding; `branches` are in the author's order."""

    choice_id: str
    occurrence: int
    cool_down_s: float
    branches: tuple[BranchOutlook, ...]


_PROSPECTS = {
    Standing.LOW_CONFIDENCE: Prospect.LOW_CONFIDENCE,
    Standing.OUTSIDE: Prospect.BELOW_ENTER,
    Standing.DWELLING: Prospect.DWELL_NOT_MET,
    Standing.MET: Prospect.MET,
}


def outlook_of(
    choice: Choice,
    occurrence: int,
    trackers: Mapping[tuple[str, str], ConditionTracker],
    *,
    ordered: str | None,
    cool_down_s: float,
) -> ChoiceOutlook:
    """The outlook of one choice; `ordered` is the branch that an operator wants, None: none."""
    return ChoiceOutlook(
        choice.id,
        occurrence,
        cool_down_s,
        tuple(
            _branch(choice, branch, trackers.get((choice.id, branch.id)), ordered)
            for branch in choice.branches
        ),
    )


def _branch(
    choice: Choice, branch: Branch, tracker: ConditionTracker | None, ordered: str | None
) -> BranchOutlook:
    if tracker is not None:
        prospect = Prospect.ORDERED if branch.id == ordered else _PROSPECTS[tracker.standing]
        return BranchOutlook(branch.id, prospect, tracker.dwelt_s, tracker.condition.dwell_s)
    if branch.id == ordered:
        return BranchOutlook(branch.id, Prospect.ORDERED)
    is_default = branch.id == choice.default
    return BranchOutlook(branch.id, Prospect.IS_DEFAULT if is_default else Prospect.ONLY_OPERATOR)
