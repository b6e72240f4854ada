"""Simulated visitors: how a person of given traits answers a story, without a single pixel.

A stimulus pulls the visible affect towards a share of what the scene intends, after a delay; the
share is the visitor's mirroring gain times their expressivity, less fatigue. Around it lie a
resting face, slow wandering of the affect, and a head that follows the scene's focus or wanders
off. Many visitors run at once; the same traits and seed give the same visitor alone or in a crowd.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from attune.empathy.batch import SlotBatch
from attune.empathy.evidence import UNIT
from attune.scenario.events import SceneEvent, StimulusOffset, StimulusOnset
from attune.scenario.schema import Scenario
from attune.timeline import NS_PER_S, SLOT_NS, seconds

Floats = NDArray[np.float64]
VisitorKind = Literal["resonant", "detached", "counter"]

MOMENT_S = 2.0
"""How long a stimulus without an end keeps pulling."""

RISE_S = 0.35
FALL_S = 0.8
WANDER_S = 2.5
TURN_S = 0.35
"""Time constants: of an expression's onset and offset, of the noise, of a turn of the head."""

SWAY_DEG = 1.2
"""Standard deviation of a head that means to hold still."""

LOOK_AWAY_S = 3.0
"""How long a visitor whose attention has slipped looks elsewhere, on average."""

STEP_S = 0.05
"""Finest step of the behaviour; coarser rates are read off it, so that the rate changes nothing."""


@dataclass(frozen=True, slots=True)
class Pull:
    """One presentation of a stimulus: from `onset_s` to `end_s`, with the affect that the scene
    intends (each in [−1, 1]) and the direction of its focus in degrees (yaw > 0 to the visitor's
    left, pitch > 0 up)."""

    onset_s: float
    end_s: float
    valence: float
    arousal: float
    focus_yaw_deg: float = 0.0
    focus_pitch_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class VisitorTraits:
    """What makes one visitor differ from another.

    `empathy` is the mirroring gain: 1 goes along with the scene, 0 is not moved, −1 shows the
    opposite. `expressivity` scales whatever is shown. `latency_s` passes before a stimulus shows.
    `resting_valence`/`resting_arousal` are the affect of the face at rest. `attention` is the share
    of time spent facing the focus. `fatigue_per_min` is the share of the response lost in each
    minute. `noise` is the standard deviation of the affect's wandering.
    """

    empathy: float = 1.0
    expressivity: float = 1.0
    latency_s: float = 0.4
    resting_valence: float = 0.0
    resting_arousal: float = 0.0
    attention: float = 0.95
    fatigue_per_min: float = 0.1
    noise: float = 0.05
    seed: int = 0


_EMPATHY: Mapping[VisitorKind, float] = {"resonant": 1.0, "detached": 0.0, "counter": -1.0}


def draw_visitor(kind: VisitorKind, seed: int) -> VisitorTraits:
    """A visitor of a kind; a seed draws how expressive, quick, attentive and restless they are."""
    rng = np.random.default_rng([seed, 601])
    return VisitorTraits(
        empathy=_EMPATHY[kind],
        expressivity=float(rng.uniform(0.85, 1.2)),
        latency_s=float(rng.uniform(0.25, 0.6)),
        resting_valence=float(rng.normal(0.0, 0.05)),
        resting_arousal=float(rng.normal(0.0, 0.04)),
        attention=float(rng.uniform(0.88, 0.99)),
        fatigue_per_min=float(rng.uniform(0.0, 0.2)),
        noise=float(rng.uniform(0.03, 0.07)),
        seed=seed,
    )


@dataclass(frozen=True, slots=True)
class Behavior:
    """What V visitors showed at T times.

    `times_s` (T,) seconds from the start; `affect` (V, T, 2) visible valence and arousal in
    [−1, 1]; `head_deg` (V, T, 2) yaw and pitch of the head (signs as in `attune.vision.pose`);
    `off_focus_deg` (V, T) angle between the head and the scene's focus.
    """

    times_s: Floats
    affect: Floats
    head_deg: Floats
    off_focus_deg: Floats


