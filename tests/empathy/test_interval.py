"""The interval holds the index that the same visitor would get on another day as often as it says.

The crowd is synthetic, so its expected index is known from many days.
"""

import numpy as np
import pytest

from attune.config import EmpathySettings
from attune.empathy.index import EmpathyIndex
from attune.empathy.interval import Spread, Windows, spread
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
VISITORS, DAYS, TESTED = 100, 16, 3


def windows(score, weight=None, every_s=4.0):
    """Windows a fixed time apart."""
    count = len(score)
    return Windows(
        np.arange(count) * every_s,
        np.full(count, 0.3) if weight is None else np.array(weight),
        np.array(score, dtype=float),
        np.ones((count, 2)),
    )


def test_eighty_percent_of_the_intervals_hold_the_expected_index():
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
    assert np.mean(list(shares.values())) == pytest.approx(0.80, abs=0.03)
    assert all(0.72 < share < 0.90 for share in shares.values()), shares


def test_the_same_windows_give_the_same_interval():
    scores = [0.2, 0.5, -0.1, 0.4, 0.3, 0.6]
    first = spread(windows(scores), np.array([0.1, 0.1]), 0.05, 200)
    second = spread(windows(scores), np.array([0.1, 0.1]), 0.05, 200)
    assert first == second
    assert first.low < 0 < first.high


def test_windows_that_agree_give_a_narrower_interval_than_windows_that_do_not():
    nothing = np.zeros(2)
    agree = spread(windows([0.4, 0.41, 0.39, 0.4, 0.4, 0.41]), nothing, 0.0, 200)
    differ = spread(windows([0.9, -0.1, 0.8, 0.0, 0.7, 0.1]), nothing, 0.0, 200)
    assert agree.high < differ.high / 5


def test_a_single_block_of_windows_leaves_every_score_possible():
    assert spread(windows([0.5], [0.4]), np.zeros(2), 0.0, 200) == Spread(
        pytest.approx(-0.6), pytest.approx(0.2)
    )


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
