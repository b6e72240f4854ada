"""Who a visitor is to the eye: shape, skin, hair and eyes, drawn from a seed."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

HairStyle = Literal["bald", "cropped", "short", "full", "bob", "long"]
HAIR_STYLES: tuple[HairStyle, ...] = ("bald", "cropped", "short", "full", "bob", "long")

SKIN_TONES: tuple[tuple[int, int, int], ...] = (
    (241, 214, 199), (235, 203, 183), (226, 189, 164), (214, 172, 143), (199, 153, 121),
    (177, 130, 98), (152, 106, 77), (124, 83, 60), (98, 64, 46), (74, 48, 37),
)  # fmt: skip
"""Ten diffuse skin colours (sRGB), light to dark in about equal steps of lightness.

The number of groups follows the ten-step scales of fairness reporting; the values are this
project's own and are called by their place in this tuple, 1 (lightest) to 10 (darkest).
"""

HAIR_COLORS: dict[str, tuple[int, int, int]] = {
    "black": (30, 26, 25), "dark brown": (52, 37, 29), "brown": (84, 58, 40),
    "auburn": (112, 60, 36), "blond": (172, 138, 92), "grey": (142, 140, 138),
}  # fmt: skip
EYE_COLORS: dict[str, tuple[int, int, int]] = {
    "dark brown": (56, 36, 24), "brown": (92, 60, 34), "hazel": (116, 96, 52),
    "green": (92, 112, 82), "grey": (112, 122, 128), "blue": (92, 128, 162),
}  # fmt: skip
CLOTH_COLORS = (
    (46, 52, 66),
    (92, 40, 44),
    (64, 84, 70),
    (168, 160, 146),
    (34, 34, 38),
    (120, 96, 60),
)

IDENTITY_MODES = 40
"""Modes that are drawn; the first forty hold 98 % of the shape's variance."""


@dataclass(frozen=True, slots=True)
class Look:
    """The visible person.

    Attributes:
        shape: (40,) float32 weights of the identity modes, in standard deviations.
        skin_tone: 1 (lightest) to 10 (darkest), an index of ``SKIN_TONES``.
        warmth: −1 (cool undertone) to 1 (warm).
        age: 0 (young) to 1 (old): lines painted on the skin, grey in the hair.
        stubble: 0 (none) to 1 (a day or two).
        brow_fullness: 0.5 (thin) to 1.5 (thick).
        soft: whether hair, brows and chin were drawn as more women wear them than men. The head
            model has no sex of its own; this is the only trace of one here.
        hair: style; hair_color, brow_color, eye_color, cloth_color: sRGB.
        seed: of the noise in the skin.
    """

    shape: NDArray[np.float32]
    skin_tone: int
    warmth: float
    age: float
    stubble: float
    brow_fullness: float
    soft: bool
    hair: HairStyle
    hair_color: tuple[int, int, int]
    brow_color: tuple[int, int, int]
    eye_color: tuple[int, int, int]
    cloth_color: tuple[int, int, int]
    seed: int


def draw_look(seed: int, skin_tone: int | None = None) -> Look:
    """A person for a seed. Skin tones are uniform over the ten groups; colour of hair and eyes
    follows the tone only as far as light hair and light eyes on dark skin would startle."""
    rng = np.random.default_rng([seed, 101])
    drawn = int(rng.integers(1, 11))
    tone = drawn if skin_tone is None else skin_tone
    shape = np.clip(rng.normal(0.0, 0.85, IDENTITY_MODES), -2.0, 2.0).astype(np.float32)
    age = float(rng.beta(1.6, 2.2))
    soft = bool(rng.random() < 0.5)
    dark = tone >= 6
    names = ["black", "dark brown"] if dark else list(HAIR_COLORS)[:5]
    hair_name = names[int(rng.integers(len(names)))]
    greyness = max(0.0, age - 0.62) * 2.0
    grey = np.array(HAIR_COLORS["grey"])
    hair = np.array(HAIR_COLORS[hair_name]) * (1 - greyness) + grey * greyness
    brow = np.array(HAIR_COLORS[hair_name]) * (0.8 - 0.25 * greyness) + grey * 0.25 * greyness
    eyes = list(EYE_COLORS.values())[: 2 if dark else 6]
    styles: tuple[HairStyle, ...] = (
        ("short", "full", "bob", "long") if soft else ("bald", "cropped", "short", "full")
    )
    weights = (0.2, 0.2, 0.3, 0.3) if soft else (0.1, 0.3, 0.35, 0.25)
    return Look(
        shape=shape,
        skin_tone=tone,
        warmth=float(rng.uniform(-1, 1)),
        age=age,
        stubble=0.0 if soft else float(rng.choice([0.0, 0.4, 0.8])),
        brow_fullness=float(rng.uniform(0.55, 0.9) if soft else rng.uniform(0.8, 1.25)),
        soft=soft,
        hair=styles[int(rng.choice(len(styles), p=weights))],
        hair_color=_rgb(hair),
        brow_color=_rgb(brow),
        eye_color=eyes[int(rng.integers(len(eyes)))],
        cloth_color=CLOTH_COLORS[int(rng.integers(len(CLOTH_COLORS)))],
        seed=seed,
    )


def _rgb(color: NDArray[np.float64]) -> tuple[int, int, int]:
    r, g, b = (round(float(value)) for value in color)
    return r, g, b
