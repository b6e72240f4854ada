"""Two runs of one session, side by side: are the decisions equal, and how far are the states apart?

Equal is meant as the recording allows it. From slots of evidence decisions are the same on every
machine. From pixels they are the same bytes for the same packages, model files and instruction set;
elsewhere branches are compared exactly and figures to 1e-3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from attune.empathy.state import EmpathyState
from attune.scenario.events import Decision
from attune.session.outbound import decision_message
from attune.session.recorded import StatePoint

TOLERANCE = 1e-3
"""Largest difference of a figure that still counts as equal across machines."""

_FIGURES = ("eri", "confidence", "valence", "arousal", "attention")


class Verdict(StrEnum):
    """What a comparison of decisions found."""

    SAME_BYTES = "same_bytes"
    WITHIN_TOLERANCE = "within_tolerance"
    DIFFERENT = "different"
    NOTHING_DECIDED = "nothing_decided"


@dataclass(frozen=True, slots=True)
class DecisionPair:
    """The decisions of both runs for one (choice, occurrence); None where a run made none.
    `figures_apart` is the largest difference of a figure that both name, 0 where none is shared."""

    choice_id: str
    occurrence: int
    before: Decision | None
    after: Decision | None
    same_bytes: bool
    figures_apart: float

    @property
    def same_branch(self) -> bool:
        """Whether both runs proposed the same branch for the same reason at the same time."""
        if self.before is None or self.after is None:
            return False
        return _proposal(self.before) == _proposal(self.after)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All decisions of both runs, and how far apart their states are at most, by figure; the
    mapping is empty where either run recorded no states."""

    pairs: tuple[DecisionPair, ...]
    states_apart: Mapping[str, float]
    states_compared: int

    @property
    def verdict(self) -> Verdict:
        """The strongest claim that holds for every pair."""
        if not self.pairs:
            return Verdict.NOTHING_DECIDED
        if all(pair.same_bytes for pair in self.pairs):
            return Verdict.SAME_BYTES
        close = all(pair.same_branch and pair.figures_apart <= TOLERANCE for pair in self.pairs)
        if close and all(apart <= TOLERANCE for apart in self.states_apart.values()):
            return Verdict.WITHIN_TOLERANCE
        return Verdict.DIFFERENT


def compare(
    before: Sequence[Decision],
    after: Sequence[Decision],
    states_before: Sequence[StatePoint] = (),
    states_after: Mapping[int, EmpathyState] | None = None,
    *,
    with_figures: bool = True,
) -> Comparison:
    """Compare two runs; `states_after` is by the order of the recorded input.

    Without `with_figures` decisions count as bare proposals, for recordings whose consent did not
    allow the figures to be stored.
    """
    apart, compared = _states_apart(states_before, states_after or {})
    return Comparison(_pairs(before, after, with_figures), apart, compared)


def _pairs(
    before: Sequence[Decision], after: Sequence[Decision], with_figures: bool
) -> tuple[DecisionPair, ...]:
    first = {(one.choice_id, one.occurrence): one for one in before}
    second = {(one.choice_id, one.occurrence): one for one in after}
    return tuple(
        _pair(key, first.get(key), second.get(key), with_figures)
        for key in dict.fromkeys((*first, *second))
    )


def _pair(
    key: tuple[str, int], before: Decision | None, after: Decision | None, with_figures: bool
) -> DecisionPair:
    same_bytes, apart = False, 0.0
    if before is not None and after is not None:
        same_bytes = _bytes(before, with_figures) == _bytes(after, with_figures)
        if with_figures:
            shared = before.evidence.keys() & after.evidence.keys()
            apart = max(
                (abs(before.evidence[name] - after.evidence[name]) for name in shared), default=0.0
            )
    return DecisionPair(*key, before, after, same_bytes, apart)


def _bytes(decision: Decision, with_figures: bool) -> bytes:
    message = decision_message(decision)
    if not with_figures:
        message.ClearField("evidence")
    return message.SerializeToString(deterministic=True)


def _proposal(decision: Decision) -> tuple[object, ...]:
    return decision.time_ns, decision.branch_id, decision.reason, decision.alternatives


def _states_apart(
    before: Sequence[StatePoint], after: Mapping[int, EmpathyState]
) -> tuple[dict[str, float], int]:
    apart: dict[str, float] = {}
    compared = 0
    for one in before:
        other = after.get(one.order)
        if other is None:
            continue
        compared += 1
        for name in _FIGURES:
            distance = abs(getattr(one, name) - getattr(other, name))
            apart[name] = max(apart.get(name, 0.0), distance)
    return apart, compared
