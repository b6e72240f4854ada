"""Whether a branch's condition holds: two thresholds against flapping, dwell time, confidence."""

from enum import StrEnum

from attune.empathy.state import EmpathyState, EriStatus
from attune.scenario.schema import Condition, Direction
from attune.timeline import NS_PER_S, SLOT_NS, nanoseconds


class Standing(StrEnum):
    """How a condition stands after the last slot."""

    LOW_CONFIDENCE = "low_confidence"
    OUTSIDE = "outside"
    DWELLING = "dwelling"
    MET = "met"


class ConditionTracker:
    """Follows one condition slot by slot.

    The signal enters at `enter` and stays in until it comes back to `exit`; the condition is met
    once it has been in for the dwell time. Slots of too little confidence, of abstention and of a
    pause start the dwell time anew.
    """

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self._need = -(-nanoseconds(condition.dwell_s) // SLOT_NS)
        self.reset()

    def reset(self) -> None:
        """Forget what was observed."""
        self._inside = False
        self._dwelt = 0
        self._slot: int | None = None
        self._confident = False

    @property
    def dwelt_s(self) -> float:
        """Seconds for which the signal has been in."""
        return self._dwelt * SLOT_NS / NS_PER_S

    @property
    def standing(self) -> Standing:
        """How the condition stands."""
        if not self._confident:
            return Standing.LOW_CONFIDENCE
        if not self._inside:
            return Standing.OUTSIDE
        return Standing.MET if self._dwelt >= self._need else Standing.DWELLING

    def observe(self, state: EmpathyState) -> None:
        """Take in the state of the next slot."""
        consecutive = self._slot is not None and state.slot == self._slot + 1
        self._slot = state.slot
        self._confident = (
            state.status is EriStatus.OK and state.confidence >= self.condition.min_confidence
        )
        if not self._confident:
            self._inside, self._dwelt = False, 0
            return
        value = float(getattr(state, self.condition.signal.value))
        was_inside = self._inside and consecutive
        self._inside = self._reaches(value, self.condition.enter) or (
            was_inside and self._passes(value, self.condition.exit)
        )
        self._dwelt = (self._dwelt if was_inside else 0) + 1 if self._inside else 0

    def _reaches(self, value: float, threshold: float) -> bool:
        above = self.condition.direction is Direction.ABOVE
        return value >= threshold if above else value <= threshold

    def _passes(self, value: float, threshold: float) -> bool:
        above = self.condition.direction is Direction.ABOVE
        return value > threshold if above else value < threshold