def pulls(
    scenario: Scenario,
    events: Sequence[SceneEvent],
    anchors: Mapping[str, tuple[float, float]] | None = None,
) -> tuple[Pull, ...]:
    """The presentations in a played story. `anchors` gives (yaw, pitch) in degrees for focus
    anchors by name; the focus of any other stimulus is straight ahead."""
    found: list[Pull] = []
    open_since: dict[str, int] = {}
    for event in events:
        if isinstance(event, StimulusOnset):
            stimulus = scenario.stimulus(event.stimulus_id)
            if stimulus is None:
                continue
            yaw, pitch = (anchors or {}).get(stimulus.focus_anchor or "", (0.0, 0.0))
            start = seconds(event.time_ns)
            target = stimulus.target
            end = start + (stimulus.duration_s or MOMENT_S)
            open_since[event.stimulus_id] = len(found)
            found.append(Pull(start, end, target.valence, target.arousal, yaw, pitch))
        elif isinstance(event, StimulusOffset) and event.stimulus_id in open_since:
            index = open_since.pop(event.stimulus_id)
            found[index] = replace(found[index], end_s=seconds(event.time_ns))
    return tuple(found)


def simulate(
    visitors: VisitorTraits | Sequence[VisitorTraits],
    stimuli: Sequence[Pull],
    duration_s: float,
    rate_hz: float,
) -> Behavior:
    """How visitors answer stimuli over time; the first axis of the result is the visitor.

    Raises ValueError for a duration or rate that is not positive, or a rate above 60 Hz.
    """
    if not (duration_s > 0 and 0 < rate_hz <= 60):
        raise ValueError(f"expected duration > 0 and 0 < rate ≤ 60, got {duration_s}, {rate_hz}")
    crowd = (visitors,) if isinstance(visitors, VisitorTraits) else tuple(visitors)
    steps = int(np.ceil(duration_s / STEP_S)) + 2
    grid = np.arange(steps) * STEP_S
    wander, away, look, sway = _chances(crowd, steps)
    affect = np.clip(_answered(crowd, stimuli, grid) + wander, -1.0, 1.0)
    focus = _focus(stimuli, grid)
    head = _followed(np.where(away[..., None], look, focus[:, None]), TURN_S) + sway

    times = np.arange(round(duration_s * rate_hz)) / rate_hz
    at = times / STEP_S
    low = np.minimum(at.astype(np.int64), steps - 2)
    share = (at - low)[:, None, None]
    shown = affect[low] * (1 - share) + affect[low + 1] * share
    turned = head[low] * (1 - share) + head[low + 1] * share
    off_focus = _angle_deg(turned, focus[low][:, None])
    return Behavior(times, shown.swapaxes(0, 1), turned.swapaxes(0, 1), off_focus.T)


def _answered(crowd: Sequence[VisitorTraits], stimuli: Sequence[Pull], grid: Floats) -> Floats:
    """(T, V, 2) affect without noise: a pull towards the shared affect, quick to come and slow to
    go."""
    gain = np.array([one.empathy * one.expressivity for one in crowd])
    latency = np.array([one.latency_s for one in crowd])
    fatigue = np.array([one.fatigue_per_min for one in crowd])
    rest = np.array([(one.resting_valence, one.resting_arousal) for one in crowd])
    target = np.zeros((len(grid), len(crowd), 2))
    since = grid[:, None] - latency
    for pull in stimuli:
        during = (since >= pull.onset_s) & (since < pull.end_s)
        target[during] = (pull.valence, pull.arousal)
    growing = np.any(target != 0.0, axis=2, keepdims=True)
    rise, fall = (1.0 - np.exp(-STEP_S / constant) for constant in (RISE_S, FALL_S))
    rate = np.where(growing, rise, fall)
    left = np.clip(1.0 - fatigue * grid[:, None] / 60.0, 0.0, 1.0)
    target *= (gain * left)[..., None]
    out = np.empty_like(target)
    state = np.zeros((len(crowd), 2))
    for step in range(len(grid)):
        state = state + rate[step] * (target[step] - state)
        out[step] = state
    return np.asarray(out + rest, np.float64)


