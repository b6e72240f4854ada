"""Headset geometry of our own: outline families, and a draw of one headset with its wear.

Lengths are in eye distances of the wearer (centre of one eye to centre of the other, about 63 mm),
in the face's frame: origin midway between the eyes, x to image right, y down, z away from the
camera when the face is frontal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

OUTLINE_POINTS = 40


class Family(StrEnum):
    """The outlines that a headset's front can have."""

    SLAB = "slab"
    ROUNDED = "rounded"
    VISOR = "visor"
    GOGGLES = "goggles"
    HALO = "halo"
    BEVELLED = "bevelled"
    TAPERED = "tapered"
    TWIN = "twin"


SEEN_FAMILIES = (Family.SLAB, Family.ROUNDED, Family.VISOR, Family.GOGGLES, Family.HALO)
"""Outline families that training may paint."""

UNSEEN_FAMILIES = (Family.BEVELLED, Family.TAPERED, Family.TWIN)
"""Outline families kept for evaluation: no model is ever trained on them."""


def _superellipse(power: float) -> NDArray[np.float64]:
    angle = np.linspace(0, 2 * np.pi, OUTLINE_POINTS, endpoint=False)
    c, s = np.round(np.cos(angle), 12), np.round(np.sin(angle), 12)
    exponent = 2 / power
    return np.stack(
        [np.sign(c) * np.abs(c) ** exponent, np.sign(s) * np.abs(s) ** exponent], axis=1
    )


def _slab() -> NDArray[np.float64]:
    return _superellipse(8.0)


def _rounded() -> NDArray[np.float64]:
    return _superellipse(3.2)


def _visor() -> NDArray[np.float64]:
    points = _superellipse(5.0)
    points[:, 1] -= 0.18 * points[:, 0] ** 2
    return points


def _goggles() -> NDArray[np.float64]:
    points = _superellipse(4.0)
    below = points[:, 1] > 0
    notch = 0.45 * np.exp(-((points[:, 0] / 0.2) ** 2))
    points[:, 1] -= np.where(below, notch, 0.0)
    return points


def _bevelled() -> NDArray[np.float64]:
    return np.array(
        [
            [-0.62, -1.0],
            [0.62, -1.0],
            [1.0, -0.35],
            [1.0, 0.35],
            [0.62, 1.0],
            [-0.62, 1.0],
            [-1.0, 0.35],
            [-1.0, -0.35],
        ]
    )


def _tapered() -> NDArray[np.float64]:
    return np.array([[-1.0, -1.0], [1.0, -1.0], [0.78, 1.0], [-0.78, 1.0]])


def _twin() -> NDArray[np.float64]:
    points = _superellipse(2.6)
    pinch = 0.28 * np.exp(-((points[:, 0] / 0.25) ** 2))
    points[:, 1] *= 1 - pinch
    return points


_OUTLINES: dict[Family, NDArray[np.float64]] = {
    Family.SLAB: _slab(),
    Family.ROUNDED: _rounded(),
    Family.VISOR: _visor(),
    Family.GOGGLES: _goggles(),
    Family.HALO: _rounded(),
    Family.BEVELLED: _bevelled(),
    Family.TAPERED: _tapered(),
    Family.TWIN: _twin(),
}


def unit_outline(family: Family) -> NDArray[np.float64]:
    """Return the family's outline, (n, 2), in the box [-1, 1] x [-1, 1]; y points down."""
    return _OUTLINES[family].copy()


