"""Windows open and close where the definition puts them."""

import numpy as np

from attune.config import EmpathySettings
from attune.empathy.windows import Schedule, Target

S = 1_000_000_000
EVERYONE = np.ones(2, dtype=bool)
MOMENT = Target("moment", 0.6, 0.0)
LASTING = Target("lasting", 0.6, 0.0, duration_s=7.0)


def spans(windows):
    """Dated, start and end in seconds."""
    return [(one.onset_ns / S, one.start_ns / S, one.end_ns / S) for one in windows]


def test_a_moment_is_one_window_half_a_second_after_it():
    schedule = Schedule(EmpathySettings())
    schedule.onset(0, MOMENT, 10 * S, EVERYONE)
    assert spans(schedule.open) == [(10.0, 10.5, 12.5)]
    assert schedule.open[0].weight == 1.0


def test_a_lasting_stimulus_is_consecutive_windows_of_half_weight_until_it_ends():
    schedule = Schedule(EmpathySettings())
    schedule.onset(0, LASTING, 10 * S, EVERYONE)
    schedule.open_until(30 * S)
    assert spans(schedule.open) == [(10.0, 10.5, 12.5), (12.0, 12.5, 14.5), (14.0, 14.5, 16.5)]
    assert {one.weight for one in schedule.open} == {0.5}


def test_an_offset_drops_the_window_that_it_cuts_short():
    schedule = Schedule(EmpathySettings())
    schedule.onset(0, LASTING, 10 * S, EVERYONE)
    schedule.open_until(13 * S)
    schedule.offset(0, 14 * S, EVERYONE)
    schedule.open_until(30 * S)
    kept = [one for one in schedule.open if one.members.any()]
    assert spans(kept) == [(10.0, 10.5, 12.5)]


def test_an_offset_for_one_visitor_leaves_the_other_alone():
    schedule = Schedule(EmpathySettings())
    schedule.onset(0, LASTING, 10 * S, EVERYONE)
    schedule.open_until(11 * S)
    schedule.offset(0, 11 * S, np.array([True, False]))
    schedule.open_until(30 * S)
    windows_of = [[one for one in schedule.open if one.members[visitor]] for visitor in range(2)]
    assert len(windows_of[0]) == 0
    assert spans(windows_of[1]) == [(10.0, 10.5, 12.5), (12.0, 12.5, 14.5), (14.0, 14.5, 16.5)]


def test_shown_again_a_lasting_stimulus_begins_anew():
    schedule = Schedule(EmpathySettings())
    schedule.onset(0, LASTING, 10 * S, EVERYONE)
    schedule.open_until(13 * S)
    schedule.onset(0, LASTING, 13 * S, EVERYONE)
    schedule.open_until(30 * S)
    kept = [one for one in schedule.open if one.members.any()]
    assert [dated for dated, _, _ in spans(kept)] == [10.0, 13.0, 15.0, 17.0]


def test_windows_close_in_the_order_of_their_ends():
    schedule = Schedule(EmpathySettings())
    schedule.onset(0, LASTING, 10 * S, EVERYONE)
    schedule.onset(1, MOMENT, 9 * S, EVERYONE)
    schedule.open_until(30 * S)
    assert [one.end_ns / S for one in schedule.close(13 * S)] == [11.5, 12.5]
    assert [one.end_ns / S for one in schedule.open] == [14.5, 16.5]


def test_length_and_lag_are_settings():
    schedule = Schedule(EmpathySettings(window_s=3.0, lag_s=1.0))
    schedule.onset(0, MOMENT, 0, EVERYONE)
    assert spans(schedule.open) == [(0.0, 1.0, 4.0)]
