"""What a face shows for an affect: ARKit weights of six full expressions, blended by direction.

Expressions lie around the affect plane at the angles at which people place them; an affect between
two of them shows both in part, and its distance from neutral sets how strongly.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def _both(**weights: float) -> dict[str, float]:
    return {f"{name}{side}": value for name, value in weights.items() for side in ("Left", "Right")}


# name, angle in the plane (valence to the right, arousal up), weights at full intensity; teeth stay
# covered in fear and anger, since below a headset bared teeth look like a smile
_EXPRESSIONS: Final[tuple[tuple[str, float, dict[str, float]], ...]] = (
    ("joy", 32.0, {"jawOpen": 0.10}
     | _both(mouthSmile=1.0, cheekSquint=0.75, eyeSquint=0.3, mouthUpperUp=0.35, mouthDimple=0.2)),
    ("surprise", 80.0, {"jawOpen": 0.7, "browInnerUp": 1.0, "mouthFunnel": 0.3}
     | _both(browOuterUp=1.0, eyeWide=1.1)),
    ("fear", 122.0, {"jawOpen": 0.55, "browInnerUp": 1.2}
     | _both(browOuterUp=0.5, eyeWide=1.5, mouthFrown=1.0)),
    ("anger", 148.0, {"mouthShrugLower": 0.5}
     | _both(browDown=1.8, eyeSquint=0.5, noseSneer=0.9, mouthPress=1.0, mouthFrown=0.9)),
    ("sadness", 185.0, {"browInnerUp": 1.4, "mouthShrugLower": 1.0}
     | _both(mouthFrown=1.6, browDown=0.4, eyeSquint=0.3, eyeLookDown=0.25)),
    ("calm", 310.0, _both(mouthSmile=0.55, cheekSquint=0.2, eyeBlink=0.12)),
)  # fmt: skip

WEIGHT_NAMES: Final[tuple[str, ...]] = tuple(
    sorted({name for *_, weights in _EXPRESSIONS for name in (*weights, "eyeBlinkRight")})
)
"""ARKit names of the weights that `expression_weights` gives, in its order."""

EXPRESSIONS: Final[tuple[tuple[str, float], ...]] = tuple(
    (name, angle) for name, angle, _ in _EXPRESSIONS
)
"""The full expressions: name and angle in the affect plane in degrees, angles rising."""

_ANGLES = np.array([angle for _, angle, _ in _EXPRESSIONS])
_TABLE = np.array(
    [[weights.get(name, 0.0) for name in WEIGHT_NAMES] for *_, weights in _EXPRESSIONS]
)
FULL_AFFECT = 0.62
"""Distance from neutral at which an expression is shown in full."""

BLINKS_PER_MIN = 17.0
BLINK_S = 0.26


def expression_weights(affect: Floats) -> Floats:
    """(…, W) weights, in the order of `WEIGHT_NAMES`, for affect (…, 2) in [−1, 1].

    Neutral affect gives a neutral face; weights may exceed 1 where a full expression needs it.
    """
    valence, arousal = affect[..., 0], affect[..., 1]
    angle = np.degrees(np.arctan2(arousal, valence)) % 360.0
    after = np.searchsorted(_ANGLES, angle) % len(_ANGLES)
    before = (after - 1) % len(_ANGLES)
    gap = (_ANGLES[after] - _ANGLES[before]) % 360.0
    share = ((angle - _ANGLES[before]) % 360.0) / gap
    # neighbours on the wide arcs would cancel to a blank face, so the nearer one keeps the say
    share = share * share * (3.0 - 2.0 * share)
    blend = _TABLE[before] * (1.0 - share)[..., None] + _TABLE[after] * share[..., None]
    strength = np.minimum(np.hypot(valence, arousal) / FULL_AFFECT, 1.25)
    return np.asarray(blend * strength[..., None], np.float64)


def blinks(times_s: Floats, seed: int) -> Floats:
    """(T,) closure of the eyes in [0, 1]: quick to close, slower to open, at human intervals."""
    rng = np.random.default_rng([seed, 613])
    closure = np.zeros(len(times_s))
    end = float(times_s[-1]) if len(times_s) else 0.0
    start = float(rng.exponential(60.0 / BLINKS_PER_MIN))
    while start < end:
        phase = (times_s - start) / BLINK_S
        shape = np.interp(phase, (0.0, 0.3, 0.45, 1.0), (0.0, 1.0, 1.0, 0.0))
        closure = np.maximum(closure, np.where((phase > 0) & (phase < 1), shape, 0.0))
        start += BLINK_S + 0.4 + float(rng.exponential(60.0 / BLINKS_PER_MIN - 0.4 - BLINK_S))
    return closure


def glances(times_s: Floats, seed: int) -> Floats:
    """(T, 2) small saccades of the gaze about the head's direction: yaw and pitch in degrees."""
    rng = np.random.default_rng([seed, 617])
    gaze = np.zeros((len(times_s), 2))
    end = float(times_s[-1]) if len(times_s) else 0.0
    start = 0.0
    while start <= end:
        goal = rng.normal(0.0, (5.0, 3.0))
        gaze[times_s >= start] = goal
        start += 0.3 + float(rng.exponential(1.1))
    return gaze
