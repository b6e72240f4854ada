"""Stories that visitors are simulated in: the memorial on two of its ways, and three laid out here.

The balanced ones show every target as often as its opposite, so that an expression out of step with
them has no tendency of its own. The memorial leans towards the unpleasant.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from attune.config import resource_root
from attune.empathy.windows import Target
from attune.scenario.events import SceneEvent, StimulusOffset, StimulusOnset
from attune.scenario.loading import load_scenario
from attune.scenario.player import end_of, timeline_of
from attune.scenario.schema import Scenario
from attune.scenario.visitors import MOMENT_S, Pull, pulls
from attune.timeline import nanoseconds, seconds

AFFECTS = ((0.6, 0.35), (-0.6, -0.35), (-0.5, 0.5), (0.5, -0.5), (0.65, 0.0), (-0.65, 0.0))
"""Intended (valence, arousal) that cancel."""

LASTING = ((0.6, 0.35), (-0.6, -0.35), (-0.5, 0.5), (0.5, -0.5))


@dataclass(frozen=True, slots=True)
class Story:
    """What is shown: `events` in order of time and the pulls they exert; the neutral exposure lasts
    from 0 to `baseline_s`, the story until `end_s`."""

    name: str
    targets: tuple[Target, ...]
    events: tuple[StimulusOnset | StimulusOffset, ...]
    pulls: tuple[Pull, ...]
    baseline_s: float
    end_s: float

    @property
    def lean(self) -> tuple[float, float]:
        """Mean direction of what is intended, weighted by time; (0, 0) for a balanced story."""
        spans = np.array([one.end_s - one.onset_s for one in self.pulls])
        affects = np.array([(one.valence, one.arousal) for one in self.pulls])
        directions = affects / np.hypot(affects[:, 0], affects[:, 1])[:, None]
        valence, arousal = spans @ directions / spans.sum()
        return float(valence), float(arousal)


def laid_out(
    name: str, shown: Sequence[tuple[Target, float]], baseline_s: float, end_s: float
) -> Story:
    """A story of (target, onset in seconds)."""
    events: list[StimulusOnset | StimulusOffset] = []
    for target, at_s in shown:
        events.append(StimulusOnset(nanoseconds(at_s), target.stimulus_id))
        if target.duration_s is not None:
            end_ns = nanoseconds(at_s + target.duration_s)
            events.append(StimulusOffset(end_ns, target.stimulus_id))
    return Story(
        name,
        tuple({one.stimulus_id: one for one, _ in shown}.values()),
        tuple(sorted(events, key=lambda one: one.time_ns)),
        tuple(
            Pull(at_s, at_s + (one.duration_s or MOMENT_S), one.valence, one.arousal)
            for one, at_s in shown
        ),
        baseline_s,
        end_s,
    )


def balanced(rounds: int = 3, baseline_s: float = 12.0, seed: int = 0) -> Story:
    """Moments that cancel, in shuffled order, four seconds apart."""
    draw = np.random.default_rng(seed)
    targets = [Target(f"moment-{i}", *affect) for i, affect in enumerate(AFFECTS)]
    shown: list[tuple[Target, float]] = []
    at_s = baseline_s + 1.0
    for _ in range(rounds):
        for number in draw.permutation(len(targets)):
            shown.append((targets[number], at_s))
            at_s += 4.0
    return laid_out("balanced moments", shown, baseline_s, at_s)


def lasting(rounds: int = 2, baseline_s: float = 12.0) -> Story:
    """Stimuli of ten seconds that cancel, with pauses of four."""
    targets = [Target(f"lasting-{i}", *affect, 10.0) for i, affect in enumerate(LASTING)]
    shown = [
        (targets[i % len(targets)], baseline_s + 1.0 + 14.0 * i)
        for i in range(rounds * len(targets))
    ]
    return laid_out("lasting stimuli", shown, baseline_s, shown[-1][1] + 14.0)


def monotone() -> Story:
    """Half a minute of one unpleasant mood, in moments: the most unbalanced story there is."""
    target = Target("gloom", -0.65, -0.2)
    shown = [(target, 13.0 + 2.6 * i) for i in range(12)]
    return laid_out("one mood", shown, 12.0, 46.0)


def memorial_scenario() -> Scenario:
    """The story that ships."""
    where = resource_root() / "examples" / "scenarios" / "memorial.yaml"
    return load_scenario(where).scenario


def along(scenario: Scenario, ways: Mapping[str, str], name: str) -> Story:
    """A scenario on the way that takes these branches, and the default elsewhere."""
    played: Sequence[SceneEvent] = timeline_of(scenario, ways)
    baseline = scenario.beat(scenario.baseline or "")
    return Story(
        name,
        scenario.targets,
        tuple(one for one in played if isinstance(one, StimulusOnset | StimulusOffset)),
        pulls(scenario, played),
        0.0 if baseline is None else baseline.duration_s,
        seconds(end_of(scenario, ways)),
    )


def stories() -> tuple[Story, ...]:
    """Every story that the properties are measured in."""
    memorial = memorial_scenario()
    close = {choice.id: choice.branches[0].id for choice in memorial.choices}
    return (
        balanced(),
        lasting(),
        along(memorial, close, "memorial, close"),
        along(memorial, {}, "memorial, by default"),
        monotone(),
    )
