"""The resting expression: a median and spread weighted by time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.expression.baseline import measure_baseline, weighted_median

S = 1_000_000_000


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=50))
def test_equal_weights_give_the_plain_median(values):
    column = np.array(values)[:, None]
    weights = np.full(len(values), 7, dtype=np.int64)
    assert weighted_median(column, weights)[0] == pytest.approx(np.median(values))


def test_a_value_counts_for_as_long_as_it_lasted():
    values = np.array([[0.0], [1.0], [2.0]])
    assert weighted_median(values, np.array([1, 1, 5]))[0] == 2.0
    assert weighted_median(values, np.array([5, 1, 1]))[0] == 0.0


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.integers(1, 5)), min_size=1, max_size=20),
    st.randoms(),
)
def test_the_order_of_the_values_does_not_matter(pairs, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)

    def median(given_pairs):
        values = np.array([value for value, _ in given_pairs])[:, None]
        return weighted_median(values, np.array([weight for _, weight in given_pairs]))[0]

    assert median(pairs) == median(shuffled)


def test_a_few_expressive_moments_do_not_move_the_baseline():
    values = np.zeros((300, 2))
    values[:60] = 0.9
    baseline = measure_baseline(values, np.full(300, S // 10, dtype=np.int64))
    assert baseline.median.tolist() == [0.0, 0.0]
    assert baseline.seconds == pytest.approx(30.0)


def test_the_spread_of_normal_values_is_their_standard_deviation():
    values = np.random.default_rng(0).normal(0.2, 0.1, (20_000, 3))
    baseline = measure_baseline(values, np.ones(20_000, dtype=np.int64))
    assert baseline.spread == pytest.approx([0.1] * 3, rel=0.03)
    assert baseline.median == pytest.approx([0.2] * 3, abs=0.005)


def test_it_takes_any_number_of_features():
    baseline = measure_baseline(np.ones((5, 52)), np.ones(5, dtype=np.int64))
    assert baseline.median.shape == baseline.mad.shape == (52,)


def test_no_time_and_wrong_shapes_are_refused():
    with pytest.raises(ValueError, match="some tracked time"):
        measure_baseline(np.ones((2, 2)), np.zeros(2, dtype=np.int64))
    with pytest.raises(ValueError, match=r"values \(T, D\) and weights \(T,\)"):
        measure_baseline(np.ones((2, 2)), np.ones(3, dtype=np.int64))
