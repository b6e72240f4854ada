"""What the index assumes of people it does not know: range and resting values by visibility band.

Read from `calibration/empathy.toml`, which says how far its figures are measured.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attune.config import resource_root
from attune.errors import ConfigError

BANDS = ("full", "lower_face", "poor")
"""Visibility bands in the order of `Evidence.band`."""


@dataclass(frozen=True, slots=True)
class Population:
    """`range` is ρ_pop, (3,) float64; `median` the resting (valence, arousal), (3, 2) float64;
    both by band. `shrinkage_s` is n₀, the seconds that weigh as much as the population;
    `rest_spread` and `range_spread` say how far people differ from these figures: standard
    deviations of resting valence or arousal, and of the range as a share of itself."""

    range: NDArray[np.float64]
    median: NDArray[np.float64]
    shrinkage_s: float
    rest_spread: float
    range_spread: float


def load_population(path: Path | None = None) -> Population:
    """Read the figures; without `path` those that ship. Raises ConfigError."""
    where = path or resource_root() / "calibration" / "empathy.toml"
    try:
        table = tomllib.loads(where.read_text(encoding="utf-8"))
        bands = [table["bands"][name] for name in BANDS]
        population = Population(
            np.array([float(band["range"]) for band in bands]),
            np.array([(float(band["valence"]), float(band["arousal"])) for band in bands]),
            float(table["shrinkage_s"]),
            float(table["rest_spread"]),
            float(table["range_spread"]),
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"cannot read the population figures {where}: {error}") from error
    scales = np.append(population.range, population.shrinkage_s)
    if not (np.isfinite(scales).all() and scales.min() > 0):
        raise ConfigError(f"{where}: range and shrinkage_s must be finite and above 0")
    spreads = (population.rest_spread, population.range_spread)
    if not (np.isfinite([*population.median.ravel(), *spreads]).all() and min(spreads) >= 0):
        raise ConfigError(
            f"{where}: valence, arousal and spreads must be finite, spreads 0 or more"
        )
    return population


@lru_cache(maxsize=1)
def shipped_population() -> Population:
    """The figures that ship, read once."""
    return load_population()
