"""The interval holds the index that the same visitor would get on another day.

The crowd is synthetic, so its expected index is known from many days.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.config import EmpathySettings
from attune.empathy.index import EmpathyIndex
from attune.empathy.interval import Rest, Windows, scatter_within, spread
from attune.empathy.windows import Target
from tests.empathy.crowd import BALANCED, Crowd, Shown, protocol, watch

LASTING = tuple(
    Target(f"lasting-{number}", valence, arousal, 10.0)
    for number, (valence, arousal) in enumerate(
        [(0.6, 0.35), (-0.6, -0.35), (-0.5, 0.5), (0.5, -0.5)]
    )
)
SEQUENCE = tuple(
    Shown(BALANCED[target], at_s)
    for target, at_s in [
        *((0, 10.7), (0, 13.1), (0, 15.5), (2, 18.2), (2, 20.6), (2, 23.0)),
        *((5, 28.0), (2, 32.7), (2, 35.1), (1, 38.8), (1, 41.5)),
    ]
)
STORIES = {
    "moments that cancel": (*protocol(rounds=3), 12.0),
    "lasting stimuli": (
        tuple(Shown(LASTING[i % 4], 13.0 + 14.0 * i) for i in range(8)),
        125.0,
        12.0,
    ),
    "one mood after another": (SEQUENCE, 50.5, 10.5),
}
VISITORS, DAYS, TESTED = 40, 14, 3


NOTHING_KNOWN = Rest(0.0, 0.0, 0.0, 0.0, 0.0)


def windows(along, weight=0.3, every_s=4.0, worth=None):
    """Windows of one stimulus, a fixed time apart, of a visitor whose range is 0.3."""
    count = len(along)
    return Windows(
        np.arange(count) * every_s,
        np.zeros(count, dtype=np.int64),
        np.tile([1.0, 0.0], (count, 1)),
        np.full(count, weight),
        np.ones(count) if worth is None else np.array(worth),
        np.array(along, dtype=float),
        np.full(count, 1 / 0.3),
        np.ones(count),
        np.zeros(count),
    )


def width(windows, rest=NOTHING_KNOWN):
    """Width of the spread of Σ c·e."""
    found = spread(windows, rest, 3.0)
    return found.high - found.low


def test_moods_shorter_than_reckoned_with_leave_the_interval_a_little_wide():
    # `python -m tools.empathy table` measures it on visitors with moods and reading errors of
    # several lengths; this crowd's last two seconds.
    shares = {}
    for name, (shown, length_s, baseline_s) in STORIES.items():
        for gain, quality in (((0, 0), 0.6), ((-0.6, 1), 0.4)):
            crowd = Crowd.of(VISITORS, gain, seed=8, quality=quality).on_days(DAYS)
            index = watch(crowd.slots(shown, length_s), shown, baseline_s)
            # Expected from the days that are not tested.
            expected = index.eri.reshape(DAYS, VISITORS)[TESTED:].mean(axis=0)
            held = []
            for one in range(TESTED * VISITORS):
                low, high = index.state(one).interval
                held.append(low <= expected[one % VISITORS] <= high)
            shares[name, gain] = np.mean(held)
    assert 0.77 < np.mean(list(shares.values())) < 0.87, shares
    assert all(0.68 < share < 0.97 for share in shares.values()), shares


def test_windows_that_agree_give_a_narrower_interval_than_windows_that_do_not():
    agree = width(windows([0.4, 0.41, 0.39, 0.4, 0.4, 0.41]))
    differ = width(windows([0.9, -0.1, 0.8, 0.0, 0.7, 0.1]))
    assert agree < differ / 2


def test_windows_that_lie_just_beyond_the_clip_are_less_certain_than_windows_far_beyond():
    scatter = np.array([0.3, -0.2, 0.4, -0.4, 0.1, -0.2])
    within, just, far = (width(windows(centre + scatter)) for centre in (0.0, 1.2, 4.0))
    assert within > just > 1.2 * far > 0


def test_resonance_at_the_clip_is_never_certain_while_what_windows_are_worth_differs():
    steady = width(windows([5.0] * 6))
    slipping = width(windows([5.0] * 6, worth=[1.0, 0.3, 1.0, 1.0, 0.1, 1.0]))
    assert 0 < steady < slipping


def test_windows_of_opposed_stimuli_cancel_a_mood_that_windows_of_one_stimulus_share():
    alike = windows([0.3, 0.3, 0.3, 0.3])
    opposed = replace(alike, direction=np.array([[1.0, 0], [-1.0, 0], [1.0, 0], [-1.0, 0]]))
    assert width(opposed) < width(alike)


def test_a_moody_rest_widens_the_interval():
    calm = Rest(0.05**2, 6.0, 0.5, 0.0, 0.0)
    moody = Rest(0.3**2, 6.0, 0.5, 0.0, 0.0)
    along = [0.4, 0.5, 0.3, 0.4]
    assert width(windows(along), moody) > 1.5 * width(windows(along), calm)


def test_a_single_window_leaves_every_score_possible():
    found = spread(windows([0.5], weight=0.4), NOTHING_KNOWN, 3.0)
    assert (found.low, found.high) == (pytest.approx(-0.6), pytest.approx(0.2))


def test_no_score_beyond_the_possible_is_in_the_interval():
    found = spread(windows([0.9, 0.9]), Rest(2.0, 2.0, 0.5, 0.0, 0.0), 3.0)
    assert found.high == pytest.approx(0.06)
    assert found.low > -1.14


@given(
    st.lists(st.floats(-6, 6), min_size=2, max_size=12),
    st.floats(0.01, 1.0),
    st.floats(0, 1),
)
def test_whatever_the_windows_are_the_score_lies_in_its_interval(along, weight, worth):
    shown = windows(along, weight, worth=[1.0, *[worth] * (len(along) - 1)])
    found = spread(shown, NOTHING_KNOWN, 3.0)
    total = float((shown.potential * shown.worth).sum())
    assert found.low <= 0 <= found.high
    assert found.high - found.low <= 2 * total + 1e-12


def test_chance_that_a_group_mean_takes_away_is_given_back():
    kinship = np.exp(-np.abs(np.subtract.outer(np.arange(6), np.arange(6))) / 2.0)
    draw = np.random.default_rng(3).multivariate_normal(np.zeros(6), kinship, 4000)
    group, share = np.array([0, 0, 0, 1, 1, 1]), np.full(6, 1 / 6)
    found = [scatter_within(values, share, group, kinship)[0] for values in draw]
    assert np.mean(found) == pytest.approx(1.0, abs=0.05)


def test_without_evidence_the_interval_is_the_point():
    state = EmpathyIndex(EmpathySettings(), []).state()
    assert state.interval == (50.0, 50.0)


def test_an_unknown_baseline_widens_the_interval():
    shown, length_s = protocol(rounds=2)
    slots = Crowd.of(20, (0.5, 1), seed=9).slots(shown, length_s)

    def widths(baseline_s):
        index = watch(slots, shown, baseline_s)
        scale = (3.0 + index._history.evidence) / index._history.evidence
        return [
            (index.state(one).interval[1] - index.state(one).interval[0]) * scale[one]
            for one in range(20)
        ]

    assert np.mean(widths(0.0)) > np.mean(widths(12.0))
