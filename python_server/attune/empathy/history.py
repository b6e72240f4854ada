"""The evidence so far: fading sums over closed windows, and the windows themselves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.empathy.interval import Spread, Windows, spread

KEPT_WINDOWS = 128
"""Windows kept for the interval; older ones have faded to nothing."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """A closed window: when it is dated, the slot count it closed at, what it weighed then, its
    score and the score's dependence on resting valence and arousal, the last four (V,)."""

    onset_s: float
    closed_at: int
    weight: Floats
    score: Floats
    tilt: tuple[Floats, Floats]


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
        self,
        stimulus: int,
        onset_s: float,
        weight: Floats,
        score: Floats,
        tilt: tuple[Floats, Floats],
    ) -> None:
        """A window has closed with `weight` λ^age·c, `score` e and its `tilt`, each (V,)."""
        moved = weight * score
        self.evidence += weight
        self.moved += moved
        self.evidence_by_stimulus[stimulus] += weight
        self.moved_by_stimulus[stimulus] += moved
        self._windows.append(Scored(onset_s, self._slots, weight, score, tilt))
        del self._windows[:-KEPT_WINDOWS]
        self._spreads.clear()

    def spread(self, visitor: int, rest_error: Floats, range_error: float, draws: int) -> Spread:
        """Bootstrap deviations of `moved` of one visitor, drawn anew when a window closes."""
        if visitor not in self._spreads:
            windows = self._of(visitor)
            drawn = spread(windows, rest_error, range_error, draws)
            self._spreads[visitor] = (self._slots, drawn)
        drawn_at, drawn = self._spreads[visitor]
        faded = self._factor ** (self._slots - drawn_at)
        return Spread(drawn.low * faded, drawn.high * faded)

    def _of(self, visitor: int) -> Windows:
        kept = [one for one in self._windows if one.weight[visitor] > 0]
        age = self._slots - np.array([one.closed_at for one in kept], dtype=np.float64)
        tilt = [(one.tilt[0][visitor], one.tilt[1][visitor]) for one in kept]
        return Windows(
            np.array([one.onset_s for one in kept]),
            np.array([one.weight[visitor] for one in kept]) * self._factor**age,
            np.array([one.score[visitor] for one in kept]),
            np.array(tilt).reshape(len(kept), 2),
        )
