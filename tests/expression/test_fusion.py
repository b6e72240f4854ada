"""Two models' answers become one; the weight follows how lively a face is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.expression.emotion import EMOTIONS_7, Prediction, softmax
from attune.expression.fusion import AdaptiveWeight, fuse

SECOND = 1_000_000_000


def answer(favourite: str, margin: float = 2.0) -> Prediction:
    logits = np.zeros(7, np.float32)
    logits[EMOTIONS_7.index(favourite)] = margin
    return Prediction(EMOTIONS_7, logits, softmax(logits))


def watch(weight: AdaptiveWeight, change_every_s: float, seconds: int, hz: int = 10) -> float:
    """Show an expression that flips between two classes."""
    for k in range(seconds * hz):
        time_s = k / hz
        label = EMOTIONS_7[int(time_s / change_every_s) % 2]
        latest = weight.observe(answer(label).probabilities, int(time_s * SECOND))
    return latest


@given(st.floats(0, 1))
def test_the_mixture_is_a_distribution_between_its_parts(weight: float) -> None:
    a, b = answer("happy"), answer("sad", 1.0)
    mixed = fuse(a, b, weight).probabilities
    assert mixed.sum() == pytest.approx(1, abs=1e-5)
    low = np.minimum(a.probabilities, b.probabilities)
    high = np.maximum(a.probabilities, b.probabilities)
    assert (mixed >= low - 1e-6).all()
    assert (mixed <= high + 1e-6).all()


def test_full_weight_is_the_pixel_model_alone() -> None:
    pixel, landmark = answer("happy"), answer("sad")
    np.testing.assert_allclose(fuse(pixel, landmark, 1.0).probabilities, pixel.probabilities, 1e-5)
    np.testing.assert_allclose(
        fuse(pixel, landmark, 0.0).probabilities, landmark.probabilities, 1e-5
    )


def test_different_classes_cannot_be_mixed() -> None:
    two = Prediction(("a", "b"), np.zeros(2, np.float32), np.full(2, 0.5, np.float32))
    with pytest.raises(ValueError, match="the same classes"):
        fuse(answer("happy"), two)
    with pytest.raises(ValueError, match=r"weight in \[0, 1\]"):
        fuse(answer("happy"), answer("sad"), 1.2)


def test_a_lively_face_is_followed_by_its_landmarks_and_a_calm_one_by_its_pixels() -> None:
    assert watch(AdaptiveWeight(), change_every_s=1, seconds=61) < 0.5
    assert watch(AdaptiveWeight(), change_every_s=100, seconds=61) > 0.5


def test_nothing_moves_before_the_first_period_is_over() -> None:
    assert watch(AdaptiveWeight(), change_every_s=1, seconds=9) == 0.5


@pytest.mark.parametrize(("start", "low", "high"), [(0.5, 0.2, 0.8), (0.9, 0.6, 1.0)])
def test_the_weight_stays_within_reach_of_where_it_began(
    start: float, low: float, high: float
) -> None:
    lively, calm = (AdaptiveWeight(start=start, reach=0.3, step=0.1) for _ in range(2))
    assert watch(lively, change_every_s=1, seconds=600) == pytest.approx(low)
    assert watch(calm, change_every_s=10_000, seconds=600) == pytest.approx(high)


def test_ten_and_sixty_frames_a_second_agree() -> None:
    slow = watch(AdaptiveWeight(), change_every_s=2, seconds=120, hz=10)
    fast = watch(AdaptiveWeight(), change_every_s=2, seconds=120, hz=60)
    assert slow == pytest.approx(fast)


def test_frames_that_slip_within_a_second_are_no_changes() -> None:
    flickering, steady = AdaptiveWeight(), AdaptiveWeight()
    for k in range(600):
        slip = "sad" if k % 10 < 4 else "happy"
        flickering.observe(answer(slip).probabilities, k * SECOND // 10)
        steady.observe(answer("happy").probabilities, k * SECOND // 10)
    assert flickering.weight == pytest.approx(steady.weight)


def test_a_time_without_a_face_moves_nothing() -> None:
    weight = AdaptiveWeight()
    before = watch(weight, change_every_s=1, seconds=20)
    after = weight.observe(answer("happy").probabilities, 600 * SECOND)
    assert before < 0.5
    assert after == pytest.approx(before - weight.step)


def test_nobody_is_compared_with_no_changes_at_all() -> None:
    with pytest.raises(ValueError, match="above 0"):
        AdaptiveWeight(usual_changes=0)
    with pytest.raises(ValueError, match=r"weight in \[0, 1\]"):
        AdaptiveWeight(start=1.2)
