"""The figures in cards and reports are computed as their names promise."""

import numpy as np
import pytest

from tools.train import evaluate


def test_the_wilson_interval_of_a_known_case() -> None:
    low, high = evaluate.wilson(8, 10)
    assert low == pytest.approx(0.4902, abs=1e-4)
    assert high == pytest.approx(0.9433, abs=1e-4)


def test_a_model_as_sure_as_it_is_right_has_no_calibration_error() -> None:
    rng = np.random.default_rng(0)
    p = rng.uniform(0.5, 1, 60_000)
    probability = np.stack([p, 1 - p], axis=1)
    truth = (rng.random(60_000) > p).astype(np.int64)
    assert evaluate.calibration_error(probability, truth) < 0.01
    sure = np.tile([0.999, 0.001], (60_000, 1))
    assert evaluate.calibration_error(sure, truth) == pytest.approx(0.25, abs=0.01)


def test_the_temperature_that_was_applied_is_found_again() -> None:
    pytest.importorskip("scipy", reason="temperatures are fitted with scipy")
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 2, (20_000, 7))
    p = evaluate.softmax(logits)
    truth = (p.cumsum(axis=1) > rng.random((20_000, 1))).argmax(axis=1)
    assert evaluate.fit_temperature(logits * 1.7, truth) == pytest.approx(1.7, rel=0.05)


def test_a_tie_or_no_face_is_no_majority() -> None:
    votes = np.zeros((3, 10))
    votes[0, 1] = 7
    votes[1, [2, 3]] = 5
    votes[2, 9] = 9
    assert evaluate.crowd_majority(votes).tolist() == [1, -1, -1]
