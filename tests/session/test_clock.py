"""The client's clock to session time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.errors import InputError
from attune.session.clock import FUTURE_SLACK_NS, INT64_LIMIT, PAST_LIMIT_NS, SLEW, SessionClock
from attune.timeline import NS_PER_MS, NS_PER_S

START = 1_000 * NS_PER_S
OFFSET = 777 * NS_PER_S
"""Server clock minus client clock."""


def client(session_s: float) -> int:
    """What the client's clock shows at that session time."""
    return round(session_s * NS_PER_S) + START - OFFSET


def server(session_s: float) -> int:
    """What the server's clock shows at that session time."""
    return round(session_s * NS_PER_S) + START


def test_session_time_counts_from_the_start_on_the_servers_clock() -> None:
    assert SessionClock(START).session_ns(START + 5) == 5


def test_an_estimate_converts_at_once_and_exactly() -> None:
    clock = SessionClock(START)
    clock.estimate(1, OFFSET, NS_PER_MS)

    assert clock.observe(client(2.0), server(2.03)) == 2 * NS_PER_S


def test_without_an_estimate_the_first_message_counts_as_undelayed() -> None:
    clock = SessionClock(START)

    assert clock.observe(client(2.0), server(2.03)) == round(2.03 * NS_PER_S)


def test_without_an_estimate_the_least_delayed_message_is_approached() -> None:
    clock = SessionClock(START)
    clock.observe(client(0.0), server(0.050))
    for step in range(1, 200):
        at = clock.observe(client(step * 0.1), server(step * 0.1 + 0.010))

    assert at == round(19.9 * NS_PER_S) + 10 * NS_PER_MS


def test_a_deadline_may_lie_ahead() -> None:
    clock = SessionClock(START)
    clock.estimate(1, OFFSET, 0)

    assert clock.to_session_ns(client(60.0)) == 60 * NS_PER_S


def test_conversion_can_be_undone() -> None:
    clock = SessionClock(START)
    assert clock.to_client_ns(5) == 0
    clock.estimate(1, OFFSET, 0)

    assert clock.to_client_ns(clock.to_session_ns(client(3.0))) == client(3.0)


def test_a_new_epoch_forgets_the_old_clock() -> None:
    clock = SessionClock(START)
    clock.estimate(1, OFFSET, 0)
    clock.observe(client(1.0), server(1.0))
    clock.estimate(2, OFFSET + 500 * NS_PER_S, 0)

    assert clock.observe(client(2.0) - 500 * NS_PER_S, server(2.0)) == 2 * NS_PER_S


def test_a_corrected_estimate_of_the_same_epoch_is_approached() -> None:
    clock = SessionClock(START)
    clock.estimate(1, OFFSET, 0)
    clock.observe(client(1.0), server(1.0))
    clock.estimate(1, OFFSET + 100 * NS_PER_MS, 0)

    at = clock.observe(client(2.0), server(2.1))

    assert at == 2 * NS_PER_S + round(SLEW * NS_PER_S)


@given(
    frames=st.lists(
        st.tuples(st.integers(1, NS_PER_S), st.integers(0, NS_PER_S), st.integers(-50, 50)),
        min_size=2,
        max_size=40,
    )
)
def test_converted_times_keep_the_order_of_the_clients(
    frames: list[tuple[int, int, int]],
) -> None:
    clock = SessionClock(START)
    clock.estimate(1, OFFSET, 0)
    taken_ns, before_ns = client(0.0), -1
    for passed_ns, delay_ns, correction_ms in frames:
        taken_ns += passed_ns
        at = clock.observe(taken_ns, taken_ns + OFFSET + delay_ns)
        assert at > before_ns
        before_ns = at
        clock.estimate(1, OFFSET + correction_ms * NS_PER_MS, 0)


@pytest.mark.parametrize(
    ("ahead_ns", "code"),
    [(FUTURE_SLACK_NS + 1, "time.in_future"), (-PAST_LIMIT_NS - 1, "time.too_old")],
)
def test_an_unbelievable_time_is_refused_and_changes_nothing(ahead_ns: int, code: str) -> None:
    clock = SessionClock(START)
    clock.observe(client(1.0), server(1.0))

    with pytest.raises(InputError) as refusal:
        clock.observe(client(2.0) + ahead_ns, server(2.0))

    assert refusal.value.code == code
    assert clock.observe(client(3.0), server(3.0)) == 3 * NS_PER_S


@pytest.mark.parametrize("client_ns", [2**63 - 1, -(2**63)])
def test_the_ends_of_the_number_range_are_refused(client_ns: int) -> None:
    with pytest.raises(InputError) as refusal:
        SessionClock(START).observe(client_ns, server(0.0))

    assert refusal.value.code == "time.out_of_range"


@pytest.mark.parametrize(("offset", "uncertainty"), [(0, -1), (0, 2**62), (2 * INT64_LIMIT, 0)])
def test_an_estimate_that_is_none_is_refused(offset: int, uncertainty: int) -> None:
    with pytest.raises(InputError) as refusal:
        SessionClock(START).estimate(1, offset, uncertainty)

    assert refusal.value.code == "clock.estimate_invalid"
