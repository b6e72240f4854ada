"""The evidence so far: fading sums over closed windows, and the windows themselves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.empathy.interval import Rest, Spread, Windows, spread

KEPT_WINDOWS = 48
"""Windows kept for the interval; older ones have faded to nothing."""

WEIGHT_OF_RESONANCE = 0.7
WEIGHT_OF_SYNCHRONY = 0.3

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed window: the time it is dated at, ĝ as `direction`, and each (V,): what it could
    weigh at its closing (`potential`, λ^age·w), what quality and attention leave of that (`worth`,
    in [0, 1]), the resonance before it is clipped (`along`), how much that grows with ⟨x, ĝ⟩
    (`steepness`) and the synchrony S (NaN where there is none)."""

    onset_s: float
    direction: tuple[float, float]
    potential: Floats
    worth: Floats
    along: Floats
    steepness: Floats
    synchrony: Floats

    @property
    def weight(self) -> Floats:
        """λ^age·c, (V,)."""
        return self.potential * self.worth

    @property
    def resonance(self) -> Floats:
        """R ∈ [−1, 1], (V,)."""
        return np.clip(self.along, -1.0, 1.0)

    @property
    def share(self) -> Floats:
        """Weight of R in the score, (V,)."""
        return np.where(np.isnan(self.synchrony), 1.0, WEIGHT_OF_RESONANCE)

    @property
    def other(self) -> Floats:
        """What synchrony adds to the score, (V,)."""
        return WEIGHT_OF_SYNCHRONY * np.nan_to_num(self.synchrony)

    @property
    def score(self) -> Floats:
        """e = .7·R + .3·S, or R alone without synchrony, (V,)."""
        return self.share * self.resonance + self.other


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
        self._windows: list[tuple[int, int, Closed]] = []
        self._slots = 0
        self._added_at = 0
        self._spreads: dict[int, Spread] = {}

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
        self._windows.append((self._slots, stimulus, window))
        self._added_at = self._slots
        del self._windows[:-KEPT_WINDOWS]
        self._spreads.clear()

    def spread(self, visitor: int, rest: Rest, prior_weight: float) -> Spread:
        """How far chance may have moved `moved` of one visitor, reckoned for the time at which the
        last window closed."""
        if visitor not in self._spreads:
            self._spreads[visitor] = spread(self.windows(visitor), rest, prior_weight)
        found = self._spreads[visitor]
        faded = self._factor ** (self._slots - self._added_at)
        return Spread(found.low * faded, found.high * faded)

    def windows(self, visitor: int) -> Windows:
        """The windows that were shown to one visitor, as they weighed when the last one closed."""
        kept = [one for one in self._windows if one[2].potential[visitor] > 0]
        age = self._added_at - np.array([at for at, _, _ in kept], dtype=np.float64)

        def column(name: str) -> Floats:
            return np.array([getattr(one, name)[visitor] for _, _, one in kept])

        return Windows(
            np.array([one.onset_s for _, _, one in kept]),
            np.array([stimulus for _, stimulus, _ in kept], dtype=np.int64),
            np.array([one.direction for _, _, one in kept]).reshape(len(kept), 2),
            column("potential") * self._factor**age,
            column("worth"),
            column("along"),
            column("steepness"),
            column("share"),
            column("other"),
        )
