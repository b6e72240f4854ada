"""How far valence and arousal can be trusted under given conditions: evidence quality q.

q is the squared correlation r² between the model's valence/arousal and the crowd's on held-out
faces, by visibility band and yaw band, lowered by the quality of the pixels. It is measured by
`python -m tools.train card` and shipped in the model's card.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attune.errors import ConfigError
from attune.vision.face import VisibilityBand

YAW_BANDS_DEG = (15.0, 30.0, 45.0)
"""Upper edges of the yaw bands |yaw| ≤ 15°, ≤ 30°, ≤ 45°; beyond the last nothing is known."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """r² by visibility band, one value a yaw band; beyond the last yaw band q is 0."""

    by_band: Mapping[VisibilityBand, tuple[float, ...]]

    def quality(self, band: VisibilityBand, yaw_deg: float, pixels: float) -> float:
        """Evidence quality q ∈ [0, 1].

        `yaw_deg`, as the pixels show it, is interpolated linearly between the middles of the bands,
        so that q does not jump while a head turns; `pixels` ∈ [0, 1] is the quality of the pixels.
        """
        values = self.by_band[band]
        turn = abs(yaw_deg)
        middles = (0.0, *(YAW_BANDS_DEG[i] - 7.5 for i in range(1, len(YAW_BANDS_DEG))))
        edge = YAW_BANDS_DEG[-1]
        if turn >= edge:
            return 0.0
        points = (*zip(middles, values, strict=True), (edge, 0.0))
        for (left, low), (right, high) in itertools.pairwise(points):
            if turn <= right:
                share = (turn - left) / (right - left)
                return max(0.0, low + share * (high - low)) * pixels
        return 0.0

    @classmethod
    def from_table(cls, table: Mapping[VisibilityBand, Sequence[float]]) -> "Reliability":
        """From a model card's table: one list of values, one a yaw band, by visibility band.

        Raises ConfigError where a band is missing or a value is not in [0, 1].
        """
        by_band: dict[VisibilityBand, tuple[float, ...]] = {}
        for band in VisibilityBand:
            values = tuple(table.get(band, ()))
            if len(values) != len(YAW_BANDS_DEG) or not all(0 <= v <= 1 for v in values):
                raise ConfigError(
                    f"reliability of {band.value} must be {len(YAW_BANDS_DEG)} numbers in [0, 1], "
                    f"one for each of |yaw| up to {YAW_BANDS_DEG} degrees; got {values!r}"
                )
            by_band[band] = values
        return cls(by_band)