@dataclass(frozen=True, slots=True)
class Headset:
    """One headset and how it is worn.

    `half_width`, `top` (negative: above the eyes), `bottom` and `depth` are in eye distances;
    `offset` (2,) moves the whole headset on the face (wear), `tilt_deg` turns it, clockwise in the
    image. `front_tone` and `side_tone` are gray levels 0..255, `tint` (3,) is added to BGR images;
    `shade` (2,) is the tone's slope along x and y, in levels per eye distance. `gloss` is the
    height of one reflection in levels, at `gloss_at` (2,), `gloss_size` wide; 0 is matt.
    """

    family: Family
    half_width: float
    top: float
    bottom: float
    depth: float
    offset: tuple[float, float] = (0.0, 0.0)
    tilt_deg: float = 0.0
    front_tone: float = 25.0
    side_tone: float = 45.0
    tint: tuple[float, float, float] = (0.0, 0.0, 0.0)
    shade: tuple[float, float] = (0.0, 0.0)
    gloss: float = 0.0
    gloss_at: tuple[float, float] = (0.0, 0.0)
    gloss_size: float = 0.4
    side_strap: float = 0.25
    top_strap: float = 0.0

    def outline(self) -> NDArray[np.float64]:
        """Return the front outline, (n, 2), in the face's frame, worn as described."""
        unit = unit_outline(self.family)
        middle, half = (self.top + self.bottom) / 2, (self.bottom - self.top) / 2
        points = unit * [self.half_width, half] + [0.0, middle]
        return self._worn(points)

    def straps(self) -> list[NDArray[np.float64]]:
        """Return strap bands as (4, 3) quads in the face's frame; empty where there is none."""
        middle = (self.top + self.bottom) / 2
        bands = []
        if self.side_strap > 0:
            half = self.side_strap
            for side in (-1.0, 1.0):
                near, far = side * self.half_width * 0.9, side * 1.7
                band = [[near, middle - half], [far, middle - half * 0.8]]
                band += [[far, middle + half * 0.8], [near, middle + half]]
                bands.append(np.column_stack([self._worn(np.array(band)), [0.1, 1.1, 1.1, 0.1]]))
        if self.top_strap > 0:
            half = self.top_strap
            band = [[-half, self.top + 0.2], [half, self.top + 0.2], [half, -1.9], [-half, -1.9]]
            bands.append(np.column_stack([self._worn(np.array(band)), [-0.2, -0.2, 0.6, 0.6]]))
        return bands

    def _worn(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        angle = np.radians(self.tilt_deg)
        rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        return np.asarray(points @ rotation.T + np.asarray(self.offset), np.float64)


def _front_tone(rng: np.random.Generator) -> float:
    """Dark shells most often, then white ones, then anything between."""
    kind = rng.random()
    if kind < 0.55:
        return float(rng.uniform(5, 60))
    if kind < 0.8:
        return float(rng.uniform(185, 245))
    return float(rng.uniform(60, 185))


def draw_headset(rng: np.random.Generator, families: Sequence[Family] = SEEN_FAMILIES) -> Headset:
    """Draw one headset of `families` with sizes, tones, gloss, tilt, wear and straps."""
    family = families[int(rng.integers(len(families)))]
    u = rng.random(16)
    front = _front_tone(rng)
    halo = family is Family.HALO
    return Headset(
        family=family,
        half_width=1.05 + 0.4 * u[0] + (0.15 if family is Family.VISOR else 0.0),
        top=-(0.58 + 0.32 * u[1]),
        bottom=0.42 + 0.3 * u[2] + (0.12 if family is Family.GOGGLES else 0.0),
        depth=0.7 + 0.8 * u[3],
        offset=(0.1 * (2 * u[4] - 1), 0.1 * (2 * u[5] - 1)),
        tilt_deg=5.0 * (2 * u[6] - 1),
        front_tone=front,
        side_tone=float(np.clip(front + 70 * u[7] - 25, 0, 255)),
        tint=(6 * (2 * u[8] - 1), 3 * (2 * u[9] - 1), 6 * (1 - 2 * u[8])),
        shade=(16 * (2 * u[10] - 1), 24 * (2 * u[11] - 1)),
        gloss=110 * u[12] if u[13] < 0.5 else 0.0,
        gloss_at=(1.6 * u[14] - 0.8, 0.8 * u[15] - 0.5),
        gloss_size=0.15 + 0.4 * u[9],
        side_strap=0.15 + 0.25 * u[8] if u[13] < 0.85 else 0.0,
        top_strap=0.5 + 0.4 * u[7] if halo else (0.18 if u[6] < 0.3 else 0.0),
    )
