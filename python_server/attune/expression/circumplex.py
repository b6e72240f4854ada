"""Class probabilities to (valence, arousal): the expectation over a table of class positions.

Russell, J. A. (1980). A circumplex model of affect. The table ships as
`calibration/circumplex.toml` with the source of every value.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from attune.config import resource_root
from attune.errors import ConfigError

SPELLINGS = {
    "anger": "angry",
    "disgusted": "disgust",
    "fearful": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprised": "surprise",
    "confused": "confusion",
}
"""Other spellings of the table's classes that data sets and models use."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a class lies, each value in [−1, 1], and how that is known."""

    valence: float
    arousal: float
    kind: Literal["measured", "convention"]
    source: str


@dataclass(frozen=True, slots=True)
class Circumplex:
    """A versioned table of class positions."""

    version: int
    positions: Mapping[str, Position]

    def matrix(self, labels: Sequence[str]) -> NDArray[np.float64]:
        """Positions of `labels`, (C, 2) float64, valence first; ConfigError for an unknown one."""
        rows = []
        for label in labels:
            name = SPELLINGS.get(label.lower(), label.lower())
            if name not in self.positions:
                raise ConfigError(
                    f"class {label!r} has no place on the circumplex; the table has: "
                    f"{', '.join(self.positions)}. Add it to calibration/circumplex.toml"
                )
            rows.append((self.positions[name].valence, self.positions[name].arousal))
        return np.array(rows, dtype=np.float64).reshape(len(labels), 2)

    def affect(
        self, labels: Sequence[str], probabilities: NDArray[np.float32] | NDArray[np.float64]
    ) -> tuple[float, float]:
        """Expected (valence, arousal) of class probabilities, (C,) summing to 1."""
        weights = np.asarray(probabilities, dtype=np.float64)
        if weights.shape != (len(labels),):
            raise ValueError(f"expected ({len(labels)},) probabilities, got {weights.shape}")
        valence, arousal = weights @ self.matrix(labels)
        return float(valence), float(arousal)


def load_circumplex(path: Path | None = None) -> Circumplex:
    """Read a table; without `path` the one that ships. Raises ConfigError."""
    where = path or resource_root() / "calibration" / "circumplex.toml"
    try:
        table = tomllib.loads(where.read_text(encoding="utf-8"))
        version = int(table.pop("version"))
        positions = {name: Position(**entry) for name, entry in table.items()}
        for name, position in positions.items():
            if not (-1 <= position.valence <= 1 and -1 <= position.arousal <= 1):
                raise ConfigError(f"{where}: {name} lies outside [−1, 1]: {position}")
    except (OSError, ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"cannot read the circumplex table {where}: {error}") from error
    return Circumplex(version, positions)


@lru_cache(maxsize=1)
def shipped_circumplex() -> Circumplex:
    """The table that ships, read once."""
    return load_circumplex()


def affect(
    labels: Sequence[str], probabilities: NDArray[np.float32] | NDArray[np.float64]
) -> tuple[float, float]:
    """Expected (valence, arousal) of class probabilities by the table that ships."""
    return shipped_circumplex().affect(labels, probabilities)
