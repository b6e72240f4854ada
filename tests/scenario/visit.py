"""One simulated visit: player, slots, index and director in the loop that a live session runs."""

import math
from dataclasses import dataclass, field

import numpy as np

from attune.config import EmpathySettings
from attune.empathy.index import EmpathyIndex
from attune.empathy.slots import Reading, SlotAccumulator
from attune.empathy.state import EmpathyState
from attune.scenario.director import Director
from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    Decision,
    SceneEvent,
    StimulusOffset,
    StimulusOnset,
)
from attune.scenario.player import ScenarioPlayer
from attune.timeline import NS_PER_S, SLOT_NS

FRAME_NS = NS_PER_S // 15
FRAME_DELAY_NS = 60_000_000


@dataclass
class Visit:
    """What happened."""

    events: list[SceneEvent] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    states: list[EmpathyState] = field(default_factory=list)
    at_choices: list[tuple[str, int, EmpathyState]] = field(default_factory=list)
    """Choice, session time and the newest state, for every tick at which a choice was open."""

    @property
    def branches(self):
        """Branch by choice."""
        return {one.choice_id: one.branch_id for one in self.decisions}


def visit(scenario, gain, quality, *, seed=0, start_ns=0, upset_from_ns=None):
    """A visitor who answers each stimulus with `gain` times its target, half a second late, on top
    of slow moods; read at 15 frames a second with reliability `quality`. From `upset_from_ns` on
    the face shows distress whatever is shown to it."""
    player, director = ScenarioPlayer(scenario, start_ns), Director(scenario)
    index = EmpathyIndex(EmpathySettings(), scenario.targets)
    slots = SlotAccumulator(start_ns // SLOT_NS)
    seen = Visit()
    draw = np.random.default_rng(seed)
    mood = draw.normal(0, 0.1, 2)
    frame_ns, now_ns = start_ns, start_ns
    while not player.finished:
        now_ns += SLOT_NS
        for event in player.advance(now_ns):
            seen.events.append(event)
            _tell(event, scenario, index, director)
        while frame_ns + FRAME_DELAY_NS <= now_ns:
            keep = math.exp(-(FRAME_NS / NS_PER_S) / 1.5)
            mood = keep * mood + draw.normal(0, 0.1 * math.sqrt(1 - keep**2), 2)
            affect = np.clip(mood + gain * _asked(scenario, seen.events, frame_ns), -1, 1)
            if upset_from_ns is not None and frame_ns >= upset_from_ns:
                affect = np.array([-0.8, 0.8])
            reading = Reading(frame_ns, True, affect[0], affect[1], quality, band=1)
            _observe(slots.add(reading), index, director, seen)
            frame_ns += FRAME_NS
        _observe(slots.advance(now_ns), index, director, seen)
        for choice_id, _ in director.waiting:
            seen.at_choices.append((choice_id, now_ns, index.state()))
        for decision in director.decide(now_ns):
            seen.decisions.append(decision)
            resolved = player.resolve(
                decision.choice_id,
                decision.occurrence,
                decision.branch_id,
                now_ns,
                decision_id=decision.decision_id,
            )
            assert resolved is not None
            director.handle(resolved)
    return seen


def _tell(event, scenario, index, director):
    if isinstance(event, StimulusOnset):
        index.stimulus_onset(event.stimulus_id, event.time_ns)
    elif isinstance(event, StimulusOffset):
        index.stimulus_offset(event.stimulus_id, event.time_ns)
    else:
        director.handle(event)
    if isinstance(event, BeatEntered):
        if event.beat_id == scenario.baseline:
            index.baseline_start(event.time_ns)
        else:
            index.baseline_finish(event.time_ns)


def _observe(closed, index, director, seen):
    for evidence in closed:
        index.observe(evidence)
        seen.states.append(index.state())
        director.observe(seen.states[-1])


def _asked(scenario, events, time_ns):
    """What the stimuli shown so far ask of a face at this time."""
    total = np.zeros(2)
    for event in events:
        if isinstance(event, StimulusOnset):
            stimulus = scenario.stimulus(event.stimulus_id)
            since_s = (time_ns - event.time_ns) / NS_PER_S - 0.5
            lasts_s = stimulus.duration_s or 1.5
            strength = min(1.0, max(0.0, since_s / 0.5))
            strength *= math.exp(-max(0.0, since_s - lasts_s) / 0.6)
            total += strength * np.array([stimulus.target.valence, stimulus.target.arousal])
    return total


def due_times(events):
    """When each choice fell due."""
    return {one.choice_id: one.time_ns for one in events if isinstance(one, ChoiceDue)}
