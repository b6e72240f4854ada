"""Pixel and landmark model together: who is right where the other is wrong, and fused answers.

Paper 004's adaptive weight needs people seen over time, and FER2013 holds single photographs. They
are strung together into films in which an expression stays for a while: half of the people are
lively, half calm. No film shows one person, so that what the paper hopes to follow, somebody's own
manner, cannot show; what does is how the weight reacts to changing and to misread expressions.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attune.expression.fusion import EVEN, SECOND_NS, AdaptiveWeight
from tools.train.evaluate import wilson

WEIGHTS = tuple(round(0.1 * k, 1) for k in range(11))
FILM_S = 120
DWELL_S = (2.0, 12.0)
"""How long lively and calm people keep an expression, on average."""

STRINGINGS = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """Where an adaptive weight begins, how far it may go from there and how fast it moves."""

    start: float
    reach: float
    step: float


PUBLISHED = Rule(EVEN, 0.3, 0.05)
"""Both models begin even, as in the paper, which names neither limits nor steps."""

RULES = tuple(
    Rule(start, reach, step)
    for start, reach in ((EVEN, 0.3), (0.8, 0.3), (0.9, 0.1))
    for step in (0.02, 0.05, 0.1)
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Calibrated answers (n, 7) of both models about the same faces, and their labels (n,)."""

    pixel: NDArray[np.float64]
    landmark: NDArray[np.float64]
    truth: NDArray[np.int64]

    def right(self, weight: float) -> NDArray[np.bool_]:
        """Return whether the mean in which the pixel model has `weight` is right, (n,)."""
        mixed = weight * self.pixel + (1 - weight) * self.landmark
        return np.asarray(mixed.argmax(axis=1) == self.truth)

    def fused(self, weight: float) -> float:
        """Return the accuracy of the mean in which the pixel model has `weight`."""
        return float(self.right(weight).mean())

    def complementarity(self) -> dict[str, float]:
        """Return shares of faces by who is right, summing to 1."""
        a = self.pixel.argmax(axis=1) == self.truth
        b = self.landmark.argmax(axis=1) == self.truth
        return {
            "both": float((a & b).mean()),
            "pixels alone": float((a & ~b).mean()),
            "landmarks alone": float((~a & b).mean()),
            "neither": float((~a & ~b).mean()),
        }

    def interval(self, accuracy: float) -> tuple[float, float]:
        """Return the 95 % interval of an accuracy over these faces."""
        return wilson(round(accuracy * len(self.truth)), len(self.truth))

    def changes(self, films: list[NDArray[np.int64]]) -> float:
        """Return how often the even mean changes in ten seconds of `films`, on average."""
        said = (EVEN * self.pixel + (1 - EVEN) * self.landmark).argmax(axis=1)
        changed = [said[film][1:] != said[film][:-1] for film in films if len(film) > 1]
        return 10 * float(np.concatenate(changed).mean())

    def followed(
        self, films: list[NDArray[np.int64]], rule: Rule, usual_changes: float
    ) -> NDArray[np.bool_]:
        """Return whether each face is answered rightly by the weight in force at its second."""
        right = np.zeros(len(self.truth), bool)
        for film in films:
            weight = AdaptiveWeight(
                usual_changes=usual_changes,
                step=rule.step,
                reach=rule.reach,
                start=rule.start,
            )
            for second, face in enumerate(film):
                w = weight.weight
                mixed = w * self.pixel[face] + (1 - w) * self.landmark[face]
                right[face] = mixed.argmax() == self.truth[face]
                weight.observe(mixed, second * SECOND_NS)
        return right


def best_weight(pairs: list[Pair]) -> float:
    """Return the weight with the highest mean accuracy over `pairs`; ties go to the pixel model."""
    means = [float(np.mean([pair.fused(w) for pair in pairs])) for w in WEIGHTS]
    return max(zip(means, WEIGHTS, strict=True))[1]


def films(truth: NDArray[np.int64], seed: int) -> list[NDArray[np.int64]]:
    """Return every face once, one a second, in films of `FILM_S` of lively and of calm people.

    An expression lasts for a time drawn with the person's mean of `DWELL_S`; each of its seconds
    shows another face of that label.
    """
    rng = np.random.default_rng(seed)
    found = []
    for mean_s, part in zip(
        DWELL_S, np.array_split(rng.permutation(len(truth)), len(DWELL_S)), strict=True
    ):
        runs = []
        for label in np.unique(truth[part]):
            left = part[truth[part] == label]
            while len(left):
                lasts = int(rng.geometric(1 / mean_s))
                runs.append(left[:lasts])
                left = left[lasts:]
        line = np.concatenate([runs[k] for k in rng.permutation(len(runs))])
        found += [line[k : k + FILM_S] for k in range(0, len(line), FILM_S)]
    return found


@dataclass(frozen=True, slots=True)
class Adaptive:
    """An adaptive rule and what is usual, both found on one set."""

    rule: Rule
    usual_changes: float

    @classmethod
    def chosen(cls, pair: Pair) -> "Adaptive":
        """Return the rule that is right most often on `pair`."""
        strung = [films(pair.truth, seed) for seed in range(STRINGINGS)]
        usual = float(np.mean([pair.changes(one) for one in strung]))
        means = [
            np.mean([pair.followed(one, rule, usual).mean() for one in strung]) for rule in RULES
        ]
        return cls(RULES[int(np.argmax(means))], usual)

    def measured(self, pair: Pair, fixed: float) -> dict[str, Any]:
        """Return accuracies of the published and the chosen rule on `pair`, over `STRINGINGS`
        stringings, with 95 % intervals; the gain is over the `fixed` weight, face by face."""
        strung = [films(pair.truth, seed) for seed in range(STRINGINGS)]
        found: dict[str, Any] = {}
        for name, rule in (("published", PUBLISHED), ("chosen", self.rule)):
            right = np.mean(
                [pair.followed(one, rule, self.usual_changes) for one in strung], axis=0
            )
            gain = right - pair.right(fixed)
            half = 1.96 * float(gain.std()) / np.sqrt(len(gain))
            found[name] = float(right.mean())
            found[f"{name} interval"] = pair.interval(float(right.mean()))
            found[f"{name} gain"] = [float(gain.mean() + k * half) for k in (0, -1, 1)]
        return found
