"""A clock that leapt is not believed for a day: what is deleted by it is gone for good."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.session.trusted_clock import FILE, MAX_LEAP_NS, PROBATION_NS, TrustedClock
from attune.timeline import NS_PER_S

HOUR = 3600 * NS_PER_S
NOW = 1_700_000_000 * NS_PER_S
YEARS = 3 * 365 * 24 * HOUR


@pytest.fixture
def clock(tmp_path: Path) -> TrustedClock:
    """One that was believed a moment ago."""
    clock = TrustedClock(tmp_path)
    assert clock.observe(NOW) is None
    return clock


def test_a_clock_that_goes_on_is_believed(clock: TrustedClock) -> None:
    assert all(clock.observe(NOW + hour * HOUR) is None for hour in range(1, 24 * 30))


@pytest.mark.parametrize("away", [YEARS, -YEARS, MAX_LEAP_NS + 1])
def test_a_clock_that_leapt_is_doubted_until_it_has_gone_on_for_a_day(
    clock: TrustedClock, away: int
) -> None:
    doubt = clock.observe(NOW + away)
    assert doubt is not None
    assert (doubt.believed_unix_ns, doubt.since_unix_ns) == (NOW, NOW + away)
    for hour in range(1, 24):
        assert clock.observe(NOW + away + hour * HOUR) == doubt
    assert clock.observe(doubt.until_unix_ns) is None
    assert clock.observe(doubt.until_unix_ns + HOUR) is None


def test_a_clock_that_is_set_right_again_is_believed_at_once(clock: TrustedClock) -> None:
    assert clock.observe(NOW + YEARS) is not None
    assert clock.observe(NOW + HOUR) is None
    assert clock.observe(NOW + YEARS) is not None


def test_a_restart_neither_forgets_a_doubt_nor_prolongs_it(
    clock: TrustedClock, tmp_path: Path
) -> None:
    doubt = clock.observe(NOW + YEARS)
    assert TrustedClock(tmp_path).observe(NOW + YEARS + HOUR) == doubt
    # A machine that runs for an hour every tenth day is not doubted for good.
    assert TrustedClock(tmp_path).observe(NOW + YEARS + 240 * HOUR) is None


def test_a_dead_battery_before_the_time_comes_from_the_network_uses_up_no_doubt(
    clock: TrustedClock,
) -> None:
    """The clock begins in 1970, then is far ahead: that it is later says nothing."""
    assert clock.observe(HOUR) is not None
    doubt = clock.observe(NOW + YEARS)
    assert doubt is not None
    assert doubt.since_unix_ns == NOW + YEARS


def test_somebodys_word_ends_a_doubt(clock: TrustedClock, tmp_path: Path) -> None:
    assert clock.observe(NOW + YEARS) is not None
    TrustedClock(tmp_path).believe(NOW + YEARS)
    assert clock.observe(NOW + YEARS + HOUR) is None


def test_before_anything_was_believed_the_newest_session_stands_in(tmp_path: Path) -> None:
    clock = TrustedClock(tmp_path)
    assert clock.doubt(NOW) is None
    assert clock.doubt(NOW, lambda: NOW - HOUR) is None
    assert clock.doubt(NOW, lambda: NOW - YEARS) is not None


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "\x00"),
        '{"believed_unix_ns": "x", "doubted_since_unix_ns": null}',
        '{"believed_unix_ns": 1e300, "doubted_since_unix_ns": null}',
        '{"believed_unix_ns": 1000000000000000000000000000, "doubted_since_unix_ns": null}',
        '{"believed_unix_ns": 0, "doubted_since_unix_ns": -1}',
    ],
)
def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert TrustedClock(tmp_path).doubt(NOW) is None


def test_what_cannot_be_kept_is_known_until_the_process_ends(
    clock: TrustedClock, tmp_path: Path
) -> None:
    (tmp_path / FILE).unlink()
    (tmp_path / FILE).mkdir()
    assert clock.observe(NOW + YEARS) is not None
    assert clock.observe(NOW + YEARS + PROBATION_NS) is None


def test_nothing_is_written_where_nothing_is_stored(tmp_path: Path) -> None:
    TrustedClock(tmp_path / "absent").observe(NOW)
    assert not (tmp_path / "absent").exists()


@given(st.lists(st.integers(0, 10 * YEARS), min_size=1, max_size=20))
def test_no_clock_is_doubted_for_longer_than_a_day_of_its_own(times: list[int]) -> None:
    clock = TrustedClock(Path("/nonexistent"))
    clock.believe(NOW)
    for time in times:
        doubt = clock.observe(time)
        if doubt is not None:
            assert time < doubt.until_unix_ns <= time + PROBATION_NS
            assert clock.doubt(doubt.until_unix_ns) is None
