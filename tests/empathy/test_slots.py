"""Frames at any rate and with any constant delay become the same slots."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.config import EmpathySettings
from attune.empathy.evidence import ANGLE_UNKNOWN, UNIT
from attune.empathy.index import EmpathyIndex
from attune.empathy.slots import Reading, SlotAccumulator
from attune.empathy.windows import Target
from attune.timeline import SLOT_NS

MS = 1_000_000
S = 1_000 * MS


def frame(time_ns, valence=0.0, **fields):
    """A tracked frame."""
    return Reading(time_ns, tracked=True, valence=valence, quality=0.6, band=1, **fields)


def test_a_slot_is_the_mean_of_its_frames_in_fixed_point():
    slots = SlotAccumulator()
    slots.add(frame(10 * MS, 0.2, probabilities=(0.25, 0.75), focus_angle_deg=10.0))
    slots.add(frame(60 * MS, 0.4, probabilities=(0.75, 0.25), focus_angle_deg=20.0))
    (closed,) = slots.add(frame(400 * MS))
    assert (closed.slot, closed.valence, closed.quality) == (0, 3000, 6000)
    assert (closed.tracked, closed.frames, closed.band) == (1, 2, 1)
    assert closed.probabilities == (5000, 5000)
    assert closed.focus_angle_cdeg == 1500


def test_a_slot_closes_at_the_first_frame_300_ms_past_its_end():
    slots = SlotAccumulator()
    slots.add(frame(50 * MS))
    assert slots.add(frame(399 * MS)) == ()
    assert [one.slot for one in slots.add(frame(400 * MS))] == [0]


def test_session_time_alone_closes_a_slot_half_a_second_later():
    slots = SlotAccumulator()
    slots.add(frame(50 * MS))
    assert slots.advance(800 * MS) == ()
    assert [one.slot for one in slots.advance(900 * MS)] == [0]


def test_a_frame_that_comes_500_ms_late_still_counts_for_its_slot():
    slots = SlotAccumulator()
    for tick in range(6):
        assert slots.advance(tick * SLOT_NS) == ()
    assert slots.add(frame(0, 0.3)) == ()
    closed = [one for tick in range(6, 10) for one in slots.advance(tick * SLOT_NS)]
    assert [(one.slot, one.valence, one.tracked) for one in closed] == [(0, 3000, 1)]
    assert slots.late == 0


def test_a_window_waits_for_the_frames_of_its_last_slot():
    def after_the_window(late_ms):
        index, slots = EmpathyIndex(EmpathySettings(), [Target("joy", 0.6, 0.1)]), SlotAccumulator()
        index.stimulus_onset("joy", 0)
        for tick in range(late_ms // 100, 45):
            captured = tick - late_ms // 100
            # Only the last slot of the window, from 2.4 to 2.5 s, shows anything.
            reading = frame(captured * SLOT_NS, 0.3 if captured == 24 else 0.0)
            for one in (*slots.add(reading), *slots.advance(tick * SLOT_NS)):
                index.observe(one)
                if one.slot == 30:
                    return index.state()
        raise AssertionError("slot 30 never closed")

    assert after_the_window(0).affective.value > 0.03
    assert after_the_window(500) == after_the_window(0)


def test_a_frame_for_a_closed_slot_is_counted_and_ignored():
    slots = SlotAccumulator()
    slots.add(frame(50 * MS, 0.5))
    slots.add(frame(400 * MS))
    assert slots.add(frame(99 * MS, -0.5)) == ()
    assert slots.late == 1


def test_frames_out_of_order_within_the_delay_are_all_used():
    slots = SlotAccumulator()
    for time_ms, valence in ((80, 0.1), (20, 0.2), (350, 0.0), (50, 0.3)):
        slots.add(frame(time_ms * MS, valence))
    (closed,) = slots.add(frame(400 * MS))
    assert (closed.valence, closed.frames) == (2000, 3)


def test_a_frame_far_ahead_of_session_time_closes_nothing():
    slots = SlotAccumulator()
    slots.advance(0)
    assert slots.add(frame(60 * S)) == ()
    assert slots.ahead == 1
    slots.add(frame(50 * MS))
    assert slots.add(frame(400 * MS))[0].tracked == 1


def test_a_slow_camera_is_held_over_but_a_lost_face_is_not():
    slots = SlotAccumulator()
    closed = []
    for step in range(10):
        closed += slots.add(frame(step * 200 * MS))
    assert [one.tracked for one in closed] == [1] * len(closed)
    assert [one.frames for one in closed[:4]] == [1, 0, 1, 0]
    slots = SlotAccumulator()
    slots.add(frame(50 * MS))
    slots.add(Reading(150 * MS, tracked=False))
    closed = slots.advance(2 * S)
    assert [one.tracked for one in closed][:4] == [1, 0, 0, 0]
    assert closed[1].frames == 1


def test_nothing_is_held_for_longer_than_a_quarter_of_a_second():
    slots = SlotAccumulator()
    slots.add(frame(90 * MS))
    assert [one.tracked for one in slots.advance(2 * S)][:5] == [1, 1, 1, 0, 0]


def test_an_unknown_angle_stays_unknown():
    slots = SlotAccumulator()
    slots.add(frame(50 * MS))
    assert slots.advance(S)[0].focus_angle_cdeg == ANGLE_UNKNOWN


def test_forgetting_open_slots_leaves_them_empty():
    slots = SlotAccumulator()
    slots.add(frame(50 * MS, 0.5))
    slots.discard()
    assert slots.advance(S)[0].tracked == 0


@given(st.lists(st.tuples(st.integers(0, 3 * S), st.booleans()), max_size=40))
def test_every_slot_comes_once_and_in_order_whatever_the_frames_do(inputs):
    slots = SlotAccumulator()
    closed = []
    for time_ns, is_tick in inputs:
        closed += slots.advance(time_ns) if is_tick else slots.add(frame(time_ns, 0.3))
    closed += slots.advance(10 * S)
    assert [one.slot for one in closed] == list(range(len(closed)))
    assert len(closed) == (10 * S - 800 * MS) // SLOT_NS
    assert all(abs(one.valence) <= UNIT for one in closed)
    seen = sum(1 for _, is_tick in inputs if not is_tick)
    assert sum(one.frames for one in closed) + slots.late + slots.ahead == seen


def expression_at(time_s):
    """A face that follows three moments at 13, 17 and 21 s, with a slow mood of its own."""
    shown = sum(0.25 * math.exp(-(((time_s - at - 1.5) / 0.7) ** 2)) for at in (13, 17, 21))
    return shown + 0.06 * math.sin(0.9 * time_s) + 0.03 * math.sin(7.0 * time_s)


def live(rate_hz, latency_ms=0, valence=expression_at):
    """The final state when frames come at a rate and a constant time after their capture."""
    index = EmpathyIndex(EmpathySettings(), [Target("joy", 0.6, 0.1)])
    slots = SlotAccumulator()
    arrivals = [
        (round((step / rate_hz + latency_ms / 1000) * S), round(step / rate_hz * S))
        for step in range(round(26 * rate_hz))
    ]
    index.baseline_start(0)
    index.baseline_finish(12 * S)
    onsets = [13 * S, 17 * S, 21 * S]
    for tick in range(270):
        now_ns = tick * SLOT_NS
        while onsets and onsets[0] <= now_ns:
            index.stimulus_onset("joy", onsets.pop(0))
        closed = []
        while arrivals and arrivals[0][0] <= now_ns:
            _, captured_ns = arrivals.pop(0)
            closed += slots.add(frame(captured_ns, valence(captured_ns / S)))
        closed += slots.advance(now_ns)
        for one in closed:
            index.observe(one)
    assert slots.late == 0
    return index.state()


@pytest.mark.parametrize("rate_hz", [10, 15, 30, 60])
def test_the_index_is_the_same_at_any_frame_rate(rate_hz):
    reference = live(30)
    state = live(rate_hz)
    assert reference.eri > 55
    assert state.eri == pytest.approx(reference.eri, abs=1.0)
    assert state.confidence == pytest.approx(reference.confidence, abs=0.02)


@pytest.mark.parametrize("latency_ms", [100, 250, 400, 500])
def test_a_constant_delay_of_the_frames_changes_nothing_when_times_are_captures(latency_ms):
    prompt, delayed = live(30), live(30, latency_ms)
    assert delayed.eri == pytest.approx(prompt.eri, abs=1.0)
    assert delayed.confidence == pytest.approx(prompt.confidence, abs=0.02)
