"""The evidence so far: fading sums over closed windows, and the windows themselves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.empathy.interval import Spread, spread

KEPT_WINDOWS = 128
"""Windows kept for the interval; older ones have faded to nothing."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """A closed window: when it is dated, the slot count it closed at, what it weighed then and
    its score, the last two (V,)."""

    onset_s: float
    stimulus: int
    closed_at: int
    weight: Floats
    score: Floats


class History:
    """Sums of V visitors over K stimuli; all of them fade by `factor` a slot."""

    def __init__(self, stimuli: int, visitors: int, factor: float) -> None:
        self._factor = factor
        self.evidence: Floats = np.zeros(visitors)
        """N_t, (V,)."""
        self.moved: Floats = np.zeros(visitors)
        """Σ λ^(t−t_k) c_k e_k, (V,)."""
        self.evidence_by_stimulus: Floats = np.zeros((stimuli, visitors))
        """N_t of each stimulus, (K, V)."""
        self.moved_by_stimulus: Floats = np.zeros((stimuli, visitors))
        """Share of each stimulus in `moved`, (K, V)."""
        self._windows: list[Scored] = []
        self._slots = 0
        self._spreads: dict[int, tuple[int, Spread]] = {}

    def fade(self) -> None:
        """One slot has passed."""
        self.evidence *= self._factor
        self.moved *= self._factor
        self.evidence_by_stimulus *= self._factor
        self.moved_by_stimulus *= self._factor
        self._slots += 1

    def add(
        self, stimulus: int, onset_s: float, evidence: Floats, score: Floats, fade: float
    ) -> None:
        """A window has closed with `evidence` c and `score` e, each (V,); `fade` is λ^age."""
        weight = fade * evidence
        moved = weight * score
        self.evidence += weight
        self.moved += moved
        self.evidence_by_stimulus[stimulus] += weight
        self.moved_by_stimulus[stimulus] += moved
        self._windows.append(Scored(onset_s, stimulus, self._slots, weight, score))
        del self._windows[:-KEPT_WINDOWS]
        self._spreads.clear()

    def spread(self, visitor: int, draws: int) -> Spread:
        """Bootstrap deviations of `moved` of one visitor, drawn anew when a window closes."""
        if visitor not in self._spreads:
            kept = [one for one in self._windows if one.weight[visitor] > 0]
            age = self._slots - np.array([one.closed_at for one in kept], dtype=np.float64)
            weight = np.array([one.weight[visitor] for one in kept]) * self._factor**age
            drawn = spread(
                np.array([one.onset_s for one in kept]),
                weight,
                np.array([one.score[visitor] for one in kept]),
                draws,
            )
            self._spreads[visitor] = (self._slots, drawn)
        drawn_at, drawn = self._spreads[visitor]
        faded = self._factor ** (self._slots - drawn_at)
        return Spread(drawn.low * faded, drawn.high * faded)
