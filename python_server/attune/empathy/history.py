"""The evidence so far: fading sums over closed windows, and the windows themselves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.empathy.interval import Spread, Windows, spread

KEPT_WINDOWS = 128
"""Windows kept for the interval; older ones have faded to nothing."""

WEIGHT_OF_RESONANCE = 0.7
WEIGHT_OF_SYNCHRONY = 0.3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed window: the time it is dated at and, each (V,), what it weighs at its closing
    (`weight`, λ^age·c), resonance R, synchrony S (NaN where there is none) and how much R falls for
    a unit of resting valence and of arousal (`tilt`)."""

    onset_s: float
    weight: Floats
    resonance: Floats
    synchrony: Floats
    tilt: tuple[Floats, Floats]

    @property
    def score(self) -> Floats:
        """e = .7·R + .3·S, or R alone without synchrony, (V,)."""
        together = WEIGHT_OF_RESONANCE * self.resonance + WEIGHT_OF_SYNCHRONY * self.synchrony
        return np.where(np.isnan(self.synchrony), self.resonance, together)


class History:
    """Sums of V visitors over K stimuli; all of them fade by `factor` a slot."""

    def __init__(self, stimuli: int, visitors: int, factor: float) -> None:
        self._factor = factor
        self.evidence: Floats = np.zeros(visitors)
        """N_t, (V,)."""
        self.moved: Floats = np.zeros(visitors)
        """Σ λ^(t−t_k) c_k e_k, (V,)."""
        self.resonance: Floats = np.zeros(visitors)
        """Σ λ^(t−t_k) c_k R_k, (V,)."""
        self.synchrony: Floats = np.zeros(visitors)
        """Σ λ^(t−t_k) c_k S_k over the windows that have a synchrony, (V,)."""
        self.synchrony_evidence: Floats = np.zeros(visitors)
        """N_t of those windows alone, (V,)."""
        self.evidence_by_stimulus: Floats = np.zeros((stimuli, visitors))
        """N_t of each stimulus, (K, V)."""
        self.moved_by_stimulus: Floats = np.zeros((stimuli, visitors))
        """Share of each stimulus in `moved`, (K, V)."""
        self._windows: list[tuple[int, Closed]] = []
        self._slots = 0
        self._spreads: dict[int, tuple[int, Spread]] = {}

    def fade(self) -> None:
        """One slot has passed."""
        self.evidence *= self._factor
        self.moved *= self._factor
        self.resonance *= self._factor
        self.synchrony *= self._factor
        self.synchrony_evidence *= self._factor
        self.evidence_by_stimulus *= self._factor
        self.moved_by_stimulus *= self._factor
        self._slots += 1

    def add(self, stimulus: int, window: Closed) -> None:
        """A window has closed."""
        weight, score = window.weight, window.score
        moved = weight * score
        self.evidence += weight
        self.moved += moved
        self.resonance += weight * window.resonance
        in_group = np.where(np.isnan(window.synchrony), 0.0, weight)
        self.synchrony_evidence += in_group
        self.synchrony += in_group * np.nan_to_num(window.synchrony)
        self.evidence_by_stimulus[stimulus] += weight
        self.moved_by_stimulus[stimulus] += moved
        self._windows.append((self._slots, window))
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
        kept = [(at, one) for at, one in self._windows if one.weight[visitor] > 0]
        age = self._slots - np.array([at for at, _ in kept], dtype=np.float64)
        tilt = [(one.tilt[0][visitor], one.tilt[1][visitor]) for _, one in kept]
        return Windows(
            np.array([one.onset_s for _, one in kept]),
            np.array([one.weight[visitor] for _, one in kept]) * self._factor**age,
            np.array([one.score[visitor] for _, one in kept]),
            np.array(tilt).reshape(len(kept), 2),
        )
