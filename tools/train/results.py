"""What `evaluate` and `baselines` measured, as files that `report` prints without measuring."""

import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tools.train.errors import TrainingError
from tools.train.evaluate import Score

PUBLIC, PRIVATE, WITHOUT_COPIES = "PublicTest", "PrivateTest", "PrivateTest without copies"
UNSEEN_PHOTOGRAPHS = " of unseen photographs"
"""Added to a set's name: faces whose photograph is not in training, cropped otherwise, either."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One model's figures. `milliseconds` is processor time of one face on one thread.

    `scores` holds one entry for each set and condition; `facts` are further figures by name: the
    report knows which it prints.
    """

    name: str
    kind: str
    order: int
    about: str
    parameters: int | None = None
    bytes: int | None = None
    milliseconds: float | None = None
    scores: tuple[Score, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    def score(self, split: str, condition: str) -> Score | None:
        """Return the figures on one set under one condition, None where there are none."""
        for one in self.scores:
            if (one.split, one.condition) == (split, condition):
                return one
        return None


@dataclass(frozen=True, slots=True)
class Common:
    """What holds for every model: the sets, their floors, the painted headsets' areas.

    `sets` maps a set to its number of faces, `floors` to the share of its most frequent label;
    `areas` maps a condition to (mean, smallest, largest) covered share of the picture and the
    smallest covered share of eyes, brows and bridge; `found` maps a condition to the share of faces
    in which the tracker finds one.
    """

    sets: dict[str, int]
    floors: dict[str, float]
    areas: dict[str, tuple[float, float, float, float]]
    found: dict[str, float]


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"expected numbers, got {type(value)}")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 5)
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    return [_rounded(v) for v in value] if isinstance(value, list) else value


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = _rounded(json.loads(json.dumps(asdict(value), default=_plain)))
    path.write_text(json.dumps(plain, separators=(",", ":")) + "\n", encoding="utf-8")


def write(folder: Path, measured: Measured) -> None:
    """Write one model's figures into `folder`."""
    _write(folder / f"{measured.name.replace(' ', '-').lower()}.json", measured)


def write_common(folder: Path, common: Common) -> None:
    """Write what holds for every model into `folder`."""
    _write(folder / "common.json", common)


def _score(found: dict[str, Any]) -> Score:
    arrays = {k: np.array(found[k], float) for k in ("recall", "bins")}
    arrays["confusion"] = np.array(found["confusion"])
    numbers = {
        k: np.nan
        for k in ("crowd_accuracy", "published_accuracy", "ece")
        if found.get(k, np.nan) is None
    }
    return Score(**{**found, **arrays, **numbers})


def read(folder: Path) -> tuple[Common, list[Measured]]:
    """Return what was measured, in the order of the report; TrainingError says what to run."""
    common = folder / "common.json"
    if not common.exists():
        raise TrainingError(f"expected {common}; run `python -m tools.train evaluate` first")
    models = []
    for path in sorted(folder.glob("*.json")):
        if path == common:
            continue
        found = json.loads(path.read_text(encoding="utf-8"))
        scores = tuple(map(_score, found.pop("scores")))
        models.append(Measured(**found, scores=scores))
    models.sort(key=lambda one: (one.order, one.name))
    return Common(**json.loads(common.read_text(encoding="utf-8"))), models


def best_of(models: Iterable[Measured], kind: str) -> list[Measured]:
    """Return the models of one kind."""
    return [one for one in models if one.kind == kind]
