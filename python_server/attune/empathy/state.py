"""The empathy state: the currency of the empathy room.

The Expressive Resonance Index measures how the visible expression goes with what the scene
intends, while the visitor attends to it. It is not a measure of a person's empathy.
"""

from dataclasses import dataclass
from enum import StrEnum


class EriStatus(StrEnum):
    """Whether the index may be acted on."""

    OK = "ok"
    ABSTAIN = "abstain"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Component:
    """One component of the index: `value` in [−1, 1] or None where it was not measured, and its
    `confidence` in [0, 1]."""

    value: float | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """How one stimulus moved the index: `points` of ERI (signed), from `evidence` c and
    `resonance` e of its windows."""

    stimulus_id: str
    points: float
    evidence: float
    resonance: float


@dataclass(frozen=True, slots=True)
class EmpathyState:
    """The index at one slot.

    `eri` ∈ [0, 100], 50 = neutral or no evidence. `confidence` ∈ [0, 1); below .25 the status is
    ABSTAIN. `interval` is the 80 % interval of the expected ERI (low, high).
    `valence`, `arousal` ∈ [−1, 1], `intensity`, `attention` ∈ [0, 1] describe the most recent slots
    and are shown, never scored. `baseline_ready` tells whether a personal baseline is in force.
    `distress` is true while the distress guard holds.
    """

    slot: int
    eri: float
    confidence: float
    status: EriStatus
    interval: tuple[float, float]
    affective: Component
    associative: Component
    cognitive: Component
    valence: float
    arousal: float
    intensity: float
    attention: float
    baseline_ready: bool
    distress: bool
    contributions: tuple[Contribution, ...]
