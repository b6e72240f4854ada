"""From a visitor's behaviour to the poses of a head: face, eyes, blinks and the sway of a body."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attune.scenario.loading import load_scenario
from attune.scenario.player import end_of, timeline_of
from attune.scenario.schema import Scenario
from attune.scenario.visitor_face import WEIGHT_NAMES, blinks, expression_weights, glances
from attune.scenario.visitors import Pull, VisitorKind, VisitorTraits, pulls, simulate

from .facekit import FaceKit
from .head import Pose, look_weights

Floats = NDArray[np.float64]

WAYS: dict[VisitorKind, tuple[str, ...]] = {
    "resonant": ("come-close", "go-inside", "light-a-candle"),
    "detached": ("pass-by", "stay-outside", "read-on"),
    "counter": ("pass-by", "stay-outside", "step-outside"),
}
"""The branches of the memorial that each kind of visitor is filmed on. Both sides of a choice take
the same time; what they ask for may differ, so a film sent another way answers at the right moments
but not always to the right thing."""


@dataclass(frozen=True, slots=True)
class Story:
    """What a visitor lives through: presentations of stimuli, and when it ends."""

    stimuli: tuple[Pull, ...]
    duration_s: float


def story_for(path: Path, kind: VisitorKind) -> Story:
    """The way of a kind of visitor through a scenario; unknown choices take their default."""
    scenario = load_scenario(path).scenario
    plan = way_of(scenario, kind)
    events = timeline_of(scenario, plan)
    return Story(pulls(scenario, events), end_of(scenario, plan) / 1e9)


def way_of(scenario: Scenario, kind: VisitorKind) -> dict[str, str]:
    """Choice → branch on the way of a kind of visitor; choices that ``WAYS`` does not know are
    left out."""
    return {
        choice.id: branch
        for choice in scenario.choices
        for branch in WAYS[kind]
        if choice.branch(branch) is not None
    }


@dataclass(frozen=True, slots=True)
class Moment:
    """One frame of a performance."""

    time_ns: int
    pose: Pose
    affect: tuple[float, float]
    blink: float


def perform(
    kit: FaceKit,
    traits: VisitorTraits,
    stimuli: Sequence[Pull],
    duration_s: float,
    *,
    rate_hz: float,
    distance_cm: float = 62.0,
) -> Iterator[Moment]:
    """The poses of a visitor's head, frame by frame, before a camera at face height."""
    behavior = simulate(traits, stimuli, duration_s, rate_hz)
    times, affect, head = behavior.times_s, behavior.affect[0], behavior.head_deg[0]
    weights = facekit_weights(kit, expression_weights(affect))
    closure, gaze = blinks(times, traits.seed), glances(times, traits.seed)
    rng = np.random.default_rng([traits.seed, 619])
    phase, place = rng.uniform(0, 2 * np.pi, (5, 2)), rng.normal(0, (1.2, 0.6, 2.0))
    blink_index = [kit.expression_names.index(f"eyeBlink_{side}") for side in "LR"]
    for number, time in enumerate(times):
        vector = weights[number].copy()
        lids = look_weights(*gaze[number])
        vector += kit.weight_vector(lids)
        for index in blink_index:
            vector[index] = min(1.0, max(vector[index], closure[number]))
        sway = _sway(float(time), phase)
        yield Moment(
            time_ns=round(float(time) * 1e9),
            pose=Pose(
                yaw_deg=float(head[number, 0]),
                pitch_deg=float(head[number, 1]),
                roll_deg=2.0 * sway[3] + 0.08 * float(head[number, 0]),
                position_cm=(
                    float(place[0] + 0.4 * sway[0]),
                    float(6.5 + place[1] + 0.15 * sway[1]),
                    float(distance_cm + place[2] + 0.4 * sway[2]),
                ),
                gaze_yaw_deg=float(gaze[number, 0]),
                gaze_pitch_deg=float(gaze[number, 1]),
                weights=vector,
            ),
            affect=(float(affect[number, 0]), float(affect[number, 1])),
            blink=float(closure[number]),
        )


def _sway(time_s: float, phase: Floats) -> Floats:
    """(5,) slow irregular motion of about unit size: two incommensurate waves for each."""
    rates = np.array([[0.11, 0.29], [0.24, 0.13], [0.07, 0.19], [0.09, 0.23], [0.13, 0.31]])
    waves = np.sin(2 * np.pi * rates * time_s + phase)
    return np.asarray(0.65 * waves[:, 0] + 0.35 * waves[:, 1], np.float64)


def facekit_weights(kit: FaceKit, arkit: Floats) -> NDArray[np.float32]:
    """(T, E) FaceKit weights from ARKit ones (T, W): Left/Right become _L/_R, and what ARKit has
    once but the FaceKit twice is given to both sides."""
    out = np.zeros((len(arkit), len(kit.expression_names)), np.float32)
    for column, name in enumerate(WEIGHT_NAMES):
        plain = name.removesuffix("Left").removesuffix("Right")
        if plain != name:
            targets = [f"{plain}_{'L' if name.endswith('Left') else 'R'}"]
        else:
            targets = [
                one for one in (name, f"{name}_L", f"{name}_R") if one in kit.expression_names
            ]
        for target in targets:
            out[:, kit.expression_names.index(target)] += arkit[:, column].astype(np.float32)
    return out