def _chances(
    crowd: Sequence[VisitorTraits], steps: int
) -> tuple[Floats, NDArray[np.bool_], Floats, Floats]:
    """Wandering of affect (T, V, 2), looking away (T, V), where to (T, V, 2), sway (T, V, 2).

    Every visitor has a generator of their own, so that a crowd changes nobody.
    """
    normal = np.empty((steps, len(crowd), 4))
    even = np.empty((steps, len(crowd), 3))
    for index, one in enumerate(crowd):
        rng = np.random.default_rng([one.seed, 607])
        normal[:, index] = rng.standard_normal((steps, 4))
        even[:, index] = rng.random((steps, 3))
    noise = np.array([one.noise for one in crowd])[:, None]
    scale = np.concatenate([noise, noise, np.full((len(crowd), 2), SWAY_DEG)], axis=1)
    slow = _wandering(normal * scale)

    attention = np.array([one.attention for one in crowd])
    back = STEP_S / LOOK_AWAY_S
    slip = back * (1.0 - attention) / np.maximum(attention, 1e-6)
    elsewhere = (even[..., 1:] - 0.5) * (80.0, 24.0)
    elsewhere[..., 0] += np.copysign(14.0, elsewhere[..., 0])
    leaves, returns = even[..., 0] < slip, even[..., 0] < back
    away = np.empty((steps, len(crowd)), np.bool_)
    look = np.empty((steps, len(crowd), 2))
    gone, where = even[0, :, 0] > attention, elsewhere[0]
    for step in range(steps):
        away[step], look[step] = gone, where
        where = np.where((~gone & leaves[step])[:, None], elsewhere[step], where)
        gone = np.where(gone, ~returns[step], leaves[step])
    return slow[..., :2], away, look, slow[..., 2:]


def _wandering(steps: Floats) -> Floats:
    """Noise of the same size along (T, V, K), but slow: an Ornstein-Uhlenbeck process."""
    keep = np.exp(-STEP_S / WANDER_S)
    fresh = np.sqrt(1.0 - keep * keep)
    out = np.empty_like(steps)
    state = steps[0]
    for step in range(len(steps)):
        out[step] = state
        state = keep * state + fresh * steps[step]
    return out


def _focus(stimuli: Sequence[Pull], grid: Floats) -> Floats:
    """(T, 2) direction of the scene's focus; the last one stays until the next."""
    focus = np.zeros((len(grid), 2))
    for pull in sorted(stimuli, key=lambda one: one.onset_s):
        focus[grid >= pull.onset_s] = (pull.focus_yaw_deg, pull.focus_pitch_deg)
    return focus


def _followed(goal: Floats, constant_s: float) -> Floats:
    """A critically damped pursuit of (T, V, 2) goals, from rest at the first one."""
    out = np.empty_like(goal)
    place, speed = goal[0].copy(), np.zeros_like(goal[0])
    for step in range(len(goal)):
        pull = (goal[step] - place) / constant_s**2 - 2.0 * speed / constant_s
        speed = speed + STEP_S * pull
        place = place + STEP_S * speed
        out[step] = place
    return out


def _angle_deg(head: Floats, focus: Floats) -> Floats:
    """Angle in degrees between directions given as (yaw, pitch) in degrees, (…, 2) each."""
    a, b = np.radians(head), np.radians(focus)
    cosine = np.sin(a[..., 1]) * np.sin(b[..., 1])
    cosine = cosine + np.cos(a[..., 1]) * np.cos(b[..., 1]) * np.cos(a[..., 0] - b[..., 0])
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))), np.float64)


def slots(behavior: Behavior, quality: float, band: int) -> Iterator[SlotBatch]:
    """The behaviour as closed evidence slots, as if a camera had seen affect exactly.

    `quality` is q in [0, 1] and `band` the visibility band (0 full, 1 lower face, 2 poor) that an
    expression model is taken to have. Affect is the mean over each slot of 100 ms, which needs a
    behaviour of at least 10 Hz.
    """
    index = np.floor(behavior.times_s * NS_PER_S / SLOT_NS + 1e-6).astype(np.int64)
    first = np.flatnonzero(np.diff(index, prepend=-1))
    count = np.diff(np.append(first, len(index)))
    affect = np.add.reduceat(behavior.affect, first, axis=1) / count[None, :, None]
    angle = np.add.reduceat(behavior.off_focus_deg, first, axis=1) / count
    units = np.rint(affect * UNIT).astype(np.int64)
    centidegrees = np.rint(angle * 100).astype(np.int64)
    visitors = behavior.affect.shape[0]
    whole = np.ones(visitors, np.int64)
    for place, slot in enumerate(index[first]):
        yield SlotBatch(
            slot=int(slot),
            valence=units[:, place, 0],
            arousal=units[:, place, 1],
            quality=whole * round(quality * UNIT),
            tracked=whole,
            focus_angle_cdeg=centidegrees[:, place],
            band=whole * band,
        )
