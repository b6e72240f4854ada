"""When a model names no expression: thresholds on its confidence, by visibility band.

They are derived from the risk-coverage curve on held-out faces by `python -m tools.train card` and
lie in a file that the model's card names, beside the card or in `calibration/`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from attune.errors import ModelCardInvalid
from attune.vision.face import VisibilityBand

_Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Abstention:
    """Above which confidence an expression is named, and what a withheld one is still worth.

    `threshold` in [0, 1] by band: the most probable class is named where its probability is above
    it. `kept` in [0, 1] by band: r² of valence and arousal over withheld faces as a share of the
    band's; reliability is lowered to it.
    """

    threshold: Mapping[VisibilityBand, float]
    kept: Mapping[VisibilityBand, float]

    def withholds(self, confidence: float, band: VisibilityBand) -> bool:
        """Whether the most probable class, of this probability, is not to be named."""
        return confidence <= self.threshold[band]

    def reliability(self, quality: float, confidence: float, band: VisibilityBand) -> float:
        """Evidence quality q ∈ [0, 1], lowered where the expression is withheld."""
        return quality * self.kept[band] if self.withholds(confidence, band) else quality


NAMES_ALL = Abstention(dict.fromkeys(VisibilityBand, 0.0), dict.fromkeys(VisibilityBand, 1.0))
"""Of a model without measured thresholds: everything is named."""


class _Band(BaseModel):
    model_config = ConfigDict(frozen=True)

    threshold: _Share
    kept_reliability: _Share


class _Profile(BaseModel):
    model_config = ConfigDict(frozen=True)

    sha256: str
    bands: dict[VisibilityBand, _Band]


def load_abstention(path: Path, sha256: str) -> Abstention:
    """Read the thresholds of the weights with the hash `sha256`.

    Raises ModelCardInvalid where the file cannot be read, lacks a band, or is of other weights.
    """
    try:
        profile = _Profile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        bands = {band: profile.bands[band] for band in VisibilityBand}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ModelCardInvalid(f"cannot read the thresholds {path}: {error}") from error
    except KeyError as error:
        raise ModelCardInvalid(f"{path} lacks the visibility band {error}") from error
    if profile.sha256 != sha256:
        raise ModelCardInvalid(
            f"the thresholds {path} were measured for weights with sha256 {profile.sha256}, "
            f"the card's are {sha256}; run `python -m tools.train card` again"
        )
    return Abstention(
        {band: one.threshold for band, one in bands.items()},
        {band: one.kept_reliability for band, one in bands.items()},
    )
