"""What happens in the scene, and what the director proposes: the currency of the scenario room.

Times are nanoseconds on the session timeline.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class StimulusOnset:
    """A stimulus of the scenario begins."""

    time_ns: int
    stimulus_id: str


@dataclass(frozen=True, slots=True)
class StimulusOffset:
    """A stimulus of the scenario ends."""

    time_ns: int
    stimulus_id: str


@dataclass(frozen=True, slots=True)
class BeatEntered:
    """The story entered a beat."""

    time_ns: int
    beat_id: str


@dataclass(frozen=True, slots=True)
class ChoiceDue:
    """A choice waits for a decision until `deadline_ns`; `occurrence` counts from 1."""

    time_ns: int
    choice_id: str
    occurrence: int
    deadline_ns: int


class ResolvedBy(StrEnum):
    """Who settled a choice."""

    SERVER = "server"
    LOCAL_DEFAULT = "local_default"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class ChoiceResolved:
    """A branch was played. The first resolution of a (choice, occurrence) is final."""

    time_ns: int
    choice_id: str
    occurrence: int
    branch_id: str
    by: ResolvedBy
    decision_id: str = ""


SceneEvent = StimulusOnset | StimulusOffset | BeatEntered | ChoiceDue | ChoiceResolved


class DecisionReason(StrEnum):
    """Why a branch was proposed; all but EVIDENCE, DISTRESS and OPERATOR mean the default."""

    EVIDENCE = "evidence"
    LOW_CONFIDENCE = "low_confidence"
    DEADLINE = "deadline"
    DISTRESS = "distress"
    OPERATOR = "operator"
    COOL_DOWN = "cool_down"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A branch that was not proposed. `why_not` is a stable code: below_enter, dwell_not_met,
    low_confidence, raises_intensity, is_default, not_chosen."""

    branch_id: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The director's proposal for one (choice, occurrence), with the figures it rests on."""

    time_ns: int
    decision_id: str
    choice_id: str
    occurrence: int
    branch_id: str
    reason: DecisionReason
    evidence: Mapping[str, float] = field(default_factory=dict)
    alternatives: tuple[Alternative, ...] = ()
