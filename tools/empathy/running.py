"""How the index runs: at any frame rate and delay, one visitor or many, and at what cost."""

import time

import numpy as np

from attune.config import EmpathySettings
from attune.empathy.evidence import Evidence
from attune.empathy.index import EmpathyIndex
from attune.empathy.slots import Reading as FrameReading
from attune.empathy.slots import SlotAccumulator
from attune.scenario.events import StimulusOnset
from attune.scenario.visitors import VisitorTraits, simulate
from attune.timeline import NS_PER_MS, NS_PER_S, SLOT_NS, nanoseconds, slot_start_ns
from tools.empathy.rows import Row
from tools.empathy.sittings import HEADSET, draw_crowd, face, read, sit, watch
from tools.empathy.statistics import Estimate, largest, mean
from tools.empathy.stories import Story, balanced


def rate_and_latency(visitors: int, seed: int) -> list[Row]:
    """The same visitor at other frame rates, and with every frame late by the same time."""
    story = balanced(rounds=1)
    crowd = draw_crowd("resonant", visitors, seed, gain=(0.1, 0.4))
    reference = [_live(one, story, 30.0, 0) for one in crowd]
    rows = []
    for rate_hz in (10.0, 60.0):
        other = [_live(one, story, rate_hz, 0) for one in crowd]
        found = largest(np.subtract(other, reference))
        rows.append(
            Row(
                "rate",
                f"largest change at {rate_hz:.0f} Hz from 30 Hz",
                found,
                "points",
                "≤ 1",
                found.value <= 1,
            )
        )
    for late_ms in (250, 500):
        other = [_live(one, story, 30.0, late_ms) for one in crowd]
        found = largest(np.subtract(other, reference))
        rows.append(
            Row(
                "latency",
                f"largest change with frames {late_ms} ms late",
                found,
                "points",
                "≤ 1",
                found.value <= 1,
            )
        )
    return rows


def _live(visitor: VisitorTraits, story: Story, rate_hz: float, late_ms: int) -> float:
    """The final ERI when frames come one by one and session time ticks, as in a live session."""
    shown = simulate(visitor, story.pulls, story.end_s, rate_hz)
    captured = np.rint(shown.times_s * NS_PER_S).astype(np.int64)
    index, slots = EmpathyIndex(EmpathySettings(), story.targets), SlotAccumulator()
    index.baseline_start(0)
    index.baseline_finish(nanoseconds(story.baseline_s))
    ahead, frame = list(story.events), 0
    for tick in range(int(story.end_s * NS_PER_S) // SLOT_NS + 15):
        now_ns = slot_start_ns(tick)
        while ahead and ahead[0].time_ns <= now_ns:
            event = ahead.pop(0)
            if isinstance(event, StimulusOnset):
                index.stimulus_onset(event.stimulus_id, event.time_ns)
        closed: list[Evidence] = []
        while frame < len(captured) and captured[frame] + late_ms * NS_PER_MS <= now_ns:
            valence, arousal = shown.affect[0, frame]
            closed += slots.add(
                FrameReading(int(captured[frame]), True, valence, arousal, 0.6, band=1)
            )
            frame += 1
        closed += slots.advance(now_ns)
        for one in closed:
            index.observe(one)
    return float(index.eri[0])


def together(story: Story, visitors: int, seed: int) -> list[Row]:
    """One at a time and all at once."""
    slots = read(face(draw_crowd("resonant", visitors, seed), story), HEADSET, seed)
    crowd = watch(slots, story).eri
    alone = [
        watch([one.only(visitor) for one in slots], story).eri[0] for visitor in range(visitors)
    ]
    found = largest(crowd - np.array(alone))
    return [
        Row(
            "batch",
            "largest difference between one and a batch",
            found,
            "points",
            "0",
            found.value == 0,
        )
    ]


def cost(story: Story, seed: int) -> list[Row]:
    """Processor time of a live visitor's update, and of simulating a crowd."""
    slots = read(face(draw_crowd("resonant", 1, seed), story), HEADSET, seed)
    index = EmpathyIndex(EmpathySettings(), story.targets)
    for event in story.events:
        if isinstance(event, StimulusOnset):
            index.stimulus_onset(event.stimulus_id, event.time_ns)
    taken: list[float] = []
    told: list[float] = []
    for slot in slots:
        began = time.thread_time()
        index.observe(slot)
        observed = time.thread_time()
        index.state()
        taken.append(1e3 * (observed - began))
        told.append(1e3 * (time.thread_time() - observed))
    crowd = draw_crowd("resonant", 400, seed)
    began = time.thread_time()
    sit(crowd, story, HEADSET, seed)
    factor = 400 * story.end_s / (time.thread_time() - began)
    update = mean(np.array(told))
    return [
        Row("cost", "processor time, taking in a slot", mean(np.array(taken)), "ms"),
        Row(
            "cost", "processor time, state and interval", update, "ms", "≤ 0.2", update.value <= 0.2
        ),
        Row(
            "cost",
            "simulated visitors, times real time",
            Estimate(factor, factor, factor, 400),
            "×",
            "≥ 1000",
            factor >= 1000,
        ),
    ]
