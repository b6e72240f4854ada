"""The One Euro filter: smooth at rest, quick in movement, indifferent to the frame rate."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attune.timeline import NS_PER_S
from attune.vision.filters import OneEuroFilter, smoothing_factor

VALUES = st.floats(-1e4, 1e4)
STEPS = st.integers(1_000_000, 500_000_000)


@given(st.lists(st.tuples(VALUES, STEPS), min_size=1, max_size=40), st.floats(0, 1))
def test_the_output_stays_between_the_extremes_of_the_input(
    samples: list[tuple[float, int]], beta: float
) -> None:
    one = OneEuroFilter(1.0, beta)
    time_ns, seen = 0, []
    for value, step in samples:
        time_ns += step
        seen.append(value)
        out = one.step(value, time_ns)
        assert min(seen) - 1e-6 <= out <= max(seen) + 1e-6


@given(VALUES, st.integers(-(10**12), 10**12))
def test_the_first_sample_and_a_constant_pass_unchanged(value: float, start_ns: int) -> None:
    one = OneEuroFilter(1.0, 0.1)
    for k in range(5):
        assert math.isclose(one.step(value, start_ns + k * 33_000_000), value, abs_tol=1e-6)


@given(VALUES, VALUES, st.integers(-500_000_000, 0))
def test_a_sample_that_is_not_later_changes_nothing(first: float, second: float, step: int) -> None:
    one = OneEuroFilter()
    one.step(first, NS_PER_S)
    assert one.step(second, NS_PER_S + step) == first


@given(st.floats(0.01, 50), st.floats(1e-4, 2), st.floats(1e-4, 2))
def test_longer_steps_smooth_less(cutoff: float, a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert 0 < smoothing_factor(cutoff, low) <= smoothing_factor(cutoff, high) <= 1


def _run(rate_hz: int, beta: float) -> float:
    one = OneEuroFilter(1.0, beta)
    out = 0.0
    for k in range(rate_hz + 1):
        out = one.step(math.sin(2.5 * k / rate_hz), k * NS_PER_S // rate_hz)
    return out


def test_ten_and_sixty_samples_a_second_agree() -> None:
    assert abs(_run(10, 0.0) - _run(60, 0.0)) < 0.1
    assert abs(_run(15, 0.5) - _run(60, 0.5)) < 0.06


def test_noise_at_rest_is_smoothed_and_beta_lets_movement_through() -> None:
    rng = np.random.default_rng(1)
    still, quick = OneEuroFilter(1.0, 0.0), OneEuroFilter(1.0, 0.5)
    noisy = [still.step(float(x), k * 33_000_000) for k, x in enumerate(rng.normal(0, 1, 400))]
    assert np.std(noisy[50:]) < 0.45
    slow = OneEuroFilter(1.0, 0.0)
    ramp = [(k, 3.0 * k) for k in range(30)]
    lag_slow = [value - slow.step(value, k * 33_000_000) for k, value in ramp][-1]
    lag_quick = [value - quick.step(value, k * 33_000_000) for k, value in ramp][-1]
    assert lag_quick < 0.3 * lag_slow


def test_after_a_reset_the_past_is_gone() -> None:
    one = OneEuroFilter()
    one.step(100.0, 0)
    one.reset()
    assert one.step(-5.0, 1) == -5.0
