"""Whoever says too much is read more slowly."""

from hypothesis import given
from hypothesis import strategies as st

from attune.server.pace import Pace
from attune.timeline import NS_PER_S


def test_one_second_s_worth_at_once_is_read_without_waiting() -> None:
    pace = Pace(10.0)
    waits = [pace.wait_ns(5 * NS_PER_S) for _ in range(12)]
    assert waits[:10] == [0] * 10
    assert waits[10:] == [NS_PER_S // 10, NS_PER_S // 5]


@given(st.lists(st.integers(0, NS_PER_S // 100), max_size=400))
def test_no_second_and_a_bit_lets_more_than_two_seconds_worth_through(gaps: list[int]) -> None:
    pace, now, read = Pace(100.0), 0, []
    for gap in gaps:
        now += gap
        read.append(now)
        now += pace.wait_ns(now)
    for k, began in enumerate(read):
        assert sum(began <= other < began + NS_PER_S for other in read[k:]) <= 202


def test_who_is_slower_than_the_limit_never_waits() -> None:
    pace = Pace(100.0)
    assert all(pace.wait_ns(k * NS_PER_S // 90) == 0 for k in range(1_000))
